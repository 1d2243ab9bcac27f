#include "syscall/syscall.h"

#include "console/log.h"
#include "ke/offsets.h"
#include "ke/thread.h"
#include "mm/user.h"
#include "rtl/rtl.h"
#include "x86/cpu.h"
#include "x86/segments.h"

ULONG syscall_return_address;
ULONG ki_debug_stub; /* entry.S: where other debug traps go */

void ki_int2e(void);
void ki_sysenter(void);
void ki_debug(void);
extern const char ki_copy_start[], ki_copy_end[], ki_copy_failed[];

/* SDM vol. 4, table 2-2 */
enum { MSR_SYSENTER_CS = 0x174, MSR_SYSENTER_ESP = 0x175, MSR_SYSENTER_EIP = 0x176 };

enum { DEBUG_SERVICE = 0x2D, DEBUG_PRINT = 1, DEBUG_TEXT_MAX = 512 };

/*
 * SDM vol. 2B, SYSENTER: family 6 with model and stepping below 3 report SEP and have none.
 */
BOOLEAN syscall_has_sysenter(void)
{
    uint32_t registers[4];

    if (!(cpu_features() & CPUID_SEP))
        return FALSE;
    cpuid(1, registers);
    return (registers[0] >> 8 & 0xF) != 6 || (registers[0] >> 4 & 0xF) >= 3 ||
           (registers[0] & 0xF) >= 3;
}

/* int 2Dh, ring 3's DbgPrint: EAX 1, ECX the text, EDX its bytes. */
static void debug_service(struct trap_frame *frame)
{
    char text[DEBUG_TEXT_MAX + 1];
    ULONG bytes = frame->edx < DEBUG_TEXT_MAX ? frame->edx : DEBUG_TEXT_MAX;

    if (frame->eax != DEBUG_PRINT || !trap_from_user(frame))
        return;
    frame->eax = (ULONG)mm_copy_from_user(text, (const void *)frame->ecx, bytes);
    if (frame->eax)
        return;
    text[bytes] = 0;
    log_text(text);
}

_Static_assert(offsetof(struct ke_thread, previous_mode) == THREAD_PREVIOUS_MODE, "offsets.h");

void syscall_init(void)
{
    idt_set_service(SYSCALL_INT, ki_int2e);
    trap_set_handler(DEBUG_SERVICE, debug_service);
    idt_set_service(DEBUG_SERVICE, (void (*)(void))trap_stubs[DEBUG_SERVICE]);
    ki_debug_stub = trap_stubs[TRAP_DEBUG];
    idt_set_exception(TRAP_DEBUG, ki_debug);
    if (!syscall_has_sysenter())
        return;
    write_msr(MSR_SYSENTER_CS, KGDT_R0_CODE);
    write_msr(MSR_SYSENTER_ESP, (ULONG)&gdt_main_tss.esp0);
    write_msr(MSR_SYSENTER_EIP, (ULONG)ki_sysenter);
}

BOOLEAN syscall_recover(struct trap_frame *frame)
{
    if (frame->eip < (ULONG)ki_copy_start || frame->eip >= (ULONG)ki_copy_end)
        return FALSE;
    frame->eip = (ULONG)ki_copy_failed;
    return TRUE;
}
