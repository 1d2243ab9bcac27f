/* Processes: what is in them, their handles, and what is left of them (nothing). */
#include "tests/kernel/ps_support.h"

#include "bootinfo.h"
#include "mm/vad.h"
#include "nt/peb.h"
#include "tests/kernel/driver_support.h"
#include "tests/kernel/mm_support.h"

/* The program, ntdll, the PEB: all at their places, and no other range; the rest is ring 3's work. */
SELFTEST(ps_process_begins_with_two_images)
{
    SELFTEST_NEEDS_FILE(TEST_PROGRAM);
    struct process *process = test_process(), *last = ps_attach(process);
    const struct nt_peb *peb = (const struct nt_peb *)NT_PEB;
    ULONG ranges = 0, images = 0;

    LIST_FOR_EACH(vad, &process->ke.space->vads, struct mm_vad, link)
    {
        ranges++;
        images += vad->type == MEM_IMAGE;
    }
    CHECK_EQUAL(ranges, TEST_IMAGES_MAPPED + 1);
    CHECK_EQUAL(images, TEST_IMAGES_MAPPED);
    for (ULONG i = 0; i < TEST_IMAGES_MAPPED; i++) {
        const struct mm_vad *vad = mm_vad_find(process->ke.space, test_images[i].base);

        CHECK(vad && vad->start == test_images[i].base && vad->type == MEM_IMAGE);
    }
    CHECK_EQUAL(peb->image_base, test_images[0].base);
    CHECK_EQUAL(process->image_base, test_images[0].base);
    CHECK(process->entry > process->image_base);
    ps_attach(last);
    ObfDereferenceObject(process);
}

/* ---- Failures ---- */

static void check_failing(const char *program, NTSTATUS expected)
{
    struct process *process = NULL;

    CHECK_STATUS(ps_create_image_process(program, &process), expected);
    struct driver_mark mark = driver_mark();

    for (ULONG i = 0; i < 20; i++)
        CHECK_STATUS(ps_create_image_process(program, &process), expected);
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

SELFTEST(ps_a_library_is_no_program)
{
    SELFTEST_NEEDS_FILE("kernel32.dll");
    check_failing("kernel32.dll", STATUS_INVALID_IMAGE_FORMAT);
}

static struct boot_module *boot_module(const char *name)
{
    for (ULONG i = 0; i < boot_info.module_count; i++)
        if (rtl_equal_text(boot_info.modules[i].name, name))
            return &boot_info.modules[i];
    return NULL;
}

/* The file is there under another name, then empty, then cut short. */
SELFTEST(ps_missing_and_broken_images_leave_nothing)
{
    SELFTEST_NEEDS_FILE(TEST_PROGRAM);
    struct boot_module *module = boot_module(TEST_PROGRAM);
    ULONG size = module->size;

    module->name[0] = 'X';
    check_failing(TEST_PROGRAM, STATUS_OBJECT_NAME_NOT_FOUND);
    module->name[0] = 'V';
    module->size = 0;
    check_failing(TEST_PROGRAM, STATUS_INVALID_IMAGE_FORMAT);
    module->size = 0x200;
    check_failing(TEST_PROGRAM, STATUS_INVALID_IMAGE_FORMAT);
    module->size = size;
    ObfDereferenceObject(test_process());
}

/* ---- Handles and spaces ---- */

SELFTEST(ps_processes_have_their_own_handles)
{
    SELFTEST_NEEDS_FILE(TEST_PROGRAM);
    ObfDereferenceObject(test_process());
    struct test_mark mark = io_test_begin();
    struct process *first = test_process(), *second = test_process(), *system = ps_current();
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
    ObfDereferenceObject(first); /* closes what it had open */
    CHECK_TEXT(io_test.trace, "Ac Au Ax");
    ObfDereferenceObject(second);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* The page of each process at an address; both have it. */
static void read_frames(struct process *const processes[2], ULONG address, ULONG physical[2])
{
    for (ULONG i = 0; i < 2; i++) {
        struct process *last = ps_attach(processes[i]);

        CHECK_EQUAL(probe_read(address), NO_FAULT);
        physical[i] = (ULONG)mm_walk(address).physical;
        CHECK(physical[i] != 0);
        ps_attach(last);
    }
}

/* One page for both as long as none writes; the writer gets its own, with the same bytes. */
SELFTEST(ps_processes_share_what_they_do_not_write)
{
    SELFTEST_NEEDS_FILE(TEST_PROGRAM);
    struct process *processes[2] = {test_process(), test_process()}, *last;
    ULONG base = test_images[0].base, before[2], after[2], written = 0;
    ULONG bytes;

    last = ps_attach(processes[0]);
    bytes = test_touch_image(base);
    ps_attach(last);
    for (ULONG at = base; at < base + bytes; at += PAGE_SIZE) {
        read_frames(processes, at, before);
        CHECK_EQUAL(before[0], before[1]);
        ps_attach(processes[0]);
        BOOLEAN writes = probe_write(at) == NO_FAULT;

        ps_attach(last);
        read_frames(processes, at, after);
        CHECK_EQUAL(after[1], before[1]);
        CHECK_EQUAL(after[0] != before[0], writes);
        CHECK(memcmp(direct_map(after[0]), direct_map(after[1]), PAGE_SIZE) == 0);
        written += writes;
    }
    CHECK(written > 0 && written < page_count(bytes));
    read_frames(processes, NT_PEB, before);
    CHECK(before[0] != before[1]);
    ObfDereferenceObject(processes[0]);
    ObfDereferenceObject(processes[1]);
}

/* One before the count: it leaves an empty page for each size of pool block. */
SELFTEST(ps_leak_of_a_hundred_processes)
{
    SELFTEST_NEEDS_FILE(TEST_PROGRAM);
    ObfDereferenceObject(test_process());
    struct driver_mark mark = driver_mark();

    for (ULONG i = 0; i < 100; i++)
        ObfDereferenceObject(test_process());
    CHECK_ALL_RETURNED(mark);
}
