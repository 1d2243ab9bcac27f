/* What the boot loader handed over, in the kernel's own words. */
#pragma once

#include "nt/ntdef.h"

#define BOOT_MODULES_LIMIT 64u

struct boot_module {
    char name[32];     /* the last word of the loader's string, without folders */
    ULONG physical;    /* bytes */
    ULONG size;        /* 0 too where bootinfo_map_modules found no room */
    const char *bytes; /* mapped; NULL before bootinfo_map_modules */
};

struct boot_info {
    char command_line[512];
    struct boot_module modules[BOOT_MODULES_LIMIT];
    ULONG module_count;
    ULONG modules_left_out; /* handed over beyond BOOT_MODULES_LIMIT */
    BOOLEAN graphics;       /* the loader left no VGA text mode: the screen stays dark */
    ULONG memory_kib;       /* usable memory below 4 GiB, as the loader says */
    ULONG memory_above_kib; /* usable memory that the direct map does not reach */
};

extern struct boot_info boot_info;

/*
 * Copies the Multiboot information at physical address `info`, and gives the frame allocator the
 * usable ranges less the kernel, the modules and the first MiB. A wrong `magic`, or a structure
 * outside the mapped memory, is bugcheck E0000001, INVALID_BOOT_INFORMATION.
 */
void bootinfo_init(ULONG magic, ULONG info);

/* Makes the modules readable wherever the loader put them. After pool_init. */
void bootinfo_map_modules(void);

/*
 * Finds a module by name, ignoring case. NULL if there is none.
 */
const struct boot_module *bootinfo_find(PCUNICODE_STRING name);
