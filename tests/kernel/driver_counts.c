/* Figures 4-3, 4-6 and 4-8 on the real driver's objects. */
#include "tests/kernel/driver_support.h"

#define LINK   u"\\??\\slVirtToPhys"
#define DEVICE u"\\Device\\devVirtToPhys"

static PDRIVER_OBJECT start(struct test_service *service)
{
    driver_register(service, u"VirtToPhys", VIRTTOPHYS_SYS);
    return driver_start(service);
}

/*
 * Figure 4-3 shows "?": WinObj cannot open a device. It has no handle; its pointers are 1 for its
 * name in \Device (which is permanent) and 1 that IoCreateDevice gave its driver. Open files are
 * counted by DEVICE_OBJECT.ReferenceCount instead.
 */
SELFTEST(driver_counts_of_figure_4_3)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    struct test_service service;
    PDEVICE_OBJECT device = start(&service)->DeviceObject;
    HANDLE first, second;

    CHECK_COUNTS(device, 0, 2);
    CHECK(ob_header(device)->Flags & OB_FLAG_PERMANENT);
    CHECK_EQUAL(device->ReferenceCount, 0);
    CHECK_STATUS(io_test_open(LINK, &first), STATUS_SUCCESS);
    CHECK_STATUS(io_test_open(LINK, &second), STATUS_SUCCESS);
    CHECK_COUNTS(device, 0, 2);
    CHECK_EQUAL(device->ReferenceCount, 2);
    NtClose(first);
    NtClose(second);
    CHECK_EQUAL(device->ReferenceCount, 0);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

/* Figure 4-4's driver object: 1 for its name, 1 that loading keeps, 1 for its device. */
SELFTEST(driver_counts_of_the_driver_object)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    struct test_service service;
    PDRIVER_OBJECT driver = start(&service);

    CHECK_COUNTS(driver, 0, 3);
    CHECK(ob_header(driver)->Flags & OB_FLAG_PERMANENT);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

/* Figure 4-6: the link is permanent, has no handle, and 1 reference: its name. */
SELFTEST(driver_counts_of_figure_4_6)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    struct test_service service;
    HANDLE handle, file;
    PVOID link;

    start(&service);
    CHECK_STATUS(test_open_link(LINK, &handle), STATUS_SUCCESS);
    link = test_object(handle);
    CHECK_EQUAL(ob_header(link)->Type, ob_symbolic_link_type);
    CHECK_COUNTS(link, 1, 2); /* our handle's too */
    NtClose(handle);
    CHECK_COUNTS(link, 0, 1);
    CHECK(ob_header(link)->Flags & OB_FLAG_PERMANENT);
    CHECK_STATUS(io_test_open(LINK, &file), STATUS_SUCCESS);
    CHECK_COUNTS(link, 0, 1); /* opens go through it and leave no trace */
    NtClose(file);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

/*
 * Figure 4-8: Handles 1, References 2, of which one is the viewer's own, as the Russian text found
 * out with SoftICE; so the file object has 1 handle and 1 pointer, and a query says 2.
 */
SELFTEST(driver_counts_of_figure_4_8)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    UNICODE_STRING expected = UNICODE_STRING_INIT(DEVICE);
    OBJECT_BASIC_INFORMATION basic = {0};
    struct test_service service;
    UCHAR record[128];
    HANDLE file;

    start(&service);
    CHECK_STATUS(io_test_open(LINK, &file), STATUS_SUCCESS);
    CHECK_EQUAL(ob_header(test_object(file))->Type, io_file_type);
    CHECK_COUNTS(test_object(file), 1, 1);
    CHECK_STATUS(NtQueryObject(file, ObjectBasicInformation, &basic, sizeof basic, NULL),
                 STATUS_SUCCESS);
    CHECK_EQUAL(basic.HandleCount, 1);
    CHECK_EQUAL(basic.PointerCount, 2);
    CHECK_EQUAL(basic.GrantedAccess, 0x0012019F); /* figure 4-7 */
    CHECK_EQUAL(basic.Attributes & OBJ_PERMANENT, 0);
    CHECK_STATUS(NtQueryObject(file, ObjectNameInformation, record, sizeof record, NULL),
                 STATUS_SUCCESS);
    CHECK(
        RtlEqualUnicodeString(&((POBJECT_NAME_INFORMATION)(void *)record)->Name, &expected, FALSE));
    NtClose(file);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}
