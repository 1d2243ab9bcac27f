/*
 * The first page tables, built before paging is on: linker.ld puts this file's code at its
 * physical address, so it may look at all memory below 4 GiB, but reaches the kernel's variables
 * only through physical() and calls nothing outside this file.
 *
 *   PDE 000h         the first 4 MiB at 0, for this code only; the kernel takes it away
 *   PDE 200h         the first 4 MiB at KERNEL_BASE in 4 KiB pages: text and constants read-only
 *   PDE 201h..27Fh   the rest of memory up to 512 MiB, 4 MiB pages where the CPU has PSE
 *   PDE 300h         the page directory itself
 */
#include "boot/boot.h"
#include "boot/multiboot.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "x86/cpu.h"

#define DIRECT_TABLES (DIRECT_MAP_BYTES / LARGE_PAGE_SIZE)

paging_entry boot_page_directory[PAGE_ENTRIES] __attribute__((aligned(4096)));
paging_entry *boot_spare_tables_next;

static paging_entry boot_low_table[PAGE_ENTRIES] __attribute__((aligned(4096)));

/* Page tables of the direct map for a CPU without PSE. */
static paging_entry boot_spare_tables[DIRECT_TABLES - 1][PAGE_ENTRIES]
    __attribute__((aligned(4096), section(".bss.boot_tables")));

static void *physical(const void *linear)
{
    return (void *)((uint32_t)linear - KERNEL_BASE);
}

/* The end of usable memory as far as the direct map reaches, in bytes. */
static uint32_t boot_memory_end(const struct multiboot_info *info)
{
    uint64_t end = 0;

    if (info->flags & MULTIBOOT_INFO_MEMORY)
        end = 0x100000 + (uint64_t)info->mem_upper * 1024;
    if (info->flags & MULTIBOOT_INFO_MMAP)
        for (uint32_t at = 0; at < info->mmap_length;) {
            const struct multiboot_mmap_entry *entry = (void *)(info->mmap_addr + at);

            if (entry->type == MULTIBOOT_MEMORY_AVAILABLE && entry->base < DIRECT_MAP_BYTES &&
                frame_range_end(entry->base, entry->length) > end)
                end = frame_range_end(entry->base, entry->length);
            if (entry->size > info->mmap_length)
                break;
            at += entry->size + 4;
        }
    return end > DIRECT_MAP_BYTES ? DIRECT_MAP_BYTES : (uint32_t)end;
}

static void boot_fill_low_table(uint32_t global)
{
    paging_entry *table = physical(boot_low_table);
    uint32_t readonly_start = (uint32_t)physical(kernel_text_start);
    uint32_t readonly_end = (uint32_t)physical(kernel_readonly_end);

    for (uint32_t i = 0; i < PAGE_ENTRIES; i++) {
        uint32_t address = i << PAGE_SHIFT;
        int readonly = address >= readonly_start && address < readonly_end;

        table[i] = make_entry(address, (readonly ? 0 : PAGE_WRITE) | global);
    }
}

/* Fills a page table with 1 024 writable pages from `start` on. */
static void boot_fill_table(paging_entry *table, uint32_t start)
{
    for (uint32_t i = 0; i < PAGE_ENTRIES; i++)
        table[i] = make_entry(start + (i << PAGE_SHIFT), PAGE_WRITE);
}

static void boot_fill_direct_map(uint32_t end, uint32_t features)
{
    paging_entry *directory = physical(boot_page_directory);
    paging_entry *table = physical(boot_spare_tables);
    uint32_t global = features & CPUID_PGE ? PAGE_GLOBAL : 0;

    for (uint32_t start = LARGE_PAGE_SIZE; start < end; start += LARGE_PAGE_SIZE) {
        paging_entry *pde = &directory[pde_index(KERNEL_BASE + start)];

        if (features & CPUID_PSE) {
            *pde = make_entry(start, PAGE_WRITE | PAGE_LARGE | global);
        } else {
            boot_fill_table(table, start);
            *pde = make_entry((uint32_t)table, PAGE_WRITE);
            table += PAGE_ENTRIES;
        }
    }
    *(paging_entry **)physical(&boot_spare_tables_next) = (void *)((uint32_t)table + KERNEL_BASE);
}

/*
 * Called by boot.S with paging off. Builds the tables above and switches paging on, with CR0.WP so
 * that read-only binds the kernel too (SDM vol. 3A, 2.5 and 4.1.2). A wrong `magic` leaves
 * `info` unread: kernel_main reports it.
 */
void boot_enable_paging(uint32_t magic, const struct multiboot_info *info)
{
    paging_entry *directory = physical(boot_page_directory);
    uint32_t features = cpu_features();
    uint32_t end = magic == MULTIBOOT_LOADER_MAGIC ? boot_memory_end(info) : LARGE_PAGE_SIZE;

    boot_fill_low_table(features & CPUID_PGE ? PAGE_GLOBAL : 0);
    directory[0] = directory[pde_index(KERNEL_BASE)] =
        make_entry((uint32_t)physical(boot_low_table), PAGE_WRITE);
    directory[SELF_MAP_INDEX] = make_entry((uint32_t)directory, PAGE_WRITE);
    boot_fill_direct_map(end, features);

    if (features & CPUID_PSE)
        write_cr4(read_cr4() | CR4_PSE);
    write_cr3((uint32_t)directory);
    write_cr0(read_cr0() | CR0_PG | CR0_WP);
}
