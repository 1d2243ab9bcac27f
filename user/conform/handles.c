/* Handles: what they are good for, copies of them, their flags. */
#include "conform.h"

static const HANDLE wrong_handles[] = {NULL, (HANDLE)4, (HANDLE)0xFFF0, (HANDLE)0x7FFFFFF0,
                                       (HANDLE)0x12345671};

static HANDLE copy_of(HANDLE handle, DWORD access, DWORD options)
{
    HANDLE copy = NULL;

    DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, access, FALSE,
                    options);
    return copy;
}

/* docs: CloseHandle and each function's; NT looks handles up without their two low bits */
static void check_wrong(void)
{
    HANDLE closed = CreateEventA(NULL, TRUE, FALSE, NULL), copy;

    CloseHandle(closed);
    expect_error(CALL(CloseHandle(closed)), 6, "closing twice is 6");
    expect_error(CALL(SetEvent(closed)), 6, "a closed handle is 6");
    expect_error(CALL(SetEvent(wrong_handles[3])), 6, "a handle far beyond the table is 6");
    expect_failure(CALL(WaitForSingleObject(wrong_handles[2], 0)), WAIT_FAILED, 6,
                   "waiting for none is 6");
    expect_error(CALL(DuplicateHandle(GetCurrentProcess(), wrong_handles[2], GetCurrentProcess(),
                                      &copy, 0, FALSE, DUPLICATE_SAME_ACCESS)),
                 6, "copying none is 6");
}

/* docs: NTSTATUS Values (STATUS_OBJECT_TYPE_MISMATCH, which becomes 6). Wine: kernel32/tests/sync.c */
static void check_type(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), mutex = CreateMutexA(NULL, FALSE, NULL);
    DWORD written;

    expect_error(CALL(SetEvent(mutex)), 6, "a mutex is no event");
    expect_error(CALL(ReleaseMutex(event)), 6, "an event is no mutex");
    expect_error(CALL(ReleaseSemaphore(event, 1, NULL)), 6, "an event is no semaphore");
    expect_error(CALL(WriteFile(event, "", 0, &written, NULL)), 6, "an event is no file");
    expect_error(CALL(TerminateThread(event, 0)), 6, "an event is no thread");
    expect_error(CALL(TerminateProcess(event, 0)), 6, "an event is no process");
    CloseHandle(event);
    CloseHandle(mutex);
}

/* docs: DuplicateHandle */
static void check_copies(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL),
           copy = copy_of(event, 0, DUPLICATE_SAME_ACCESS);

    expect(copy != NULL && copy != event, "a copy is another handle");
    expect_value((DWORD_PTR)copy & 3, 0, "handles are multiples of 4");
    SetEvent(copy);
    expect_value(WaitForSingleObject(event, 0), WAIT_OBJECT_0, "of the same object");
    CloseHandle(event);
    expect_value(WaitForSingleObject(copy, 0), WAIT_OBJECT_0, "which lives as long as one is open");
    event = copy_of(copy, 0, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE);
    expect_success(CALL(SetEvent(event)), "a copy can take the source's place");
    CloseHandle(event);
}

/* docs: Synchronization Object Security and Access Rights */
static void check_access(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);
    HANDLE waits = copy_of(event, SYNCHRONIZE, 0), sets = copy_of(event, EVENT_MODIFY_STATE, 0);

    expect_value(WaitForSingleObject(waits, 0), WAIT_OBJECT_0, "SYNCHRONIZE is enough to wait");
    expect_error(CALL(SetEvent(waits)), 5, "but not to set it");
    expect_success(CALL(SetEvent(sets)), "EVENT_MODIFY_STATE is enough to set it");
    expect_failure(CALL(WaitForSingleObject(sets, 0)), WAIT_FAILED, 5, "but not to wait");
    CloseHandle(event);
    CloseHandle(waits);
    CloseHandle(sets);
}

/* docs: SetHandleInformation. Wine: kernel32/tests/handle.c */
static void check_flags(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);
    DWORD flags = UNTOUCHED;

    expect(GetHandleInformation(event, &flags) && flags == 0, "a handle begins without flags");
    expect_success(CALL(SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT)),
                   "inherit");
    expect(GetHandleInformation(event, &flags) && flags == HANDLE_FLAG_INHERIT, "is kept");
    SetHandleInformation(event, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    expect(GetHandleInformation(event, &flags) && flags == 3, "beside protection from close");
    expect_error(CALL(CloseHandle(event)), 6, "a protected handle is not closed");
    SetHandleInformation(event, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
    expect_success(CALL(CloseHandle(event)), "one without protection is");
    expect_error(CALL(GetHandleInformation(event, &flags)), 6, "a closed one has no flags");
}

/* docs: GetCurrentProcess, GetCurrentThread: constants that are good for this process alone */
static void check_pseudo(void)
{
    HANDLE process = copy_of(GetCurrentProcess(), 0, DUPLICATE_SAME_ACCESS);
    HANDLE thread = copy_of(GetCurrentThread(), 0, DUPLICATE_SAME_ACCESS);

    expect_value((DWORD_PTR)GetCurrentProcess(), (DWORD_PTR)-1, "this process is -1");
    expect_value((DWORD_PTR)GetCurrentThread(), (DWORD_PTR)-2, "this thread is -2");
    expect_value(WaitForSingleObject(process, 0), WAIT_TIMEOUT, "a copy of -1 is this process");
    expect_value(WaitForSingleObject(thread, 0), WAIT_TIMEOUT, "a copy of -2 is this thread");
    CloseHandle(process);
    CloseHandle(thread);
}

void check_handles(void)
{
    check_wrong();
    check_type();
    check_copies();
    check_access();
    check_flags();
    check_pseudo();
}
