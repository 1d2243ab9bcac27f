/*
 * The first page tables, built before paging is on: linker.ld puts this file's code at its
 * physical address, so it may look at all memory below 4 GiB, but reaches the kernel's variables
 * only through physical() and calls nothing outside this file.
 *
 *   00000000..       the first 4 MiB, for this code only; the kernel takes them away
 *   80000000..       the first 4 MiB in 4 KiB pages: text and constants read-only
 *   80400000..       the rest of memory up to 512 MiB, large pages where the format has them
 *   C0000000..       the page tables themselves
 *
 * The format is the command line's: paging=32, paging=pse or paging=pae; without a word, or where
 * the CPU has not what is asked for, 4 MiB pages where the CPU has them.
 */
#include "boot/boot.h"
#include "boot/multiboot.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "paging_pae.h"
#include "x86/cpu.h"

#define DIRECT_TABLES (DIRECT_MAP_BYTES / LARGE_PAGE_SIZE)

union boot_table {
    paging_entry entries[PAGE_ENTRIES];
    pae_entry pae[PAE_ENTRIES];
};

union boot_table boot_top_table __attribute__((aligned(4096)));
void *boot_spare_tables_next;

static union boot_table boot_low_table __attribute__((aligned(4096)));

/*
 * Page tables of the direct map for a CPU without PSE. Under PAE: the four directories, and the
 * second table of the first 4 MiB.
 */
static union boot_table boot_spare_tables[DIRECT_TABLES - 1]
    __attribute__((aligned(4096), section(".bss.boot_tables")));

enum { PAE_DIRECTORIES = 4, PAE_SPARE_TABLES = PAE_DIRECTORIES + 1 };

enum boot_format { BOOT_32BIT, BOOT_PSE, BOOT_PAE };

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

/* ---- The format ---- */

static int boot_word_is(const char *at, const char *word)
{
    while (*word && *at == *word)
        at++, word++;
    return !*word && (!*at || *at == ' ' || *at == '\t');
}

/* The last word about it counts, as in kernel/options.c, which reports the unknown ones. */
static enum boot_format boot_format_asked(const struct multiboot_info *info)
{
    enum boot_format format = BOOT_PSE;
    const char *at = info->flags & MULTIBOOT_INFO_CMDLINE ? (const char *)info->cmdline : "";

    for (int begins = 1; *at; begins = *at == ' ' || *at == '\t', at++) {
        if (begins && boot_word_is(at, "paging=32"))
            format = BOOT_32BIT;
        else if (begins && boot_word_is(at, "paging=pse"))
            format = BOOT_PSE;
        else if (begins && boot_word_is(at, "paging=pae"))
            format = BOOT_PAE;
    }
    return format;
}

static enum boot_format boot_format_possible(enum boot_format asked, uint32_t features)
{
    if (asked == BOOT_PAE && features & CPUID_PAE)
        return BOOT_PAE;
    return asked == BOOT_32BIT || !(features & CPUID_PSE) ? BOOT_32BIT : BOOT_PSE;
}

/* ---- 32-bit entries ---- */

/* The flags of a page of the first 4 MiB. */
static uint32_t boot_low_flags(uint32_t address, uint32_t global)
{
    uint32_t start = (uint32_t)physical(kernel_text_start);
    uint32_t end = (uint32_t)physical(kernel_readonly_end);

    return (address >= start && address < end ? 0 : PAGE_WRITE) | global;
}

static void boot_fill_low_table(uint32_t global)
{
    paging_entry *table = physical(boot_low_table.entries);

    for (uint32_t at = 0; at < LARGE_PAGE_SIZE; at += PAGE_SIZE)
        table[at >> PAGE_SHIFT] = make_entry(at, boot_low_flags(at, global));
}

/* Fills a page table with 1 024 writable pages from `start` on. */
static void boot_fill_table(paging_entry *table, uint32_t start)
{
    for (uint32_t i = 0; i < PAGE_ENTRIES; i++)
        table[i] = make_entry(start + (i << PAGE_SHIFT), PAGE_WRITE);
}

/* Returns the first spare table that is not used. */
static union boot_table *boot_fill_direct_map(uint32_t end, uint32_t large, uint32_t global)
{
    paging_entry *directory = physical(boot_top_table.entries);
    union boot_table *table = physical(boot_spare_tables);

    for (uint32_t start = LARGE_PAGE_SIZE; start < end; start += LARGE_PAGE_SIZE) {
        paging_entry *pde = &directory[pde_index(KERNEL_BASE + start)];

        if (large) {
            *pde = make_entry(start, PAGE_WRITE | PAGE_LARGE | global);
        } else {
            boot_fill_table(table->entries, start);
            *pde = make_entry((uint32_t)table++, PAGE_WRITE);
        }
    }
    return table;
}

