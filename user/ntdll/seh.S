/* The parts of exception handling that are about registers and FS:[0]. */
    .text

/* Offsets in a CONTEXT (winnt.h). */
#define CONTEXT_FLAGS 0x00
#define CONTEXT_GS    0x8C
#define CONTEXT_FS    0x90
#define CONTEXT_ES    0x94
#define CONTEXT_DS    0x98
#define CONTEXT_EDI   0x9C
#define CONTEXT_ESI   0xA0
#define CONTEXT_EBX   0xA4
#define CONTEXT_EDX   0xA8
#define CONTEXT_ECX   0xAC
#define CONTEXT_EAX   0xB0
#define CONTEXT_EBP   0xB4
#define CONTEXT_EIP   0xB8
#define CONTEXT_CS    0xBC
#define CONTEXT_EFLAGS 0xC0
#define CONTEXT_ESP   0xC4
#define CONTEXT_SS    0xC8
#define CONTEXT_BYTES 0x2CC

#define CONTEXT_FULL  0x10007 /* control, integer, segments */

.macro store_selector register, offset
    movl %\register, %eax
    movzwl %ax, %eax
    movl %eax, \offset(%ebx)
.endm

/*
 * RtlCaptureContext(CONTEXT *): as it will be when the calling routine, which must have an EBP
 * frame, has returned. All registers are kept.
 */
    .globl _RtlCaptureContext@4
_RtlCaptureContext@4:
    pushfl
    pushl %ebx
    pushl %eax
    movl 16(%esp), %ebx
    movl %eax, CONTEXT_EAX(%ebx)
    movl %ecx, CONTEXT_ECX(%ebx)
    movl %edx, CONTEXT_EDX(%ebx)
    movl %esi, CONTEXT_ESI(%ebx)
    movl %edi, CONTEXT_EDI(%ebx)
    movl 4(%esp), %eax
    movl %eax, CONTEXT_EBX(%ebx)
    movl 8(%esp), %eax
    movl %eax, CONTEXT_EFLAGS(%ebx)
    movl (%ebp), %eax
    movl %eax, CONTEXT_EBP(%ebx)
    movl 4(%ebp), %eax
    movl %eax, CONTEXT_EIP(%ebx)
    leal 8(%ebp), %eax
    movl %eax, CONTEXT_ESP(%ebx)
    store_selector cs, CONTEXT_CS
    store_selector ss, CONTEXT_SS
    store_selector ds, CONTEXT_DS
    store_selector es, CONTEXT_ES
    store_selector fs, CONTEXT_FS
    store_selector gs, CONTEXT_GS
    movl $CONTEXT_FULL, CONTEXT_FLAGS(%ebx)
    popl %eax
    popl %ebx
    popfl
    ret $4

/*
 * Below EBP a CONTEXT that the caller will have on return, its `bytes` of arguments taken off; ESP
 * points to it.
 */
.macro capture_caller bytes
    pushl %ebp
    movl %esp, %ebp
    leal -CONTEXT_BYTES(%esp), %esp
    pushl %esp
    call _RtlCaptureContext@4
    addl $\bytes, CONTEXT_ESP(%esp)
.endm

/* RtlRaiseException(EXCEPTION_RECORD *) */
    .globl _RtlRaiseException@4
_RtlRaiseException@4:
    capture_caller 4
    movl %esp, %eax
    pushl %eax
    pushl 8(%ebp)
    call _exception_raise@8
    ud2

/* RtlUnwind(target, address, EXCEPTION_RECORD *, value): the address is not used on x86. */
    .globl _RtlUnwind@16
_RtlUnwind@16:
    capture_caller 16
    movl %esp, %eax
    pushl %eax
    pushl 20(%ebp)
    pushl 16(%ebp)
    pushl 8(%ebp)
    call _exception_unwind@16
    ud2

/*
 * EXCEPTION_DISPOSITION exception_execute(record, frame, context, dispatcher, handler, guard): calls
 * the handler with the first four under a frame of its own, which catches what happens in there:
 *
 *     ESP    next      the chain before
 *     ESP+4  guard     its handler
 *     ESP+8  guarded   the frame whose handler runs
 */
    .globl _exception_execute
_exception_execute:
    pushl %ebp
    movl %esp, %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl 12(%ebp)
    pushl 28(%ebp)
    pushl %fs:0
    movl %esp, %fs:0
    pushl 20(%ebp)
    pushl 16(%ebp)
    pushl 12(%ebp)
    pushl 8(%ebp)
    call *24(%ebp)
    movl %fs:0, %esp
    popl %fs:0
    addl $8, %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret
