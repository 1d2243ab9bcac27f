/* Shared by the pe_*.c files: bounded access and the form of their failures. */
#pragma once

#include "ps/pe.h"
#include "rtl/string.h"

/* TRUE if [offset, offset + bytes) is inside [0, size). */
static inline bool pe_fits(uint32_t offset, uint32_t bytes, uint32_t size)
{
    return bytes <= size && offset <= size - bytes;
}

/* TRUE if `count` elements of `bytes` each, from `rva` on, are inside the image. */
static inline bool pe_array_fits(const struct pe_image *image, uint32_t rva, uint32_t count,
                                 uint32_t bytes)
{
    return count <= image->size / bytes && pe_fits(rva, count * bytes, image->size);
}

/* Copies bytes out of the image; FALSE if some are outside. */
static inline bool pe_read(const struct pe_image *image, uint32_t rva, void *to, uint32_t bytes)
{
    if (!pe_fits(rva, bytes, image->size))
        return false;
    memcpy(to, image->bytes + rva, bytes);
    return true;
}

/* The NUL-terminated text at `rva`; NULL if it leaves the image or exceeds PE_NAME_MAX. */
const char *pe_text(const struct pe_image *image, uint32_t rva);

/* Empties the record, at the beginning of a call. */
void pe_clear_error(struct pe_error *error);

/* Leaves the words and returns STATUS_INVALID_IMAGE_FORMAT. */
NTSTATUS pe_broken(struct pe_error *error, const char *what);

/* What is wrong with the sections, or NULL. The headers are already checked. */
const char *pe_check_sections(const struct pe_file *file);

/* What a file that is loaded at `memory` is like there. */
struct pe_image pe_loaded_image(const struct pe_file *file, uint8_t *memory);
