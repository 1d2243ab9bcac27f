/* The import directory ("PE Format", The .idata Section). */
#include "ps/pe_private.h"
#include "rtl/printf.h"

/* The work in hand. */
struct binding {
    struct pe_image *image;
    const struct pe_binder *binder;
    void *context;
    struct pe_error *error;
    uint32_t slots_left; /* an image holds no more than its size in slots: bounds the work */
};

static NTSTATUS bind_name(struct binding *b, void *library, uint32_t rva, uint32_t *address)
{
    const char *name = pe_text(b->image, rva);
    NTSTATUS status;

    if (!name)
        return pe_broken(b->error, "name of an import outside the image");
    status = b->binder->symbol(b->context, library, name, 0, address);
    if (!NT_SUCCESS(status)) {
        rtl_copy_printable(b->error->symbol, name, sizeof(b->error->symbol));
        b->error->what = "missing symbol";
    }
    return status;
}

static NTSTATUS bind_ordinal(struct binding *b, void *library, uint32_t ordinal, uint32_t *address)
{
    NTSTATUS status = b->binder->symbol(b->context, library, NULL, ordinal, address);

    if (!NT_SUCCESS(status)) {
        rtl_snprintf(b->error->symbol, sizeof(b->error->symbol), "#%u", (unsigned)ordinal);
        b->error->what = "missing symbol";
    }
    return status;
}

/* Resolves one entry of a lookup table: an ordinal, or the RVA of a hint and a name. */
static NTSTATUS bind_entry(struct binding *b, void *library, uint32_t entry, uint32_t *address)
{
    if (entry & IMAGE_ORDINAL_FLAG32)
        return bind_ordinal(b, library, entry & 0xFFFFu, address);
    return bind_name(b, library, entry + sizeof(uint16_t), address);
}

static NTSTATUS bind_table(struct binding *b, void *library, uint32_t lookup, uint32_t slot)
{
    struct pe_image *image = b->image;

    for (;; lookup += sizeof(uint32_t), slot += sizeof(uint32_t)) {
        uint32_t entry;
        uint32_t address = 0;
        NTSTATUS status;

        if (!pe_read(image, lookup, &entry, sizeof(entry)))
            return pe_broken(b->error, "import lookup table outside the image");
        if (!entry)
            return STATUS_SUCCESS;
        if (!pe_fits(slot, sizeof(address), image->size))
            return pe_broken(b->error, "import address table outside the image");
        if (!b->slots_left--)
            return pe_broken(b->error, "more imports than the image can hold");
        status = bind_entry(b, library, entry, &address);
        if (!NT_SUCCESS(status))
            return status;
        memcpy(image->bytes + slot, &address, sizeof(address));
    }
}

static NTSTATUS bind_library(struct binding *b, const IMAGE_IMPORT_DESCRIPTOR *descriptor)
{
    const char *name = pe_text(b->image, descriptor->Name);
    uint32_t lookup = descriptor->OriginalFirstThunk;
    void *library = NULL;
    NTSTATUS status;

    if (!name)
        return pe_broken(b->error, "name of a library outside the image");
    rtl_copy_printable(b->error->library, name, sizeof(b->error->library));
    status = b->binder->library(b->context, name, &library);
    if (!NT_SUCCESS(status)) {
        b->error->what = "missing library";
        return status;
    }
    return bind_table(b, library, lookup ? lookup : descriptor->FirstThunk, descriptor->FirstThunk);
}

NTSTATUS pe_bind_imports(struct pe_image *image, const struct pe_binder *binder, void *context,
                         struct pe_error *error)
{
    struct binding b = {image, binder, context, error, image->size / sizeof(uint32_t)};
    uint32_t rva = image->imports.VirtualAddress;
    IMAGE_IMPORT_DESCRIPTOR descriptor;

    pe_clear_error(error);
    for (; image->imports.VirtualAddress; rva += sizeof(descriptor)) {
        NTSTATUS status;

        if (!pe_read(image, rva, &descriptor, sizeof(descriptor)))
            return pe_broken(error, "import directory outside the image");
        if (!descriptor.Name || !descriptor.FirstThunk)
            break;
        status = bind_library(&b, &descriptor);
        if (!NT_SUCCESS(status))
            return status;
    }
    pe_clear_error(error);
    return STATUS_SUCCESS;
}

bool pe_import(const struct pe_image *image, uint32_t index, struct pe_import *import)
{
    IMAGE_IMPORT_DESCRIPTOR descriptor;
    uint32_t table = image->imports.VirtualAddress;

    if (!table || index >= image->size / sizeof(descriptor) ||
        !pe_read(image, table + index * sizeof(descriptor), &descriptor, sizeof(descriptor)))
        return false;
    if (!descriptor.Name || !descriptor.FirstThunk)
        return false;
    *import = (struct pe_import){pe_text(image, descriptor.Name), descriptor.FirstThunk};
    return import->library;
}
