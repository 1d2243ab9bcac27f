/*
 * Buffers that are not copied: METHOD_IN_DIRECT, METHOD_OUT_DIRECT, METHOD_NEITHER, DO_DIRECT_IO.
 */
#include "boot/boot.h"
#include "mm/mdl.h"
#include "mm/system_pte.h"
#include "tests/kernel/io_support.h"
#include "tests/kernel/mm_support.h"

enum { TWO_PAGES = 2 * 4096, OFFSET = 4000, LENGTH = 200 }; /* the buffer lies in both pages */

#define IN_DIRECT  (TEST_CODE | METHOD_IN_DIRECT)
#define OUT_DIRECT (TEST_CODE | METHOD_OUT_DIRECT)
#define NEITHER    (TEST_CODE | METHOD_NEITHER)

/* What the driver found; it writes 0xD0, 0xD1 ... through a mapping of the MDL if it may. */
static struct {
    ULONG calls, in, out, length, frames[3], mdl_length, mdl_offset;
    PVOID system, user, type3, mdl;
    UCHAR first_in;
    BOOLEAN keep_mapping, write;
} found;

static void use_mdl(PMDL mdl)
{
    UCHAR *mapped;

    found.mdl_length = mdl->ByteCount;
    found.mdl_offset = mdl->ByteOffset;
    for (ULONG i = 0; i < page_count(mdl->ByteOffset + mdl->ByteCount) && i < 3; i++)
        found.frames[i] = ((const ULONG *)(mdl + 1))[i];
    if (!found.write)
        return;
    mapped = MmMapLockedPagesSpecifyCache(mdl, KernelMode, 0, NULL, FALSE, 0);
    if (!CHECK(mapped != NULL))
        return;
    for (ULONG i = 0; i < mdl->ByteCount; i++)
        mapped[i] = (UCHAR)(0xD0 + i % 16);
    if (!found.keep_mapping)
        MmUnmapLockedPages(mapped, mdl);
}

static NTSTATUS NTAPI look(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);

    (void)device;
    found.calls++;
    found.in = location->Parameters.DeviceIoControl.InputBufferLength;
    found.out = location->Parameters.DeviceIoControl.OutputBufferLength;
    found.length = location->Parameters.Read.Length;
    found.type3 = location->Parameters.DeviceIoControl.Type3InputBuffer;
    found.system = irp->AssociatedIrp.SystemBuffer;
    found.user = irp->UserBuffer;
    found.mdl = irp->MdlAddress;
    if (found.system)
        found.first_in = *(UCHAR *)found.system;
    if (found.mdl)
        use_mdl(found.mdl);
    return io_test_complete(irp, io_test.status[location->MajorFunction], io_test.information);
}

static PDEVICE_OBJECT device;

static HANDLE begin(struct test_mark *mark)
{
    *mark = io_test_begin();
    device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = io_test.hook[IRP_MJ_READ] = io_test.hook[IRP_MJ_WRITE] =
        look;
    memset(&found, 0, sizeof found);
    return io_test_handle();
}

static void end(struct test_mark *mark, HANDLE file)
{
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(*mark);
}

static NTSTATUS control(HANDLE file, ULONG code, PIO_STATUS_BLOCK iosb, PVOID in, ULONG in_length,
                        PVOID out, ULONG out_length)
{
    found.calls = 0;
    *iosb = (IO_STATUS_BLOCK){{0x55555555}, 0x66666666};
    return NtDeviceIoControlFile(file, NULL, NULL, NULL, iosb, code, in, in_length, out,
                                 out_length);
}

