#include "pe_builder.h"

#include "unit.h"

#define NT_OFFSET  0x80u
#define CODE       (IMAGE_SCN_CNT_CODE | IMAGE_SCN_MEM_EXECUTE | IMAGE_SCN_MEM_READ)
#define READ_ONLY  IMAGE_SCN_MEM_READ
#define READ_WRITE (IMAGE_SCN_MEM_READ | IMAGE_SCN_MEM_WRITE)

const uint32_t target_rvas[TARGETS] = {DATA_RVA, DATA_RVA + 4, DATA_RVA + 0xFFE};

struct part {
    const char *name;
    uint32_t rva, size, offset, file_size, characteristics;
};

/* .data ends in uninitialised bytes, .edata has more file than memory, .bss has no file. */
static const struct part normal_parts[SECTIONS] = {
    {".text", TEXT_RVA, 0x200, 0x400, 0x200, CODE},
    {".data", DATA_RVA, 0x1800, 0x600, 0x1200, READ_WRITE},
    {".idata", IDATA_RVA, 0x1000, 0x1800, 0x1000, READ_WRITE},
    {".edata", EDATA_RVA, 0x190, 0x2800, 0x200, READ_ONLY},
    {".reloc", RELOC_RVA, 0, 0x2A00, 0x200, READ_ONLY | IMAGE_SCN_MEM_DISCARDABLE},
    {".bss", BSS_RVA, 0x10, 0, 0, READ_WRITE},
};

static const struct part flat_parts[] = {
    {".text", 0x200, 0x1C5, 0x200, 0x1E0, CODE},
    {".data", 0x3E0, 0x0E20, 0x3E0, 0xE20, READ_WRITE},
    {"INIT", 0x1200, 0x5A, 0x1200, 0x60, CODE | IMAGE_SCN_MEM_DISCARDABLE},
};

static struct built new_file(uint32_t size, const struct part *parts, uint16_t count)
{
    struct built built = {.bytes = calloc(1, size), .size = size};
    IMAGE_DOS_HEADER *dos = (IMAGE_DOS_HEADER *)built.bytes;

    assert_non_null(built.bytes);
    dos->e_magic = IMAGE_DOS_SIGNATURE;
    dos->e_lfanew = NT_OFFSET;
    built.nt = (IMAGE_NT_HEADERS32 *)(built.bytes + NT_OFFSET);
    built.sections = (IMAGE_SECTION_HEADER *)(built.nt + 1);
    for (uint32_t i = 0; i < count; i++) {
        IMAGE_SECTION_HEADER *section = &built.sections[i];

        memcpy(section->Name, parts[i].name, strlen(parts[i].name));
        section->VirtualSize = parts[i].size;
        section->VirtualAddress = parts[i].rva;
        section->SizeOfRawData = parts[i].file_size;
        section->PointerToRawData = parts[i].offset;
        section->Characteristics = parts[i].characteristics;
        for (uint32_t j = 0; j < parts[i].file_size; j++)
            built.bytes[parts[i].offset + j] = (uint8_t)(0x5A + i);
    }
    return built;
}

static void fill_headers(struct built *built, uint16_t sections, uint16_t characteristics)
{
    IMAGE_OPTIONAL_HEADER32 *optional = &built->nt->OptionalHeader;

    built->nt->Signature = IMAGE_NT_SIGNATURE;
    built->nt->FileHeader.Machine = IMAGE_FILE_MACHINE_I386;
    built->nt->FileHeader.NumberOfSections = sections;
    built->nt->FileHeader.SizeOfOptionalHeader = sizeof(*optional);
    built->nt->FileHeader.Characteristics = characteristics;
    optional->Magic = IMAGE_NT_OPTIONAL_HDR32_MAGIC;
    optional->ImageBase = IMAGE_BASE;
    optional->NumberOfRvaAndSizes = IMAGE_NUMBEROF_DIRECTORIES;
}

void *built_at(const struct built *built, uint32_t rva)
{
    for (uint32_t i = 0; i < SECTIONS; i++) {
        uint32_t offset = rva - built->sections[i].VirtualAddress;

        if (offset < built->sections[i].SizeOfRawData)
            return built->bytes + built->sections[i].PointerToRawData + offset;
    }
    fail_msg("nothing of the file is at RVA %X", (unsigned)rva);
    return NULL;
}

static void put(struct built *built, uint32_t rva, const void *from, size_t bytes)
{
    memcpy(built_at(built, rva), from, bytes);
}

static void put_words(struct built *built, uint32_t rva, const uint32_t *words, size_t count)
{
    put(built, rva, words, count * sizeof(*words));
}

static void put_text(struct built *built, uint32_t rva, const char *text)
{
    put(built, rva, text, strlen(text) + 1);
}

static void fill_relocations(struct built *built)
{
    const struct {
        IMAGE_BASE_RELOCATION block;
        uint16_t entries[4];
        IMAGE_BASE_RELOCATION empty;
    } table = {{DATA_RVA, 16}, {0x3000, 0x3004, 0x3FFE, 0}, {TEXT_RVA, 8}};

    for (uint32_t i = 0; i < TARGETS; i++)
        put_words(built, target_rvas[i], &(uint32_t){IMAGE_BASE + DATA_RVA + i}, 1);
    put(built, RELOC_RVA, &table, sizeof(table));
    built->nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_BASERELOC] =
        (IMAGE_DATA_DIRECTORY){RELOC_RVA, sizeof(table)};
}

