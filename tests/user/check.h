/*
 * What native test programs share: each check is a line on the log, and the process's exit status
 * is the number of those that failed.
 *
 *     [check] line=12 what="a == b" result=pass
 */
#pragma once

#include "ntdll/ntdll.h"

static ULONG check_failures;

static inline void check(BOOLEAN passed, const char *what, int line)
{
    check_failures += !passed;
    DbgPrint("[check] line=%d what=\"%s\" result=%s\n", line, what, passed ? "pass" : "fail");
}

#define CHECK(condition) check(!!(condition), #condition, __LINE__)

static inline void check_end(void)
{
    DbgPrint("[checks] failed=%u\n", (unsigned)check_failures);
    NtTerminateProcess(NtCurrentProcess(), (NTSTATUS)check_failures);
}
