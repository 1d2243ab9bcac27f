/* Sections: images, shared pages and files, mapped into processes. */
#include "tests/kernel/mm_support.h"

#include "io/io.h"
#include "mm/commit.h"
#include "mm/user.h"
#include "mm/vad.h"
#include "ps/process.h"
#include "ps/section.h"
#include "ps/vm.h"

static const UNICODE_STRING program = UNICODE_STRING_INIT(u"\\??\\C:\\VirtToPhys.exe");
static const UNICODE_STRING library = UNICODE_STRING_INIT(u"\\??\\C:\\kernel32.dll");

/* ---- Spaces and leaks ---- */

static struct mm_space *last;

static struct mm_space *enter(void)
{
    struct mm_space *space = mm_space_create();

    last = mm_space_switch(space);
    return space;
}

static void leave(struct mm_space *space)
{
    mm_space_switch(last);
    mm_space_destroy(space);
}

struct mark {
    ULONG frames, blocks, promised, objects, handles;
};

static struct mark mark(void)
{
    return (struct mark){frame_counts().free + pool_counts().pages, pool_counts().blocks,
                         commit_promised(), ob_counts().objects, ob_counts().handles};
}

static void check_mark(struct mark before)
{
    struct mark now = mark();

    CHECK_EQUAL(now.frames, before.frames);
    CHECK_EQUAL(now.blocks, before.blocks);
    CHECK_EQUAL(now.promised, before.promised);
    CHECK_EQUAL(now.objects, before.objects);
    CHECK_EQUAL(now.handles, before.handles);
}

/* ---- Short forms ---- */

static HANDLE create(ULONG bytes, ULONG protect)
{
    LARGE_INTEGER size = {.QuadPart = bytes};
    HANDLE handle = NULL;

    CHECK_STATUS(
        NtCreateSection(&handle, SECTION_ALL_ACCESS, NULL, &size, protect, SEC_COMMIT, NULL),
        STATUS_SUCCESS);
    return handle;
}

static HANDLE open_file(PCUNICODE_STRING path)
{
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(path, OBJ_CASE_INSENSITIVE);
    IO_STATUS_BLOCK iosb;
    HANDLE file = NULL;

    CHECK_STATUS(ZwOpenFile(&file, GENERIC_READ | GENERIC_EXECUTE | SYNCHRONIZE, &attributes, &iosb,
                            FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT),
                 STATUS_SUCCESS);
    return file;
}

static HANDLE create_image(PCUNICODE_STRING path)
{
    HANDLE file = open_file(path), handle = NULL;

    CHECK_STATUS(
        NtCreateSection(&handle, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, file),
        STATUS_SUCCESS);
    NtClose(file);
    return handle;
}

/* Maps into the current space; the view's address in *base. */
static NTSTATUS map(HANDLE section, ULONG *base, ULONG protect)
{
    SIZE_T size = 0;

    return NtMapViewOfSection(section, NtCurrentProcess(), (PVOID *)base, 0, 0, NULL, &size,
                              ViewShare, 0, protect);
}

static MEMORY_BASIC_INFORMATION query(ULONG address)
{
    MEMORY_BASIC_INFORMATION info = {0};

    CHECK_STATUS(NtQueryVirtualMemory(NtCurrentProcess(), (PVOID)address, MemoryBasicInformation,
                                      &info, sizeof info, NULL),
                 STATUS_SUCCESS);
    return info;
}

static void write_word(ULONG address, ULONG word)
{
    CHECK_STATUS(mm_copy_to_user((PVOID)address, &word, sizeof word), STATUS_SUCCESS);
}

static ULONG read_word(ULONG address)
{
    ULONG word = 0;

    CHECK_STATUS(mm_copy_from_user(&word, (PVOID)address, sizeof word), STATUS_SUCCESS);
    return word;
}

/* ---- Shared pages ---- */

