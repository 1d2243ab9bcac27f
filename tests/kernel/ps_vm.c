/* The virtual memory services: roundings, states and every status. */
#include "tests/kernel/mm_support.h"
#include "tests/kernel/ps_support.h"

#include "mm/commit.h"
#include "mm/user.h"
#include "mm/vad.h"
#include "ps/vm.h"

#define AT 0x20000000u

static struct mm_space *space, *last;

static void enter(void)
{
    space = mm_space_create();
    last = mm_space_switch(space);
}

static void leave(void)
{
    mm_space_switch(last);
    mm_space_destroy(space);
    CHECK_EQUAL(commit_promised(), 0);
}

static NTSTATUS allocate(ULONG *base, ULONG *size, ULONG type, ULONG protect)
{
    return NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)base, 0, (SIZE_T *)size, type,
                                   protect);
}

static NTSTATUS release(ULONG base, ULONG size, ULONG type)
{
    return NtFreeVirtualMemory(NtCurrentProcess(), (PVOID *)&base, (SIZE_T *)&size, type);
}

static MEMORY_BASIC_INFORMATION query(ULONG address)
{
    MEMORY_BASIC_INFORMATION info = {0};
    SIZE_T returned = 0;

    CHECK_STATUS(NtQueryVirtualMemory(NtCurrentProcess(), (PVOID)address, MemoryBasicInformation,
                                      &info, sizeof info, &returned),
                 STATUS_SUCCESS);
    CHECK_EQUAL(returned, sizeof info);
    return info;
}

/* A run of pages: where the query's begins and what it must say. */
static void check_run(ULONG address, ULONG bytes, ULONG state, ULONG protect)
{
    MEMORY_BASIC_INFORMATION info = query(address);

    CHECK_EQUAL(info.BaseAddress, page_round_down(address));
    CHECK_EQUAL(info.RegionSize, bytes);
    CHECK_EQUAL(info.State, state);
    CHECK_EQUAL(info.Protect, protect);
}

SELFTEST(ps_vm_statuses_of_allocating)
{
    static const struct {
        ULONG base, zero_bits, size, type, protect;
        NTSTATUS status;
    } cases[] = {
        {0, 22, 1, MEM_COMMIT, PAGE_READWRITE, STATUS_INVALID_PARAMETER_3},
        {0, 0, 1, 0, PAGE_READWRITE, STATUS_INVALID_PARAMETER_5},
        {0, 0, 1, MEM_TOP_DOWN, PAGE_READWRITE, STATUS_INVALID_PARAMETER_5},
        {0, 0, 1, MEM_COMMIT | MEM_DECOMMIT, PAGE_READWRITE, STATUS_INVALID_PARAMETER_5},
        {AT, 0, 1, MEM_RESET | MEM_COMMIT, PAGE_READWRITE, STATUS_INVALID_PARAMETER_5},
        {0, 0, 1, MEM_COMMIT, 0, STATUS_INVALID_PAGE_PROTECTION},
        {0, 0, 1, MEM_COMMIT, PAGE_READONLY | PAGE_READWRITE, STATUS_INVALID_PAGE_PROTECTION},
        {0, 0, 1, MEM_COMMIT, PAGE_WRITECOPY, STATUS_INVALID_PAGE_PROTECTION},
        {0, 0, 1, MEM_COMMIT, PAGE_NOACCESS | PAGE_GUARD, STATUS_INVALID_PAGE_PROTECTION},
        {0, 0, 1, MEM_COMMIT, PAGE_READWRITE | 0x400, STATUS_INVALID_PAGE_PROTECTION},
        {0, 0, 0, MEM_COMMIT, PAGE_READWRITE, STATUS_INVALID_PARAMETER_4},
        {0x7FFE0000, 0, 1, MEM_RESERVE, PAGE_READWRITE, STATUS_INVALID_PARAMETER_2},
        {0x80000000, 0, 1, MEM_RESERVE, PAGE_READWRITE, STATUS_INVALID_PARAMETER_2},
        {0x7FFDF000, 0, 0x1001, MEM_RESERVE, PAGE_READWRITE, STATUS_INVALID_PARAMETER_4},
        {AT, 0, 0xFFFFFFFF, MEM_RESERVE, PAGE_READWRITE, STATUS_INVALID_PARAMETER_4},
        {1, 0, 1, MEM_RESERVE, PAGE_READWRITE, STATUS_CONFLICTING_ADDRESSES},
        {AT, 0, 1, MEM_COMMIT, PAGE_READWRITE, STATUS_CONFLICTING_ADDRESSES},
        {AT, 0, 1, MEM_RESET, PAGE_READWRITE, STATUS_CONFLICTING_ADDRESSES},
        {0, 0, 0x7FFE0000, MEM_RESERVE, PAGE_READWRITE, STATUS_NO_MEMORY},
        {0, 0, 0x40000000, MEM_COMMIT, PAGE_READWRITE, STATUS_COMMITMENT_LIMIT},
        {0, 16, 0x10000, MEM_RESERVE, PAGE_READWRITE, STATUS_NO_MEMORY},
    };

    enter();
    for (ULONG i = 0; i < ARRAY_SIZE(cases); i++) {
        PVOID base = (PVOID)cases[i].base;
        SIZE_T size = cases[i].size;

        CHECK_STATUS(NtAllocateVirtualMemory(NtCurrentProcess(), &base, cases[i].zero_bits, &size,
                                             cases[i].type, cases[i].protect),
                     cases[i].status);
        CHECK_EQUAL(base, cases[i].base);
        CHECK_EQUAL(size, cases[i].size);
    }
    check_run(USER_START, 0x7FFD0000, MEM_FREE, PAGE_NOACCESS);
    leave();
}

