/* The last error of a thread. */
#include "base.h"

DWORD WINAPI GetLastError(void)
{
    return nt_teb()->last_error;
}

void WINAPI SetLastError(DWORD error)
{
    nt_teb()->last_error = error;
}
