/* gamma.dll: loaded at run time; imports alpha.dll. */
#include "fixture.h"

__declspec(dllexport) int gamma_value(void)
{
    return alpha_value() + 3;
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    (void)instance, (void)reserved;
    note(alpha_record(), 'G', reason);
    return TRUE;
}
