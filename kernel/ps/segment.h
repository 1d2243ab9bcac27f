/*
 * Segments: the pages behind sections. An image's is read from its file once and shared by all
 * sections of the same file while one of them, or a view, lives; the pages that a view writes
 * become its own copies. Files cannot be changed meanwhile: the boot volume is read-only.
 */
#pragma once

#include "mm/backing.h"
#include "nt/io.h"
#include "nt/mm.h"

struct segment {
    struct mm_backing backing; /* first: references count here */
    LIST_ENTRY link;           /* images only: all of them */
    PFILE_OBJECT file;         /* with a pointer of ours; NULL without file */
    ULONG bytes;
    ULONG base;    /* an image's preferred one; 0: no image */
    ULONG entry;   /* RVA, 0: none */
    UCHAR *rights; /* backing.rights as what it is: pool */
    SECTION_IMAGE_INFORMATION image;
};

/*
 * The segment of an image file, read through the handle if it is not there yet. STATUS_SUCCESS:
 * *segment has a reference for the caller. Statuses of file_read_handle and pe_open, STATUS_NO_MEMORY,
 * STATUS_COMMITMENT_LIMIT: each is logged with the file's name and what was wrong.
 */
NTSTATUS segment_open_image(PFILE_OBJECT file, HANDLE handle, struct segment **segment);

/* A copy of a file's first `bytes` (0: all). Statuses as above; STATUS_MAPPED_FILE_SIZE_ZERO;
 * STATUS_SECTION_TOO_BIG. Not logged. */
NTSTATUS segment_open_data(PFILE_OBJECT file, HANDLE handle, ULONG bytes, struct segment **segment);

/* Zeroes, a frame for each page at its first touch: STATUS_COMMITMENT_LIMIT, STATUS_NO_MEMORY. */
NTSTATUS segment_create(ULONG bytes, struct segment **segment);