SELFTEST(ps_vm_roundings_and_states)
{
    ULONG base = AT + 0x5432, size = 0x10000;

    enter();
    CHECK_STATUS(allocate(&base, &size, MEM_RESERVE, PAGE_NOACCESS), STATUS_SUCCESS);
    CHECK_EQUAL(base, AT);
    CHECK_EQUAL(size, 0x16000);
    check_run(AT, 0x16000, MEM_RESERVE, 0);
    base = AT + 0x1FFF, size = 2;
    CHECK_STATUS(allocate(&base, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_EQUAL(base, AT + 0x1000);
    CHECK_EQUAL(size, 0x2000);
    check_run(AT, 0x1000, MEM_RESERVE, 0);
    check_run(AT + 0x1234, 0x2000, MEM_COMMIT, PAGE_READWRITE);
    check_run(AT + 0x3000, 0x13000, MEM_RESERVE, 0);
    CHECK_EQUAL(query(AT + 0x3000).AllocationBase, AT);
    CHECK_EQUAL(query(AT + 0x3000).AllocationProtect, PAGE_NOACCESS);
    CHECK_EQUAL(query(AT).Type, MEM_PRIVATE);
    base = AT + 0x10000, size = 0x7000;
    CHECK_STATUS(allocate(&base, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_CONFLICTING_ADDRESSES);
    base = AT + 0x15000, size = 1;
    CHECK_STATUS(allocate(&base, &size, MEM_RESERVE, PAGE_READWRITE), STATUS_CONFLICTING_ADDRESSES);
    base = 0, size = 1;
    CHECK_STATUS(allocate(&base, &size, MEM_COMMIT | MEM_TOP_DOWN, PAGE_READONLY), STATUS_SUCCESS);
    CHECK_EQUAL(base, 0x7FFD0000);
    CHECK_EQUAL(size, 0x1000);
    base = 0, size = 1;
    CHECK_STATUS(allocate(&base, &size, MEM_COMMIT, PAGE_READONLY), STATUS_SUCCESS);
    CHECK_EQUAL(base, USER_START);
    leave();
}

SELFTEST(ps_vm_freeing)
{
    ULONG base = AT, size = 0x10000, word = 4711;

    enter();
    CHECK_STATUS(allocate(&base, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_STATUS(release(AT, 0x1000, 0), STATUS_INVALID_PARAMETER_4);
    CHECK_STATUS(release(AT, 0x1000, MEM_RELEASE | MEM_DECOMMIT), STATUS_INVALID_PARAMETER_4);
    CHECK_STATUS(release(0x80000000, 1, MEM_RELEASE), STATUS_INVALID_PARAMETER_2);
    CHECK_STATUS(release(AT, 0xF0000000, MEM_RELEASE), STATUS_INVALID_PARAMETER_3);
    CHECK_STATUS(release(AT - 0x10000, 0, MEM_RELEASE), STATUS_MEMORY_NOT_ALLOCATED);
    CHECK_STATUS(release(AT + 0x1000, 0, MEM_RELEASE), STATUS_FREE_VM_NOT_AT_BASE);
    CHECK_STATUS(release(AT + 0x1000, 0, MEM_DECOMMIT), STATUS_FREE_VM_NOT_AT_BASE);
    CHECK_STATUS(release(AT + 0x1000, 0x10000, MEM_RELEASE), STATUS_UNABLE_TO_FREE_VM);
    CHECK_STATUS(mm_copy_to_user((PVOID)(AT + 0x4000), &word, 4), STATUS_SUCCESS);
    CHECK_STATUS(release(AT + 0x4000, 1, MEM_DECOMMIT), STATUS_SUCCESS);
    check_run(AT + 0x4000, 0x1000, MEM_RESERVE, 0);
    CHECK_STATUS(mm_copy_to_user((PVOID)(AT + 0x4000), &word, 4), STATUS_ACCESS_VIOLATION);
    base = AT + 0x4000, size = 4;
    CHECK_STATUS(allocate(&base, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_STATUS(mm_copy_from_user(&word, (PVOID)(AT + 0x4000), 4), STATUS_SUCCESS);
    CHECK_EQUAL(word, 0);                                                    /* a new page */
    CHECK_STATUS(release(AT + 0x6000, 0x2000, MEM_RELEASE), STATUS_SUCCESS); /* one becomes two */
    check_run(AT, 0x6000, MEM_COMMIT, PAGE_READWRITE);
    check_run(AT + 0x6000, 0x2000, MEM_FREE, PAGE_NOACCESS);
    CHECK_EQUAL(query(AT + 0x8000).AllocationBase, AT + 0x8000);
    CHECK_STATUS(release(AT + 0x8000, 0, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_STATUS(release(AT, 0, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_EQUAL(commit_promised(), 0);
    check_run(USER_START, 0x7FFD0000, MEM_FREE, PAGE_NOACCESS);
    leave();
}

static NTSTATUS protect(ULONG base, ULONG size, ULONG protection, ULONG *old)
{
    return NtProtectVirtualMemory(NtCurrentProcess(), (PVOID *)&base, (SIZE_T *)&size, protection,
                                  old);
}

SELFTEST(ps_vm_protecting)
{
    ULONG base = AT, size = 0x4000, old = 0;

    enter();
    CHECK_STATUS(protect(AT, 1, PAGE_READONLY, &old), STATUS_CONFLICTING_ADDRESSES);
    CHECK_STATUS(allocate(&base, &size, MEM_RESERVE, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_STATUS(protect(AT, 1, PAGE_READONLY, &old), STATUS_NOT_COMMITTED);
    size = 0x3000;
    CHECK_STATUS(allocate(&base, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_STATUS(protect(AT + 0x1FFF, 2, PAGE_EXECUTE_READ, &old), STATUS_SUCCESS);
    CHECK_EQUAL(old, PAGE_READWRITE);
    check_run(AT, 0x1000, MEM_COMMIT, PAGE_READWRITE);
    check_run(AT + 0x1000, 0x2000, MEM_COMMIT, PAGE_EXECUTE_READ);
    CHECK_STATUS(protect(AT, 0x4000, PAGE_READONLY, &old), STATUS_NOT_COMMITTED);
    CHECK_STATUS(protect(AT, 0x5000, PAGE_READONLY, &old), STATUS_CONFLICTING_ADDRESSES);
    CHECK_STATUS(protect(AT, 0, PAGE_READONLY, &old), STATUS_INVALID_PARAMETER_3);
    CHECK_STATUS(protect(AT, 0x70000000, PAGE_READONLY, &old), STATUS_INVALID_PARAMETER_3);
    CHECK_STATUS(protect(0x80000000, 1, PAGE_READONLY, &old), STATUS_INVALID_PARAMETER_2);
    CHECK_STATUS(protect(AT, 1, 0, &old), STATUS_INVALID_PAGE_PROTECTION);
    CHECK_STATUS(protect(AT, 1, PAGE_WRITECOPY, &old), STATUS_INVALID_PARAMETER_4);
    mm_vad_find(space, AT)->secured = TRUE;
    CHECK_STATUS(protect(AT, 1, PAGE_READONLY, &old), STATUS_INVALID_PAGE_PROTECTION);
    CHECK_STATUS(release(AT, 0, MEM_RELEASE), STATUS_INVALID_PAGE_PROTECTION);
    base = AT, size = 1;
    CHECK_STATUS(allocate(&base, &size, MEM_COMMIT, PAGE_READONLY), STATUS_INVALID_PAGE_PROTECTION);
    leave();
}

SELFTEST(ps_vm_querying)
{
    MEMORY_BASIC_INFORMATION info;

    enter();
    CHECK_STATUS(NtQueryVirtualMemory(NtCurrentProcess(), NULL, 1, &info, sizeof info, NULL),
                 STATUS_INVALID_INFO_CLASS);
    CHECK_STATUS(NtQueryVirtualMemory(NtCurrentProcess(), NULL, 0, &info, 27, NULL),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(
        NtQueryVirtualMemory(NtCurrentProcess(), (PVOID)0x7FFF0000, 0, &info, sizeof info, NULL),
        STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtQueryVirtualMemory(NULL, NULL, 0, &info, sizeof info, NULL),
                 STATUS_INVALID_HANDLE);
    CHECK_STATUS(NtQueryVirtualMemory(NtCurrentProcess(), (PVOID)AT, MemorySectionName, &info,
                                      sizeof info, NULL),
                 STATUS_INVALID_ADDRESS);
    check_run(0, 0x7FFE0000, MEM_FREE, PAGE_NOACCESS);
    check_run(0x7FFE0FFF, 0x1000, MEM_COMMIT, PAGE_READONLY);
    check_run(0x7FFE1000, 0xF000, MEM_RESERVE, PAGE_NOACCESS);
    leave();
}

/* One byte of each page, so that a copy is known by its value. */
static void fill_other(struct process *other, ULONG pages)
{
    struct mm_range range = {AT, pages * PAGE_SIZE};
    struct process *attached;

    CHECK_STATUS(mm_vad_reserve(other->ke.space, &range, 0, MEM_COMMIT, PAGE_READWRITE),
                 STATUS_SUCCESS);
    attached = ps_attach(other);
    for (ULONG i = 0; i < pages; i++) {
        ULONG word = 100 + i;

        CHECK_STATUS(mm_copy_to_user((PVOID)(AT + i * PAGE_SIZE), &word, 4), STATUS_SUCCESS);
    }
    ps_attach(attached);
}

SELFTEST(ps_vm_reads_and_writes_another_process)
{
    SELFTEST_NEEDS_FILE(TEST_PROGRAM);
    static UCHAR bytes[3 * 4096];
    struct process *other = test_process();
    HANDLE handle = NULL;
    SIZE_T done = 0;

    CHECK_STATUS(ObOpenObjectByPointer(other, 0, NULL, PROCESS_ALL_ACCESS, ps_process_type,
                                       KernelMode, &handle),
                 STATUS_SUCCESS);
    fill_other(other, 2);
    CHECK_STATUS(NtReadVirtualMemory(handle, (PVOID)AT, bytes, 0x2000, &done), STATUS_SUCCESS);
    CHECK(done == 0x2000 && bytes[0] == 100 && bytes[4096] == 101);
    CHECK_STATUS(NtReadVirtualMemory(handle, (PVOID)AT, bytes, 0x2001, &done), STATUS_PARTIAL_COPY);
    CHECK_EQUAL(done, 0x2000);
    CHECK_STATUS(NtReadVirtualMemory(handle, (PVOID)0x80000000, bytes, 1, &done),
                 STATUS_ACCESS_VIOLATION);
    bytes[5000] = 77;
    CHECK_STATUS(NtWriteVirtualMemory(handle, (PVOID)AT, bytes, sizeof bytes, &done),
                 STATUS_PARTIAL_COPY);
    CHECK_EQUAL(done, 0x2000);
    bytes[5000] = 0;
    CHECK_STATUS(NtReadVirtualMemory(handle, (PVOID)(AT + 5000), bytes, 1, &done), STATUS_SUCCESS);
    CHECK_EQUAL(bytes[0], 77);
    CHECK_STATUS(NtReadVirtualMemory(NULL, (PVOID)AT, bytes, 1, &done), STATUS_INVALID_HANDLE);
    CHECK_STATUS(NtFlushInstructionCache(handle, NULL, 0), STATUS_SUCCESS);
    NtClose(handle);
    ObfDereferenceObject(other);
}
