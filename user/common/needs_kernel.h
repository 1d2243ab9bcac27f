/*
 * Win32 functions that only a kernel can answer. Until these images have a system call, they say
 * so: the last error is ERROR_CALL_NOT_IMPLEMENTED and the result is the failure that Win32
 * documents for the function, so a caller takes its ordinary error path.
 */
#pragma once

#include <windows.h>

#pragma GCC diagnostic ignored "-Wunused-parameter"

/* Defines one: NEEDS_KERNEL(result type, name, failure value, parameters...). */
#define NEEDS_KERNEL(type, name, failure, ...)                                                     \
    type WINAPI name(__VA_ARGS__)                                                                  \
    {                                                                                              \
        SetLastError(ERROR_CALL_NOT_IMPLEMENTED);                                                  \
        return failure;                                                                            \
    }
