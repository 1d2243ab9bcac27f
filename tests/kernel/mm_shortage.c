/*
 * The kernel with ever less memory: with 0, 1, 2 ... free frames and empty pools each operation
 * fails cleanly, or succeeds; what it took is given back in every case.
 */
#include "io/io.h"
#include "tests/kernel/driver_support.h"
#include "tests/kernel/mm_support.h"
#include "tests/kernel/ps_support.h"

/* The status of a whole operation that undoes itself. */
typedef NTSTATUS (*operation)(void);

static BOOLEAN is_shortage(NTSTATUS status)
{
    return status == STATUS_NO_MEMORY || status == STATUS_INSUFFICIENT_RESOURCES ||
           status == STATUS_COMMITMENT_LIMIT;
}

/* What must be the same whatever pages the pool keeps. */
static ULONG free_pages(void)
{
    return frame_counts().free + pool_counts().pages;
}

/* Runs the operation with more and more frames until it succeeds; the number of frames. */
static ULONG starve(operation perform, ULONG limit)
{
    NTSTATUS status = STATUS_SUCCESS;
    ULONG frames = 0;

    perform(); /* leaves the page tables of system space that it needs */
    for (; frames < limit; frames++) {
        struct test_mark mark = test_mark();
        ULONG pages = free_pages();

        memory_take_all(frames, TRUE);
        status = perform();
        memory_give_back();
        CHECK_NO_LEAK(mark);
        if (!CHECK_EQUAL(free_pages(), pages) || NT_SUCCESS(status) || !CHECK(is_shortage(status)))
            break;
    }
    CHECK_STATUS(status, STATUS_SUCCESS);
    return frames;
}

static NTSTATUS create_process(void)
{
    struct process *process;
    NTSTATUS status = ps_create_image_process(TEST_PROGRAM, &process);

    if (!NT_SUCCESS(status))
        return status;
    status = test_map_dlls(process);
    ObfDereferenceObject(process);
    return status;
}

SELFTEST(mm_shortage_while_a_process_starts)
{
    SELFTEST_NEEDS_FILE(TEST_PROGRAM);
    CHECK(starve(create_process, 200) > 20);
}

static struct test_service service;

static NTSTATUS use_driver(void)
{
    ULONG addresses[4] = {0x80100000, 0, 0, 0}, answers[4];
    IO_STATUS_BLOCK iosb;
    HANDLE file;
    NTSTATUS status = io_test_open(u"\\??\\slVirtToPhys", &file);

    if (!NT_SUCCESS(status))
        return status;
    status = NtDeviceIoControlFile(file, NULL, NULL, NULL, &iosb, 0x0022E000, addresses, 16,
                                   answers, 16);
    NtClose(file);
    return status;
}

/* A driver that could not make its device says STATUS_DEVICE_CONFIGURATION_ERROR (nt-facts 3.1). */
static NTSTATUS load_driver(void)
{
    NTSTATUS status = driver_load(&service);

    if (status == STATUS_DEVICE_CONFIGURATION_ERROR)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (!NT_SUCCESS(status))
        return status;
    status = use_driver();
    CHECK_STATUS(driver_unload(&service), STATUS_SUCCESS);
    return status;
}

SELFTEST(mm_shortage_while_a_driver_starts)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    driver_register(&service, u"SelfTest", VIRTTOPHYS_SYS);
    CHECK(starve(load_driver, 100) > 5);
    driver_unregister(&service);
}

static NTSTATUS open_file(void)
{
    UCHAR bytes[64];
    IO_STATUS_BLOCK iosb;
    HANDLE file;
    NTSTATUS status = io_test_open_to_read(u"\\??\\C:\\VirtToPhys.exe", &file);

    if (!NT_SUCCESS(status))
        return status;
    status = NtReadFile(file, NULL, NULL, NULL, &iosb, bytes, sizeof bytes, NULL, NULL);
    NtClose(file);
    return status;
}

SELFTEST(mm_shortage_while_a_file_is_read)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    CHECK(starve(open_file, 50) > 0);
}
