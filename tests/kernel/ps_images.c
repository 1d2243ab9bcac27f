/*
 * Loaded images, page by page. What a page should be is read from the image's own headers as they
 * stand in the boot module, by code of its own ("PE Format").
 */
#include "bootinfo.h"
#include "mm/physical.h"
#include "nt/image.h"
#include "ps/image.h"
#include "ps/process.h"
#include "tests/kernel/driver_support.h"
#include "tests/kernel/mm_support.h"

/* A file's headers. */
struct test_image {
    const UCHAR *file;
    const IMAGE_NT_HEADERS32 *nt;
    const IMAGE_SECTION_HEADER *sections;
};

static struct test_image read_headers(const char *name)
{
    WCHAR text[32];
    UNICODE_STRING string = {0, sizeof text, text};
    struct test_image image = {NULL, NULL, NULL};

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
static const IMAGE_SECTION_HEADER *section_at(const struct test_image *image, ULONG rva)
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

static void check_rights(const struct module *module, BOOLEAN user)
{
    struct test_image image = read_headers(module->name);

    if (!image.file)
        return;
    CHECK_EQUAL(module->size, page_round_up(image.nt->OptionalHeader.SizeOfImage));
    CHECK_EQUAL(module->entry, image.nt->OptionalHeader.AddressOfEntryPoint
                                   ? module->base + image.nt->OptionalHeader.AddressOfEntryPoint
                                   : 0);
    for (ULONG rva = 0; rva < module->size; rva += PAGE_SIZE) {
        const IMAGE_SECTION_HEADER *section = section_at(&image, rva);
        BOOLEAN write = section && section->Characteristics & IMAGE_SCN_MEM_WRITE;
        struct walk walk = mm_walk(module->base + rva);

        CHECK_EQUAL(walk.stop, WALK_MAPPED);
        CHECK_EQUAL(walk.page_size, PAGE_SIZE);
        CHECK_EQUAL(walk.user, user);
        CHECK_EQUAL(!!(walk.levels[1].entry & PAGE_USER), user); /* the PTE's own bit */
        CHECK_EQUAL(walk.write, write);
        CHECK_EQUAL(probe_write(module->base + rva), write ? NO_FAULT : 3);
    }
}

/* ---- Contents ---- */

/*
 * A read-only section's bytes in memory are the file's, then zeroes; it stands where it was linked.
 */
static void check_section(const struct test_image *image, const struct module *module,
                          const IMAGE_SECTION_HEADER *section)
{
    const UCHAR *memory = (const UCHAR *)module->base + section->VirtualAddress;
    ULONG bytes = section->SizeOfRawData < section->VirtualSize ? section->SizeOfRawData
                                                                : section->VirtualSize;
    ULONG rest = 0;

    CHECK(memcmp(memory, image->file + section->PointerToRawData, bytes) == 0);
    for (ULONG i = bytes; i < page_round_up(section->VirtualSize); i++)
        rest += memory[i];
    CHECK_EQUAL(rest, 0);
}

static void check_contents(const struct module *module)
{
    struct test_image image = read_headers(module->name);

    if (!image.file)
        return;
    CHECK(memcmp((const void *)module->base, image.file, image.nt->OptionalHeader.SizeOfHeaders) ==
          0);
    for (ULONG i = 0; i < image.nt->FileHeader.NumberOfSections; i++)
        if (!(image.sections[i].Characteristics & IMAGE_SCN_MEM_WRITE))
            check_section(&image, module, &image.sections[i]);
}

/* ---- Imports ---- */

/* Each bound slot of the image, with the names it was asked by. */
typedef void (*slot_visitor)(const struct process *process, const char *library, const char *symbol,
                             ULONG address);

static ULONG for_each_slot(const struct process *process, const struct module *module,
                           slot_visitor visit)
{
    const UCHAR *base = (const UCHAR *)module->base;
    struct test_image image = read_headers(module->name);
    ULONG rva = image.nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    const IMAGE_IMPORT_DESCRIPTOR *each = (const void *)(base + rva);
    ULONG count = 0;

    for (; rva && each->Name; each++) {
        const ULONG *lookup = (const void *)(base + each->OriginalFirstThunk);
        const ULONG *slot = (const void *)(base + each->FirstThunk);

        for (; *lookup; lookup++, slot++, count++) /* all by name: hint, then text */
            visit(process, (const char *)base + each->Name, (const char *)base + *lookup + 2,
                  *slot);
    }
    return count;
}

/* An export by a search through the whole table, NULL if there is none. */
static ULONG export_of(const struct module *module, const char *symbol)
{
    const UCHAR *base = (const UCHAR *)module->base;
    struct test_image image = read_headers(module->name);
    const IMAGE_EXPORT_DIRECTORY *exports =
        (const void *)(base + image.nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT]
                                  .VirtualAddress);
    const ULONG *names = (const void *)(base + exports->AddressOfNames);
    const USHORT *ordinals = (const void *)(base + exports->AddressOfNameOrdinals);
    const ULONG *functions = (const void *)(base + exports->AddressOfFunctions);

    for (ULONG i = 0; i < exports->NumberOfNames; i++)
        if (strcmp((const char *)base + names[i], symbol) == 0)
            return module->base + functions[ordinals[i]];
    return 0;
}

static void check_slot(const struct process *process, const char *library, const char *symbol,
                       ULONG address)
{
    const struct module *module = module_find(&process->modules, library);

    CHECK(module && address && address == export_of(module, symbol));
}

SELFTEST(ps_images_of_a_process)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct process *process, *last;
    ULONG slots = 0;

    if (!CHECK_STATUS(ps_create_process("VirtToPhys.exe", &process), STATUS_SUCCESS))
        return;
    last = ps_attach(process);
    LIST_FOR_EACH(module, &process->modules, struct module, link)
    {
        check_contents(module); /* before the probes write */
        slots += for_each_slot(process, module, check_slot);
        check_rights(module, TRUE);
    }
    CHECK(slots >= 16); /* VirtToPhys.exe's own (nt-facts 1) */
    ps_attach(last);
    ps_destroy_process(process);
}

/* ---- The driver ---- */

static void check_kernel_slot(const struct process *process, const char *library,
                              const char *symbol, ULONG address)
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

    (void)process;
    CHECK(rtl_equal_text(library, "ntoskrnl.exe"));
    for (ULONG i = 0; i < ARRAY_SIZE(known); i++)
        if (strcmp(known[i].name, symbol) == 0) {
            CHECK_EQUAL(address, known[i].function);
            return;
        }
    CHECK(!"a symbol that the tutorial's driver does not import");
}

/* Each word that a relocation names has moved as far as the image; no other byte of code has. */
static void check_relocations(const struct module *module)
{
    struct test_image image = read_headers(module->name);
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
    CHECK_EQUAL(for_each_slot(NULL, module, check_kernel_slot), 5);
    check_relocations(module);
    check_rights(module, FALSE);
    ULONG base = module->base, pages = page_count(module->size);

    image_unload_driver(module);
    for (ULONG i = 0; i < pages; i++)
        CHECK_EQUAL(probe_read(base + i * PAGE_SIZE), 0);
    CHECK_EQUAL(module_at(base), NULL);
}
