#include "tables.h"

#include "control.h"
#include "paging_pae.h"

#define OPEN_PAGES 20u

static _Alignas(8) uint8_t bytes_of_memory[TABLES_PAGES * PAGE_SIZE];

ULONG tables_reads;

static BOOLEAN read_entry(const void *context, ULONGLONG physical, ULONG bytes, ULONGLONG *entry)
{
    const uint8_t *memory = context;

    assert_true((bytes == 4 || bytes == 8) && physical % bytes == 0);
    tables_reads++;
    if (physical >= sizeof(bytes_of_memory))
        return FALSE;
    *entry = 0;
    memcpy(entry, memory + physical, bytes);
    return TRUE;
}

const struct walk_memory tables_memory = {.read = read_entry, .context = bytes_of_memory};
const struct walk_memory tables_open = {.direct = bytes_of_memory,
                                        .direct_bytes = OPEN_PAGES * PAGE_SIZE,
                                        .read = read_entry,
                                        .context = bytes_of_memory};

void tables_clear(void)
{
    memset(bytes_of_memory, 0, sizeof(bytes_of_memory));
    tables_reads = 0;
}

void tables_set32(ULONG table, ULONG index, ULONG entry)
{
    memcpy(bytes_of_memory + table + index * sizeof(entry), &entry, sizeof(entry));
}

void tables_set64(ULONG table, ULONG index, ULONGLONG entry)
{
    memcpy(bytes_of_memory + table + index * sizeof(entry), &entry, sizeof(entry));
}

struct walk_registers tables_registers(enum tables_format format, ULONG cr3)
{
    static const ULONG cr4[] = {0, CR4_PSE, CR4_PAE, CR4_PAE};

    return (struct walk_registers){.cr0 = CR0_PG | CR0_WP,
                                   .cr3 = cr3,
                                   .cr4 = cr4[format] | CR4_PGE,
                                   .efer = format == TABLES_PAE_NX ? EFER_NXE : 0,
                                   .maxphyaddr = 40};
}

static ULONG scan_memory(const struct walk_registers *registers, const struct walk_memory *memory,
                         struct scan_range *ranges)
{
    struct scan scan;
    ULONG count = 0;

    scan_begin(&scan, registers, memory, 0);
    while (scan_next(&scan, &ranges[count]))
        assert_in_range(++count, 1, TABLES_RANGES - 1);
    return count;
}

ULONG tables_scan(const struct walk_registers *registers, struct scan_range *ranges)
{
    static struct scan_range others[TABLES_RANGES];
    ULONG count = scan_memory(registers, &tables_memory, ranges);

    assert_int_equal(scan_memory(registers, &tables_open, others), count);
    for (ULONG i = 0; i < count; i++) {
        assert_int_equal(ranges[i].first, others[i].first);
        assert_int_equal(ranges[i].last, others[i].last);
        assert_true(ranges[i].physical == others[i].physical);
    }
    return count;
}

/* ---- By chance ---- */

static ULONGLONG random_entry(struct unit_random *random, BOOLEAN wide)
{
    uint32_t luck = random_below(random, 32);
    ULONGLONG entry = random_below(random, TABLES_PAGES + 1) * PAGE_SIZE | PAGE_PRESENT |
                      random_below(random, 4) << 1;

    if (luck < 12)
        return 0;
    if (luck < 16)
        entry |= PAGE_LARGE;
    if (luck == 16)
        return wide ? random_next(random) : (uint32_t)random_next(random);
    if (luck == 17)
        entry ^= 1ull << random_below(random, wide ? 64 : 32);
    if (luck < 20)
        entry |= random_below(random, 8) << 6 | PAGE_GLOBAL;
    if (wide && luck > 28)
        entry |= PAE_NO_EXECUTE;
    return entry;
}

/* A whole page of entries, in pieces: each a run of frames (some to the end of the CPU's addresses,
 * and beyond), or of entries by chance, or absent. */
static void fill_page(struct unit_random *random, ULONG page, BOOLEAN wide, ULONG bits)
{
    ULONG count = PAGE_SIZE / (wide ? 8 : 4);

    for (ULONG at = 0; at < count;) {
        ULONG end = at + 1 + random_below(random, count - at), kind = random_below(random, 4);
        ULONGLONG run = kind == 1 ? (1ull << (bits - PAGE_SHIFT)) - random_below(random, 0x100)
                                  : random_below(random, 0x100000);

        for (run = run << PAGE_SHIFT | 1 | random_below(random, 4) << 1; at < end; at++) {
            ULONGLONG entry = kind == 3 ? random_entry(random, wide) : kind ? run : 0;

            wide ? tables_set64(page * PAGE_SIZE, at, entry)
                 : tables_set32(page * PAGE_SIZE, at, (ULONG)entry);
            run += random_below(random, 64) ? PAGE_SIZE : 0;
        }
    }
}

struct walk_registers tables_fill(struct unit_random *random, enum tables_format format)
{
    BOOLEAN wide = format >= TABLES_PAE;
    struct walk_registers registers = tables_registers(format, PAGE_SIZE);

    tables_clear();
    registers.maxphyaddr = 32 + random_below(random, 21);
    for (ULONG page = 0; page < TABLES_PAGES; page++)
        fill_page(random, page, wide, wide ? registers.maxphyaddr : 32);
    for (ULONG i = 0; i < PAGE_ENTRIES && !wide; i++)
        if (random_below(random, 8))
            tables_set32(PAGE_SIZE, i, (ULONG)random_entry(random, FALSE));
    for (ULONG i = 0; i < PAE_ENTRIES && wide; i++)
        if (random_below(random, 8))
            tables_set64(2 * PAGE_SIZE, i, random_entry(random, TRUE));
    for (ULONG i = 0; i < 4 && wide; i++)
        tables_set64(PAGE_SIZE, i, (2 + random_below(random, 3)) * PAGE_SIZE | PAGE_PRESENT);
    registers.cr0 = CR0_PG | (random_below(random, 2) ? CR0_WP : 0);
    registers.cr4 |=
        (random_below(random, 2) ? CR4_SMEP : 0) | (random_below(random, 2) ? CR4_SMAP : 0);
    if (!random_below(random, 4))
        registers.cr4 &= ~CR4_PGE;
    return registers;
}
