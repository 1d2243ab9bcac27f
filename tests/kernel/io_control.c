/* METHOD_BUFFERED: what goes down, what comes back, for every kind of end. */
#include "tests/kernel/io_support.h"

enum { ROOM = 24, GUARD = 8, UNTOUCHED = 0xEE, ANSWERED = 0xA0 };

/* What the driver found; it fills its whole buffer with ANSWERED + i. */
static struct {
    ULONG calls, input_length, output_length, code;
    PVOID buffer;
    UCHAR input[ROOM];
} found;

static NTSTATUS NTAPI answer(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    UCHAR *buffer = irp->AssociatedIrp.SystemBuffer;
    ULONG in = location->Parameters.DeviceIoControl.InputBufferLength;
    ULONG out = location->Parameters.DeviceIoControl.OutputBufferLength;

    (void)device;
    found.calls++;
    found.input_length = in;
    found.output_length = out;
    found.code = location->Parameters.DeviceIoControl.IoControlCode;
    found.buffer = buffer;
    memcpy(found.input, buffer, in);
    for (ULONG i = 0; i < (in > out ? in : out); i++)
        buffer[i] = (UCHAR)(ANSWERED + i);
    return io_test_complete(irp, io_test.status[IRP_MJ_DEVICE_CONTROL], io_test.information);
}

/* One request; `in` and `out` are buffers or NULL. */
struct request {
    BOOLEAN has_in, has_out;
    ULONG in_length, out_length;
    NTSTATUS status;
    ULONG information;
};

static UCHAR input[ROOM], output[ROOM + GUARD];

static NTSTATUS perform(HANDLE file, const struct request *r, PIO_STATUS_BLOCK iosb)
{
    for (ULONG i = 0; i < ROOM; i++)
        input[i] = (UCHAR)(0x10 + i);
    memset(output, UNTOUCHED, sizeof output);
    memset(&found, 0, sizeof found);
    io_test.status[IRP_MJ_DEVICE_CONTROL] = r->status;
    io_test.information = r->information;
    return io_test_control(file, iosb, r->has_in ? input : NULL, r->in_length,
                           r->has_out ? output : NULL, r->out_length);
}

/* The driver's side: lengths, and a copy of the input in a buffer of its own. */
static void check_down(const struct request *r)
{
    ULONG in = r->has_in ? r->in_length : 0, out = r->has_out ? r->out_length : 0;

    CHECK_EQUAL(found.calls, 1);
    CHECK_EQUAL(found.code, TEST_CODE);
    CHECK_EQUAL(found.input_length, in);
    CHECK_EQUAL(found.output_length, out);
    CHECK((found.buffer != NULL) == (in || out));
    CHECK(found.buffer != input && found.buffer != output);
    CHECK(memcmp(found.input, input, in) == 0);
}

/* The requestor's side (nt-facts 3.3): nothing at all after an error. */
static void check_up(const struct request *r, const IO_STATUS_BLOCK *iosb)
{
    ULONG out = r->has_out ? r->out_length : 0;
    ULONG copied = r->information < out ? r->information : out;

    if (NT_ERROR(r->status))
        copied = 0;
    for (ULONG i = 0; i < sizeof output; i++)
        if (!CHECK_EQUAL(output[i], i < copied ? ANSWERED + i : UNTOUCHED))
            break;
    CHECK_STATUS(iosb->Status, NT_ERROR(r->status) ? 0x55555555 : r->status);
    if (NT_ERROR(r->status))
        CHECK_EQUAL(iosb->Information, 0x66666666);
    else if (out && r->information > out)
        CHECK_EQUAL(iosb->Information, out); /* cut: header contract */
    else
        CHECK_EQUAL(iosb->Information, r->information);
}

static void check_request(HANDLE file, const struct request *r)
{
    IO_STATUS_BLOCK iosb = {{0x55555555}, 0x66666666};

    CHECK_STATUS(perform(file, r, &iosb), r->status);
    check_down(r);
    check_up(r, &iosb);
}

