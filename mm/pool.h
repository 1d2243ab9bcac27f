/*
 * Kernel pool: small blocks from one-page slabs, large ones as runs of whole pages, in the direct map
 * or, where no frames follow each other, in system PTEs. Every block
 * carries its tag and is counted, so that a test can prove that all were returned.
 * All pool is nonpaged here; NonPagedPool and PagedPool are accepted and mean the same.
 */
#pragma once

#include "nt/ntdef.h"

typedef enum _POOL_TYPE { NonPagedPool, PagedPool } POOL_TYPE;

/* Call once, before the first allocation. */
void pool_init(void);

#define POOL_TAG(a, b, c, d) ((ULONG)(a) | (ULONG)(b) << 8 | (ULONG)(c) << 16 | (ULONG)(d) << 24)

/*
 * Allocates `bytes` (0 gives a block too) aligned to 8, or to a page from one page upwards. The
 * contents are undefined. The caller owns the block until ExFreePool. NULL if memory is short.
 */
PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T bytes, ULONG tag);
PVOID NTAPI ExAllocatePool(POOL_TYPE type, SIZE_T bytes);

/* As ExAllocatePoolWithTag, with the block zeroed. */
void *pool_allocate_zeroed(SIZE_T bytes, ULONG tag);

/* Gives a block back. A pointer that is no live block ends in bugcheck C2, BAD_POOL_CALLER. */
VOID NTAPI ExFreePool(PVOID block);
VOID NTAPI ExFreePoolWithTag(PVOID block, ULONG tag);

struct pool_counts {
    ULONG blocks; /* live blocks */
    ULONG bytes;  /* as asked for, of live blocks */
    ULONG pages;  /* frames that the pool holds, cached empty slabs included */
};

/* What is allocated at this moment. */
struct pool_counts pool_counts(void);
