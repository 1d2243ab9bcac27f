#include <windows.h>

#include "format.h"

#define WSPRINTF_LIMIT 1024 /* characters, NUL included: what Win32 documents */

int WINAPIV wsprintfA(LPSTR buffer, LPCSTR format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = format_text(buffer, WSPRINTF_LIMIT, format, args);
    va_end(args);
    return length;
}
