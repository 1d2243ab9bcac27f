/* The heap. docs: HeapAlloc, HeapReAlloc, HeapSize, HeapFree, HeapCreate, LocalAlloc, GlobalAlloc */
#include "conform.h"

#define BLOCKS 256

static BOOL all_are(const BYTE *bytes, SIZE_T count, BYTE value)
{
    while (count > 0 && *bytes == value)
        bytes++, count--;
    return count == 0;
}

static void fill(BYTE *bytes, SIZE_T count, BYTE value)
{
    while (count-- > 0)
        *bytes++ = value;
}

static void check_blocks(HANDLE heap)
{
    BYTE *block = HeapAlloc(heap, HEAP_ZERO_MEMORY, 100);

    expect(block != NULL && all_are(block, 100, 0), "HEAP_ZERO_MEMORY gives zeros");
    expect_value((DWORD_PTR)block % (2 * sizeof(void *)), 0,
                 "blocks are aligned to 8, or 16 in 64 bits");
    expect_value(HeapSize(heap, 0, block), 100, "their size is what was asked for");
    fill(block, 100, 0xAB);
    block = HeapReAlloc(heap, HEAP_ZERO_MEMORY, block, 5000);
    expect(block != NULL && all_are(block, 100, 0xAB), "one that grows keeps its bytes");
    expect(block != NULL && all_are(block + 100, 4900, 0), "and has zeros behind them");
    block = HeapReAlloc(heap, 0, block, 10);
    expect(block != NULL && all_are(block, 10, 0xAB), "one that shrinks keeps what is left");
    expect_value(HeapSize(heap, 0, block), 10, "and its size");
    expect(HeapValidate(heap, 0, block), "it is a block");
    expect_success(CALL(HeapFree(heap, 0, block)), "and freed");
    expect_success(CALL(HeapFree(heap, 0, NULL)), "NULL is freed as well");
    block = HeapAlloc(heap, 0, 0);
    expect(block != NULL && HeapSize(heap, 0, block) == 0, "0 bytes are a block too");
    HeapFree(heap, 0, block);
    block = HeapAlloc(heap, 0, 600000);
    expect(block != NULL && HeapSize(heap, 0, block) == 600000, "so are 600 000");
    HeapFree(heap, 0, block);
}

static void allocate_too_much(void *heap)
{
    HeapAlloc(heap, HEAP_GENERATE_EXCEPTIONS, 0x70000000);
}

static void check_too_much(HANDLE heap)
{
    struct caught caught = guarded(allocate_too_much, heap);

    expect_value((DWORD_PTR)HeapAlloc(heap, 0, sizeof(void *) == 4 ? 0x7FFF0000 : (SIZE_T)-1 / 2),
                 0, "too much is NULL");
    if (sizeof(void *) == 4)
        expect(caught.raised && caught.record.ExceptionCode == (DWORD)STATUS_NO_MEMORY,
               "or an exception where that was asked for");
    else
        skip("or an exception where that was asked for", "32-bit only");
}

/* A walk through sizes, each block with a byte of its own: no two overlap, none changes another. */
static unsigned wrong_blocks(HANDLE heap, DWORD seed)
{
    static BYTE *blocks[BLOCKS];
    static SIZE_T sizes[BLOCKS];
    unsigned wrong = 0, step, i;

    for (step = 0; step < 20 * BLOCKS; step++) {
        seed = seed * 1103515245 + 12345;
        i = seed >> 16 & (BLOCKS - 1);
        if (blocks[i] != NULL) {
            wrong += !all_are(blocks[i], sizes[i], (BYTE)i) || !HeapFree(heap, 0, blocks[i]);
            blocks[i] = NULL;
            continue;
        }
        sizes[i] = seed >> 8 & 0x7FF;
        blocks[i] = HeapAlloc(heap, 0, sizes[i]);
        wrong += blocks[i] == NULL;
        fill(blocks[i], sizes[i], (BYTE)i);
    }
    for (i = 0; i < BLOCKS; i++) {
        wrong += blocks[i] != NULL &&
                 (!all_are(blocks[i], sizes[i], (BYTE)i) || !HeapFree(heap, 0, blocks[i]));
        blocks[i] = NULL;
    }
    return wrong;
}

static void check_own_heaps(void)
{
    HANDLE heap = HeapCreate(0, 0x1000, 0), limited = HeapCreate(0, 0x1000, 0x10000);
    void *block = HeapAlloc(limited, 0, 0x4000);

    expect(heap != NULL && heap != GetProcessHeap(), "a heap of one's own");
    expect_value(wrong_blocks(heap, 1), 0, "5 120 steps in it find every block whole");
    expect_success(CALL(HeapDestroy(heap)), "it can be destroyed");
    expect(block != NULL, "a heap with a limit gives memory");
    expect_value((DWORD_PTR)HeapAlloc(limited, 0, 0x20000), 0, "but not more than that");
    HeapDestroy(limited);
}

static void check_local_and_global(void)
{
    BYTE *local = LocalAlloc(LPTR, 64), *global = GlobalAlloc(GPTR, 64);

    expect(local != NULL && all_are(local, 64, 0), "LPTR gives zeros at an address");
    expect_value((DWORD_PTR)LocalFree(local), 0, "LocalFree returns NULL");
    expect(global != NULL && all_are(global, 64, 0), "GPTR gives zeros at an address");
    expect_value((DWORD_PTR)GlobalFree(global), 0, "GlobalFree returns NULL");
    expect_value((DWORD_PTR)LocalFree(NULL), 0, "LocalFree of NULL too");
}

void check_heap(void)
{
    expect(GetProcessHeap() != NULL, "a process has a heap");
    check_blocks(GetProcessHeap());
    check_too_much(GetProcessHeap());
    expect_value(wrong_blocks(GetProcessHeap(), 2), 0, "5 120 steps find every block whole");
    check_own_heaps();
    check_local_and_global();
}