SELFTEST(ps_section_views_share_pages)
{
    struct mark before = mark();
    HANDLE section = create(3 * PAGE_SIZE - 5, PAGE_READWRITE);
    struct mm_space *first = enter();
    ULONG a = 0, b = 0x20000000, c = 0;

    CHECK_STATUS(map(section, &a, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_STATUS(map(section, &b, PAGE_READONLY), STATUS_SUCCESS);
    CHECK_EQUAL(a, USER_START);
    CHECK_EQUAL(b, 0x20000000);
    CHECK_EQUAL(query(a).RegionSize, 3 * PAGE_SIZE);
    CHECK_EQUAL(query(a).Type, MEM_MAPPED);
    write_word(a + PAGE_SIZE, 4711);
    CHECK_EQUAL(read_word(b + PAGE_SIZE), 4711);
    CHECK_EQUAL(mm_walk(a + PAGE_SIZE).physical, mm_walk(b + PAGE_SIZE).physical);
    CHECK_STATUS(mm_probe_write((PVOID)b, 1, 1), STATUS_ACCESS_VIOLATION);
    mm_space_switch(last);
    struct mm_space *second = enter();

    CHECK_STATUS(map(section, &c, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_EQUAL(read_word(c + PAGE_SIZE), 4711);
    CHECK_STATUS(NtClose(section), STATUS_SUCCESS); /* the views keep the pages */
    write_word(c, 99);
    mm_space_switch(first);
    CHECK_EQUAL(read_word(b), 99);
    CHECK_STATUS(NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)(a + PAGE_SIZE + 7)),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)a), STATUS_NOT_MAPPED_VIEW);
    CHECK_STATUS(mm_probe_write((PVOID)a, 1, 1), STATUS_ACCESS_VIOLATION);
    leave(first);
    mm_space_destroy(second);
    check_mark(before);
}