/* All combinations of lengths, NULL pointers, statuses and Information. */
static void check_combinations(HANDLE file, const struct request *base)
{
    static const ULONG lengths[] = {0, 1, 4, ROOM};

    for (ULONG i = 0; i < 64; i++) {
        struct request r = *base;

        r.has_in = i & 1;
        r.has_out = i >> 1 & 1;
        r.in_length = lengths[i >> 2 & 3];
        r.out_length = lengths[i >> 4 & 3];
        check_request(file, &r);
    }
}

SELFTEST(io_control_buffers)
{
    static const NTSTATUS statuses[] = {STATUS_SUCCESS, STATUS_OBJECT_NAME_EXISTS,
                                        STATUS_BUFFER_OVERFLOW, STATUS_UNSUCCESSFUL};
    static const ULONG information[] = {0, 1, 4, ROOM, ROOM + 1, 0x10000000};
    struct test_mark mark = io_test_begin();
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = answer;
    file = io_test_handle();
    for (ULONG s = 0; s < ARRAY_SIZE(statuses); s++)
        for (ULONG i = 0; i < ARRAY_SIZE(information); i++)
            check_combinations(
                file, &(struct request){.status = statuses[s], .information = information[i]});
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* One buffer for both ways, as VirtToPhys.exe could have it. */
SELFTEST(io_control_in_place)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    UCHAR both[4] = {1, 2, 3, 4};
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = answer;
    io_test.information = 3;
    file = io_test_handle();
    CHECK_STATUS(io_test_control(file, &iosb, both, 4, both, 4), STATUS_SUCCESS);
    CHECK(found.input[0] == 1 && found.input[3] == 4);
    CHECK(both[0] == ANSWERED && both[2] == ANSWERED + 2 && both[3] == 4);
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* Lengths that no memory has, of buffers that nobody may look at. */
SELFTEST(io_control_without_memory_is_not_sent)
{
    static const ULONG lengths[] = {0x10000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF};
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    UCHAR buffer[4];
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    for (ULONG i = 0; i < ARRAY_SIZE(lengths); i++) {
        CHECK_STATUS(io_test_control(file, &iosb, buffer, lengths[i], NULL, 0),
                     STATUS_INSUFFICIENT_RESOURCES);
        CHECK_STATUS(io_test_control(file, &iosb, buffer, 4, buffer, lengths[i]),
                     STATUS_INSUFFICIENT_RESOURCES);
    }
    CHECK_TEXT(io_test.trace, "Ac");
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

static NTSTATUS control(HANDLE file, HANDLE event, PVOID apc, ULONG code)
{
    IO_STATUS_BLOCK iosb;
    UCHAR buffer[4];

    return NtDeviceIoControlFile(file, event, apc, NULL, &iosb, code, buffer, 4, buffer, 4);
}

SELFTEST(io_control_refuses_what_it_does_not_carry)
{
    struct test_mark mark = io_test_begin();
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    CHECK_STATUS(control(file, file, NULL, TEST_CODE), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(control(file, NULL, &file, TEST_CODE), STATUS_INVALID_PARAMETER);
    CHECK_TEXT(io_test.trace, "Ac");
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* Kernel mode is trusted: no right is asked for, whatever the code says (nt-facts 3.4). */
SELFTEST(io_control_from_the_kernel_needs_no_rights)
{
    struct test_mark mark = io_test_begin();
    struct test_name name;
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    CHECK_STATUS(NtOpenFile(&file, 0, test_name(&name, NULL, TEST_DEVICE, 0), &iosb, 0, 0),
                 STATUS_SUCCESS);
    CHECK_STATUS(control(file, NULL, NULL, 0x0022E000), STATUS_SUCCESS);
    CHECK_EQUAL(ioctl_access(0x0022E000), FILE_READ_DATA | FILE_WRITE_DATA);
    CHECK_EQUAL(ioctl_method(0x0022E000), METHOD_BUFFERED);
    CHECK_EQUAL(ioctl_device_type(0x0022E000), FILE_DEVICE_UNKNOWN);
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}
