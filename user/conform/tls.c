/* TlsAlloc and its kin. docs: TlsAlloc, TlsGetValue, TlsSetValue, TlsFree */
#include "conform.h"

#define SLOTS 32

static DWORD slot;

static DWORD WINAPI other_thread(void *unused UNUSED)
{
    DWORD_PTR before = (DWORD_PTR)TlsGetValue(slot);

    TlsSetValue(slot, (void *)2);
    return before == 0 && (DWORD_PTR)TlsGetValue(slot) == 2 ? 0 : 1;
}

static void check_threads_own(void)
{
    HANDLE thread = CreateThread(NULL, 0, other_thread, NULL, 0, NULL);
    DWORD code = UNTOUCHED;

    WaitForSingleObject(thread, 10000);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    expect_value(code, 0, "another thread has its own, 0 first");
    expect_value((DWORD_PTR)TlsGetValue(slot), 0x1234, "this one's stays");
}

static void check_many(void)
{
    DWORD slots[SLOTS];
    unsigned i, wrong = 0;

    for (i = 0; i < SLOTS; i++) {
        slots[i] = TlsAlloc();
        wrong += slots[i] == TLS_OUT_OF_INDEXES || !TlsSetValue(slots[i], (void *)(DWORD_PTR)i);
    }
    for (i = 0; i < SLOTS; i++)
        wrong += (DWORD_PTR)TlsGetValue(slots[i]) != i || !TlsFree(slots[i]);
    expect_value(wrong, 0, "32 at once are all different");
}

void check_tls(void)
{
    slot = TlsAlloc();
    expect(slot != TLS_OUT_OF_INDEXES, "a slot is to be had");
    expect_value((DWORD_PTR)TlsGetValue(slot), 0, "it begins as 0");
    expect_success(CALL(TlsSetValue(slot, (void *)0x1234)), "it can be set");
    SetLastError(UNTOUCHED);
    expect(TlsGetValue(slot) == (void *)0x1234 && GetLastError() == 0,
           "reading it makes the last error 0");
    check_threads_own();
    check_many();
    expect_success(CALL(TlsFree(slot)), "it is given back");
    slot = TlsAlloc();
    expect_value((DWORD_PTR)TlsGetValue(slot), 0, "the next user finds 0");
    TlsFree(slot);
    expect_error(CALL(TlsSetValue(0x10000, NULL)), 87, "a wrong slot is 87");
    expect_error(CALL(TlsFree(0x10000)), 87, "and cannot be given back");
}
