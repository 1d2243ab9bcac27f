/* What a program says to its debugger; here the kernel's log takes it. */
#include "ntdll/ntdll.h"

#include "ntdll/private.h"
#include "rtl/printf.h"

ULONG __cdecl DbgPrint(const char *format, ...)
{
    char text[512];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = rtl_vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    debug_print(text, length < (int)sizeof text ? (ULONG)length : sizeof text - 1);
    return STATUS_SUCCESS;
}
