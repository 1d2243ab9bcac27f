/* Loaded images: an .exe or DLL in a process, a driver in system space. */
#pragma once

#include "nt/ntdef.h"

struct pe_image;

struct module {
    LIST_ENTRY link;
    char name[32];          /* the file's, "VirtToPhys.exe" */
    ULONG base, size;       /* linear address, bytes (whole pages) */
    ULONG entry;            /* linear address, 0: none */
    struct pe_image *image; /* what lies there; part of this record */
};

/* The drivers in system space. */
extern LIST_ENTRY module_drivers;

/* A record in pool with a name (cut), in no list; ExFreePool frees it. NULL if memory is short. */
struct module *module_create(const char *name);

/* The driver image that holds a linear address of system space, or NULL. */
const struct module *module_at(ULONG address);

/* The module of a list with this name, ignoring case, or NULL. */
struct module *module_find(const LIST_ENTRY *modules, const char *name);
