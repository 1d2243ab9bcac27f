/* The smallest native program: it imports ntdll alone, says so twice, and ends. */
#include "ntdll/ntdll.h"

VOID NTAPI NtProcessStartup(struct nt_peb *peb)
{
    static const WCHAR hello[] = L"Hello from ring 3\n";
    UNICODE_STRING text = {sizeof hello - sizeof *hello, sizeof hello, (PWSTR)hello};

    DbgPrint("hello: ring 3, image at %p, process %u\n", peb->image_base,
             (unsigned)(ULONG_PTR)nt_teb()->client_id.process);
    NtDisplayString(&text);
    NtTerminateProcess(NtCurrentProcess(), STATUS_SUCCESS);
}