/* nt-facts 3.4: the input in a system buffer, the output's pages in an MDL, nothing copied back. */
SELFTEST(io_direct_control_describes_the_output)
{
    struct test_mark mark;
    HANDLE file = begin(&mark);
    UCHAR *pages = ExAllocatePool(NonPagedPool, TWO_PAGES), in[4] = {0x77};
    IO_STATUS_BLOCK iosb;

    for (ULONG method = METHOD_IN_DIRECT; method <= METHOD_OUT_DIRECT; method++) {
        memset(pages, 0x11, TWO_PAGES);
        found.write = method == METHOD_OUT_DIRECT;
        io_test.information = 5;
        CHECK_STATUS(control(file, TEST_CODE | method, &iosb, in, 4, pages + OFFSET, LENGTH),
                     STATUS_SUCCESS);
        CHECK(found.in == 4 && found.out == LENGTH && found.first_in == 0x77);
        CHECK(found.system && found.system != in);
        CHECK_EQUAL(found.mdl_length, LENGTH);
        CHECK_EQUAL(found.mdl_offset, OFFSET % PAGE_SIZE);
        CHECK_EQUAL(found.frames[0], frame_of(direct_physical(pages)));
        CHECK_EQUAL(found.frames[1], frame_of(direct_physical(pages)) + 1);
        CHECK_EQUAL(iosb.Information, 5);
        CHECK_EQUAL(pages[OFFSET - 1], 0x11);
        CHECK_EQUAL(pages[OFFSET], found.write ? 0xD0 : 0x11);
        CHECK_EQUAL(pages[OFFSET + LENGTH - 1], found.write ? 0xD7 : 0x11);
        CHECK_EQUAL(pages[OFFSET + LENGTH], 0x11);
    }
    ExFreePool(pages);
    end(&mark, file);
}

SELFTEST(io_direct_control_without_bytes)
{
    struct test_mark mark;
    HANDLE file = begin(&mark);
    UCHAR bytes[4] = {0};
    IO_STATUS_BLOCK iosb;

    CHECK_STATUS(control(file, OUT_DIRECT, &iosb, NULL, 4, NULL, 4), STATUS_SUCCESS);
    CHECK(found.calls == 1 && !found.in && !found.out && !found.system && !found.mdl);
    CHECK_STATUS(control(file, IN_DIRECT, &iosb, bytes, 0, bytes, 0), STATUS_SUCCESS);
    CHECK(found.calls == 1 && !found.in && !found.out && !found.system && !found.mdl);
    end(&mark, file);
}

