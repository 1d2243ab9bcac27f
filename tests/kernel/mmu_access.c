#include "tests/kernel/mmu_access.h"

#include "tests/kernel/mm_support.h"
#include "x86/cpu.h"
#include "x86/segments.h"
#include "x86/trap.h"

enum { UNDEFINED = 6, EFLAGS_ALWAYS_SET = 2 };

/* What mmu_enter goes to, and with what. */
struct entry {
    ULONG eip, cs, eflags, address, value;
};

struct entry mmu_entry;
void mmu_enter(void);
void mmu_leave(void) __attribute__((noreturn));
extern const char mmu_stubs[], mmu_stubs_end[], mmu_read[], mmu_write[], mmu_fetch[];
extern const char mmu_read_end[], mmu_write_end[];

/*
 * mmu_enter comes back by mmu_leave, out of the trap's handler, whatever the ring: the trap's stack
 * begins below what mmu_enter has pushed (gdt_tss + 68 is the TSS's ESP0).
 */
__asm__(".text\n"
        "mmu_enter:\n"
        "        pusha\n"
        "        movl    %esp, mmu_saved_esp\n"
        "        movl    %esp, gdt_tss + 68\n"
        "        movl    mmu_entry + 12, %eax\n"
        "        movl    mmu_entry + 16, %ebx\n"
        "        movl    mmu_entry + 4, %ecx\n"
        "        testl   $3, %ecx\n"
        "        jz      1f\n"
        "        leal    8(%ecx), %edx\n" /* ring 3's data segment follows its code segment */
        "        pushl   %edx\n"
        "        pushl   $0\n" /* it needs no stack */
        "1:      pushl   mmu_entry + 8\n"
        "        pushl   %ecx\n"
        "        pushl   mmu_entry\n"
        "        jz      2f\n"
        "        movl    %edx, %ds\n"
        "        movl    %edx, %es\n"
        "2:      iret\n"
        "mmu_leave:\n"
        "        movl    mmu_saved_esp, %esp\n"
        "        pushl   $2\n"
        "        popf\n"
        "        popa\n"
        "        ret\n"
        "mmu_stubs:\n"
        "mmu_read:\n"
        "        movl    (%eax), %ebx\n"
        "mmu_read_end:\n"
        "        ud2\n"
        "mmu_write:\n"
        "        movl    %ebx, (%eax)\n"
        "mmu_write_end:\n"
        "        ud2\n"
        "mmu_fetch:\n"
        "        jmp     *%eax\n"
        "mmu_stubs_end:\n"
        ".local mmu_saved_esp\n"
        ".comm mmu_saved_esp, 4, 4\n");

static trap_handler usual_page_fault, usual_undefined;
static ULONG usual_stack;
static struct {
    ULONG vector, error, eip, address, value;
} trapped;

static void on_trap(struct trap_frame *frame)
{
    trapped.vector = frame->vector;
    trapped.error = frame->error;
    trapped.eip = frame->eip;
    trapped.address = read_cr2();
    trapped.value = frame->ebx;
    mmu_leave();
}

void mmu_begin(struct mm_space *space)
{
    frame_number frame = test_frame();

    memcpy(direct_map(frame_address(frame)), mmu_stubs, (ULONG)(mmu_stubs_end - mmu_stubs));
    CHECK_STATUS(mm_map(space, MMU_CODE, frame, PAGE_USER | PAGE_CODE), STATUS_SUCCESS);
    usual_stack = gdt_main_tss.esp0;
    usual_page_fault = trap_set_handler(TRAP_PAGE_FAULT, on_trap);
    usual_undefined = trap_set_handler(UNDEFINED, on_trap);
}

void mmu_end(struct mm_space *space)
{
    trap_set_handler(TRAP_PAGE_FAULT, usual_page_fault);
    trap_set_handler(UNDEFINED, usual_undefined);
    gdt_set_kernel_stack(usual_stack);
    frame_free(mm_unmap(space, MMU_CODE));
}

static ULONG in_ring(ULONG cpl, const char *stub)
{
    return cpl == 3 ? MMU_CODE + (ULONG)(stub - mmu_stubs) : (ULONG)stub;
}

struct mmu_outcome mmu_access(ULONG cpl, enum walk_kind kind, ULONG address, ULONG value,
                              ULONG eflags)
{
    static const char *const stubs[] = {mmu_read, mmu_write, mmu_fetch};
    static const char *const ends[] = {mmu_read_end, mmu_write_end, NULL};
    ULONG start = in_ring(cpl, stubs[kind]), end = ends[kind] ? in_ring(cpl, ends[kind]) : address;

    mmu_entry = (struct entry){.eip = start,
                               .cs = cpl == 3 ? KGDT_R3_CODE + RPL_3 : KGDT_R0_CODE,
                               .eflags = EFLAGS_ALWAYS_SET | eflags,
                               .address = address,
                               .value = value};
    mmu_enter();
    if (trapped.vector == UNDEFINED)
        return (struct mmu_outcome){WALK_ALLOWED, trapped.value, trapped.eip == end};
    return (struct mmu_outcome){(LONG)trapped.error, 0,
                                trapped.address == address &&
                                    trapped.eip == (kind == WALK_FETCH ? address : start)};
}
