/*
 * What a Multiboot 1 loader hands over (Multiboot Specification 0.6.96, section 3). All addresses
 * are physical.
 */
#pragma once

#define MULTIBOOT_HEADER_MAGIC 0x1BADB002
#define MULTIBOOT_LOADER_MAGIC 0x2BADB002

/* Header flags: page-aligned modules, memory information, a preferred video mode. */
#define MULTIBOOT_HEADER_FLAGS  0x00000007
#define MULTIBOOT_MODE_EGA_TEXT 1

#ifndef __ASSEMBLER__
#include <stdint.h>

#define MULTIBOOT_INFO_MEMORY      0x0001u
#define MULTIBOOT_INFO_CMDLINE     0x0004u
#define MULTIBOOT_INFO_MODULES     0x0008u
#define MULTIBOOT_INFO_MMAP        0x0040u
#define MULTIBOOT_INFO_FRAMEBUFFER 0x1000u

struct multiboot_info {
    uint32_t flags;
    uint32_t mem_lower, mem_upper; /* KiB */
    uint32_t boot_device;
    uint32_t cmdline;
    uint32_t mods_count, mods_addr;
    uint32_t syms[4];
    uint32_t mmap_length, mmap_addr; /* bytes */
    uint32_t drives_length, drives_addr;
    uint32_t config_table, boot_loader_name, apm_table;
    uint32_t vbe[4];
    uint64_t framebuffer_addr;
    uint32_t framebuffer_pitch, framebuffer_width, framebuffer_height;
    uint8_t framebuffer_bpp, framebuffer_type;
} __attribute__((packed));

#define MULTIBOOT_FRAMEBUFFER_TEXT 2

struct multiboot_module {
    uint32_t start, end; /* end is the first byte behind it */
    uint32_t string;
    uint32_t reserved;
};

struct multiboot_mmap_entry {
    uint32_t size; /* of what follows: the next entry is size + 4 bytes further */
    uint64_t base, length;
    uint32_t type;
} __attribute__((packed));

#define MULTIBOOT_MEMORY_AVAILABLE 1
#endif