static void fill_imports(struct built *built)
{
    const IMAGE_IMPORT_DESCRIPTOR descriptors[3] = {
        {ALPHA_LOOKUP, 0x12345678, 0, ALPHA_NAME, ALPHA_SLOTS},
        {0, 0, 0, BETA_NAME, BETA_SLOTS},
    };
    const uint32_t alpha[] = {FIRST_HINT, SECOND_HINT, IMAGE_ORDINAL_FLAG32 | ALPHA_ORDINAL, 0};

    put(built, DESCRIPTORS, descriptors, sizeof(descriptors));
    put_words(built, ALPHA_LOOKUP, alpha, 4);
    put_words(built, BETA_SLOTS, (const uint32_t[]){THIRD_HINT, 0}, 2);
    put_text(built, ALPHA_NAME, "ALPHA.dll");
    put_text(built, BETA_NAME, "beta.dll");
    put_text(built, FIRST_HINT + 2, "First");
    put_text(built, SECOND_HINT + 2, "Second");
    put_text(built, THIRD_HINT + 2, "Third");
    built->nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT] =
        (IMAGE_DATA_DIRECTORY){DESCRIPTORS, sizeof(descriptors)};
}

static void fill_exports(struct built *built)
{
    const IMAGE_EXPORT_DIRECTORY directory = {
        .Base = EXPORT_BASE,
        .NumberOfFunctions = FUNCTION_COUNT,
        .NumberOfNames = NAME_COUNT,
        .AddressOfFunctions = FUNCTIONS,
        .AddressOfNames = NAMES,
        .AddressOfNameOrdinals = NAME_ORDINALS,
    };
    const uint32_t functions[] = {APPLE_RVA, 0, FORWARD_TEXT, CHERRY_RVA, NAMELESS_RVA};

    put(built, EDATA_RVA, &directory, sizeof(directory));
    put_words(built, FUNCTIONS, functions, FUNCTION_COUNT);
    put_words(built, NAMES, (const uint32_t[]){APPLE_TEXT, BANANA_TEXT, CHERRY_TEXT}, NAME_COUNT);
    put(built, NAME_ORDINALS, (const uint16_t[]){0, 2, 3}, 6);
    put_text(built, APPLE_TEXT, "Apple");
    put_text(built, BANANA_TEXT, "Banana");
    put_text(built, CHERRY_TEXT, "Cherry");
    put_text(built, FORWARD_TEXT, "NTDLL.Banana");
    built->nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT] =
        (IMAGE_DATA_DIRECTORY){EDATA_RVA, EXPORT_SIZE};
}

struct built build_image(void)
{
    struct built built = new_file(0x2C00, normal_parts, SECTIONS);
    IMAGE_OPTIONAL_HEADER32 *optional = &built.nt->OptionalHeader;

    fill_headers(&built, SECTIONS, IMAGE_FILE_EXECUTABLE_IMAGE | IMAGE_FILE_DLL);
    optional->AddressOfEntryPoint = ENTRY_RVA;
    optional->SectionAlignment = 0x1000;
    optional->FileAlignment = 0x200;
    optional->SizeOfHeaders = SIZE_HEADERS;
    optional->SizeOfImage = SIZE_IMAGE;
    fill_relocations(&built);
    fill_imports(&built);
    fill_exports(&built);
    return built;
}

struct built build_flat(void)
{
    struct built built = new_file(0x1260, flat_parts, ARRAY_SIZE(flat_parts));
    IMAGE_OPTIONAL_HEADER32 *optional = &built.nt->OptionalHeader;

    fill_headers(&built, ARRAY_SIZE(flat_parts), IMAGE_FILE_EXECUTABLE_IMAGE);
    optional->AddressOfEntryPoint = 0x1200;
    optional->ImageBase = 0x10000;
    optional->SectionAlignment = 0x20;
    optional->FileAlignment = 0x20;
    optional->SizeOfHeaders = 0x200;
    optional->SizeOfImage = 0x1260;
    optional->Subsystem = IMAGE_SUBSYSTEM_NATIVE;
    return built;
}

void built_free(struct built *built)
{
    free(built->bytes);
}

struct loaded load_built(const struct built *built)
{
    struct loaded loaded;
    struct pe_file file;
    uint8_t *memory;

    assert_status(pe_open(built->bytes, built->size, &file, &loaded.error), STATUS_SUCCESS);
    memory = calloc(1, file.headers.OptionalHeader.SizeOfImage);
    assert_non_null(memory);
    pe_load(&file, memory, &loaded.image);
    return loaded;
}

void loaded_free(struct loaded *loaded)
{
    free(loaded->image.bytes);
}

uint32_t image_word(const struct pe_image *image, uint32_t rva)
{
    uint32_t value;

    assert_true(rva <= image->size - sizeof(value));
    memcpy(&value, image->bytes + rva, sizeof(value));
    return value;
}

void set_image_word(struct pe_image *image, uint32_t rva, uint32_t value)
{
    assert_true(rva <= image->size - sizeof(value));
    memcpy(image->bytes + rva, &value, sizeof(value));
}
