/* The headers of a PE file: reading and checking them. */
#include "ps/pe_private.h"

#define NT_HEADERS_FIXED offsetof(IMAGE_NT_HEADERS32, OptionalHeader.DataDirectory)
#define OPTIONAL_FIXED   offsetof(IMAGE_OPTIONAL_HEADER32, DataDirectory)
#define BASE_ALIGNMENT   0x10000u
#define FILE_SECTOR      512u

void pe_clear_error(struct pe_error *error)
{
    error->what = NULL;
    error->library[0] = error->symbol[0] = 0;
}

NTSTATUS pe_broken(struct pe_error *error, const char *what)
{
    error->what = what;
    return STATUS_INVALID_IMAGE_FORMAT;
}

static bool is_power_of_two(uint32_t value)
{
    return value && !(value & (value - 1));
}

static const char *read_directories(struct pe_file *file, uint32_t offset)
{
    IMAGE_OPTIONAL_HEADER32 *optional = &file->headers.OptionalHeader;
    uint32_t count = optional->NumberOfRvaAndSizes;
    uint32_t bytes;

    if (count > IMAGE_NUMBEROF_DIRECTORIES)
        count = IMAGE_NUMBEROF_DIRECTORIES;
    bytes = count * sizeof(IMAGE_DATA_DIRECTORY);
    if (file->headers.FileHeader.SizeOfOptionalHeader < OPTIONAL_FIXED + bytes)
        return "optional header too small";
    if (!pe_fits(offset, bytes, file->size))
        return "headers cut off";
    memcpy(optional->DataDirectory, file->bytes + offset, bytes);
    return NULL;
}

static const char *read_headers(struct pe_file *file)
{
    IMAGE_DOS_HEADER dos;
    uint32_t offset;

    if (!pe_fits(0, sizeof(dos), file->size))
        return "headers cut off";
    memcpy(&dos, file->bytes, sizeof(dos));
    offset = (uint32_t)dos.e_lfanew;
    if (!pe_fits(offset, NT_HEADERS_FIXED, file->size))
        return "headers outside the file";
    memcpy(&file->headers, file->bytes + offset, NT_HEADERS_FIXED);
    file->section_table = offset + offsetof(IMAGE_NT_HEADERS32, OptionalHeader);
    return NULL;
}

static const char *check_kind(struct pe_file *file)
{
    const IMAGE_FILE_HEADER *header = &file->headers.FileHeader;

    if (file->headers.Signature != IMAGE_NT_SIGNATURE)
        return "no PE signature";
    if (header->Machine != IMAGE_FILE_MACHINE_I386)
        return "not for this machine";
    if (!(header->Characteristics & IMAGE_FILE_EXECUTABLE_IMAGE))
        return "not an executable image";
    if (file->headers.OptionalHeader.Magic != IMAGE_NT_OPTIONAL_HDR32_MAGIC)
        return "not PE32";
    return read_directories(file, file->section_table + OPTIONAL_FIXED);
}

static const char *find_section_table(struct pe_file *file)
{
    const IMAGE_FILE_HEADER *header = &file->headers.FileHeader;
    uint32_t bytes = header->NumberOfSections * sizeof(IMAGE_SECTION_HEADER);

    if (header->NumberOfSections < 1 || header->NumberOfSections > PE_SECTIONS_MAX)
        return "number of sections";
    if (!pe_fits(file->section_table, header->SizeOfOptionalHeader + bytes, file->size))
        return "section table outside the file";
    file->section_table += header->SizeOfOptionalHeader;
    file->section_count = header->NumberOfSections;
    if (!pe_fits(file->section_table, bytes, file->headers.OptionalHeader.SizeOfHeaders))
        return "section table outside SizeOfHeaders";
    return NULL;
}

static const char *check_alignments(struct pe_file *file)
{
    const IMAGE_OPTIONAL_HEADER32 *optional = &file->headers.OptionalHeader;
    uint32_t in_memory = optional->SectionAlignment;
    uint32_t in_file = optional->FileAlignment;

    if (optional->ImageBase % BASE_ALIGNMENT)
        return "image base not aligned";
    if (!is_power_of_two(in_memory) || !is_power_of_two(in_file) || in_file > in_memory)
        return "alignments";
    if (in_file != in_memory && (in_memory < PE_PAGE_SIZE || in_file < FILE_SECTOR))
        return "alignments";
    return NULL;
}

static const char *check_sizes(struct pe_file *file)
{
    const IMAGE_OPTIONAL_HEADER32 *optional = &file->headers.OptionalHeader;

    if (optional->SizeOfImage > PE_IMAGE_MAX)
        return "image too large";
    if (file->mapped && optional->SizeOfImage > file->size)
        return "image cut off";
    if (optional->SizeOfHeaders > file->size)
        return "headers outside the file";
    if (optional->SizeOfHeaders > optional->SizeOfImage)
        return "headers outside the image";
    return NULL;
}

static const char *check_directories(struct pe_file *file)
{
    static const uint8_t used[] = {IMAGE_DIRECTORY_ENTRY_EXPORT, IMAGE_DIRECTORY_ENTRY_IMPORT,
                                   IMAGE_DIRECTORY_ENTRY_BASERELOC};
    const IMAGE_OPTIONAL_HEADER32 *optional = &file->headers.OptionalHeader;

    for (uint32_t i = 0; i < ARRAY_SIZE(used); i++) {
        const IMAGE_DATA_DIRECTORY *directory = &optional->DataDirectory[used[i]];

        if (!pe_fits(directory->VirtualAddress, directory->Size, optional->SizeOfImage))
            return "directory outside the image";
    }
    return NULL;
}

static const char *check_all(struct pe_file *file)
{
    static const char *(*const checks[])(struct pe_file *) = {
        read_headers,     check_kind,  find_section_table,
        check_alignments, check_sizes, check_directories,
    };

    for (uint32_t i = 0; i < ARRAY_SIZE(checks); i++) {
        const char *what = checks[i](file);

        if (what)
            return what;
    }
    return pe_check_sections(file);
}

static NTSTATUS open_bytes(const void *bytes, uint32_t size, bool mapped, struct pe_file *file,
                           struct pe_error *error)
{
    const char *what;

    pe_clear_error(error);
    memset(file, 0, sizeof(*file));
    file->bytes = bytes;
    file->size = size;
    file->mapped = mapped;
    if (size < 2 || file->bytes[0] != 'M' || file->bytes[1] != 'Z') {
        error->what = "no MZ signature";
        return STATUS_INVALID_IMAGE_NOT_MZ;
    }
    what = check_all(file);
    return what ? pe_broken(error, what) : STATUS_SUCCESS;
}

NTSTATUS pe_open(const void *bytes, uint32_t size, struct pe_file *file, struct pe_error *error)
{
    return open_bytes(bytes, size, false, file, error);
}

NTSTATUS pe_describe(void *memory, uint32_t size, struct pe_file *file, struct pe_image *image,
                     struct pe_error *error)
{
    NTSTATUS status = open_bytes(memory, size, true, file, error);

    if (NT_SUCCESS(status))
        *image = pe_loaded_image(file, memory);
    return status;
}
