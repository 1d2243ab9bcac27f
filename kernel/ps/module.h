/* Loaded drivers: images in system space. */
#pragma once

#include "nt/ntdef.h"

struct pe_image;

struct module {
    LIST_ENTRY link;
    char name[32];          /* the file's, "VirtToPhys.sys" */
    ULONG base, size;       /* linear address, bytes (whole pages) */
    ULONG entry;            /* linear address */
    struct pe_image *image; /* what lies there; part of this record */
};

/* All of them. */
extern LIST_ENTRY module_drivers;

/* A record in pool with a name (cut), in no list; ExFreePool frees it. NULL if memory is short. */
struct module *module_create(const char *name);

/* The driver whose image holds a linear address, or NULL. */
const struct module *module_at(ULONG address);
