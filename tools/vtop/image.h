/* Physical memory in a file: a raw image, or an ELF core that QEMU's dump-guest-memory wrote. */
#pragma once

#include <stddef.h>

#include "mm/walk.h"

#define IMAGE_CPUS   64
#define IMAGE_PIECES 64

/* `bytes` of physical memory that stand at `offset` of the file. */
struct image_piece {
    ULONGLONG physical, bytes, offset;
};

struct image {
    const unsigned char *bytes;
    size_t size;
    ULONG piece_count, cpu_count; /* a raw image: one piece, no CPU */
    struct image_piece pieces[IMAGE_PIECES];
    struct walk_registers cpus[IMAGE_CPUS]; /* without efer and maxphyaddr: no core has them */
};

/* Maps the file. Returns NULL, or what is wrong with it in words. */
const char *image_open(struct image *image, const char *path);
void image_close(struct image *image);

/* The image as the walk reads it. It must stay open. */
struct walk_memory image_memory(const struct image *image);
