/* Processes: their modules, their handles, and what is left of them (nothing). */
#include "ps/process.h"

#include "bootinfo.h"
#include "ps/image.h"
#include "tests/kernel/driver_support.h"
#include "tests/kernel/mm_support.h"

#define PROGRAM "VirtToPhys.exe"

static struct process *create(void)
{
    struct process *process = NULL;

    CHECK_STATUS(ps_create_process(PROGRAM, &process), STATUS_SUCCESS);
    return process;
}

/* Each once, the program first, all where they prefer to be. */
SELFTEST(ps_modules_are_loaded_once)
{
    SELFTEST_NEEDS_FILE(PROGRAM);
    static const struct {
        const char *name;
        ULONG base;
    } expected[] = {
        {"VirtToPhys.exe", 0x00400000}, {"advapi32.dll", 0x77DA0000}, {"kernel32.dll", 0x77E40000},
        {"ntdll.dll", 0x77F40000},      {"user32.dll", 0x77D00000},
    };
    struct process *process = create();
    struct module *again;
    ULONG count = 0;

    LIST_FOR_EACH(module, &process->modules, struct module, link)
    count++;
    CHECK_EQUAL(count, ARRAY_SIZE(expected));
    CHECK_TEXT(CONTAINING_RECORD(process->modules.Flink, struct module, link)->name, PROGRAM);
    for (ULONG i = 0; i < ARRAY_SIZE(expected); i++) {
        struct module *module = module_find(&process->modules, expected[i].name);

        CHECK(module && module->base == expected[i].base);
    }
    struct process *last = ps_attach(process);

    CHECK_STATUS(image_load_user(process, "KERNEL32.DLL", &again), STATUS_SUCCESS);
    CHECK_EQUAL(again, module_find(&process->modules, "kernel32.dll"));
    ps_attach(last);
    ps_destroy_process(process);
}

/* ---- Failures ---- */

static void check_failing(const char *program, NTSTATUS expected)
{
    struct process *process = NULL;

    CHECK_STATUS(ps_create_process(program, &process), expected);
    struct driver_mark mark = driver_mark();

    for (ULONG i = 0; i < 20; i++)
        CHECK_STATUS(ps_create_process(program, &process), expected);
    CHECK_ALL_RETURNED(mark);
    CHECK_EQUAL(process, NULL);
}

SELFTEST(ps_missing_programs_leave_nothing)
{
    check_failing("missing.exe", STATUS_OBJECT_NAME_NOT_FOUND);
    check_failing("", STATUS_FILE_IS_A_DIRECTORY);
    check_failing("a-name-that-is-longer-than-the-loader-has-room-for-in-its-path.exe",
                  STATUS_OBJECT_NAME_INVALID);
}

SELFTEST(ps_other_images_are_no_programs)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    SELFTEST_NEEDS_FILE("kernel32.dll");
    check_failing("VirtToPhys.sys", STATUS_INVALID_IMAGE_FORMAT);
    check_failing("kernel32.dll", STATUS_INVALID_IMAGE_FORMAT);
}

static struct boot_module *boot_module(const char *name)
{
    for (ULONG i = 0; i < boot_info.module_count; i++)
        if (rtl_equal_text(boot_info.modules[i].name, name))
            return &boot_info.modules[i];
    return NULL;
}

/* The file is there under another name, then cut short. */
SELFTEST(ps_missing_and_broken_libraries_leave_nothing)
{
    SELFTEST_NEEDS_FILE("user32.dll");
    struct boot_module *module = boot_module("user32.dll");
    ULONG size = module->size;

    module->name[0] = 'X';
    check_failing(PROGRAM, STATUS_DLL_NOT_FOUND);
    module->name[0] = 'u';
    module->size = 0;
    check_failing(PROGRAM, STATUS_INVALID_IMAGE_FORMAT);
    module->size = 0x200;
    check_failing(PROGRAM, STATUS_INVALID_IMAGE_FORMAT);
    module->size = size;
    ps_destroy_process(create());
}

/* ---- Handles and spaces ---- */

SELFTEST(ps_processes_have_their_own_handles)
{
    SELFTEST_NEEDS_FILE(PROGRAM);
    struct test_mark mark = io_test_begin();
    struct process *first = create(), *second = create(), *system = ps_current();
    HANDLE handle;

    CHECK_EQUAL(system, &ps_system_process);
    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    CHECK_EQUAL(ps_attach(first), system);
    CHECK_EQUAL(ps_current(), first);
    CHECK_EQUAL(mm_space_current(), first->ke.space);
    handle = io_test_handle();
    CHECK_EQUAL(ps_attach(second), first);
    CHECK_STATUS(NtClose(handle), STATUS_INVALID_HANDLE);
    ps_attach(system);
    CHECK_TEXT(io_test.trace, "Ac");
    ps_destroy_process(first); /* closes what it had open */
    CHECK_TEXT(io_test.trace, "Ac Au Ax");
    ps_destroy_process(second);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ps_processes_share_no_page)
{
    SELFTEST_NEEDS_FILE(PROGRAM);
    struct process *first = create(), *second = create(), *last = ps_current();

    for (ULONG at = 0x00400000; at < 0x00404000; at += PAGE_SIZE) {
        ps_attach(first);
        ULONG one = mm_walk(at).physical;

        ps_attach(second);
        ULONG two = mm_walk(at).physical;

        CHECK(one != two && one && two);
        CHECK(memcmp(direct_map(one), direct_map(two), PAGE_SIZE) == 0);
    }
    ps_attach(last);
    ps_destroy_process(first);
    ps_destroy_process(second);
}

/* One before the count: it leaves an empty page for each size of pool block. */
SELFTEST(ps_leak_of_a_hundred_processes)
{
    SELFTEST_NEEDS_FILE(PROGRAM);
    ps_destroy_process(create());
    struct driver_mark mark = driver_mark();

    for (ULONG i = 0; i < 100; i++)
        ps_destroy_process(create());
    CHECK_ALL_RETURNED(mark);
}
