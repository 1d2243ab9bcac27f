/* VirtToPhys.sys itself: its names, its answers, its refusals. */
#include "tests/kernel/driver_support.h"
#include "tests/kernel/mm_support.h"
#include "tests/kernel/ps_support.h"

#include "ioctl/virttophys.h"
#include "mm/layout.h"
#include "mm/physical.h"
#include "paging.h"
#include "nt/peb.h"
#include "ps/vm.h"
#include "x86/cpu.h"

#define SERVICE u"VirtToPhys"
#define LINK    u"\\??\\slVirtToPhys"
#define DEVICE  u"\\Device\\devVirtToPhys"

static PDRIVER_OBJECT start(struct test_service *service)
{
    driver_register(service, SERVICE, VIRTTOPHYS_SYS);
    return driver_start(service);
}

static HANDLE open_link(void)
{
    HANDLE handle = NULL;

    CHECK_STATUS(io_test_open(LINK, &handle), STATUS_SUCCESS);
    return handle;
}

static BOOLEAN is_of_type(PVOID object, POBJECT_TYPE type)
{
    return object && ob_header(object)->Type == type;
}

SELFTEST(driver_virttophys_has_its_names)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    UNICODE_STRING expected = UNICODE_STRING_INIT(DEVICE);
    WCHAR buffer[64];
    UNICODE_STRING target = {0, sizeof buffer, buffer};
    struct test_service service;
    PDRIVER_OBJECT driver = start(&service);
    HANDLE link;

    CHECK(is_of_type(driver_object(u"\\Driver\\VirtToPhys"), io_driver_type));
    CHECK(is_of_type(driver_object(DEVICE), io_device_type));
    CHECK_EQUAL(driver->DeviceObject, driver_object(DEVICE));
    CHECK_STATUS(test_open_link(LINK, &link), STATUS_SUCCESS);
    CHECK_STATUS(NtQuerySymbolicLinkObject(link, &target, NULL), STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&target, &expected, FALSE));
    NtClose(link);
    CHECK_EQUAL(driver_object(LINK), driver_object(DEVICE)); /* the link leads there */
    driver_stop(&service);
    CHECK_EQUAL(driver_object(u"\\Driver\\VirtToPhys"), NULL);
    CHECK_EQUAL(driver_object(DEVICE), NULL);
    CHECK_STATUS(test_open_link(LINK, &link), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

static BOOLEAN is_in_image(const DRIVER_OBJECT *driver, const void *address)
{
    return (ULONG)address - (ULONG)driver->DriverStart < driver->DriverSize;
}

/* Nt-facts 3.9: CREATE, CLOSE and DEVICE_CONTROL are its own, the rest is the kernel's preset. */
SELFTEST(driver_virttophys_object)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    struct test_service service;
    PDRIVER_OBJECT driver = start(&service);

    CHECK((ULONG)driver->DriverStart >= SYSTEM_PTES_START);
    CHECK((ULONG)driver->DriverStart + driver->DriverSize <= SYSTEM_PTES_END);
    CHECK(driver->Flags & DRVO_LEGACY_DRIVER);
    CHECK(is_in_image(driver, driver->DriverInit) && is_in_image(driver, driver->DriverUnload));
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        CHECK_EQUAL(is_in_image(driver, driver->MajorFunction[i]),
                    i == IRP_MJ_CREATE || i == IRP_MJ_CLOSE || i == IRP_MJ_DEVICE_CONTROL);
    CHECK_EQUAL(driver->MajorFunction[IRP_MJ_CREATE], driver->MajorFunction[IRP_MJ_CLOSE]);
    CHECK_EQUAL(driver->DeviceObject->Flags & DO_DEVICE_INITIALIZING, 0);
    CHECK_EQUAL(driver->DeviceObject->DeviceType, FILE_DEVICE_UNKNOWN);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

/* ---- Answers ---- */

/* Walks of our own, by the SDM's figures 4-2, 4-3, 4-5 and 4-6, through the direct map. */
static ULONG walk_pae_by_hand(ULONG address)
{
    const ULONGLONG *pointers = direct_map(read_cr3() & 0xFFFFFFE0);
    const ULONGLONG *directory = direct_map((ULONG)pointers[address / 0x40000000] & 0xFFFFF000);
    ULONGLONG pde = directory[address / 0x200000 % 512];

    if (!(pde & 1))
        return 0;
    if (pde & 0x80)
        return ((ULONG)pde & 0xFFE00000) + address % 0x200000;
    const ULONGLONG *table = direct_map((ULONG)pde & 0xFFFFF000);
    ULONGLONG pte = table[address / 0x1000 % 512];

    return pte & 1 ? ((ULONG)pte & 0xFFFFF000) + address % 0x1000 : 0;
}

static ULONG walk_by_hand(ULONG address)
{
    if (cpu_read_cr4() & CR4_PAE)
        return walk_pae_by_hand(address);
    const ULONG *directory = direct_map(read_cr3() & 0xFFFFF000);
    ULONG pde = directory[address / 0x400000];

    if (!(pde & 1))
        return 0;
    if (pde & 0x80 && cpu_read_cr4() & CR4_PSE)
        return (pde & 0xFFC00000) + address % 0x400000;
    const ULONG *table = direct_map(pde & 0xFFFFF000);
    ULONG pte = table[address / 0x1000 % 1024];

    return pte & 1 ? (pte & 0xFFFFF000) + address % 0x1000 : 0;
}

/* Four addresses a request; the driver, the walk and our own hand must agree. */
static BOOLEAN check_four(HANDLE device, const ULONG addresses[NUM_DATA_ENTRY])
{
    ULONG answers[NUM_DATA_ENTRY] = {0};
    IO_STATUS_BLOCK iosb = {{STATUS_PENDING}, 0};
    BOOLEAN right =
        CHECK_STATUS(NtDeviceIoControlFile(device, NULL, NULL, NULL, &iosb, IOCTL_GET_PHYS_ADDRESS,
                                           (PVOID)addresses, DATA_SIZE, answers, DATA_SIZE),
                     STATUS_SUCCESS);

    CHECK_EQUAL(iosb.Information, DATA_SIZE);
    for (ULONG i = 0; i < NUM_DATA_ENTRY; i++) {
        ULONG expected = walk_by_hand(addresses[i]);

        right &= CHECK_EQUAL(answers[i], expected);
        right &= CHECK_EQUAL(mm_walk(addresses[i]).physical, expected);
        right &= CHECK_EQUAL(MmGetPhysicalAddress((PVOID)addresses[i]).QuadPart, expected);
    }
    return right;
}

/* The addresses from `start` on, `count` of them, `step` bytes apart. */
static void check_series(HANDLE device, ULONG start, ULONG count, ULONG step)
{
    for (ULONG i = 0; i < count; i += NUM_DATA_ENTRY) {
        ULONG at = start + i * step;
        ULONG four[NUM_DATA_ENTRY] = {at, at + step, at + 2 * step, at + 3 * step};

        if (!check_four(device, four))
            return;
    }
}

/* A mapped image before its pages have been touched, when some are not there, and after. */
static void check_image(HANDLE device, ULONG base)
{
    check_series(device, base, 64, PAGE_SIZE);
    ULONG pages = page_count(test_touch_image(base));

    for (ULONG i = 0; i < pages; i++)
        CHECK(walk_by_hand(base + i * PAGE_SIZE) != 0);
    check_series(device, base, pages + 2, PAGE_SIZE);
    check_series(device, base, 64, 0x3A7);
}

static void check_random(HANDLE device)
{
    ULONG state = 20030831;

    for (ULONG round = 0; round < 2000; round++) {
        ULONG four[NUM_DATA_ENTRY];

        for (ULONG i = 0; i < NUM_DATA_ENTRY; i++) {
            state = state * 1664525 + 1013904223;
            four[i] = state ^ state >> 13;
        }
        if (!check_four(device, four))
            return;
    }
}

/* All kinds of places: pages of the process, of the kernel and of the driver, tables, nothing. */
static void check_everywhere(HANDLE device, const DRIVER_OBJECT *driver)
{
    static const ULONG odd[][NUM_DATA_ENTRY] = {
        {0, 1, 0xFFF, 0x1000},
        {0xFFFF, 0x10000, 0x7FFEFFFF, 0x7FFF0000},
        {0x7FFFFFFF, 0x80000000, 0x80000FFF, 0x803FFFFF},
        {0x80400000, 0x807FFFFF, 0x80ABCDEF, 0x9FFFFFFF},
        {0xA0000000, 0xBFFFFFFF, 0xC0000000, 0xC0001000},
        {0xC02FFFFF, 0xC0300000, 0xC0300C00, 0xC0300FFF},
        {0xC0200400, 0xC0201000, 0xC03FFFFC, 0xC0400000},
        {0xD0000000, 0xDFFFFFFF, 0xEFFFFFFF, 0xFFFFFFFF},
    };

    for (ULONG i = 0; i < ARRAY_SIZE(odd); i++)
        check_four(device, odd[i]);
    for (ULONG i = 0; i < TEST_IMAGES; i++)
        check_image(device, test_images[i].base);
    check_series(device, 0x80000000, 1028, PAGE_SIZE);
    check_series(device, 0x80400000, 256, 0x10001);
    check_series(device, (ULONG)driver->DriverStart, page_count(driver->DriverSize) + 1, PAGE_SIZE);
    check_series(device, (ULONG)driver->DriverStart, 64, 0x111);
    check_random(device);
}

SELFTEST(driver_virttophys_answers_as_the_tables_say)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    ObfDereferenceObject(test_process());
    struct test_mark mark = test_mark();
    struct process *process = test_process(), *last;
    struct test_service service;
    PDRIVER_OBJECT driver = start(&service);

    CHECK_STATUS(test_map_dlls(process), STATUS_SUCCESS);
    last = ps_attach(process);
    HANDLE device = open_link();

    check_everywhere(device, driver);
    NtClose(device);
    ps_attach(last);
    ObfDereferenceObject(process);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

#define PRIVATE 0x20000000u

/* In the current process: what the driver says of its PEB, a page of its own, the program's first page
 * and the kernel's. */
static void ask_in_process(ULONG answers[NUM_DATA_ENTRY])
{
    ULONG addresses[NUM_DATA_ENTRY] = {NT_PEB, PRIVATE, test_images[0].base, 0x80100000};
    HANDLE device = open_link();
    PVOID base = (PVOID)PRIVATE;
    SIZE_T size = PAGE_SIZE;
    IO_STATUS_BLOCK iosb;

    CHECK_STATUS(NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size,
                                         MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
                 STATUS_SUCCESS);
    for (ULONG i = 0; i < NUM_DATA_ENTRY; i++)
        CHECK_EQUAL(probe_read(addresses[i]), NO_FAULT);
    CHECK_STATUS(NtDeviceIoControlFile(device, NULL, NULL, NULL, &iosb, IOCTL_GET_PHYS_ADDRESS,
                                       addresses, DATA_SIZE, answers, DATA_SIZE),
                 STATUS_SUCCESS);
    NtClose(device);
}

/* The same address in two processes is two places, or one that they share. */
SELFTEST(driver_virttophys_answers_for_the_caller)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    ObfDereferenceObject(test_process());
    struct test_mark mark = test_mark();
    struct process *processes[2] = {test_process(), test_process()}, *last = ps_current();
    ULONG answers[2][NUM_DATA_ENTRY];
    struct test_service service;

    start(&service);
    for (ULONG i = 0; i < 2; i++) {
        ps_attach(processes[i]);
        ask_in_process(answers[i]);
    }
    ps_attach(last);
    for (ULONG i = 0; i < 2; i++)
        CHECK(answers[0][i] && answers[1][i] && answers[0][i] != answers[1][i]);
    CHECK(answers[0][2] && answers[0][2] == answers[1][2]); /* nobody has written to it */
    CHECK_EQUAL(answers[0][3], 0x00100000);
    CHECK_EQUAL(answers[1][3], 0x00100000);
    ObfDereferenceObject(processes[1]);
    ObfDereferenceObject(processes[0]);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

/* ---- Refusals ---- */

/* An IRP of our own shows what the driver itself put into IoStatus. */
static IO_STATUS_BLOCK ask(PDEVICE_OBJECT device, ULONG code, ULONG in_length, ULONG out_length)
{
    PIRP irp = IoAllocateIrp(device->StackSize, FALSE);
    PIO_STACK_LOCATION location = IoGetNextIrpStackLocation(irp);
    IO_STATUS_BLOCK iosb = {{0x55555555}, 0x66666666};
    ULONG buffer[8] = {0};

    location->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    location->Parameters.DeviceIoControl.IoControlCode = code;
    location->Parameters.DeviceIoControl.InputBufferLength = in_length;
    location->Parameters.DeviceIoControl.OutputBufferLength = out_length;
    irp->AssociatedIrp.SystemBuffer = buffer;
    irp->UserIosb = &iosb;
    NTSTATUS status = IofCallDriver(device, irp);

    CHECK_STATUS(status, iosb.Status);
    return iosb;
}

SELFTEST(driver_virttophys_refuses_short_buffers)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    struct test_service service;
    PDEVICE_OBJECT device = start(&service)->DeviceObject;

    for (ULONG in = 0; in <= 20; in++) {
        for (ULONG out = 0; out <= 20; out++) {
            BOOLEAN enough = in >= DATA_SIZE && out >= DATA_SIZE;
            IO_STATUS_BLOCK iosb = ask(device, IOCTL_GET_PHYS_ADDRESS, in, out);

            CHECK_STATUS(iosb.Status, enough ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL);
            CHECK_EQUAL(iosb.Information, enough ? DATA_SIZE : 0);
        }
    }
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

SELFTEST(driver_virttophys_knows_one_code)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    struct test_service service;
    PDEVICE_OBJECT device = start(&service)->DeviceObject;

    CHECK_EQUAL(IOCTL_GET_PHYS_ADDRESS, 0x0022E000);
    for (ULONG bit = 0; bit < 32; bit++) {
        IO_STATUS_BLOCK iosb =
            ask(device, IOCTL_GET_PHYS_ADDRESS ^ 1u << bit, DATA_SIZE, DATA_SIZE);

        CHECK_STATUS(iosb.Status, STATUS_INVALID_DEVICE_REQUEST);
        CHECK_EQUAL(iosb.Information, 0);
    }
    CHECK_STATUS(ask(device, 0, DATA_SIZE, DATA_SIZE).Status, STATUS_INVALID_DEVICE_REQUEST);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

/* Through the service an error leaves status block and output as they were. */
SELFTEST(driver_virttophys_refusals_touch_nothing)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    ULONG in[5] = {0x80100000, 0, 0, 0, 0}, out[5] = {7, 7, 7, 7, 7};
    IO_STATUS_BLOCK iosb = {{0x55555555}, 0x66666666};
    struct test_service service;

    start(&service);
    HANDLE device = open_link();

    CHECK_STATUS(NtDeviceIoControlFile(device, NULL, NULL, NULL, &iosb, IOCTL_GET_PHYS_ADDRESS, in,
                                       15, out, 16),
                 STATUS_BUFFER_TOO_SMALL);
    CHECK_STATUS(NtDeviceIoControlFile(device, NULL, NULL, NULL, &iosb, IOCTL_GET_PHYS_ADDRESS + 4,
                                       in, 16, out, 16),
                 STATUS_INVALID_DEVICE_REQUEST);
    CHECK(out[0] == 7 && iosb.Status == 0x55555555 && iosb.Information == 0x66666666);
    CHECK_STATUS(NtDeviceIoControlFile(device, NULL, NULL, NULL, &iosb, IOCTL_GET_PHYS_ADDRESS, in,
                                       20, out, 20),
                 STATUS_SUCCESS);
    CHECK(out[0] == 0x00100000 && out[3] == 0 && out[4] == 7 && iosb.Information == 16);
    NtClose(device);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}
