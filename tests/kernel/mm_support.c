#include "tests/kernel/mm_support.h"

#include "mm/fault.h"
#include "x86/cpu.h"
#include "x86/trap.h"

/* ---- Probes ---- */

static volatile ULONG resume_at, fault_error;

static trap_handler usual_handler;

/* A fault of the probe that no page helps goes on behind it; every other one is handled as usual. */
static void on_page_fault(struct trap_frame *frame)
{
    if (!resume_at) {
        usual_handler(frame);
        return;
    }
    if (NT_SUCCESS(mm_fault(read_cr2(), frame->error)))
        return;
    fault_error = frame->error;
    frame->eip = resume_at;
}

static ULONG begin_probe(void)
{
    fault_error = NO_FAULT;
    usual_handler = trap_set_handler(TRAP_PAGE_FAULT, on_page_fault);
    return 0;
}

static ULONG end_probe(void)
{
    resume_at = 0;
    trap_set_handler(TRAP_PAGE_FAULT, usual_handler);
    return fault_error;
}

__attribute__((noinline)) ULONG probe_read(ULONG address)
{
    UCHAR byte = 0;

    begin_probe();
    __asm__ volatile("movl $1f, %1\n\tmovb (%2), %0\n1:"
                     : "+q"(byte), "=m"(resume_at)
                     : "r"(address)
                     : "memory");
    return end_probe();
}

__attribute__((noinline)) ULONG probe_write(ULONG address)
{
    UCHAR byte = 0;

    begin_probe();
    __asm__ volatile("movl $1f, %1\n\tmovb (%2), %0\n\tmovb %0, (%2)\n1:"
                     : "+q"(byte), "=m"(resume_at)
                     : "r"(address)
                     : "memory");
    return end_probe();
}

/* ---- Running out ---- */

/* What was taken is a list through its own first words. */
static frame_number taken_frames;
static PVOID *taken_blocks;

static void take_pool(void)
{
    for (ULONG bytes = 2048; bytes >= 4; bytes -= bytes > 64 ? 32 : 4) {
        PVOID *block;

        while ((block = ExAllocatePool(NonPagedPool, bytes))) {
            *block = taken_blocks;
            taken_blocks = block;
        }
    }
}

void memory_take_all(ULONG frames, BOOLEAN pool_too)
{
    frame_number frame;

    ASSERT(!taken_frames && !taken_blocks);
    while ((frame = frame_alloc())) {
        *frame_words(frame) = taken_frames;
        taken_frames = frame;
    }
    if (pool_too)
        take_pool();
    while (frames-- && taken_frames) {
        frame = taken_frames;
        taken_frames = *frame_words(frame);
        frame_free(frame);
    }
}

void memory_give_back(void)
{
    while (taken_blocks) {
        PVOID *block = taken_blocks;

        taken_blocks = *block;
        ExFreePool(block);
    }
    while (taken_frames) {
        frame_number frame = taken_frames;

        taken_frames = *frame_words(frame);
        frame_free(frame);
    }
}

frame_number test_frame(void)
{
    frame_number frame = frame_alloc();

    CHECK(frame != FRAME_NONE);
    return frame;
}
