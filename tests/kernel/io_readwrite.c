/* IRP_MJ_READ and IRP_MJ_WRITE: buffers, offsets, and the file's place. */
#include "tests/kernel/io_support.h"

enum { SIZE = 16 };

/* What the driver of a read or write found. */
static struct {
    ULONG calls, length, key;
    LONGLONG offset;
    PVOID system, user;
    UCHAR bytes[SIZE];
} found;

static NTSTATUS NTAPI transfer(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    UCHAR *bytes = irp->AssociatedIrp.SystemBuffer;

    (void)device;
    found.calls++;
    found.length = location->Parameters.Read.Length;
    found.key = location->Parameters.Read.Key;
    found.offset = location->Parameters.Read.ByteOffset.QuadPart;
    found.system = bytes;
    found.user = irp->UserBuffer;
    for (ULONG i = 0; bytes && i < found.length && i < SIZE; i++) {
        if (location->MajorFunction == IRP_MJ_WRITE)
            found.bytes[i] = bytes[i];
        else
            bytes[i] = (UCHAR)(0x40 + i);
    }
    return io_test_complete(irp, io_test.status[location->MajorFunction], io_test.information);
}

static HANDLE begin(struct test_mark *mark, ULONG flags)
{
    *mark = io_test_begin();
    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE)->Flags |= flags;
    io_test.hook[IRP_MJ_READ] = io_test.hook[IRP_MJ_WRITE] = transfer;
    memset(&found, 0, sizeof found);
    return io_test_handle();
}

static void end(struct test_mark *mark, HANDLE file)
{
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(*mark);
}

static NTSTATUS read(HANDLE file, PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length,
                     PLARGE_INTEGER offset)
{
    ULONG key = 0xBEEF;

    *iosb = (IO_STATUS_BLOCK){{0x55555555}, 0x66666666};
    return NtReadFile(file, NULL, NULL, NULL, iosb, buffer, length, offset, &key);
}

static NTSTATUS write(HANDLE file, PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length,
                      PLARGE_INTEGER offset)
{
    *iosb = (IO_STATUS_BLOCK){{0x55555555}, 0x66666666};
    return NtWriteFile(file, NULL, NULL, NULL, iosb, buffer, length, offset, NULL);
}

SELFTEST(io_buffered_reads)
{
    struct test_mark mark;
    HANDLE file = begin(&mark, DO_BUFFERED_IO);
    LARGE_INTEGER offset = {.QuadPart = 0x123456789ALL};
    UCHAR bytes[SIZE + 1] = {0};
    IO_STATUS_BLOCK iosb;

    io_test.information = 5;
    CHECK_STATUS(read(file, &iosb, bytes, SIZE, &offset), STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, 5);
    CHECK(bytes[0] == 0x40 && bytes[4] == 0x44 && bytes[5] == 0);
    CHECK_EQUAL(found.length, SIZE);
    CHECK_EQUAL(found.key, 0xBEEF);
    CHECK(found.offset == offset.QuadPart);
    CHECK(found.system && found.system != bytes);
    io_test.information = SIZE + 1;
    CHECK_STATUS(read(file, &iosb, bytes, SIZE, &offset), STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, SIZE);
    CHECK_EQUAL(bytes[SIZE], 0);
    end(&mark, file);
}

SELFTEST(io_buffered_writes)
{
    struct test_mark mark;
    HANDLE file = begin(&mark, DO_BUFFERED_IO);
    LARGE_INTEGER offset = {.QuadPart = 8};
    UCHAR bytes[SIZE] = "sixteen letters";
    IO_STATUS_BLOCK iosb;

    io_test.information = 9;
    CHECK_STATUS(write(file, &iosb, bytes, SIZE, &offset), STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, 9);
    CHECK_EQUAL(found.length, SIZE);
    CHECK_EQUAL(found.key, 0);
    CHECK(found.offset == 8);
    CHECK(found.system && found.system != bytes && memcmp(found.bytes, bytes, SIZE) == 0);
    io_test.information = 100; /* nothing is copied back, so nothing is cut */
    CHECK_STATUS(write(file, &iosb, bytes, SIZE, &offset), STATUS_SUCCESS);
    CHECK(memcmp(bytes, "sixteen letters", SIZE) == 0);
    end(&mark, file);
}

