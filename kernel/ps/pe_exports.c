/* The export directory ("PE Format", The .edata Section). */
#include "ps/pe_private.h"

const char *pe_text(const struct pe_image *image, uint32_t rva)
{
    uint32_t limit;

    if (rva >= image->size)
        return NULL;
    limit = image->size - rva < PE_NAME_MAX ? image->size - rva : PE_NAME_MAX;
    for (uint32_t i = 0; i < limit; i++)
        if (!image->bytes[rva + i])
            return (const char *)image->bytes + rva;
    return NULL;
}

/* The image's export directory, its three tables checked to be inside; FALSE if they are not. */
static bool read_directory(const struct pe_image *image, IMAGE_EXPORT_DIRECTORY *directory)
{
    if (!pe_read(image, image->exports.VirtualAddress, directory, sizeof(*directory)))
        return false;
    return pe_array_fits(image, directory->AddressOfFunctions, directory->NumberOfFunctions, 4) &&
           pe_array_fits(image, directory->AddressOfNames, directory->NumberOfNames, 4) &&
           pe_array_fits(image, directory->AddressOfNameOrdinals, directory->NumberOfNames, 2);
}

static uint32_t read_entry(const struct pe_image *image, uint32_t table, uint32_t index)
{
    uint32_t value;

    memcpy(&value, image->bytes + table + index * sizeof(value), sizeof(value));
    return value;
}

/* The function number `index`; `missing` is the status where there is none. */
static NTSTATUS read_function(const struct pe_image *image, const IMAGE_EXPORT_DIRECTORY *directory,
                              uint32_t index, NTSTATUS missing, struct pe_export *export)
{
    const IMAGE_DATA_DIRECTORY *table = &image->exports;
    uint32_t rva;

    if (index >= directory->NumberOfFunctions)
        return missing;
    rva = read_entry(image, directory->AddressOfFunctions, index);
    if (!rva)
        return missing;
    if (rva >= image->size)
        return STATUS_INVALID_IMAGE_FORMAT;
    *export = (struct pe_export){.rva = rva};
    if (rva - table->VirtualAddress >= table->Size)
        return STATUS_SUCCESS;
    *export = (struct pe_export){.forwarder = pe_text(image, rva)};
    return export->forwarder ? STATUS_SUCCESS : STATUS_INVALID_IMAGE_FORMAT;
}

/* The position of `name` among the names; the status says whether it is there. */
static NTSTATUS search(const struct pe_image *image, const IMAGE_EXPORT_DIRECTORY *directory,
                       const char *name, uint32_t *position)
{
    uint32_t low = 0;
    uint32_t high = directory->NumberOfNames;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const char *text = pe_text(image, read_entry(image, directory->AddressOfNames, middle));
        int order;

        if (!text)
            return STATUS_INVALID_IMAGE_FORMAT;
        order = strcmp(name, text);
        *position = middle;
        if (!order)
            return STATUS_SUCCESS;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return STATUS_ENTRYPOINT_NOT_FOUND;
}

NTSTATUS pe_export_by_name(const struct pe_image *image, const char *name, struct pe_export *export)
{
    IMAGE_EXPORT_DIRECTORY directory;
    uint32_t position;
    uint16_t index = 0;
    NTSTATUS status;

    if (!image->exports.VirtualAddress)
        return STATUS_ENTRYPOINT_NOT_FOUND;
    if (!read_directory(image, &directory))
        return STATUS_INVALID_IMAGE_FORMAT;
    status = search(image, &directory, name, &position);
    if (!NT_SUCCESS(status))
        return status;
    pe_read(image, directory.AddressOfNameOrdinals + position * sizeof(index), &index,
            sizeof(index));
    return read_function(image, &directory, index, STATUS_ENTRYPOINT_NOT_FOUND, export);
}

NTSTATUS pe_export_by_ordinal(const struct pe_image *image, uint32_t ordinal,
                              struct pe_export *export)
{
    IMAGE_EXPORT_DIRECTORY directory;

    if (!image->exports.VirtualAddress)
        return STATUS_ORDINAL_NOT_FOUND;
    if (!read_directory(image, &directory))
        return STATUS_INVALID_IMAGE_FORMAT;
    return read_function(image, &directory, ordinal - directory.Base, STATUS_ORDINAL_NOT_FOUND,
                         export);
}
