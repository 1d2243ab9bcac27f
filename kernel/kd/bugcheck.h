/*
 * What is shown when the system cannot go on: what happened, where, and how the code got there, on
 * the screen and in the log.
 */
#pragma once

#include "rtl/bugcheck.h"
#include "x86/trap.h"

/* bugcheck() for drivers (WDK: KeBugCheckEx). */
__attribute__((noreturn)) VOID NTAPI KeBugCheckEx(ULONG code, ULONG_PTR p1, ULONG_PTR p2,
                                                  ULONG_PTR p3, ULONG_PTR p4);

/* The trap handler for every exception that nobody else takes; install it first of all. */
void bugcheck_trap(struct trap_frame *frame);
