/* A few pages of physical memory to build page tables in, and what a scan finds there. */
#pragma once

#include "mm/scan.h"
#include "unit.h"

#define TABLES_PAGES  32u
#define TABLES_RANGES 64u

/* The pages, from 0 on; above there is nothing. Through an accessor, and the first ones open. */
extern const struct walk_memory tables_memory, tables_open;

/* Entries read since tables_clear(). */
extern ULONG tables_reads;

/* The formats that tests go through: PAE_NX is PAE with EFER.NXE. */
enum tables_format { TABLES_32BIT, TABLES_PSE, TABLES_PAE, TABLES_PAE_NX, TABLES_FORMATS };

void tables_clear(void);

/* Entry `index` of the table at `table`. */
void tables_set32(ULONG table, ULONG index, ULONG entry);
void tables_set64(ULONG table, ULONG index, ULONGLONG entry);

/* CR0.WP, CR4.PGE, 40 physical bits. */
struct walk_registers tables_registers(enum tables_format format, ULONG cr3);

/* All ranges of a space, the same by both memories; there must be less than TABLES_RANGES. Returns
 * their number. */
ULONG tables_scan(const struct walk_registers *registers, struct scan_range *ranges);

/* Fills the memory: mostly present entries that lead to each other, runs of frames that follow each
 * other, and all else now and then. Returns registers for a space in it. */
struct walk_registers tables_fill(struct unit_random *random, enum tables_format format);
