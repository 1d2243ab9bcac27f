/* Memory by blocks. HeapAlloc, HeapFree, HeapReAlloc and HeapSize are ntdll's (kernel32.def). */
#include "base.h"

/* ---- Heaps ---- */

HANDLE WINAPI GetProcessHeap(void)
{
    return nt_peb()->process_heap;
}

HANDLE WINAPI HeapCreate(DWORD options, SIZE_T initial, SIZE_T maximum)
{
    ULONG flags = options & (HEAP_NO_SERIALIZE | HEAP_GENERATE_EXCEPTIONS);
    HANDLE heap;

    if (maximum == 0)
        flags |= HEAP_GROWABLE;
    heap = RtlCreateHeap(flags, NULL, maximum, initial, NULL, NULL);
    if (heap == NULL)
        base_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    return heap;
}

BOOL WINAPI HeapDestroy(HANDLE heap)
{
    return RtlDestroyHeap(heap) == NULL || base_fail_with(ERROR_INVALID_HANDLE);
}

BOOL WINAPI HeapValidate(HANDLE heap, DWORD flags, LPCVOID block)
{
    return RtlValidateHeap(heap, flags, (PVOID)block);
}

/* ---- Local and global memory: blocks of the process's heap, which never move ---- */

static PVOID allocate(BOOL zero, SIZE_T bytes)
{
    PVOID block = RtlAllocateHeap(nt_peb()->process_heap, zero ? HEAP_ZERO_MEMORY : 0, bytes);

    if (block == NULL)
        base_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    return block;
}

/* NULL when it is free. */
static PVOID release(PVOID block)
{
    if (block == NULL || RtlFreeHeap(nt_peb()->process_heap, 0, block))
        return NULL;
    base_fail_with(ERROR_INVALID_HANDLE);
    return block;
}

HLOCAL WINAPI LocalAlloc(UINT flags, SIZE_T bytes)
{
    return allocate((flags & LMEM_ZEROINIT) != 0, bytes);
}

HLOCAL WINAPI LocalFree(HLOCAL block)
{
    return release(block);
}

HGLOBAL WINAPI GlobalAlloc(UINT flags, SIZE_T bytes)
{
    return allocate((flags & GMEM_ZEROINIT) != 0, bytes);
}

HGLOBAL WINAPI GlobalFree(HGLOBAL block)
{
    return release(block);
}

static SIZE_T size_of(PVOID block)
{
    SIZE_T bytes = RtlSizeHeap(nt_peb()->process_heap, 0, block);

    if (bytes != (SIZE_T)-1)
        return bytes;
    base_fail_with(ERROR_INVALID_HANDLE);
    return 0;
}

SIZE_T WINAPI LocalSize(HLOCAL block)
{
    return size_of(block);
}

SIZE_T WINAPI GlobalSize(HGLOBAL block)
{
    return size_of(block);
}

/* A block that does not move needs no lock: its handle is its address, and it is never locked. */
LPVOID WINAPI LocalLock(HLOCAL block)
{
    return block;
}

BOOL WINAPI LocalUnlock(HLOCAL block)
{
    UNREFERENCED_PARAMETER(block);
    return base_fail_with(ERROR_NOT_LOCKED);
}

LPVOID WINAPI GlobalLock(HGLOBAL block)
{
    return block;
}

BOOL WINAPI GlobalUnlock(HGLOBAL block)
{
    UNREFERENCED_PARAMETER(block);
    return TRUE;
}
