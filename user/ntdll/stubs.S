/*
 * The system services' stubs, one for each line of nt/services.h: the number to EAX, then whichever
 * way into the kernel shared user data names. The stub takes its caller's arguments off the stack.
 */
#include "nt/services.h"

    .text
    .altmacro

.macro stub number, name, bytes
    .globl _\name\()@\bytes
_\name\()@\bytes:
    movl $\number, %eax
    movl $0x7FFE0300, %edx
    call *(%edx)
    ret $\bytes
.endm

#define SERVICE(number, name, arguments, capture) stub number, name, %(4 * arguments)
#include "nt/services.h"
