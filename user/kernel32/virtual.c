/* The address space of a process by pages. */
#include "base.h"

LPVOID WINAPI VirtualAllocEx(HANDLE process, LPVOID address, SIZE_T bytes, DWORD type,
                             DWORD protection)
{
    NTSTATUS status;

    if (address != NULL && (ULONG_PTR)address < 0x10000) {
        base_fail_with(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    status = NtAllocateVirtualMemory(process, &address, 0, &bytes, type, protection);
    return base_result(status) ? address : NULL;
}

LPVOID WINAPI VirtualAlloc(LPVOID address, SIZE_T bytes, DWORD type, DWORD protection)
{
    return VirtualAllocEx(NtCurrentProcess(), address, bytes, type, protection);
}

/* A release is of the whole reservation, and says so by a size of 0. */
BOOL WINAPI VirtualFreeEx(HANDLE process, LPVOID address, SIZE_T bytes, DWORD type)
{
    if (type & MEM_RELEASE && bytes != 0)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    return base_result(NtFreeVirtualMemory(process, &address, &bytes, type));
}

BOOL WINAPI VirtualFree(LPVOID address, SIZE_T bytes, DWORD type)
{
    return VirtualFreeEx(NtCurrentProcess(), address, bytes, type);
}

BOOL WINAPI VirtualProtectEx(HANDLE process, LPVOID address, SIZE_T bytes, DWORD protection,
                             PDWORD old)
{
    return base_result(NtProtectVirtualMemory(process, &address, &bytes, protection, old));
}

BOOL WINAPI VirtualProtect(LPVOID address, SIZE_T bytes, DWORD protection, PDWORD old)
{
    return VirtualProtectEx(NtCurrentProcess(), address, bytes, protection, old);
}

SIZE_T WINAPI VirtualQueryEx(HANDLE process, LPCVOID address, PMEMORY_BASIC_INFORMATION data,
                             SIZE_T bytes)
{
    SIZE_T returned;
    NTSTATUS status =
        NtQueryVirtualMemory(process, (PVOID)address, MEMORY_BASIC, data, bytes, &returned);

    return base_result(status) ? returned : 0;
}

SIZE_T WINAPI VirtualQuery(LPCVOID address, PMEMORY_BASIC_INFORMATION data, SIZE_T bytes)
{
    return VirtualQueryEx(NtCurrentProcess(), address, data, bytes);
}

BOOL WINAPI ReadProcessMemory(HANDLE process, LPCVOID address, LPVOID buffer, SIZE_T bytes,
                              SIZE_T *done)
{
    return base_result(NtReadVirtualMemory(process, (PVOID)address, buffer, bytes, done));
}

/* What is written may be code. */
BOOL WINAPI WriteProcessMemory(HANDLE process, LPVOID address, LPCVOID buffer, SIZE_T bytes,
                               SIZE_T *done)
{
    NTSTATUS status = NtWriteVirtualMemory(process, address, (PVOID)buffer, bytes, done);

    if (!NT_SUCCESS(status))
        return base_fail(status);
    NtFlushInstructionCache(process, address, bytes);
    return TRUE;
}

BOOL WINAPI FlushInstructionCache(HANDLE process, LPCVOID address, SIZE_T bytes)
{
    return base_result(NtFlushInstructionCache(process, (PVOID)address, bytes));
}

/* ---- Is it there? ---- */

/* Do all pages of the range have one of these protections? */
static BOOL has_protection(ULONG_PTR address, UINT_PTR bytes, DWORD protections)
{
    ULONG_PTR last = address + bytes - 1;

    if (last < address)
        return FALSE;
    for (;;) {
        MEMORY_BASIC_INFORMATION data;
        SIZE_T returned;
        ULONG_PTR end;

        if (!NT_SUCCESS(NtQueryVirtualMemory(NtCurrentProcess(), (PVOID)address, MEMORY_BASIC,
                                             &data, sizeof(data), &returned)) ||
            data.State != MEM_COMMIT || !(data.Protect & protections) || data.Protect & PAGE_GUARD)
            return FALSE;
        end = (ULONG_PTR)data.BaseAddress + data.RegionSize;
        if (end > last)
            return TRUE;
        address = end;
    }
}

#define WRITABLE (PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY)
#define READABLE (WRITABLE | PAGE_READONLY | PAGE_EXECUTE_READ)

BOOL WINAPI IsBadReadPtr(const VOID *address, UINT_PTR bytes)
{
    return bytes != 0 && !has_protection((ULONG_PTR)address, bytes, READABLE);
}

BOOL WINAPI IsBadWritePtr(LPVOID address, UINT_PTR bytes)
{
    return bytes != 0 && !has_protection((ULONG_PTR)address, bytes, WRITABLE);
}