SELFTEST(ps_section_copies_on_write)
{
    struct mark before = mark();
    HANDLE section = create(PAGE_SIZE, PAGE_READWRITE);
    struct mm_space *space = enter();
    ULONG shared = 0, copied = 0;

    CHECK_STATUS(map(section, &shared, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_STATUS(map(section, &copied, PAGE_WRITECOPY), STATUS_SUCCESS);
    write_word(shared, 1);
    CHECK_EQUAL(read_word(copied), 1);
    CHECK_EQUAL(query(copied).Protect, PAGE_WRITECOPY);
    write_word(copied + 4, 2);
    CHECK_EQUAL(read_word(copied), 1);
    CHECK_EQUAL(query(copied).Protect, PAGE_READWRITE);
    CHECK_EQUAL(query(copied).AllocationProtect, PAGE_WRITECOPY);
    CHECK_EQUAL(read_word(shared + 4), 0);
    write_word(shared, 3);
    CHECK_EQUAL(read_word(copied), 1);
    NtClose(section);
    leave(space);
    check_mark(before);
}

SELFTEST(ps_section_statuses_of_creating)
{
    static const struct {
        LONGLONG size;
        ULONG protect, allocation;
        NTSTATUS status;
    } cases[] = {
        {0x1000, PAGE_READWRITE, 0, STATUS_INVALID_PARAMETER_6},
        {0x1000, PAGE_READWRITE, SEC_COMMIT | SEC_IMAGE, STATUS_INVALID_PARAMETER_6},
        {0x1000, PAGE_READWRITE, 1, STATUS_INVALID_PARAMETER_6},
        {0x1000, PAGE_READWRITE, SEC_RESERVE, STATUS_NOT_SUPPORTED},
        {0x1000, 0, SEC_COMMIT, STATUS_INVALID_PAGE_PROTECTION},
        {0x1000, PAGE_NOACCESS, SEC_COMMIT, STATUS_INVALID_PAGE_PROTECTION},
        {0x1000, PAGE_READWRITE | PAGE_GUARD, SEC_COMMIT, STATUS_INVALID_PAGE_PROTECTION},
        {0x1000, PAGE_READWRITE | PAGE_READONLY, SEC_COMMIT, STATUS_INVALID_PAGE_PROTECTION},
        {0x1000, PAGE_EXECUTE, SEC_IMAGE, STATUS_INVALID_FILE_FOR_SECTION},
        {0, PAGE_READWRITE, SEC_COMMIT, STATUS_INVALID_PARAMETER_4},
        {1ll << 32, PAGE_READWRITE, SEC_COMMIT, STATUS_SECTION_TOO_BIG},
        {-1, PAGE_READWRITE, SEC_COMMIT, STATUS_SECTION_TOO_BIG},
        {0x70000000, PAGE_READWRITE, SEC_COMMIT, STATUS_COMMITMENT_LIMIT},
    };
    struct mark before = mark();

    for (ULONG i = 0; i < ARRAY_SIZE(cases); i++) {
        LARGE_INTEGER size = {.QuadPart = cases[i].size};
        HANDLE handle = NULL;

        CHECK_STATUS(NtCreateSection(&handle, SECTION_ALL_ACCESS, NULL, &size, cases[i].protect,
                                     cases[i].allocation, NULL),
                     cases[i].status);
        CHECK_EQUAL(handle, NULL);
    }
    check_mark(before);
}

SELFTEST(ps_section_statuses_of_mapping)
{
    static const struct {
        ULONG base, zero_bits;
        LONGLONG offset;
        ULONG size, inherit, allocation, protect;
        NTSTATUS status;
    } cases[] = {
        {0x7FFE0000, 0, 0, 0, 1, 0, PAGE_READONLY, STATUS_INVALID_PARAMETER_3},
        {0x80000000, 0, 0, 0, 1, 0, PAGE_READONLY, STATUS_INVALID_PARAMETER_3},
        {0, 22, 0, 0, 1, 0, PAGE_READONLY, STATUS_INVALID_PARAMETER_4},
        {0, 0, 0, 0, 0, 0, PAGE_READONLY, STATUS_INVALID_PARAMETER_8},
        {0, 0, 0, 0, 3, 0, PAGE_READONLY, STATUS_INVALID_PARAMETER_8},
        {0, 0, 0, 0, 1, MEM_COMMIT, PAGE_READONLY, STATUS_INVALID_PARAMETER_9},
        {0, 0, 0, 0, 1, 0, 3, STATUS_INVALID_PAGE_PROTECTION},
        {0x20001000, 0, 0, 0, 1, 0, PAGE_READONLY, STATUS_MAPPED_ALIGNMENT},
        {0, 0, 0x1000, 0, 1, 0, PAGE_READONLY, STATUS_MAPPED_ALIGNMENT},
        {0, 0, 0x20000, 0, 1, 0, PAGE_READONLY, STATUS_INVALID_VIEW_SIZE},
        {0, 0, 0x10000, 0x10001, 1, 0, PAGE_READONLY, STATUS_INVALID_VIEW_SIZE},
        {0, 0, 1ll << 32, 0, 1, 0, PAGE_READONLY, STATUS_INVALID_VIEW_SIZE},
        {0, 0, 0, 0, 1, 0, PAGE_READWRITE, STATUS_SECTION_PROTECTION},
        {0, 0, 0, 0, 1, 0, PAGE_EXECUTE_READ, STATUS_SECTION_PROTECTION},
        {0x00010000, 0, 0, 0, 1, 0, PAGE_READONLY, STATUS_CONFLICTING_ADDRESSES},
        {0, 0, 0x10000, 0x10000, 2, MEM_TOP_DOWN, PAGE_WRITECOPY, STATUS_SUCCESS},
    };
    struct mark before = mark();
    HANDLE section = create(0x20000, PAGE_READONLY);
    struct mm_space *space = enter();
    ULONG taken = USER_START;
    PVOID base = NULL;
    SIZE_T size = 0;

    CHECK_STATUS(map(section, &taken, PAGE_READONLY), STATUS_SUCCESS);
    for (ULONG i = 0; i < ARRAY_SIZE(cases); i++) {
        LARGE_INTEGER offset = {.QuadPart = cases[i].offset};

        base = (PVOID)cases[i].base;
        size = cases[i].size;
        CHECK_STATUS(NtMapViewOfSection(section, NtCurrentProcess(), &base, cases[i].zero_bits, 0,
                                        &offset, &size, cases[i].inherit, cases[i].allocation,
                                        cases[i].protect),
                     cases[i].status);
    }
    CHECK_EQUAL(base, 0x7FFD0000);
    CHECK_EQUAL(size, 0x10000);
    CHECK_STATUS(NtUnmapViewOfSection((HANDLE)4, base), STATUS_INVALID_HANDLE);
    CHECK_STATUS(NtUnmapViewOfSection(NtCurrentProcess(), NULL), STATUS_NOT_MAPPED_VIEW);
    CHECK_STATUS(map(NULL, &taken, PAGE_READONLY), STATUS_INVALID_HANDLE);
    NtClose(section);
    leave(space);
    check_mark(before);
}

/* ---- Files ---- */

SELFTEST(ps_section_of_a_file_shows_its_bytes)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct mark before = mark();
    HANDLE file = open_file(&program), section = NULL;
    struct mm_space *space = enter();
    ULONG base = 0;

    CHECK_STATUS(
        NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_READWRITE, SEC_COMMIT, file),
        STATUS_ACCESS_DENIED);
    CHECK_STATUS(
        NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_READONLY, SEC_COMMIT, file),
        STATUS_SUCCESS);
    CHECK_STATUS(map(section, &base, PAGE_READONLY), STATUS_SUCCESS);
    CHECK_EQUAL(read_word(base) & 0xFFFF, 0x5A4D); /* "MZ" */
    NtClose(section);
    LARGE_INTEGER size = {.QuadPart = 1 << 20};

    CHECK_STATUS(
        NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, &size, PAGE_READONLY, SEC_COMMIT, file),
        STATUS_SECTION_TOO_BIG);
    NtClose(file);
    leave(space);
    check_mark(before);
}