/* NULL for the offset: where the last one ended, wherever it began (SDK: ReadFile, OVERLAPPED). */
SELFTEST(io_sequential_place)
{
    struct test_mark mark;
    HANDLE file = begin(&mark, DO_BUFFERED_IO);
    LARGE_INTEGER offset = {.QuadPart = 1000};
    UCHAR bytes[SIZE] = {0};
    IO_STATUS_BLOCK iosb;

    io_test.information = 5;
    read(file, &iosb, bytes, SIZE, NULL);
    CHECK(found.offset == 0);
    write(file, &iosb, bytes, 5, NULL);
    CHECK(found.offset == 5);
    read(file, &iosb, bytes, SIZE, &offset);
    CHECK(found.offset == 1000);
    io_test.status[IRP_MJ_READ] = STATUS_UNSUCCESSFUL;
    read(file, &iosb, bytes, SIZE, NULL);
    CHECK(found.offset == 1005);
    io_test.status[IRP_MJ_READ] = STATUS_SUCCESS;
    read(file, &iosb, bytes, SIZE, NULL);
    CHECK(found.offset == 1005);
    CHECK(io_test_file(file)->CurrentByteOffset.QuadPart == 1010);
    end(&mark, file);
}

SELFTEST(io_failed_reads_touch_nothing)
{
    struct test_mark mark;
    HANDLE file = begin(&mark, DO_BUFFERED_IO);
    UCHAR bytes[SIZE] = {1, 2, 3};
    IO_STATUS_BLOCK iosb;

    io_test.status[IRP_MJ_READ] = STATUS_END_OF_FILE;
    io_test.information = SIZE;
    CHECK_STATUS(read(file, &iosb, bytes, SIZE, NULL), STATUS_END_OF_FILE);
    CHECK(bytes[0] == 1 && bytes[1] == 2 && bytes[2] == 3 && !bytes[3]);
    CHECK_STATUS(iosb.Status, 0x55555555);
    CHECK_EQUAL(iosb.Information, 0x66666666);
    end(&mark, file);
}

SELFTEST(io_empty_transfers_have_no_buffer)
{
    struct test_mark mark;
    HANDLE file = begin(&mark, DO_BUFFERED_IO);
    UCHAR bytes[SIZE] = {0};
    IO_STATUS_BLOCK iosb;

    CHECK_STATUS(read(file, &iosb, bytes, 0, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(found.system, NULL);
    CHECK_STATUS(write(file, &iosb, bytes, 0, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(found.system, NULL);
    CHECK_EQUAL(found.calls, 2);
    found.length = 1;
    CHECK_STATUS(read(file, &iosb, NULL, SIZE, NULL), STATUS_SUCCESS); /* NULL is length 0 */
    CHECK_EQUAL(found.length, 0);
    found.length = 1;
    CHECK_STATUS(write(file, &iosb, NULL, SIZE, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(found.length, 0);
    end(&mark, file);
}

/* Neither DO_BUFFERED_IO nor DO_DIRECT_IO: the driver gets the caller's pointer. */
SELFTEST(io_unbuffered_transfers_pass_the_pointer)
{
    struct test_mark mark;
    HANDLE file = begin(&mark, 0);
    UCHAR bytes[SIZE] = {0};
    IO_STATUS_BLOCK iosb;

    io_test.information = 3;
    CHECK_STATUS(read(file, &iosb, bytes, SIZE, NULL), STATUS_SUCCESS);
    CHECK(found.user == bytes && !found.system);
    CHECK_STATUS(write(file, &iosb, bytes, SIZE, NULL), STATUS_SUCCESS);
    CHECK(found.user == bytes && !found.system);
    CHECK_EQUAL(iosb.Information, 3);
    end(&mark, file);
}

SELFTEST(io_transfers_refuse_what_they_do_not_carry)
{
    struct test_mark mark;
    HANDLE file = begin(&mark, DO_BUFFERED_IO);
    LARGE_INTEGER negative = {.QuadPart = -1};
    UCHAR bytes[SIZE];
    IO_STATUS_BLOCK iosb;

    CHECK_STATUS(read(file, &iosb, bytes, SIZE, &negative), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtReadFile(file, file, NULL, NULL, &iosb, bytes, 1, NULL, NULL),
                 STATUS_OBJECT_TYPE_MISMATCH); /* no event */
    CHECK_STATUS(NtWriteFile(file, NULL, bytes, NULL, &iosb, bytes, 1, NULL, NULL),
                 STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(found.calls, 0);
    end(&mark, file);
}

/* Whoever is at the top of the stack says how it wants its data. */
SELFTEST(io_top_device_chooses_the_buffering)
{
    struct test_mark mark;
    HANDLE file = begin(&mark, DO_BUFFERED_IO);
    PDEVICE_OBJECT upper = io_test_attach(u"ioTestUpper", 'B', io_test_file(file)->DeviceObject);
    UCHAR bytes[SIZE];
    IO_STATUS_BLOCK iosb;

    CHECK_STATUS(read(file, &iosb, bytes, SIZE, NULL), STATUS_SUCCESS);
    CHECK(found.user == bytes && !found.system);
    upper->Flags |= DO_BUFFERED_IO;
    CHECK_STATUS(read(file, &iosb, bytes, SIZE, NULL), STATUS_SUCCESS);
    CHECK(found.system != NULL);
    io_test_detach(u"ioTestUpper", upper);
    end(&mark, file);
}
