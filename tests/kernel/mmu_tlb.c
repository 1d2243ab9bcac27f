/*
 * The TLB is not the tables (SDM vol. 3A, 4.10): an entry is changed behind the CPU's back, and an
 * access still goes the old way until invlpg. What happens before that is the CPU's own business, so
 * it is logged and not judged here: tests/system holds it against what each emulator does.
 *
 *     [tlb] step=STEP tables=first|second access=first|second      the frame that each leads to
 *     [tlb] step=STEP tables=allow|refuse access=allow|refuse      a write
 */
#include "tests/kernel/mm_support.h"

#include "console/log.h"
#include "mm/table.h"
#include "x86/cpu.h"

#define AT 0x00500000u

static frame_number frames[2];

/* Leads AT to the frame, in memory alone. */
static void edit(const struct mm_space *space, frame_number frame, ULONG flags)
{
    ULONGLONG entry = table_entry(frame_address(frame), PAGE_WRITE | PAGE_USER) | flags;

    table_write(table_pte(table_read(table_pde(space->cr3, AT)), AT), entry);
}

/* The frame that a read of AT comes to: each holds its own number. */
static ULONG seen(void)
{
    return *(volatile ULONG *)AT;
}

static const char *name_of(ULONG frame)
{
    return frame == frames[0] ? "first" : frame == frames[1] ? "second" : "another";
}

static ULONG log_step(const char *step)
{
    ULONG tables = frame_of((ULONG)mm_walk(AT).physical), access = seen();

    log_printf("[tlb] step=%s tables=%s access=%s\n", step, name_of(tables), name_of(access));
    return access;
}

static void agree_after(const char *step)
{
    invlpg(AT);
    CHECK_EQUAL(log_step(step), frame_of((ULONG)mm_walk(AT).physical));
}

/* The same page again, this time one that mov cr3 leaves in the TLB. */
static void show_global(struct mm_space *space)
{
    edit(space, frames[0], PAGE_GLOBAL);
    agree_after("global");
    edit(space, frames[1], PAGE_GLOBAL);
    write_cr3(space->cr3);
    log_step("global_edited_cr3_loaded");
    agree_after("global_invlpg");
}

static void show_rights(struct mm_space *space)
{
    struct table_slot pte = table_pte(table_read(table_pde(space->cr3, AT)), AT);

    CHECK_EQUAL(probe_write(AT), NO_FAULT);
    table_write(pte, table_read(pte) & ~(ULONGLONG)PAGE_WRITE);
    log_printf("[tlb] step=read_only tables=refuse access=%s\n",
               probe_write(AT) == NO_FAULT ? "allow" : "refuse");
    invlpg(AT);
    CHECK_EQUAL(probe_write(AT), 3);
    log_printf("[tlb] step=read_only_invlpg tables=refuse access=refuse\n");
}

SELFTEST(mmu_stale_translations)
{
    struct mm_space *space = mm_space_create(), *last = mm_space_switch(space);

    for (ULONG i = 0; i < 2; i++) {
        frames[i] = test_frame();
        *frame_words(frames[i]) = frames[i];
    }
    CHECK_STATUS(mm_map(space, AT, frames[0], PAGE_WRITE | PAGE_USER), STATUS_SUCCESS);
    CHECK_EQUAL(log_step("mapped"), frames[0]);
    edit(space, frames[1], 0);
    log_step("edited");
    agree_after("invlpg");
    show_global(space);
    show_rights(space);
    mm_unmap(space, AT);
    mm_space_switch(last);
    mm_space_destroy(space);
    frame_free(frames[0]);
    frame_free(frames[1]);
}