/* ---- Images ---- */

/* An image's pages as Windows reports them, and what writing makes of them. */
SELFTEST(ps_section_image_protections)
{
    SELFTEST_NEEDS_FILE("kernel32.dll");
    struct mark before = mark();
    HANDLE section = create_image(&library);
    struct mm_space *space = enter();
    ULONG base = 0, old;
    SIZE_T size = 0x1000;

    CHECK_STATUS(map(section, &base, PAGE_READONLY), STATUS_SUCCESS);
    CHECK_EQUAL(base, 0x77E40000);
    MEMORY_BASIC_INFORMATION headers = query(base), text = query(base + headers.RegionSize);

    CHECK_EQUAL(headers.Protect, PAGE_READONLY);
    CHECK_EQUAL(headers.Type, MEM_IMAGE);
    CHECK_EQUAL(headers.AllocationProtect, PAGE_EXECUTE_WRITECOPY);
    CHECK_EQUAL(headers.AllocationBase, base);
    CHECK_EQUAL(text.Protect, PAGE_EXECUTE_READ);
    CHECK_STATUS(mm_probe_write((PVOID)base, 1, 1), STATUS_ACCESS_VIOLATION);
    PVOID at = (PVOID)base;

    CHECK_STATUS(NtProtectVirtualMemory(NtCurrentProcess(), &at, &size, PAGE_READWRITE, &old),
                 STATUS_SUCCESS);
    CHECK_EQUAL(old, PAGE_READONLY);
    CHECK_EQUAL(query(base).Protect, PAGE_WRITECOPY);
    write_word(base + 0x40, 4711);
    CHECK_EQUAL(query(base).Protect, PAGE_READWRITE);
    CHECK_EQUAL(read_word(base) & 0xFFFF, 0x5A4D);
    CHECK_STATUS(NtProtectVirtualMemory(NtCurrentProcess(), &at, &size, PAGE_READONLY, &old),
                 STATUS_SUCCESS);
    CHECK_EQUAL(old, PAGE_READWRITE);
    CHECK_EQUAL(read_word(base + 0x40), 4711);
    NtClose(section);
    leave(space);
    check_mark(before);
}

