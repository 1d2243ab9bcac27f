#include <windows.h>

#include "format.h"

#define WSPRINTF_LIMIT 1024 /* characters, NUL included: what Win32 documents */

int WINAPI wvsprintfA(LPSTR buffer, LPCSTR format, va_list args)
{
    return format_text(buffer, WSPRINTF_LIMIT, format, args);
}

int WINAPI wvsprintfW(LPWSTR buffer, LPCWSTR format, va_list args)
{
    return format_text_wide(buffer, WSPRINTF_LIMIT, format, args);
}

int WINAPIV wsprintfA(LPSTR buffer, LPCSTR format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = wvsprintfA(buffer, format, args);
    va_end(args);
    return length;
}

int WINAPIV wsprintfW(LPWSTR buffer, LPCWSTR format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = wvsprintfW(buffer, format, args);
    va_end(args);
    return length;
}
