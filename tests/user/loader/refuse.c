/* refuse.dll: does not want to be loaded. */
#include "ntdll/ntdll.h"

__declspec(dllexport) int refuse_value(void)
{
    return 0;
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    (void)instance, (void)reserved;
    DbgPrint("[refuse] reason=%u\n", (unsigned)reason);
    return FALSE;
}
