#include "tests/kernel/ps_support.h"

#include "io/io.h"
#include "nt/image.h"
#include "paging.h"
#include "ps/section.h"
#include "ps/vm.h"
#include "tests/kernel/mm_support.h"

const struct test_image test_images[TEST_IMAGES] = {
    {TEST_PROGRAM, u"\\??\\C:\\VirtToPhys.exe", 0x00400000},
    {"ntdll.dll", u"\\??\\C:\\ntdll.dll", 0x77F40000},
    {"kernel32.dll", u"\\??\\C:\\kernel32.dll", 0x77E40000},
    {"user32.dll", u"\\??\\C:\\user32.dll", 0x77D00000},
    {"advapi32.dll", u"\\??\\C:\\advapi32.dll", 0x77DA0000},
};

struct process *test_process(void)
{
    struct process *process = NULL;

    CHECK_STATUS(ps_create_image_process(TEST_PROGRAM, &process), STATUS_SUCCESS);
    return process;
}

static NTSTATUS open_image(PCWSTR path, HANDLE *section)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&name, OBJ_CASE_INSENSITIVE);
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    RtlInitUnicodeString(&name, path);
    NTSTATUS status = ZwOpenFile(&file, GENERIC_READ | GENERIC_EXECUTE | SYNCHRONIZE, &attributes,
                                 &iosb, FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT);

    if (!NT_SUCCESS(status))
        return status;
    status =
        NtCreateSection(section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, file);
    NtClose(file);
    return status;
}

NTSTATUS test_map_image(PCWSTR path, ULONG *base)
{
    HANDLE section;
    SIZE_T size = 0;
    NTSTATUS status = open_image(path, &section);

    if (!NT_SUCCESS(status))
        return status;
    *base = 0;
    status = NtMapViewOfSection(section, NtCurrentProcess(), (PVOID *)base, 0, 0, NULL, &size,
                                ViewShare, 0, PAGE_READONLY);
    NtClose(section);
    return status;
}

NTSTATUS test_map_dlls(struct process *process)
{
    struct process *last = ps_attach(process);
    NTSTATUS status = STATUS_SUCCESS;
    ULONG base;

    for (ULONG i = TEST_IMAGES_MAPPED; i < TEST_IMAGES && NT_SUCCESS(status); i++) {
        status = test_map_image(test_images[i].path, &base);
        if (NT_SUCCESS(status))
            CHECK_EQUAL(base, test_images[i].base);
    }
    ps_attach(last);
    return status;
}

ULONG test_touch_image(ULONG base)
{
    if (!CHECK_EQUAL(probe_read(base), NO_FAULT))
        return 0;
    const IMAGE_NT_HEADERS32 *headers =
        (const void *)(base + (ULONG)((const IMAGE_DOS_HEADER *)base)->e_lfanew);
    ULONG bytes = page_round_up(headers->OptionalHeader.SizeOfImage);

    for (ULONG at = PAGE_SIZE; at < bytes; at += PAGE_SIZE)
        CHECK_EQUAL(probe_read(base + at), NO_FAULT);
    return bytes;
}