SELFTEST(ps_section_images_share_what_is_not_written)
{
    SELFTEST_NEEDS_FILE("kernel32.dll");
    struct mark before = mark();
    HANDLE sections[2] = {create_image(&library), create_image(&library)};
    struct mm_space *spaces[2];
    ULONG base = 0, physical[2];

    for (ULONG i = 0; i < 2; i++) {
        base = 0;
        spaces[i] = enter();
        CHECK_STATUS(map(sections[i], &base, PAGE_READONLY), STATUS_SUCCESS);
        physical[i] = (ULONG)mm_walk(base).physical;
        mm_space_switch(last);
    }
    CHECK(physical[0] == physical[1] && physical[0]);
    NtClose(sections[0]);
    NtClose(sections[1]);
    mm_space_destroy(spaces[0]);
    mm_space_switch(spaces[1]);
    CHECK_EQUAL(read_word(base) & 0xFFFF, 0x5A4D);
    leave(spaces[1]);
    check_mark(before);
}

SELFTEST(ps_section_image_goes_elsewhere)
{
    SELFTEST_NEEDS_FILE("kernel32.dll");
    struct mark before = mark();
    HANDLE section = create_image(&library);
    struct mm_space *space = enter();
    struct mm_range taken = {0x77E42000, PAGE_SIZE};
    ULONG base = 0, wanted = 0x10000000, second = 0;

    CHECK_STATUS(mm_vad_reserve(space, &taken, 0, MEM_RESERVE, PAGE_NOACCESS), STATUS_SUCCESS);
    CHECK_STATUS(map(section, &base, PAGE_READONLY), STATUS_IMAGE_NOT_AT_BASE);
    CHECK_EQUAL(base, USER_START);
    CHECK_STATUS(map(section, &wanted, PAGE_READONLY), STATUS_IMAGE_NOT_AT_BASE);
    CHECK_EQUAL(wanted, 0x10000000);
    CHECK_STATUS(map(section, &wanted, PAGE_READONLY), STATUS_CONFLICTING_ADDRESSES);
    CHECK_STATUS(mm_vad_free(space, &taken, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_STATUS(map(section, &second, PAGE_READONLY), STATUS_SUCCESS);
    CHECK_EQUAL(second, 0x77E40000);
    NtClose(section);
    leave(space);
    check_mark(before);
}

SELFTEST(ps_section_tells_about_an_image)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct mark before = mark();
    HANDLE section = create_image(&program), pages = create(PAGE_SIZE, PAGE_READWRITE);
    SECTION_IMAGE_INFORMATION image;
    SECTION_BASIC_INFORMATION basic;
    ULONG returned = 0;

    CHECK_STATUS(NtQuerySection(section, SectionImageInformation, &image, sizeof image, &returned),
                 STATUS_SUCCESS);
    CHECK_EQUAL(returned, sizeof image);
    CHECK_EQUAL(image.SubSystemType, 2); /* IMAGE_SUBSYSTEM_WINDOWS_GUI */
    CHECK_EQUAL(image.Machine, 0x14C);
    CHECK((ULONG)image.TransferAddress > 0x00400000 && image.ImageContainsCode);
    CHECK_STATUS(NtQuerySection(section, SectionBasicInformation, &basic, sizeof basic, NULL),
                 STATUS_SUCCESS);
    CHECK_EQUAL(basic.AllocationAttributes, SEC_IMAGE);
    CHECK_STATUS(NtQuerySection(section, 2, &basic, sizeof basic, NULL), STATUS_INVALID_INFO_CLASS);
    CHECK_STATUS(NtQuerySection(section, SectionBasicInformation, &basic, 15, NULL),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(NtQuerySection(pages, SectionImageInformation, &image, sizeof image, NULL),
                 STATUS_SECTION_NOT_IMAGE);
    NtClose(section);
    NtClose(pages);
    check_mark(before);
}

SELFTEST(ps_section_names_are_opened)
{
    static UNICODE_STRING name = UNICODE_STRING_INIT(u"\\BaseNamedObjects\\a section");
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&name, OBJ_CASE_INSENSITIVE);
    struct mark before = mark();
    LARGE_INTEGER size = {.QuadPart = 1};
    HANDLE first = NULL, second = NULL;

    CHECK_STATUS(NtOpenSection(&first, SECTION_MAP_READ, &attributes),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(NtCreateSection(&first, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE,
                                 SEC_COMMIT, NULL),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtOpenSection(&second, SECTION_MAP_READ, &attributes), STATUS_SUCCESS);
    NtClose(first);
    NtClose(second);
    check_mark(before);
}
