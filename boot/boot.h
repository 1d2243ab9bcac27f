/*
 * What the boot code leaves behind for the kernel: the page tables it built, which stay the System
 * process's, and the symbols of linker.ld.
 */
#pragma once

#include "paging.h"

/* What CR3 points to: the page directory, or the page whose beginning are PAE's four PDPTEs. */
extern union boot_table boot_top_table;

/* The first unused one of the spare page tables: memory from here to kernel_end is free. */
extern void *boot_spare_tables_next;

/* Builds the first page tables and switches paging on (called by boot.S, paging off). */
struct multiboot_info;
void boot_enable_paging(uint32_t magic, const struct multiboot_info *info);

extern const char kernel_physical_start[]; /* its address is physical */
extern const char kernel_text_start[], kernel_text_end[], kernel_readonly_end[], kernel_end[];
extern const char boot_stack_guard[], boot_stack_top[];
