/*
 * Loaded images, page by page. What a page should be is read from the image's own headers as they
 * stand in the boot module, by code of its own ("PE Format").
 */
#include "bootinfo.h"
#include "mm/physical.h"
#include "nt/image.h"
#include "ps/image.h"
#include "tests/kernel/driver_support.h"
#include "tests/kernel/mm_support.h"
#include "tests/kernel/ps_support.h"

/* A file's headers. */
struct headers {
    const UCHAR *file;
    const IMAGE_NT_HEADERS32 *nt;
    const IMAGE_SECTION_HEADER *sections;
};

static struct headers read_headers(const char *name)
{
    WCHAR text[32];
    UNICODE_STRING string = {0, sizeof text, text};
    struct headers image = {NULL, NULL, NULL};

    rtl_append_text(&string, name);
    const struct boot_module *module = bootinfo_find(&string);

    if (!CHECK(module != NULL))
        return image;
    image.file = direct_map(module->physical);
    image.nt = (const void *)(image.file + ((const IMAGE_DOS_HEADER *)image.file)->e_lfanew);
    image.sections = (const void *)((const UCHAR *)&image.nt->OptionalHeader +
                                    image.nt->FileHeader.SizeOfOptionalHeader);
    return image;
}

/* The section that a page of the image belongs to, or NULL: the headers. */
static const IMAGE_SECTION_HEADER *section_at(const struct headers *image, ULONG rva)
{
    for (ULONG i = 0; i < image->nt->FileHeader.NumberOfSections; i++) {
        const IMAGE_SECTION_HEADER *section = &image->sections[i];

        if (rva >= section->VirtualAddress &&
            rva < page_round_up(section->VirtualAddress + section->VirtualSize))
            return section;
    }
    return NULL;
}

/* ---- Rights ---- */

static BOOLEAN is_writable(const struct headers *image, ULONG rva)
{
    const IMAGE_SECTION_HEADER *section = section_at(image, rva);

    return section && section->Characteristics & IMAGE_SCN_MEM_WRITE;
}

/* A page that is there: who may reach it, by the PTE too; and what the CPU says of a write. */
static void check_page(ULONG address, BOOLEAN user, BOOLEAN write, BOOLEAN writes)
{
    struct walk walk = mm_walk(address);

    CHECK_EQUAL(walk.stop, WALK_MAPPED);
    CHECK_EQUAL(walk.page_size, PAGE_SIZE);
    CHECK_EQUAL(walk.user, user);
    CHECK_EQUAL(!!(walk.levels[walk.level_count - 1].entry & PAGE_USER),
                user); /* the PTE's own bit */
    CHECK_EQUAL(walk.write, write);
    CHECK_EQUAL(probe_write(address), writes ? NO_FAULT : 3);
}

/* A process's image, whose pages are shared until they are written: then they are its own. */
static void check_user_rights(const struct test_image *mapped, const struct headers *image)
{
    for (ULONG rva = 0; rva < image->nt->OptionalHeader.SizeOfImage; rva += PAGE_SIZE) {
        BOOLEAN writes = is_writable(image, rva);
        ULONG shared = (ULONG)mm_walk(mapped->base + rva).physical;

        check_page(mapped->base + rva, TRUE, FALSE, writes);
        check_page(mapped->base + rva, TRUE, writes, writes);
        CHECK_EQUAL(mm_walk(mapped->base + rva).physical != shared, writes);
    }
}

static void check_driver_rights(const struct module *module)
{
    struct headers image = read_headers(module->name);

    if (!image.file)
        return;
    CHECK_EQUAL(module->size, page_round_up(image.nt->OptionalHeader.SizeOfImage));
    CHECK_EQUAL(module->entry, module->base + image.nt->OptionalHeader.AddressOfEntryPoint);
    for (ULONG rva = 0; rva < module->size; rva += PAGE_SIZE)
        check_page(module->base + rva, FALSE, is_writable(&image, rva), is_writable(&image, rva));
}

/* ---- Contents ---- */

/* A section's bytes in memory are the file's, then zeroes; nobody has relocated or bound it. */
static void check_section(const struct headers *image, ULONG base,
                          const IMAGE_SECTION_HEADER *section)
{
    const UCHAR *memory = (const UCHAR *)base + section->VirtualAddress;
    ULONG bytes = section->SizeOfRawData < section->VirtualSize ? section->SizeOfRawData
                                                                : section->VirtualSize;
    ULONG rest = 0;

    CHECK(memcmp(memory, image->file + section->PointerToRawData, bytes) == 0);
    for (ULONG i = bytes; i < page_round_up(section->VirtualSize); i++)
        rest += memory[i];
    CHECK_EQUAL(rest, 0);
}

static void check_contents(const struct test_image *mapped, const struct headers *image)
{
    CHECK(memcmp((const void *)mapped->base, image->file,
                 image->nt->OptionalHeader.SizeOfHeaders) == 0);
    for (ULONG i = 0; i < image->nt->FileHeader.NumberOfSections; i++)
        check_section(image, mapped->base, &image->sections[i]);
}

