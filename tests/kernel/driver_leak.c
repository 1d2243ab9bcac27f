/* A driver that comes and goes a thousand times leaves nothing. */
#include "tests/kernel/driver_support.h"

#include "ioctl/virttophys.h"

enum { ROUNDS = 1000 };

static BOOLEAN use(ULONG round)
{
    ULONG addresses[NUM_DATA_ENTRY] = {0x80100000 + round, 0, 0, 0}, answers[NUM_DATA_ENTRY];
    IO_STATUS_BLOCK iosb;
    HANDLE file;
    BOOLEAN right;

    if (!CHECK_STATUS(io_test_open(u"\\??\\slVirtToPhys", &file), STATUS_SUCCESS))
        return FALSE;
    right =
        CHECK_STATUS(NtDeviceIoControlFile(file, NULL, NULL, NULL, &iosb, IOCTL_GET_PHYS_ADDRESS,
                                           addresses, DATA_SIZE, answers, DATA_SIZE),
                     STATUS_SUCCESS) &&
        CHECK_EQUAL(answers[0], 0x00100000 + round);
    return CHECK_STATUS(NtClose(file), STATUS_SUCCESS) && right;
}

static BOOLEAN run_round(struct test_service *service, ULONG round)
{
    return CHECK_STATUS(driver_load(service), STATUS_SUCCESS) && use(round) &&
           CHECK_STATUS(driver_unload(service), STATUS_SUCCESS);
}

/*
 * Pool (blocks, bytes, pages), frames, objects, handles and images equal to before. One round comes
 * before the count: it leaves the page table of the driver's system space, which the kernel never
 * gives back, and at most one empty page for each size of pool block, which pool keeps.
 */
SELFTEST(driver_leak_of_a_thousand_rounds)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_service service;
    ULONG round = 1;

    driver_register(&service, u"VirtToPhys", VIRTTOPHYS_SYS);
    run_round(&service, 0);
    struct driver_mark mark = driver_mark();

    while (round <= ROUNDS && run_round(&service, round))
        round++;
    CHECK_EQUAL(round, ROUNDS + 1);
    CHECK_ALL_RETURNED(mark);
    driver_unregister(&service);
}

/* The other order: unload is asked for while the file is open, and happens at its close. */
static BOOLEAN run_deferred_round(struct test_service *service)
{
    HANDLE file;

    return CHECK_STATUS(driver_load(service), STATUS_SUCCESS) &&
           CHECK_STATUS(io_test_open(u"\\??\\slVirtToPhys", &file), STATUS_SUCCESS) &&
           CHECK_STATUS(driver_unload(service), STATUS_SUCCESS) &&
           CHECK(driver_object(u"\\Driver\\VirtToPhys") != NULL) &&
           CHECK_STATUS(NtClose(file), STATUS_SUCCESS) &&
           CHECK(driver_object(u"\\Driver\\VirtToPhys") == NULL);
}

SELFTEST(driver_leak_of_deferred_unloads)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_service service;

    driver_register(&service, u"VirtToPhys", VIRTTOPHYS_SYS);
    run_deferred_round(&service);
    struct driver_mark mark = driver_mark();

    for (ULONG i = 0; i < 100 && run_deferred_round(&service); i++)
        ;
    CHECK_ALL_RETURNED(mark);
    driver_unregister(&service);
}
