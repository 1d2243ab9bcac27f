/*
 * libFuzzer's way into the walk and the scan: any bytes as registers and memory. What must hold of
 * every answer is asserted; the sanitizers see the rest.
 *
 *   bytes 0..23: cr0, cr3, cr4, efer, eflags, maxphyaddr; then pages of physical memory from 0 on
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "mm/scan.h"

enum { HEAD = 24, ADDRESSES = 64, RANGES = 4096 };

static struct walk_registers registers_of(const uint8_t *data)
{
    ULONG words[6];

    memcpy(words, data, sizeof words);
    return (struct walk_registers){.cr0 = words[0] | CR0_PG,
                                   .cr3 = words[1],
                                   .cr4 = words[2],
                                   .efer = words[3],
                                   .eflags = words[4],
                                   .maxphyaddr = 32 + words[5] % 21};
}

static void check_verdicts(const struct walk *walk)
{
    for (ULONG cpl = 0; cpl <= 3; cpl += 3) {
        for (int kind = WALK_READ; kind <= WALK_FETCH; kind++) {
            LONG error = walk_access(walk, cpl, kind);
            struct walk_denial denial = walk_denial(walk, cpl, kind);

            assert((error == WALK_ALLOWED) == (denial.reason == WALK_GRANTED));
            assert(error == WALK_ALLOWED || (error & ~0x1F) == 0);
            assert(error != WALK_ALLOWED || walk->stop == WALK_MAPPED);
            assert(denial.level < walk->level_count);
        }
    }
}

static void check_walk(const struct walk *walk, const struct walk_registers *registers)
{
    assert(walk->level_count >= 1 && walk->level_count <= WALK_LEVELS);
    assert((walk->stop == WALK_RESERVED_BIT) == (walk->reserved != 0));
    assert((walk->stop == WALK_MAPPED) == (walk->page_size != 0));
    assert(walk->physical >> (walk->format == WALK_32BIT ? 32
                              : registers->maxphyaddr > 40 && walk->format == WALK_32BIT_PSE
                                  ? 40
                                  : registers->maxphyaddr) ==
           0);
    check_verdicts(walk);
}

/* Each range's ends are what a walk of them says; ranges ascend. */
static void check_scan(const struct walk_registers *registers, const struct walk_memory *memory)
{
    struct scan scan;
    struct scan_range range;
    ULONGLONG next = 0;

    scan_begin(&scan, registers, memory, 0);
    for (int i = 0; i < RANGES && scan_next(&scan, &range); i++) {
        struct walk first = walk_address(registers, range.first, memory);
        struct walk last = walk_address(registers, range.last, memory);

        assert(range.first >= next && range.last >= range.first);
        assert(first.stop == range.stop && last.stop == range.stop);
        assert(first.physical == range.physical);
        assert(range.stop != WALK_MAPPED ||
               last.physical == range.physical + (range.last - range.first));
        assert(first.can[0] == range.can[0] && last.can[0] == range.can[0]);
        assert(first.can[1] == range.can[1] && last.can[1] == range.can[1]);
        next = range.last + 1ull;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct walk_registers registers;
    struct walk_memory memory = {0};
    void *copy;

    if (size < HEAD)
        return 0;
    registers = registers_of(data);
    memory.direct_bytes = (size - HEAD) & ~(size_t)7;
    copy = malloc(size - HEAD + (size == HEAD)); /* on the heap to the byte */
    memcpy(copy, data + HEAD, size - HEAD);
    memory.direct = copy;
    for (ULONG i = 0; i < ADDRESSES; i++) {
        struct walk walk = walk_address(&registers, i * 0x04104105u, &memory);

        check_walk(&walk, &registers);
    }
    check_scan(&registers, &memory);
    free(copy);
    return 0;
}
