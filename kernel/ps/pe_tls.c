/* The TLS directory ("PE Format", The .tls Section). */
#include "ps/pe_private.h"

/* The RVA of an address in the image, whose `bytes` must be inside; FALSE if they are not. */
static bool read_address(const struct pe_image *image, uint32_t address, uint32_t bytes,
                         uint32_t *rva)
{
    *rva = address - image->address;
    return address >= image->address && pe_fits(*rva, bytes, image->size);
}

static const char *read_data(const struct pe_image *image, const IMAGE_TLS_DIRECTORY32 *directory,
                             struct pe_tls *tls)
{
    tls->data_size = directory->EndAddressOfRawData - directory->StartAddressOfRawData;
    tls->zero_size = directory->SizeOfZeroFill;
    if (tls->zero_size > PE_IMAGE_MAX)
        return "thread-local data too large";
    if (tls->data_size &&
        !read_address(image, directory->StartAddressOfRawData, tls->data_size, &tls->data))
        return "thread-local data outside the image";
    if (!read_address(image, directory->AddressOfIndex, sizeof(uint32_t), &tls->index))
        return "thread-local index outside the image";
    return NULL;
}

NTSTATUS pe_read_tls(const struct pe_image *image, struct pe_tls *tls, struct pe_error *error)
{
    IMAGE_TLS_DIRECTORY32 directory;
    const char *what;

    pe_clear_error(error);
    memset(tls, 0, sizeof(*tls));
    if (!image->tls.VirtualAddress)
        return STATUS_NOT_FOUND;
    if (!pe_read(image, image->tls.VirtualAddress, &directory, sizeof(directory)))
        return pe_broken(error, "TLS directory outside the image");
    what = read_data(image, &directory, tls);
    if (!what && directory.AddressOfCallBacks &&
        !read_address(image, directory.AddressOfCallBacks, sizeof(uint32_t), &tls->callbacks))
        what = "TLS callbacks outside the image";
    return what ? pe_broken(error, what) : STATUS_SUCCESS;
}

uint32_t pe_tls_callback(const struct pe_image *image, const struct pe_tls *tls, uint32_t index)
{
    uint32_t address = 0;

    if (!tls->callbacks || index >= image->size / sizeof(address))
        return 0;
    pe_read(image, tls->callbacks + index * sizeof(address), &address, sizeof(address));
    return address;
}
