/* What C and entry.S share; syscall.h tells what it means. */
#pragma once

#define SYSCALL_INT      0x2E
#define SYSCALL_SYSENTER 0x100 /* in trap_frame.vector: the caller goes back by sysexit */

#define SERVICE_CAPTURED 0x80 /* in KiArgumentTable: the arguments' pointers are captured */

/* The highest address at which the most arguments are still the caller's: 7FFF0000 less 44 bytes. */
#define USER_ARGUMENTS_END 0x7FFEFFD4

#define EFLAGS_ALWAYS 0x002
#define EFLAGS_TF     0x100
#define EFLAGS_IF     0x200