static union boot_table *boot_build_32bit(uint32_t end, uint32_t large, uint32_t global)
{
    paging_entry *directory = physical(boot_top_table.entries);

    boot_fill_low_table(global);
    directory[0] = directory[pde_index(KERNEL_BASE)] =
        make_entry((uint32_t)physical(&boot_low_table), PAGE_WRITE);
    directory[SELF_MAP_INDEX] = make_entry((uint32_t)directory, PAGE_WRITE);
    return boot_fill_direct_map(end, large, global);
}

/* ---- PAE: the same with 64-bit entries, and no code where none is ---- */

static pae_entry *boot_pae_pde(uint32_t address)
{
    union boot_table *directories = physical(boot_spare_tables);

    return &directories[pae_pointer_index(address)].pae[pae_pde_index(address)];
}

static void boot_fill_pae_low_table(pae_entry *table, uint32_t start, uint32_t global,
                                    pae_entry no_code)
{
    uint32_t code_start = (uint32_t)kernel_physical_start;
    uint32_t code_end = (uint32_t)physical(kernel_text_end);

    for (uint32_t i = 0; i < PAE_ENTRIES; i++) {
        uint32_t at = start + (i << PAGE_SHIFT);
        int is_code = at >= code_start && at < code_end;

        table[i] = make_entry(at, boot_low_flags(at, global)) | (is_code ? 0 : no_code);
    }
}

/* Enters a table for the 2 MiB from `start` on, at 0 and at KERNEL_BASE. */
static void boot_enter_pae_low_table(union boot_table *table, uint32_t start, uint32_t global,
                                     pae_entry no_code)
{
    boot_fill_pae_low_table(table->pae, start, global, no_code);
    *boot_pae_pde(start) = *boot_pae_pde(KERNEL_BASE + start) =
        make_entry((uint32_t)table, PAGE_WRITE);
}

static union boot_table *boot_build_pae(uint32_t end, uint32_t global, pae_entry no_code)
{
    pae_entry *pointers = physical(boot_top_table.pae);
    union boot_table *spare = physical(boot_spare_tables);

    for (uint32_t i = 0; i < PAE_DIRECTORIES; i++) {
        pointers[i] = pae_pointer((uint32_t)&spare[i]);
        *boot_pae_pde(PAE_SELF_MAP_PTES + i * PAE_LARGE_PAGE_SIZE) =
            make_entry((uint32_t)&spare[i], PAGE_WRITE) | no_code;
    }
    boot_enter_pae_low_table(physical(&boot_low_table), 0, global, no_code);
    boot_enter_pae_low_table(&spare[PAE_DIRECTORIES], PAE_LARGE_PAGE_SIZE, global, no_code);
    for (uint32_t at = LARGE_PAGE_SIZE; at < end; at += PAE_LARGE_PAGE_SIZE)
        *boot_pae_pde(KERNEL_BASE + at) =
            make_entry(at, PAGE_WRITE | PAGE_LARGE | global) | no_code;
    return spare + PAE_SPARE_TABLES;
}

/* XD is a reserved bit until EFER.NXE is set. Returns it, or 0 on a CPU without NX. */
static pae_entry boot_enable_no_execute(void)
{
    if (!(cpu_extended(0x80000001u, 3) & CPUID_NX))
        return 0;
    write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_NXE);
    return PAE_NO_EXECUTE;
}

/*
 * Called by boot.S with paging off. Builds the tables above and switches paging on, with CR0.WP so
 * that read-only binds the kernel too (SDM vol. 3A, 2.5 and 4.1.2). A wrong `magic` leaves
 * `info` unread: kernel_main reports it.
 */
void boot_enable_paging(uint32_t magic, const struct multiboot_info *info)
{
    uint32_t features = cpu_features(), global = features & CPUID_PGE ? PAGE_GLOBAL : 0;
    int known = magic == MULTIBOOT_LOADER_MAGIC;
    uint32_t end = known ? boot_memory_end(info) : LARGE_PAGE_SIZE;
    enum boot_format format =
        boot_format_possible(known ? boot_format_asked(info) : BOOT_PSE, features);
    union boot_table *next = format == BOOT_PAE
                                 ? boot_build_pae(end, global, boot_enable_no_execute())
                                 : boot_build_32bit(end, format == BOOT_PSE, global);

    *(void **)physical(&boot_spare_tables_next) = (char *)next + KERNEL_BASE;
    if (format != BOOT_32BIT)
        write_cr4(read_cr4() | (format == BOOT_PAE ? CR4_PAE : CR4_PSE));
    write_cr3((uint32_t)physical(&boot_top_table));
    write_cr0(read_cr0() | CR0_PG | CR0_WP);
}
