/*
 * RtlAllocateHeap and its sisters: a lock and pages around heap_core. A heap's record lies at its
 * base, before its first region; the base is its handle.
 */
#include "ntdll/private.h"

#include "ntdll/heap_core.h"

/* "Heap" */
#define SIGNATURE 0x48656170u

/* What a heap that grows asks the kernel for at a time, at least: bytes. */
#define GROWTH 0x10000u

/* Windows documents that a heap with a maximum size gives no block above about 512 KiB. */
#define FIXED_BLOCK_MAX 0x7FFF8u

struct heap {
    struct heap_core core;
    ULONG signature;
    ULONG flags; /* HEAP_NO_SERIALIZE, HEAP_GENERATE_EXCEPTIONS, HEAP_GROWABLE as created */
    BOOLEAN owns_pages;
    RTL_CRITICAL_SECTION lock;
};

#define HEADER_BYTES ((sizeof(struct heap) + 15) & ~15u)

/* ---- Pages ---- */

static void *get_pages(void *context, size_t *bytes)
{
    SIZE_T size = (*bytes + GROWTH - 1) & ~(GROWTH - 1);
    PVOID base = NULL;

    (void)context;
    if (!NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size,
                                            MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)))
        return NULL;
    *bytes = size;
    return base;
}

static void put_pages(void *context, void *memory, size_t bytes)
{
    SIZE_T size = 0;

    (void)context, (void)bytes;
    NtFreeVirtualMemory(NtCurrentProcess(), &memory, &size, MEM_RELEASE);
}

/* ---- Creating ---- */

PVOID NTAPI RtlCreateHeap(ULONG flags, PVOID base, SIZE_T reserve, SIZE_T commit, PVOID lock,
                          PRTL_HEAP_PARAMETERS parameters)
{
    BOOLEAN grows = !!(flags & HEAP_GROWABLE), owns_pages = !base;
    const struct heap_memory memory = {grows ? get_pages : NULL, put_pages, NULL};
    size_t bytes = reserve > commit ? reserve : commit;
    struct heap *heap = base;

    (void)lock, (void)parameters;
    if (grows)
        bytes = commit > GROWTH ? commit : GROWTH;
    if (owns_pages)
        heap = get_pages(NULL, &bytes);
    if (!heap || bytes < HEADER_BYTES)
        return NULL;
    *heap = (struct heap){.signature = SIGNATURE, .flags = flags, .owns_pages = owns_pages};
    RtlInitializeCriticalSection(&heap->lock);
    if (!heap_core_init(&heap->core, &memory, (char *)heap + HEADER_BYTES, bytes - HEADER_BYTES)) {
        RtlDestroyHeap(heap);
        return NULL;
    }
    return heap;
}

static BOOLEAN is_heap(const struct heap *heap)
{
    return heap && heap->signature == SIGNATURE;
}

/* NULL, or the handle where it cannot be destroyed. */
PVOID NTAPI RtlDestroyHeap(PVOID handle)
{
    struct heap *heap = handle;

    if (!is_heap(heap) || heap == nt_peb()->process_heap)
        return handle;
    RtlDeleteCriticalSection(&heap->lock);
    heap->signature = 0;
    heap_core_destroy(&heap->core);
    if (heap->owns_pages)
        put_pages(NULL, heap, 0);
    return NULL;
}

/* ---- Blocks ---- */

static void lock_heap(struct heap *heap, ULONG flags)
{
    if (!((heap->flags | flags) & HEAP_NO_SERIALIZE))
        RtlEnterCriticalSection(&heap->lock);
}

static void unlock_heap(struct heap *heap, ULONG flags)
{
    if (!((heap->flags | flags) & HEAP_NO_SERIALIZE))
        RtlLeaveCriticalSection(&heap->lock);
}

/* A program may go on after it, with NULL as the block. */
static void raise_no_memory(SIZE_T bytes)
{
    EXCEPTION_RECORD record = {.ExceptionCode = (DWORD)STATUS_NO_MEMORY,
                               .NumberParameters = 1,
                               .ExceptionInformation = {bytes}};

    RtlRaiseException(&record);
}

static PVOID out_of_memory(const struct heap *heap, ULONG flags, SIZE_T bytes)
{
    if ((heap->flags | flags) & HEAP_GENERATE_EXCEPTIONS)
        raise_no_memory(bytes);
    nt_teb()->last_error = RtlNtStatusToDosError(STATUS_NO_MEMORY);
    return NULL;
}

