/*
 * KiSystemService: the way of a system call from ring 3 into the kernel and back (syscall.h). Both
 * entries build a struct trap_frame (x86/trap.h), so that whoever looks at a thread in the kernel
 * finds its registers. Interrupts are off throughout.
 */
#include "ke/offsets.h"
#include "nt/services.h"
#include "syscall/numbers.h"
#include "x86/segments.h"

#define FRAME_EAX     44
#define FRAME_EDX     36
#define FRAME_ECX     40
#define FRAME_VECTOR  48
#define FRAME_EIP     56
#define FRAME_EFLAGS  64
#define FRAME_ESP     68

#define STATUS_ACCESS_VIOLATION       0xC0000005
#define STATUS_INVALID_SYSTEM_SERVICE 0xC000001C

        .text

/* The registers below the error code and the vector, and ring 0's segments. Uses ECX. */
        .macro  SAVE_REGISTERS
        pusha
        pushl   %ds
        pushl   %es
        pushl   %fs
        pushl   %gs
        movl    $KGDT_R0_DATA, %ecx
        movl    %ecx, %ds
        movl    %ecx, %es
        movl    $KGDT_R0_PCR, %ecx
        movl    %ecx, %fs
        .endm

        .macro  RESTORE_SEGMENTS
        popl    %gs
        popl    %fs
        popl    %es
        popl    %ds
        .endm

        .globl  ki_sysenter, ki_int2e, ki_copy_start, ki_copy_end, ki_copy_failed

/*
 * SDM vol. 2B, SYSENTER: ESP is &esp0 (syscall.c), IF and VM are clear, and nothing was saved. TF and
 * NT are still the caller's: ki_debug takes TF away, popf NT (iret would take it for a task's return).
 */
ki_sysenter:
        movl    (%esp), %esp
        pushl   $KGDT_R3_DATA + RPL_3
        pushl   %edx
        pushf
        orl     $EFLAGS_IF, (%esp)
        pushl   $KGDT_R3_CODE + RPL_3
        pushl   syscall_return_address
        pushl   $0
        pushl   $SYSCALL_SYSENTER
        SAVE_REGISTERS
        pushl   $EFLAGS_ALWAYS
        popf
        addl    $8, %edx                /* behind two return addresses */
        jmp     ki_system_service

ki_int2e:
        pushl   $0
        pushl   $SYSCALL_INT
        SAVE_REGISTERS
        cld

/* EAX number, EDX the arguments' address in ring 3, ESP the trap frame. */
ki_system_service:
        movl    ke_current, %esi
        movl    %esp, %ebp
        movb    $1, THREAD_PREVIOUS_MODE(%esi)
        cmpl    $SERVICE_LIMIT, %eax
        jae     ki_no_service
        movl    KiServiceTable(, %eax, 4), %ebx
        testl   %ebx, %ebx
        jz      ki_no_service
        movzbl  KiArgumentTable(%eax), %ecx
        testl   %ecx, %ecx
        jz      ki_call_service
        cmpl    $USER_ARGUMENTS_END, %edx
        ja      ki_copy_failed
        pushl   %ecx                    /* whether arguments are captured */
        andl    $0x7F, %ecx
        subl    %ecx, %esp
        movl    %edx, %esi
        movl    %esp, %edi
        shrl    $2, %ecx
ki_copy_start:
        rep movsl
ki_copy_end:
        testb   $SERVICE_CAPTURED, (%edi)
        jnz     ki_call_captured
ki_call_service:
        call    *%ebx
ki_service_done:
        movl    %ebp, %esp
        movl    %eax, FRAME_EAX(%esp)
        cmpl    $0, ke_exit_work
        jne     ki_work
ki_leave:
        cmpl    $SYSCALL_SYSENTER, FRAME_VECTOR(%esp)
        jne     ki_leave_by_iret
        testl   $EFLAGS_TF, FRAME_EFLAGS(%esp)
        jnz     ki_leave_by_iret
        movl    FRAME_ESP(%esp), %ecx
        movl    FRAME_EIP(%esp), %edx
        movl    %ecx, FRAME_ECX(%esp)
        movl    %edx, FRAME_EDX(%esp)
        RESTORE_SEGMENTS
        popa
        sti                             /* takes effect behind sysexit */
        sysexit

ki_leave_by_iret:
        RESTORE_SEGMENTS
        popa
        addl    $8, %esp
        iret

/* Threads to switch to, deferred calls, an end; the frame may have been changed. */
ki_work:
        pushl   %esp
        call    ps_user_exit
        movl    %ebp, %esp
        jmp     ki_leave

ki_call_captured:
        movl    %eax, %ecx
        movl    %esp, %edx
        call    syscall_call_captured
        jmp     ki_service_done

ki_no_service:
        movl    $STATUS_INVALID_SYSTEM_SERVICE, %eax
        jmp     ki_service_done

/* The arguments' address is none of ring 3's, or the copy met a page that is not there. */
ki_copy_failed:
        movl    $STATUS_ACCESS_VIOLATION, %eax
        jmp     ki_service_done

/*
 * A debug trap. When it comes from sysenter's first instruction, ring 3 had TF set: it is taken away
 * and the call goes on (on the stack that sysenter begins with there is room for this much).
 */
        .globl  ki_debug
ki_debug:
        cmpl    $ki_sysenter, (%esp)
        jne     1f
        andl    $~EFLAGS_TF, 8(%esp)
        iret
1:      jmp     *ki_debug_stub

/* void ki_enter_user(struct trap_frame *frame): leaves to ring 3 for the first time. */
        .globl  ki_enter_user
ki_enter_user:
        movl    4(%esp), %esp
        jmp     ki_leave_by_iret

/* NTSTATUS FASTCALL ki_call(const void *routine, const ULONG *arguments, ULONG count) */
        .globl  ki_call
ki_call:
        pushl   %ebp
        movl    %esp, %ebp
        pushl   %esi
        pushl   %edi
        movl    %ecx, %eax
        movl    8(%ebp), %ecx
        movl    %edx, %esi
        shll    $2, %ecx
        subl    %ecx, %esp
        movl    %esp, %edi
        shrl    $2, %ecx
        rep movsl
        call    *%eax
        leal    -8(%ebp), %esp
        popl    %edi
        popl    %esi
        popl    %ebp
        ret     $4

        .section .note.GNU-stack, "", @progbits
