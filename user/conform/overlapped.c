/*
 * Requests that end later. async.sys holds them and ends them by a timer's DPC or a system thread, when
 * they are cancelled, or never. docs: DeviceIoControl, OVERLAPPED, GetOverlappedResult, CancelIo,
 * Synchronous and Asynchronous I/O.
 */
#include "conform.h"
#include <winioctl.h>

#define LINK    "\\\\.\\async"
#define CODE(n) CTL_CODE(FILE_DEVICE_UNKNOWN, 0x840 + (n), METHOD_BUFFERED, FILE_ANY_ACCESS)

enum {
    BY_DPC = CODE(0),
    CANCELLABLE = CODE(1),
    BY_THREAD = CODE(2),
    NEVER = CODE(3),
    HELD = CODE(6)
};

#define SOON  20    /* milliseconds until async.sys ends a request */
#define LATER 10000 /* so long that only a cancelled one ends within this test */

static HANDLE open_device(DWORD flags)
{
    return CreateFileA(LINK, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, flags, NULL);
}

/* How many requests async.sys holds. */
static DWORD held(void)
{
    HANDLE device = open_device(0);
    DWORD count = UNTOUCHED, returned;

    DeviceIoControl(device, HELD, NULL, 0, &count, sizeof(count), &returned, NULL);
    CloseHandle(device);
    return count;
}

/* A request and what belongs to it until it ends. */
struct request {
    DWORD in[2], out[2];
    OVERLAPPED overlapped;
    struct outcome outcome;
};

static void begin(struct request *request, HANDLE device, DWORD code, DWORD milliseconds)
{
    DWORD returned;

    *request = (struct request){.in = {milliseconds, 0x1234}};
    request->overlapped.hEvent = CreateEventA(NULL, TRUE, TRUE, NULL);
    request->outcome =
        CALL(DeviceIoControl(device, code, request->in, sizeof(request->in), request->out,
                             sizeof(request->out), &returned, &request->overlapped));
}

static void end(struct request *request)
{
    CloseHandle(request->overlapped.hEvent);
}

/* A handle without FILE_FLAG_OVERLAPPED: the call waits. */
static void check_waiting(DWORD code, const char *name, const char *data)
{
    HANDLE device = open_device(0);
    DWORD in[2] = {SOON, 0x1234}, out[2] = {0, 0}, returned = UNTOUCHED;

    expect_success(
        CALL(DeviceIoControl(device, code, in, sizeof(in), out, sizeof(out), &returned, NULL)),
        name);
    expect(returned == sizeof(out) && out[1] == 0x1234, data);
    CloseHandle(device);
}

static void check_pending(HANDLE device)
{
    struct request request;
    DWORD count = UNTOUCHED;

    begin(&request, device, BY_DPC, SOON);
    expect_error(request.outcome, ERROR_IO_PENDING, "with an OVERLAPPED it is 997");
    expect_success(CALL(GetOverlappedResult(device, &request.overlapped, &count, TRUE)),
                   "it is waited for by GetOverlappedResult");
    expect(count == sizeof(request.out) && request.out[1] == 0x1234, "which tells the count");
    expect(WaitForSingleObject(request.overlapped.hEvent, 0) == WAIT_OBJECT_0, "its event is set");
    expect_value(request.overlapped.InternalHigh, sizeof(request.out), "InternalHigh is the count");
    end(&request);
}

static void check_by_thread(HANDLE device)
{
    struct request request;
    DWORD count = UNTOUCHED;

    begin(&request, device, BY_THREAD, SOON);
    expect(WaitForSingleObject(request.overlapped.hEvent, INFINITE) == WAIT_OBJECT_0 &&
               GetOverlappedResult(device, &request.overlapped, &count, FALSE) &&
               count == sizeof(request.out),
           "a request that a thread ends sets its event");
    end(&request);
}

static void check_not_yet(HANDLE device)
{
    struct request request;
    DWORD count = UNTOUCHED;

    begin(&request, device, CANCELLABLE, LATER);
    expect_value(WaitForSingleObject(request.overlapped.hEvent, 0), WAIT_TIMEOUT,
                 "the event is reset while a request is under way");
    expect_error(CALL(GetOverlappedResult(device, &request.overlapped, &count, FALSE)),
                 ERROR_IO_INCOMPLETE, "without waiting it is 996");
    expect_value(held(), 1, "the driver holds it");
    expect_success(CALL(CancelIo(device)), "CancelIo");
    expect_error(CALL(GetOverlappedResult(device, &request.overlapped, &count, TRUE)),
                 ERROR_OPERATION_ABORTED, "ends it with 995");
    expect_value(held(), 0, "the driver holds it no more");
    end(&request);
}

/* Two at once on one handle. */
static void check_two(HANDLE device)
{
    struct request first, second;
    DWORD count = 0;

    begin(&first, device, NEVER, 0);
    begin(&second, device, BY_DPC, SOON);
    expect(GetOverlappedResult(device, &second.overlapped, &count, TRUE) && second.out[1] == 0x1234,
           "the second of two requests may end first");
    CancelIo(device);
    expect_error(CALL(GetOverlappedResult(device, &first.overlapped, &count, TRUE)),
                 ERROR_OPERATION_ABORTED, "and the first is cancelled");
    end(&first);
    end(&second);
}

/* docs: CancelIo: the end of a thread cancels what it began. */
static DWORD WINAPI begin_and_end(LPVOID device)
{
    static struct request request; /* outlives the thread */

    begin(&request, device, NEVER, 0);
    return request.outcome.error;
}

static void check_thread(HANDLE device)
{
    HANDLE thread = CreateThread(NULL, 0, begin_and_end, device, 0, NULL);
    DWORD code = 0;

    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    expect_value(code, ERROR_IO_PENDING, "a thread ends with its request under way");
    expect_value(held(), 0, "which is cancelled with the thread");
    CloseHandle(thread);
}

int overlapped_child(void)
{
    static struct request request;
    HANDLE device = open_device(FILE_FLAG_OVERLAPPED);

    begin(&request, device, NEVER, 0);
    return request.outcome.error == ERROR_IO_PENDING && held() == 1 ? 7 : 1;
}

static void check_process(void)
{
    expect_value(child_run("pending"), 7, "a process ends with its request under way");
    expect_value(held(), 0, "which is cancelled with the process");
}

void check_overlapped(void)
{
    HANDLE device;

    if (sizeof(void *) != 4 || !driver_start("ConformAsync", "async.sys")) {
        skip("async.sys can be started", "this machine does not run it");
        return;
    }
    check_waiting(BY_DPC, "a request that a DPC ends is waited for", "and brings data and count");
    check_waiting(BY_THREAD, "so is one that a thread ends", "which brings them too");
    device = open_device(FILE_FLAG_OVERLAPPED);
    check_pending(device);
    check_by_thread(device);
    check_not_yet(device);
    check_two(device);
    check_thread(device);
    CloseHandle(device);
    check_process();
    driver_stop("ConformAsync");
}