/* STATUS_ACCESS_VIOLATION, and the driver is not called: pages that are missing or read-only. */
SELFTEST(io_direct_control_checks_the_pages)
{
    struct test_mark mark;
    HANDLE file = begin(&mark);
    PVOID text = (PVOID)(ULONG)kernel_text_start;
    PVOID before_guard = (PVOID)((ULONG)boot_stack_guard - 4);
    IO_STATUS_BLOCK iosb;
    static const ULONG absent[] = {4, 0x7FFF0000, 0xA0000000, 0xFFFFFFF0};

    for (ULONG method = METHOD_IN_DIRECT; method <= METHOD_OUT_DIRECT; method++) {
        for (ULONG i = 0; i < ARRAY_SIZE(absent); i++)
            CHECK_STATUS(control(file, TEST_CODE | method, &iosb, NULL, 0, (PVOID)absent[i], 8),
                         STATUS_ACCESS_VIOLATION);
        CHECK_STATUS(control(file, TEST_CODE | method, &iosb, NULL, 0, before_guard, 8),
                     STATUS_ACCESS_VIOLATION);
        CHECK(!NT_SUCCESS(control(file, TEST_CODE | method, &iosb, NULL, 0, text, 0xFFFFFFFF)));
        CHECK(!NT_SUCCESS(control(file, TEST_CODE | method, &iosb, NULL, 0, text, 0x7FFFFFFF)));
    }
    CHECK_STATUS(control(file, OUT_DIRECT, &iosb, NULL, 0, text, 8), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(found.calls, 0);
    CHECK(iosb.Status == 0x55555555 && iosb.Information == 0x66666666);
    CHECK_STATUS(control(file, IN_DIRECT, &iosb, NULL, 0, before_guard, 4), STATUS_SUCCESS);
    CHECK_STATUS(control(file, IN_DIRECT, &iosb, NULL, 0, text, 8), STATUS_SUCCESS);
    CHECK_EQUAL(found.calls, 1);
    end(&mark, file);
}

/* A mapping that the driver leaves goes with the IRP: its addresses are free again. */
SELFTEST(io_direct_control_takes_mappings_away)
{
    struct test_mark mark;
    HANDLE file = begin(&mark);
    UCHAR *pages = ExAllocatePool(NonPagedPool, TWO_PAGES);
    ULONG next = system_pte_reserve(1);
    IO_STATUS_BLOCK iosb;

    system_pte_release(next);
    found.write = found.keep_mapping = TRUE;
    for (ULONG i = 0; i < 3; i++) {
        io_test.status[IRP_MJ_DEVICE_CONTROL] = i == 1 ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
        CHECK_STATUS(control(file, OUT_DIRECT, &iosb, NULL, 0, pages + OFFSET, LENGTH),
                     io_test.status[IRP_MJ_DEVICE_CONTROL]);
        CHECK_EQUAL(system_pte_reserve(1), next);
        system_pte_release(next);
        CHECK(!MmIsAddressValid((PVOID)next));
    }
    ExFreePool(pages);
    end(&mark, file);
}

/* The caller's pointers and lengths as they are, bad ones too: no probing, no copy. */
SELFTEST(io_neither_control_passes_pointers)
{
    struct test_mark mark;
    HANDLE file = begin(&mark);
    IO_STATUS_BLOCK iosb;

    io_test.information = 9;
    CHECK_STATUS(control(file, NEITHER, &iosb, (PVOID)0x12345, 7, (PVOID)0xA0000000, 70),
                 STATUS_SUCCESS);
    CHECK(found.type3 == (PVOID)0x12345 && found.user == (PVOID)0xA0000000);
    CHECK(found.in == 7 && found.out == 70 && !found.system && !found.mdl);
    CHECK_EQUAL(iosb.Information, 9);
    CHECK_STATUS(control(file, NEITHER, &iosb, NULL, 7, NULL, 70), STATUS_SUCCESS);
    CHECK(found.in == 7 && found.out == 70 && !found.type3 && !found.user);
    end(&mark, file);
}

SELFTEST(io_direct_transfers)
{
    struct test_mark mark;
    HANDLE file = begin(&mark);
    UCHAR *pages = ExAllocatePool(NonPagedPool, TWO_PAGES);
    PVOID text = (PVOID)(ULONG)kernel_text_start;
    IO_STATUS_BLOCK iosb;

    device->Flags |= DO_DIRECT_IO;
    memset(pages, 0x11, TWO_PAGES);
    io_test.information = LENGTH;
    found.write = TRUE;
    CHECK_STATUS(NtReadFile(file, NULL, NULL, NULL, &iosb, pages + OFFSET, LENGTH, NULL, NULL),
                 STATUS_SUCCESS);
    CHECK(found.mdl && !found.system && found.mdl_length == LENGTH && found.length == LENGTH);
    CHECK(pages[OFFSET] == 0xD0 && pages[OFFSET + LENGTH] == 0x11);
    found.write = FALSE;
    CHECK_STATUS(NtWriteFile(file, NULL, NULL, NULL, &iosb, text, 8, NULL, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(found.frames[0], frame_of(direct_physical(kernel_text_start)));
    CHECK(io_test_file(file)->CurrentByteOffset.QuadPart == 2 * LENGTH);
    found.calls = 0;
    CHECK_STATUS(NtReadFile(file, NULL, NULL, NULL, &iosb, text, 8, NULL, NULL),
                 STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(found.calls, 0);
    CHECK_STATUS(NtReadFile(file, NULL, NULL, NULL, &iosb, pages, 0, NULL, NULL), STATUS_SUCCESS);
    CHECK(found.calls == 1 && !found.mdl);
    ExFreePool(pages);
    end(&mark, file);
}
