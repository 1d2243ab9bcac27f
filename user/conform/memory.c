/* VirtualAlloc, VirtualFree, VirtualQuery. docs: the three; Wine: kernel32/tests/virtual.c */
#include "conform.h"

#define PAGE   0x1000u
#define REGION 0x10000u /* the allocation granularity */

static MEMORY_BASIC_INFORMATION query(const void *address)
{
    MEMORY_BASIC_INFORMATION information = {0};

    VirtualQuery(address, &information, sizeof(information));
    return information;
}

static BOOL is(const void *address, DWORD state, DWORD protection, SIZE_T size)
{
    MEMORY_BASIC_INFORMATION information = query(address);

    return information.State == state && information.Protect == protection &&
           information.RegionSize == size;
}

static void check_reserve(void)
{
    char *region = VirtualAlloc(NULL, 5 * PAGE + 1, MEM_RESERVE, PAGE_READWRITE);

    expect(region != NULL, "addresses can be reserved");
    expect_value((DWORD_PTR)region % REGION, 0, "from a multiple of 64 KiB on");
    expect(is(region, MEM_RESERVE, 0, 6 * PAGE), "in whole pages");
    expect_value(query(region).AllocationProtect, PAGE_READWRITE,
                 "with the protection that was asked for");
    expect_value(query(region).Type, MEM_PRIVATE, "of this process alone");
    expect_failure(CALL(VirtualAlloc(region, PAGE, MEM_RESERVE, PAGE_READWRITE)), 0, 487,
                   "not twice: 487");
    expect_success(CALL(VirtualFree(region, 0, MEM_RELEASE)), "and released");
    expect_value(query(region).State, MEM_FREE, "after which they are free");
    expect_value(query(region).Protect, PAGE_NOACCESS, "and give no access");
}

static void check_commit(void)
{
    char *region = VirtualAlloc(NULL, 8 * PAGE, MEM_RESERVE, PAGE_NOACCESS);
    DWORD i, sum = 0;

    expect_value((DWORD_PTR)VirtualAlloc(region + 2 * PAGE + 5, PAGE, MEM_COMMIT, PAGE_READWRITE),
                 (DWORD_PTR)(region + 2 * PAGE), "committing rounds down to a page");
    expect(is(region, MEM_RESERVE, 0, 2 * PAGE), "before it there are two reserved pages");
    expect(is(region + 2 * PAGE, MEM_COMMIT, PAGE_READWRITE, 2 * PAGE),
           "both pages that it touches are committed");
    expect(is(region + 4 * PAGE, MEM_RESERVE, 0, 4 * PAGE), "behind them the rest is reserved");
    expect_value((DWORD_PTR)query(region + 3 * PAGE).AllocationBase, (DWORD_PTR)region,
                 "all of one allocation");
    for (i = 0; i < PAGE; i++)
        sum |= (BYTE)region[2 * PAGE + i];
    expect_value(sum, 0, "committed memory is zero");
    region[2 * PAGE] = 'x';
    expect_success(CALL(VirtualAlloc(region + 2 * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE)),
                   "committing again succeeds");
    expect_value(region[2 * PAGE], 'x', "and changes nothing");
    VirtualFree(region, 0, MEM_RELEASE);
}

static void check_decommit(void)
{
    char *region = VirtualAlloc(NULL, 4 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    region[PAGE] = 'x';
    expect_success(CALL(VirtualFree(region + PAGE, PAGE, MEM_DECOMMIT)),
                   "a page can be decommitted");
    expect(is(region + PAGE, MEM_RESERVE, 0, PAGE), "it stays reserved");
    VirtualAlloc(region + PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE);
    expect_value(region[PAGE], 0, "committed again it is zero");
    expect_error(CALL(VirtualFree(region, PAGE, MEM_RELEASE)), 87, "a part is not released: 87");
    expect_error(CALL(VirtualFree(region + PAGE, 0, MEM_RELEASE)), 487, "nor from the middle: 487");
    expect_error(CALL(VirtualFree(region, 0, 0)), 87, "nor without saying how: 87");
    expect_error(CALL(VirtualFree(region, 0, MEM_RELEASE | MEM_DECOMMIT)), 87,
                 "nor both at once: 87");
    VirtualFree(region, 0, MEM_RELEASE);
    expect_error(CALL(VirtualFree(region, 0, MEM_RELEASE)), 487, "nor twice: 487");
}

static void check_refusals(void)
{
    char *kernel = (char *)(sizeof(void *) == 4 ? 0x80000000u : 0xFFFF8000u);

    expect_failure(CALL(VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_READWRITE)), 0, 87,
                   "0 bytes are 87");
    expect_failure(CALL(VirtualAlloc(NULL, PAGE, MEM_RESERVE, 0)), 0, 87, "protection 0 is 87");
    expect_failure(CALL(VirtualAlloc(NULL, PAGE, MEM_RESERVE, PAGE_READWRITE | PAGE_READONLY)), 0,
                   87, "two protections are 87");
    expect_failure(CALL(VirtualAlloc(NULL, PAGE, MEM_RESERVE, PAGE_GUARD)), 0, 87,
                   "a guard of nothing is 87");
    if (sizeof(void *) == 4)
        expect_failure(CALL(VirtualAlloc(kernel, PAGE, MEM_RESERVE, PAGE_READWRITE)), 0, 87,
                       "the kernel's addresses are 87");
    else
        skip("the kernel's addresses are 87", "32-bit only");
}

/* A fixed address is rounded down to 64 KiB. */
static void check_fixed(void)
{
    char *region = VirtualAlloc(NULL, 2 * REGION, MEM_RESERVE, PAGE_READWRITE);

    VirtualFree(region, 0, MEM_RELEASE);
    expect_value((DWORD_PTR)VirtualAlloc(region + 0x1234, PAGE, MEM_RESERVE, PAGE_READWRITE),
                 (DWORD_PTR)region, "an address is rounded down");
    expect(is(region, MEM_RESERVE, 0, 3 * PAGE - PAGE) || is(region, MEM_RESERVE, 0, 3 * PAGE),
           "and its size up");
    VirtualFree(region, 0, MEM_RELEASE);
}

static void check_images(void)
{
    const char *base = (const char *)GetModuleHandleA(NULL);
    MEMORY_BASIC_INFORMATION information = query(base);

    expect_value(information.Type, MEM_IMAGE, "the program is an image");
    expect_value((DWORD_PTR)information.AllocationBase, (DWORD_PTR)base,
                 "one allocation from its base on");
    expect_value(information.Protect, PAGE_READONLY, "its headers are read-only");
    expect_value((DWORD_PTR)query(check_images).AllocationBase, (DWORD_PTR)base,
                 "its code is in it");
    expect_value(query(check_images).Protect, PAGE_EXECUTE_READ, "and can be executed and read");
    expect_value(query((void *)0x10).State, MEM_FREE, "nothing is at 0");
    expect_value(query(&base).Type, MEM_PRIVATE, "the stack is private");
    expect_value(query(&base).Protect, PAGE_READWRITE, "and writable");
}

void check_memory(void)
{
    check_reserve();
    check_commit();
    check_decommit();
    check_refusals();
    check_fixed();
    check_images();
}
