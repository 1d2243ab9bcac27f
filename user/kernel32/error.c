/* The last error. One for the process: there is one thread, and no TEB yet to hold it. */
#include <windows.h>

static DWORD last_error;

DWORD WINAPI GetLastError(void)
{
    return last_error;
}

void WINAPI SetLastError(DWORD error)
{
    last_error = error;
}
