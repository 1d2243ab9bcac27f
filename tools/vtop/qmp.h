/* A running QEMU, over its QMP socket: its memory as an ELF core, and what no core holds. */
#pragma once

#include "image.h"

/*
 * Halts the machine if it runs, has its memory written to a file that is open and already removed
 * afterwards, and lets it go on. Fills `image` and each CPU's efer and maxphyaddr.
 * Returns NULL, or what went wrong in words (valid until the next call).
 */
const char *qmp_open(struct image *image, const char *socket_path);