SELFTEST(ps_images_of_a_process)
{
    SELFTEST_NEEDS_FILE(TEST_PROGRAM);
    struct process *process = test_process(), *last;

    CHECK_STATUS(test_map_dlls(process), STATUS_SUCCESS);
    last = ps_attach(process);
    for (ULONG i = 0; i < TEST_IMAGES; i++) {
        struct headers image = read_headers(test_images[i].name);

        if (!image.file)
            break;
        CHECK_EQUAL(test_touch_image(test_images[i].base),
                    page_round_up(image.nt->OptionalHeader.SizeOfImage));
        CHECK_EQUAL(test_images[i].base, image.nt->OptionalHeader.ImageBase);
        check_contents(&test_images[i], &image); /* before the probes write */
        check_user_rights(&test_images[i], &image);
    }
    ps_attach(last);
    ObfDereferenceObject(process);
}

/* ---- The driver ---- */

/* What the tutorial's driver imports (nt-facts 1). */
static ULONG find_import(const char *symbol)
{
    static const struct {
        const char *name;
        PVOID function;
    } known[] = {
        {"IoCreateDevice", (PVOID)IoCreateDevice},
        {"IoDeleteDevice", (PVOID)IoDeleteDevice},
        {"IoCreateSymbolicLink", (PVOID)IoCreateSymbolicLink},
        {"IoDeleteSymbolicLink", (PVOID)IoDeleteSymbolicLink},
        {"IofCompleteRequest", (PVOID)IofCompleteRequest},
    };

    for (ULONG i = 0; i < ARRAY_SIZE(known); i++)
        if (strcmp(known[i].name, symbol) == 0)
            return (ULONG)known[i].function;
    return 0;
}

/* Each bound slot holds the kernel's routine of the name it was asked by; their number. */
static ULONG check_imports(const struct module *module)
{
    const UCHAR *base = (const UCHAR *)module->base;
    struct headers image = read_headers(module->name);
    ULONG rva = image.nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    const IMAGE_IMPORT_DESCRIPTOR *each = (const void *)(base + rva);
    ULONG count = 0;

    for (; each->Name; each++) {
        const ULONG *lookup = (const void *)(base + each->OriginalFirstThunk);
        const ULONG *slot = (const void *)(base + each->FirstThunk);

        CHECK(rtl_equal_text((const char *)base + each->Name, "ntoskrnl.exe"));
        for (; *lookup; lookup++, slot++, count++) { /* all by name: hint, then text */
            ULONG expected = find_import((const char *)base + *lookup + 2);

            CHECK(expected != 0);
            CHECK_EQUAL(*slot, expected);
        }
    }
    return count;
}

/* Each word that a relocation names has moved as far as the image; no other byte of code has. */
static void check_relocations(const struct module *module)
{
    struct headers image = read_headers(module->name);
    IMAGE_DATA_DIRECTORY table =
        image.nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_BASERELOC];
    ULONG delta = module->base - image.nt->OptionalHeader.ImageBase, moved = 0;

    CHECK(delta != 0 && table.Size != 0);
    for (ULONG at = 0; at < table.Size;) {
        const IMAGE_BASE_RELOCATION *block =
            (const void *)((const UCHAR *)module->base + table.VirtualAddress + at);
        const USHORT *entries = (const USHORT *)(block + 1);

        for (ULONG i = 0; i < (block->SizeOfBlock - sizeof *block) / 2; i++) {
            ULONG rva = block->VirtualAddress + (entries[i] & 0xFFF), before;

            if (entries[i] >> 12 != IMAGE_REL_BASED_HIGHLOW)
                continue;
            const IMAGE_SECTION_HEADER *section = section_at(&image, rva);

            memcpy(&before, image.file + section->PointerToRawData + rva - section->VirtualAddress,
                   sizeof before);
            CHECK_EQUAL(*(ULONG *)(module->base + rva), before + delta);
            moved++;
        }
        at += block->SizeOfBlock;
    }
    CHECK(moved > 0);
}

SELFTEST(ps_image_of_a_driver)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    UNICODE_STRING path = UNICODE_STRING_INIT(VIRTTOPHYS_SYS);
    struct module *module;

    if (!CHECK_STATUS(image_load_driver(&path, &module), STATUS_SUCCESS))
        return;
    CHECK_TEXT(module->name, "VirtToPhys.sys");
    CHECK(module->base >= SYSTEM_PTES_START && module->base < SYSTEM_PTES_END);
    CHECK_EQUAL(module_at(module->base), module);
    CHECK_EQUAL(module_at(module->base + module->size - 1), module);
    CHECK_EQUAL(module_at(module->base + module->size), NULL);
    CHECK_EQUAL(check_imports(module), 5);
    check_relocations(module);
    check_driver_rights(module);
    ULONG base = module->base, pages = page_count(module->size);

    image_unload_driver(module);
    for (ULONG i = 0; i < pages; i++)
        CHECK_EQUAL(probe_read(base + i * PAGE_SIZE), 0);
    CHECK_EQUAL(module_at(base), NULL);
}
