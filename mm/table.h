/*
 * Page tables as they lie in memory, in the format that the CPU runs with: 32-bit entries
 * (include/paging.h) or PAE's of 64 bits (include/paging_pae.h). The rooms above see entries as
 * 64-bit values and never count bytes.
 *
 *   32-bit   CR3 -> directory, 1 024 PDEs of 4 MiB each
 *            entry 300h is the directory itself
 *   PAE      CR3 -> 4 PDPTEs -> 4 directories, 2 048 PDEs of 2 MiB each
 *            the first four entries of the last directory are the four directories; the third one,
 *            of 80000000-BFFFFFFF, is shared by all spaces
 */
#pragma once

#include "mm/frame.h"
#include "paging.h"

/* The place of an entry. */
struct table_slot {
    void *table;
    ULONG index;
};

/* TRUE if the CPU runs with PAE; TRUE if it has NX too: a page without PAGE_CODE is no code. */
extern BOOLEAN table_is_pae, table_has_no_execute;

/* Learns how the CPU runs. Before all else here. */
void table_init(void);

ULONGLONG table_read(struct table_slot slot);

/* Writes an entry so that the CPU never sees half of it present. Flushes nothing. */
void table_write(struct table_slot slot, ULONGLONG entry);

/* The place of the PDE of an address below the tables of a CR3; it is always there. */
struct table_slot table_pde(ULONG cr3, ULONG address);

/* The place of the PTE, in the page table that a PDE points to. */
struct table_slot table_pte(ULONGLONG pde, ULONG address);

/* Bytes of linear addresses below one PDE: 4 MiB or 2 MiB. */
ULONG table_span(void);

/*
 * A present entry; `physical` is page-aligned, `rights` out of PAGE_WRITE, PAGE_USER,
 * PAGE_CACHE_DISABLE, PAGE_CODE.
 */
ULONGLONG table_entry(ULONG physical, ULONG rights);

/* The physical address in an entry that points to a table or a 4 KiB page. */
ULONG table_physical(ULONGLONG entry);

/*
 * Makes what CR3 points to: the process half empty, the kernel half as in `model` (a CR3), the
 * self-map its own. Returns the new CR3, or 0 if memory is short.
 */
ULONG table_create(ULONG model);

/* Frees that again; page tables below it are the caller's matter. */
void table_destroy(ULONG cr3);
