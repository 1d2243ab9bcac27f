/*
 * Callers in ring 3: a thread of a process of its own, with previous mode UserMode and its arguments
 * in the process's memory, calls async.sys (tests/drivers/async.c) through the services.
 */
#include "ex/ex.h"
#include "io/io.h"
#include "ke/event.h"
#include "ke/wait.h"
#include "mm/user.h"
#include "mm/vad.h"
#include "paging.h"
#include "ps/process.h"
#include "tests/kernel/driver_support.h"
#include "tests/kernel/ke_support.h"

#include "ioctl/async.h"

#define AT     0x00500000u /* three pages; the second is read-only, the third not committed */
#define IOSB   ((PIO_STATUS_BLOCK)AT)
#define IN     ((UCHAR *)AT + 0x100)
#define OUT    ((UCHAR *)AT + 0x200)
#define EDGE   ((UCHAR *)AT + 0xFF8) /* 8 bytes before the read-only page */
#define ABSENT ((UCHAR *)AT + 0x2000)
#define KERNEL ((UCHAR *)0x80100000u)

static struct process process;
static struct test_service service;

static void make_process(void)
{
    struct mm_range range = {AT, 3 * PAGE_SIZE}, first = {AT, PAGE_SIZE};
    struct mm_range second = {AT + PAGE_SIZE, PAGE_SIZE};

    memset(&process, 0, sizeof process);
    ke_process_init(&process.ke);
    process.ke.space = mm_space_create();
    process.ke.handles = ps_system_process.ke.handles;
    CHECK_STATUS(mm_vad_reserve(process.ke.space, &range, 0, MEM_RESERVE, PAGE_READWRITE),
                 STATUS_SUCCESS);
    CHECK_STATUS(mm_vad_commit(process.ke.space, &first, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_STATUS(mm_vad_commit(process.ke.space, &second, PAGE_READONLY), STATUS_SUCCESS);
}

/* Runs `body` as a thread of the process, with ring 3 as its caller. */
static void run(void (*body)(void *))
{
    ke_test_begin();
    ke_test_start_in(&process.ke, 0, 8, body);
    ke_test_join(1);
}

static void begin(void)
{
    driver_register(&service, u"async", u"\\??\\C:\\async.sys");
    driver_start(&service);
    make_process();
}

static void end(void)
{
    driver_stop(&service);
    mm_space_destroy(process.ke.space);
}

static HANDLE open(PCWSTR path, ACCESS_MASK access, ULONG share, ULONG options, NTSTATUS expected)
{
    KPROCESSOR_MODE mode = ke_set_previous_mode(KernelMode);
    IO_STATUS_BLOCK iosb;
    struct test_name name;
    HANDLE file = NULL;

    CHECK_STATUS(NtCreateFile(&file, access | SYNCHRONIZE,
                              test_name(&name, NULL, path, OBJ_CASE_INSENSITIVE), &iosb, NULL, 0,
                              share, FILE_OPEN, options, NULL, 0),
                 expected);
    ke_set_previous_mode(mode);
    return file;
}

static HANDLE open_synchronous(PCWSTR path)
{
    return open(path, GENERIC_READ | GENERIC_WRITE, 0, FILE_SYNCHRONOUS_IO_NONALERT,
                STATUS_SUCCESS);
}

/* 4 bytes in, 4 out. */
static NTSTATUS control(HANDLE file, ULONG code, PVOID in, PVOID out)
{
    return NtDeviceIoControlFile(file, NULL, NULL, NULL, IOSB, code, in, 4, out, 4);
}

static void enter(void)
{
    ke_set_previous_mode(UserMode);
    memcpy(IN, "abcdefgh", 8);
    memset(OUT, '.', 8);
}

static void leave(HANDLE file)
{
    ke_set_previous_mode(KernelMode);
    NtClose(file);
}

/* ---- Buffers ---- */

static void use_methods(void *argument)
{
    HANDLE file = open_synchronous(u"\\??\\async");

    (void)argument;
    enter();
    CHECK_STATUS(control(file, IOCTL_ASYNC_BUFFERED, IN, OUT), STATUS_SUCCESS);
    CHECK(memcmp(OUT, "bcde....", 8) == 0 && IOSB->Information == 4);
    CHECK_STATUS(control(file, IOCTL_ASYNC_OUT, IN + 1, OUT), STATUS_SUCCESS);
    CHECK(memcmp(OUT, "cdef....", 8) == 0);
    CHECK_STATUS(control(file, IOCTL_ASYNC_NEITHER, IN + 2, OUT), STATUS_SUCCESS);
    CHECK(memcmp(OUT, "defg....", 8) == 0);
    CHECK_STATUS(control(file, IOCTL_ASYNC_IN, IN, IN), STATUS_SUCCESS);
    CHECK_EQUAL(IOSB->Information, 'a' + 'b' + 'c' + 'd');
    leave(file);
}

static void use_bad_buffers(void *argument)
{
    HANDLE file = open_synchronous(u"\\??\\async");

    (void)argument;
    enter();
    CHECK_STATUS(control(file, IOCTL_ASYNC_BUFFERED, KERNEL, OUT), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(control(file, IOCTL_ASYNC_BUFFERED, IN, KERNEL), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(control(file, IOCTL_ASYNC_BUFFERED, ABSENT, OUT), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(control(file, IOCTL_ASYNC_BUFFERED, IN, EDGE + 6), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(control(file, IOCTL_ASYNC_BUFFERED, EDGE + 6, OUT), STATUS_SUCCESS);
    CHECK_STATUS(control(file, IOCTL_ASYNC_OUT, IN, EDGE + 6), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(control(file, IOCTL_ASYNC_OUT, IN, KERNEL), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(control(file, IOCTL_ASYNC_IN, IN, EDGE + 6), STATUS_SUCCESS);
    CHECK_STATUS(control(file, IOCTL_ASYNC_IN, IN, ABSENT), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(control(file, IOCTL_ASYNC_NEITHER, IN, KERNEL), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(control(file, IOCTL_ASYNC_NEITHER, ABSENT, OUT), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(NtDeviceIoControlFile(file, NULL, NULL, NULL, (PVOID)KERNEL, IOCTL_ASYNC_BUFFERED,
                                       IN, 4, OUT, 4),
                 STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(NtDeviceIoControlFile(file, NULL, NULL, NULL, IOSB, IOCTL_ASYNC_BUFFERED, IN, 4,
                                       OUT, 0xFFFFFFFF),
                 STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(NtDeviceIoControlFile(file, NULL, NULL, NULL, IOSB, IOCTL_ASYNC_BUFFERED, IN,
                                       0x70000000, OUT, 4),
                 STATUS_INSUFFICIENT_RESOURCES);
    CHECK_STATUS(control((HANDLE)0x7C, IOCTL_ASYNC_BUFFERED, KERNEL, OUT),
                 STATUS_ACCESS_VIOLATION); /* the range before the handle */
    leave(file);
}

SELFTEST(io_user_buffers_are_copied_with_care)
{
    SELFTEST_NEEDS_FILE("async.sys");
    struct test_mark mark = test_mark();

    begin();
    run(use_methods);
    run(use_bad_buffers);
    end();
    CHECK_NO_LEAK(mark);
}

/* ---- Reads and writes ---- */

static void check_transfers(PCWSTR path)
{
    HANDLE file = open_synchronous(path);

    enter();
    CHECK_STATUS(NtReadFile(file, NULL, NULL, NULL, IOSB, OUT, 4, NULL, NULL), STATUS_SUCCESS);
    CHECK(IOSB->Information == 4 && OUT[1] == 1 && OUT[3] == 3 && OUT[4] == '.');
    CHECK_STATUS(NtWriteFile(file, NULL, NULL, NULL, IOSB, IN, 8, NULL, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(IOSB->Information, 8);
    CHECK_STATUS(NtReadFile(file, NULL, NULL, NULL, IOSB, EDGE, 9, NULL, NULL),
                 STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(NtReadFile(file, NULL, NULL, NULL, IOSB, KERNEL, 4, NULL, NULL),
                 STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(NtWriteFile(file, NULL, NULL, NULL, IOSB, KERNEL, 4, NULL, NULL),
                 STATUS_ACCESS_VIOLATION);
    leave(file);
}

static void use_transfers(void *argument)
{
    (void)argument;
    check_transfers(u"\\??\\async");
    check_transfers(u"\\??\\asyncdir");
    check_transfers(u"\\??\\asyncnei");
}

SELFTEST(io_user_transfers_go_three_ways)
{
    SELFTEST_NEEDS_FILE("async.sys");
    struct test_mark mark = test_mark();

    begin();
    run(use_transfers);
    end();
    CHECK_NO_LEAK(mark);
}

/* ---- Rights and sharing ---- */

static void use_rights(void *argument)
{
    HANDLE reader =
        open(u"\\??\\async", GENERIC_READ, 0, FILE_SYNCHRONOUS_IO_NONALERT, STATUS_SUCCESS);

    (void)argument;
    enter();
    CHECK_STATUS(control(reader, IOCTL_ASYNC_READ, IN, OUT), STATUS_SUCCESS);
    CHECK_STATUS(control(reader, IOCTL_ASYNC_WRITE, IN, OUT), STATUS_ACCESS_DENIED);
    CHECK_STATUS(NtWriteFile(reader, NULL, NULL, NULL, IOSB, IN, 4, NULL, NULL),
                 STATUS_ACCESS_DENIED);
    leave(reader);
    HANDLE writer =
        open(u"\\??\\async", GENERIC_WRITE, 0, FILE_SYNCHRONOUS_IO_NONALERT, STATUS_SUCCESS);

    enter();
    CHECK_STATUS(control(writer, IOCTL_ASYNC_READ, IN, OUT), STATUS_ACCESS_DENIED);
    CHECK_STATUS(control(writer, IOCTL_ASYNC_WRITE, IN, OUT), STATUS_SUCCESS);
    CHECK_STATUS(NtReadFile(writer, NULL, NULL, NULL, IOSB, OUT, 4, NULL, NULL),
                 STATUS_ACCESS_DENIED);
    leave(writer);
}

static void use_sharing(void *argument)
{
    static const ULONG both = FILE_SHARE_READ | FILE_SHARE_WRITE;
    HANDLE first = open(u"\\??\\asyncexc", GENERIC_READ, both, 0, STATUS_SUCCESS), second;

    (void)argument;
    open(u"\\??\\asyncexc", GENERIC_READ, both, 0, STATUS_ACCESS_DENIED);
    NtClose(first);
    NtClose(open(u"\\??\\asyncexc", GENERIC_READ, 0, 0, STATUS_SUCCESS));
    first = open(u"\\??\\asyncshr", GENERIC_READ, FILE_SHARE_READ, 0, STATUS_SUCCESS);
    open(u"\\??\\asyncshr", GENERIC_WRITE, both, 0, STATUS_SHARING_VIOLATION);
    open(u"\\??\\asyncshr", GENERIC_READ, 0, 0, STATUS_SHARING_VIOLATION);
    second = open(u"\\??\\asyncshr", GENERIC_READ, both, 0, STATUS_SUCCESS);
    NtClose(first);
    NtClose(open(u"\\??\\asyncshr", GENERIC_WRITE, both, 0, STATUS_SUCCESS));
    NtClose(second);
    NtClose(open(u"\\??\\asyncshr", GENERIC_WRITE, 0, 0, STATUS_SUCCESS));
}

SELFTEST(io_user_rights_and_sharing)
{
    SELFTEST_NEEDS_FILE("async.sys");
    struct test_mark mark = test_mark();

    begin();
    run(use_rights);
    run(use_sharing);
    end();
    CHECK_NO_LEAK(mark);
}

/* ---- Requests that end later ---- */

static NTSTATUS control_in(HANDLE file, ULONG code, ULONG milliseconds)
{
    *(ULONG *)IN = milliseconds;
    memset(OUT, '.', 8);
    *IOSB = (IO_STATUS_BLOCK){{STATUS_PENDING}, 0};
    return control(file, code, IN, OUT);
}

static void wait_synchronously(void *argument)
{
    static const ULONG codes[] = {IOCTL_ASYNC_DPC, IOCTL_ASYNC_CANCEL, IOCTL_ASYNC_THREAD};
    HANDLE file = open_synchronous(u"\\??\\async");

    (void)argument;
    enter();
    for (ULONG i = 0; i < ARRAY_SIZE(codes); i++) {
        CHECK_STATUS(control_in(file, codes[i], 20), STATUS_SUCCESS);
        CHECK(IOSB->Status == STATUS_SUCCESS && IOSB->Information == 4 && OUT[0] == 20);
    }
    leave(file);
}

static void wait_on_the_file(void *argument)
{
    static const ULONG codes[] = {IOCTL_ASYNC_DPC, IOCTL_ASYNC_THREAD};
    HANDLE file = open(u"\\??\\async", GENERIC_READ | GENERIC_WRITE, 0, 0, STATUS_SUCCESS);

    (void)argument;
    enter();
    for (ULONG i = 0; i < ARRAY_SIZE(codes); i++) {
        CHECK_STATUS(control_in(file, codes[i], 20), STATUS_PENDING);
        CHECK_EQUAL(IOSB->Status, STATUS_PENDING);
        CHECK_STATUS(NtWaitForSingleObject(file, FALSE, NULL), STATUS_SUCCESS);
        CHECK(IOSB->Status == STATUS_SUCCESS && IOSB->Information == 4 && OUT[0] == 20);
    }
    leave(file);
}

static void cancel(void *argument)
{
    IO_STATUS_BLOCK iosb;
    HANDLE file = open(u"\\??\\async", GENERIC_READ | GENERIC_WRITE, 0, 0, STATUS_SUCCESS);

    (void)argument;
    enter();
    CHECK_STATUS(control_in(file, IOCTL_ASYNC_NEVER, 0), STATUS_PENDING);
    CHECK_STATUS(NtCancelIoFile(file, &iosb), STATUS_SUCCESS);
    CHECK_STATUS(IOSB->Status, STATUS_CANCELLED);
    CHECK_STATUS(control_in(file, IOCTL_ASYNC_CANCEL, 100000), STATUS_PENDING);
    io_rundown_thread(ke_current_thread());
    CHECK_STATUS(IOSB->Status, STATUS_CANCELLED);
    leave(file);
}

SELFTEST(io_user_requests_end_later)
{
    SELFTEST_NEEDS_FILE("async.sys");
    struct test_mark mark = test_mark();

    begin();
    run(wait_synchronously);
    run(wait_on_the_file);
    run(cancel);
    end();
    CHECK_NO_LEAK(mark);
}

/* ---- A thread that is terminated while it waits ---- */

static struct {
    HANDLE file;
    ULONG code;
    NTSTATUS status;
} doomed;

static void wait_to_be_terminated(void *argument)
{
    (void)argument;
    enter();
    doomed.status = control_in(doomed.file, doomed.code, 0);
    ke_set_previous_mode(KernelMode);
}

static void terminate(ULONG code)
{
    ke_test_begin();
    doomed.code = code;
    ke_test_start_in(&process.ke, 0, 8, wait_to_be_terminated);
    ke_yield(); /* it waits */
    ke_terminate_thread(&ke_test_threads[0]);
    ke_test_join(1);
}

SELFTEST(io_user_thread_that_ends_has_its_request_cancelled)
{
    SELFTEST_NEEDS_FILE("async.sys");
    struct test_mark mark = test_mark();
    IO_STATUS_BLOCK iosb;

    begin();
    doomed.file = open_synchronous(u"\\??\\async");
    terminate(IOCTL_ASYNC_NEVER);
    CHECK_STATUS(doomed.status, STATUS_CANCELLED);
    terminate(IOCTL_ASYNC_STUCK);
    CHECK_STATUS(doomed.status, STATUS_THREAD_IS_TERMINATING);
    CHECK_COUNTS(io_test_file(doomed.file), 1, 2); /* the driver's */
    CHECK_STATUS(NtDeviceIoControlFile(doomed.file, NULL, NULL, NULL, &iosb, IOCTL_ASYNC_RELEASE,
                                       NULL, 0, NULL, 0),
                 STATUS_SUCCESS);
    CHECK_COUNTS(io_test_file(doomed.file), 1, 1);
    NtClose(doomed.file);
    end();
    CHECK_NO_LEAK(mark);
}

/* ---- CLEANUP's status ---- */

SELFTEST(io_cleanup_can_veto_if_asked_for)
{
    SELFTEST_NEEDS_FILE("async.sys");
    struct test_mark mark = test_mark();
    HANDLE file;

    begin();
    file = open_synchronous(u"\\??\\asyncveto");
    io_set_cleanup_veto(TRUE);
    CHECK_STATUS(NtClose(file), STATUS_DEVICE_BUSY);
    CHECK_STATUS(NtClose(open_synchronous(u"\\??\\async")), STATUS_SUCCESS);
    io_set_cleanup_veto(FALSE);
    CHECK_COUNTS(io_test_file(file), 1, 1);
    CHECK_STATUS(NtClose(file), STATUS_SUCCESS);
    CHECK_STATUS(NtClose(file), STATUS_INVALID_HANDLE);
    end();
    CHECK_NO_LEAK(mark);
}
