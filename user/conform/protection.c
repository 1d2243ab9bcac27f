/* VirtualProtect, and what the processor makes of it. docs: VirtualProtect, Memory Protection Constants */
#include "conform.h"

#define PAGE 0x1000u

static void read_byte(void *address)
{
    (void)*(volatile char *)address;
}

static void write_byte(void *address)
{
    *(volatile char *)address = 1;
}

static BOOL faults(void (*function)(void *), char *address, DWORD_PTR kind)
{
    struct caught caught = guarded(function, address);

    return caught.raised && caught.record.ExceptionCode == (DWORD)EXCEPTION_ACCESS_VIOLATION &&
           caught.record.NumberParameters == 2 && caught.record.ExceptionInformation[0] == kind &&
           caught.record.ExceptionInformation[1] == (DWORD_PTR)address;
}

static const struct {
    DWORD protection;
    BOOL reads, writes;
    const char *name, *query, *reading, *writing;
} protections[] = {
    {PAGE_NOACCESS, FALSE, FALSE, "PAGE_NOACCESS", "PAGE_NOACCESS: querying",
     "PAGE_NOACCESS: reading", "PAGE_NOACCESS: writing"},
    {PAGE_READONLY, TRUE, FALSE, "PAGE_READONLY", "PAGE_READONLY: querying",
     "PAGE_READONLY: reading", "PAGE_READONLY: writing"},
    {PAGE_READWRITE, TRUE, TRUE, "PAGE_READWRITE", "PAGE_READWRITE: querying",
     "PAGE_READWRITE: reading", "PAGE_READWRITE: writing"},
    {PAGE_EXECUTE_READ, TRUE, FALSE, "PAGE_EXECUTE_READ", "PAGE_EXECUTE_READ: querying",
     "PAGE_EXECUTE_READ: reading", "PAGE_EXECUTE_READ: writing"},
    {PAGE_EXECUTE_READWRITE, TRUE, TRUE, "PAGE_EXECUTE_READWRITE",
     "PAGE_EXECUTE_READWRITE: querying", "PAGE_EXECUTE_READWRITE: reading",
     "PAGE_EXECUTE_READWRITE: writing"},
};

static void check_each(char *page)
{
    MEMORY_BASIC_INFORMATION information;
    DWORD old, before = PAGE_READWRITE;
    unsigned i;

    for (i = 0; i < COUNT(protections); i++) {
        old = UNTOUCHED;
        expect(VirtualProtect(page, 1, protections[i].protection, &old) && old == before,
               protections[i].name);
        before = protections[i].protection;
        VirtualQuery(page, &information, sizeof(information));
        expect_value(information.Protect, before, protections[i].query);
        expect(faults(read_byte, page, 0) == !protections[i].reads, protections[i].reading);
        expect(faults(write_byte, page, 1) == !protections[i].writes, protections[i].writing);
    }
}

static void run(void *address)
{
    ((void (*)(void))address)();
}

/* SDK, winnt.h: PF_NX_ENABLED; the shared user data have the features at 7FFE0274. */
static BOOL has_nx(void)
{
    return ((const volatile BOOLEAN *)0x7FFE0274)[12];
}

/* docs: Data Execution Prevention: where it is on, a fetch from data is an access violation of kind 8 */
static void check_execution(char *page)
{
    DWORD old;

    VirtualProtect(page, PAGE, PAGE_READWRITE, &old);
    *page = (char)0xC3; /* ret */
    expect(has_nx() ? faults(run, page, 8) : !guarded(run, page).raised,
           "data are no code where NX is on");
    VirtualProtect(page, PAGE, PAGE_EXECUTE_READ, &old);
    expect(!guarded(run, page).raised, "PAGE_EXECUTE_READ makes them code");
    VirtualProtect(page, PAGE, PAGE_READWRITE, &old);
}

static void check_neighbours(char *page)
{
    DWORD old;

    expect(VirtualProtect(page + PAGE - 1, 2, PAGE_READONLY, &old), "a range touches two pages");
    expect(faults(write_byte, page, 1) && faults(write_byte, page + PAGE, 1), "both are changed");
    expect(!faults(write_byte, page + 2 * PAGE, 1), "the one behind is not");
    VirtualProtect(page, 2 * PAGE, PAGE_READWRITE, &old);
    expect_value(old, PAGE_READONLY, "the old protection is the first page's");
}

/* docs: Creating Guard Pages: the first touch raises STATUS_GUARD_PAGE_VIOLATION and clears it */
static void check_guard(char *page)
{
    struct caught caught;
    DWORD old;

    VirtualProtect(page, PAGE, PAGE_READWRITE | PAGE_GUARD, &old);
    caught = guarded(read_byte, page);
    expect(caught.raised && caught.record.ExceptionCode == (DWORD)EXCEPTION_GUARD_PAGE,
           "a guard page raises 80000001");
    expect(!guarded(read_byte, page).raised, "once");
    VirtualProtect(page, PAGE, PAGE_READWRITE, &old);
    expect_value(old, PAGE_READWRITE, "then the page is as it was");
}

/* Wine: kernel32/tests/virtual.c */
static void check_refusals(char *page)
{
    char *reserved = VirtualAlloc(NULL, PAGE, MEM_RESERVE, PAGE_READWRITE);
    DWORD old;

    expect_error(CALL(VirtualProtect(reserved, 1, PAGE_READONLY, &old)), 487,
                 "a reserved page is 487");
    expect_error(CALL(VirtualProtect(page, 1, 0, &old)), 87, "protection 0 is 87");
    expect_error(CALL(VirtualProtect(page, 1, PAGE_READONLY, NULL)), 998,
                 "nowhere for the old one is 998");
    VirtualFree(reserved, 0, MEM_RELEASE);
    expect_error(CALL(VirtualProtect(reserved, 1, PAGE_READONLY, &old)), 487, "a free page is 487");
}

/* docs: ReadProcessMemory, WriteProcessMemory */
static void check_process_memory(char *page)
{
    char buffer[8] = "from";
    SIZE_T count = 0;

    expect(WriteProcessMemory(GetCurrentProcess(), page, buffer, 5, &count) && count == 5,
           "memory can be written");
    buffer[0] = 'x';
    expect(ReadProcessMemory(GetCurrentProcess(), page, buffer, 5, &count) && count == 5,
           "and read");
    expect_text(buffer, "from", "which is what was written");
    expect_error(CALL(ReadProcessMemory(GetCurrentProcess(), (void *)0x10, buffer, 4, &count)), 299,
                 "what is not there is 299");
}

void check_protection(void)
{
    char *page = VirtualAlloc(NULL, 4 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    check_each(page);
    VirtualProtect(page, PAGE, PAGE_READWRITE, &(DWORD){0});
    check_execution(page);
    check_neighbours(page);
    check_guard(page);
    check_refusals(page);
    check_process_memory(page);
    VirtualFree(page, 0, MEM_RELEASE);
}
