/* Unloading a driver: at once, later, or not at all. */
#include "tests/kernel/io_support.h"

#include "mm/space.h"
#include "ps/process.h"

SELFTEST(io_unload_takes_everything_along)
{
    struct test_mark mark = io_test_begin();
    struct test_name name;
    HANDLE handle;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "AU");
    CHECK_STATUS(io_test_open(TEST_DEVICE, &handle), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(ObOpenObjectByName(test_name(&name, NULL, u"\\Driver\\ioTest", 0), io_driver_type,
                                    KernelMode, NULL, 0, NULL, &handle),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(io_test_unload(u""), STATUS_OBJECT_NAME_INVALID);
    CHECK_NO_LEAK(mark);
}

/* nt-facts 3.1: success without unloading; new opens fail, existing handles keep working. */
SELFTEST(io_unload_waits_for_open_files)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE first, second, another;
    PDRIVER_OBJECT driver;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    first = io_test_handle();
    second = io_test_handle();
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_STATUS(io_test_open(TEST_DEVICE, &another), STATUS_NO_SUCH_DEVICE);
    CHECK_STATUS(io_test_load_entry(TEST_SERVICE, NULL, &driver), STATUS_IMAGE_ALREADY_LOADED);
    NtClose(first);
    CHECK_STATUS(io_test_control(second, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Ac Au Ax Ai");
    NtClose(second);
    CHECK_TEXT(io_test.trace, "Ac Ac Au Ax Ai Au Ax AU");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

/* A pointer on the file, without a handle, holds the driver too. */
SELFTEST(io_unload_waits_for_the_last_pointer)
{
    struct test_mark mark = io_test_begin();
    PFILE_OBJECT file;
    HANDLE handle;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    handle = io_test_handle();
    file = io_test_file(handle);
    ObfReferenceObject(file);
    NtClose(handle);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Au");
    ObDereferenceObject(file);
    CHECK_TEXT(io_test.trace, "Ac Au Ax AU");
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_unload_waits_for_devices_above)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT lower = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT upper = io_test_attach(u"ioTestUpper", 'B', lower);

    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "");
    IoDetachDevice(lower);
    CHECK_TEXT(io_test.trace, "AU");
    io_test_device(upper)->lower = NULL;
    CHECK_STATUS(io_test_unload(u"ioTestUpper"), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_driver_without_unload_routine_stays)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDRIVER_UNLOAD unload = device->DriverObject->DriverUnload;

    device->DriverObject->DriverUnload = NULL;
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_INVALID_DEVICE_REQUEST);
    NtClose(io_test_handle());
    CHECK_TEXT(io_test.trace, "Ac Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_INVALID_DEVICE_REQUEST);
    device->DriverObject->DriverUnload = unload;
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

static PDRIVER_UNLOAD usual_unload;
static ULONG unload_calls;

static VOID NTAPI unload_again(PDRIVER_OBJECT driver)
{
    unload_calls++;
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_DELETE_PENDING);
    usual_unload(driver);
}

/* Asked again after DriverUnload was called: from inside, and while a handle keeps the name. */
SELFTEST(io_second_unload_is_delete_pending)
{
    struct test_mark mark = io_test_begin();
    PDRIVER_OBJECT driver = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE)->DriverObject;
    HANDLE handle;

    usual_unload = driver->DriverUnload;
    unload_calls = 0;
    driver->DriverUnload = unload_again;
    CHECK_STATUS(ObOpenObjectByPointer(driver, 0, NULL, 0, io_driver_type, KernelMode, &handle),
                 STATUS_SUCCESS);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_DELETE_PENDING);
    CHECK_EQUAL(unload_calls, 1);
    NtClose(handle);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

/* ---- Whose context ---- */

static struct mm_space *callers_space;
static struct ob_handle_table *callers_handles;

static BOOLEAN is_in_system(void)
{
    return mm_space_current() == &mm_system_space &&
           ob_current_handles() == ps_system_process.ke.handles;
}

static BOOLEAN is_in_callers(void)
{
    return mm_space_current() == callers_space && ob_current_handles() == callers_handles;
}

static VOID NTAPI unload_in_context(PDRIVER_OBJECT driver)
{
    CHECK(is_in_system());
    usual_unload(driver);
}

static NTSTATUS NTAPI fail_in_context(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    (void)driver, (void)registry_path;
    CHECK(is_in_system());
    return STATUS_UNSUCCESSFUL;
}

static NTSTATUS NTAPI dispatch_in_context(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    CHECK(is_in_callers());
    return io_test_complete(irp, STATUS_SUCCESS, 0);
}

static void use_from_another_process(void)
{
    PDRIVER_OBJECT driver;
    IO_STATUS_BLOCK iosb;
    HANDLE handle;

    CHECK_STATUS(io_test_load_entry(u"ioTestFails", fail_in_context, &driver), STATUS_UNSUCCESSFUL);
    CHECK(is_in_callers());
    driver = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE)->DriverObject;
    usual_unload = driver->DriverUnload;
    driver->DriverUnload = unload_in_context;
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        io_test.hook[i] = dispatch_in_context;
    handle = io_test_handle();
    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    NtClose(handle); /* unloads */
    CHECK(is_in_callers());
    CHECK_TEXT(io_test.trace, "Ac Ai Au Ax AU");
}

/*
 * nt-facts 3.1: DriverEntry and DriverUnload run in the System process (its address space, and its
 * handles), dispatch routines in the caller's.
 */
SELFTEST(io_drivers_are_loaded_in_the_system_process)
{
    struct test_mark mark = io_test_begin();
    static struct process process;

    ke_process_init(&process.ke);
    process.ke.space = callers_space = mm_space_create();
    process.ke.handles = callers_handles = ob_handle_table_create();
    struct process *last = ps_attach(&process);

    use_from_another_process();
    ps_attach(last);
    ob_handle_table_destroy(callers_handles);
    mm_space_destroy(callers_space);
    CHECK_NO_LEAK(mark);
}
