/* The process and its modules. */
#include "common/needs_kernel.h"

NEEDS_KERNEL(HMODULE, GetModuleHandleA, NULL, LPCSTR name)

NEEDS_KERNEL(DWORD, GetModuleFileNameA, 0, HMODULE module, LPSTR buffer, DWORD size)

/* Has no failure to return, nor a way to return: without a system call, the process traps. */
void WINAPI ExitProcess(UINT code)
{
    UNREFERENCED_PARAMETER(code);
    __builtin_trap();
}