static void invalid_block(void)
{
    nt_teb()->last_error = RtlNtStatusToDosError(STATUS_INVALID_PARAMETER);
}

static BOOLEAN is_allowed(const struct heap *heap, SIZE_T bytes)
{
    return heap->flags & HEAP_GROWABLE || bytes <= FIXED_BLOCK_MAX;
}

PVOID NTAPI RtlAllocateHeap(PVOID handle, ULONG flags, SIZE_T bytes)
{
    struct heap *heap = handle;
    PVOID block = NULL;

    lock_heap(heap, flags);
    if (is_allowed(heap, bytes))
        block = heap_core_allocate(&heap->core, bytes);
    unlock_heap(heap, flags);
    if (!block)
        return out_of_memory(heap, flags, bytes);
    if (flags & HEAP_ZERO_MEMORY)
        memset(block, 0, bytes);
    return block;
}

BOOLEAN NTAPI RtlFreeHeap(PVOID handle, ULONG flags, PVOID block)
{
    struct heap *heap = handle;
    BOOLEAN owned;

    if (!block)
        return TRUE;
    lock_heap(heap, flags);
    owned = heap_core_owns(&heap->core, block);
    if (owned)
        heap_core_free(&heap->core, block);
    unlock_heap(heap, flags);
    if (!owned)
        invalid_block();
    return owned;
}

/* Where there is no room behind the block: another one with its bytes, or NULL. */
static PVOID move_block(struct heap *heap, ULONG flags, PVOID block, SIZE_T bytes)
{
    SIZE_T old = heap_core_size(block);
    PVOID moved;

    if (flags & HEAP_REALLOC_IN_PLACE_ONLY)
        return NULL;
    moved = heap_core_allocate(&heap->core, bytes);
    if (!moved)
        return NULL;
    memcpy(moved, block, old < bytes ? old : bytes);
    heap_core_free(&heap->core, block);
    return moved;
}

static PVOID resize_block(struct heap *heap, ULONG flags, PVOID block, SIZE_T bytes)
{
    SIZE_T old = heap_core_size(block);

    if (!is_allowed(heap, bytes))
        return NULL;
    if (!heap_core_resize(&heap->core, block, bytes))
        block = move_block(heap, flags, block, bytes);
    if (block && bytes > old && flags & HEAP_ZERO_MEMORY)
        memset((char *)block + old, 0, bytes - old);
    return block;
}

PVOID NTAPI RtlReAllocateHeap(PVOID handle, ULONG flags, PVOID block, SIZE_T bytes)
{
    struct heap *heap = handle;
    PVOID result = NULL;
    BOOLEAN owned;

    lock_heap(heap, flags);
    owned = heap_core_owns(&heap->core, block);
    if (owned)
        result = resize_block(heap, flags, block, bytes);
    unlock_heap(heap, flags);
    if (!owned)
        invalid_block();
    return result || !owned ? result : out_of_memory(heap, flags, bytes);
}

SIZE_T NTAPI RtlSizeHeap(PVOID handle, ULONG flags, const VOID *block)
{
    struct heap *heap = handle;
    SIZE_T bytes = (SIZE_T)-1;

    lock_heap(heap, flags);
    if (heap_core_owns(&heap->core, block))
        bytes = heap_core_size(block);
    unlock_heap(heap, flags);
    if (bytes == (SIZE_T)-1)
        invalid_block();
    return bytes;
}

BOOLEAN NTAPI RtlValidateHeap(PVOID handle, ULONG flags, const VOID *block)
{
    struct heap *heap = handle;
    BOOLEAN valid;

    if (!is_heap(heap))
        return FALSE;
    lock_heap(heap, flags);
    valid = heap_core_is_valid(&heap->core) && (!block || heap_core_owns(&heap->core, block));
    unlock_heap(heap, flags);
    return valid;
}

BOOLEAN NTAPI RtlLockHeap(PVOID handle)
{
    lock_heap(handle, 0);
    return TRUE;
}

BOOLEAN NTAPI RtlUnlockHeap(PVOID handle)
{
    unlock_heap(handle, 0);
    return TRUE;
}

PRTL_CRITICAL_SECTION heap_lock(PVOID handle)
{
    struct heap *heap = handle;

    return &heap->lock;
}
