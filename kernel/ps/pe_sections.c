/* The sections of a PE file: checking, describing and loading them. */
#include "ps/pe_private.h"

static IMAGE_SECTION_HEADER section_header(const struct pe_file *file, uint32_t index)
{
    IMAGE_SECTION_HEADER header;

    memcpy(&header, file->bytes + file->section_table + index * sizeof(header), sizeof(header));
    return header;
}

static uint32_t memory_size(const IMAGE_SECTION_HEADER *header)
{
    return header->VirtualSize ? header->VirtualSize : header->SizeOfRawData;
}

/* As in NT, a section without a file offset has no bytes in the file, whatever their number. */
static bool has_bytes(const IMAGE_SECTION_HEADER *header)
{
    return header->PointerToRawData && header->SizeOfRawData;
}

static const char *check_bytes(const struct pe_file *file, const IMAGE_SECTION_HEADER *header)
{
    const IMAGE_OPTIONAL_HEADER32 *optional = &file->headers.OptionalHeader;

    if (file->mapped || !has_bytes(header))
        return NULL;
    if (!pe_fits(header->PointerToRawData, header->SizeOfRawData, file->size))
        return "section outside the file";
    if (header->PointerToRawData & (optional->FileAlignment - 1))
        return "section not aligned in the file";
    if (optional->SectionAlignment < PE_PAGE_SIZE &&
        header->PointerToRawData != header->VirtualAddress)
        return "section of a flat image moves";
    return NULL;
}

/* `end` is where the image's part before this section ends, aligned but for the headers. */
static const char *check_place(const IMAGE_OPTIONAL_HEADER32 *optional,
                               const IMAGE_SECTION_HEADER *header, uint32_t index, uint32_t end)
{
    if (!pe_fits(header->VirtualAddress, memory_size(header), optional->SizeOfImage))
        return "section outside the image";
    if (header->VirtualAddress & (optional->SectionAlignment - 1))
        return "section not aligned";
    if (header->VirtualAddress < end)
        return index ? "sections overlap" : "section overlaps the headers";
    if (header->VirtualAddress != end && index && optional->SectionAlignment >= PE_PAGE_SIZE)
        return "gap between sections";
    return NULL;
}

/* The entry point; only a DLL can do without. */
static const char *check_entry(const struct pe_file *file)
{
    uint32_t entry = file->headers.OptionalHeader.AddressOfEntryPoint;

    if (!entry && file->headers.FileHeader.Characteristics & IMAGE_FILE_DLL)
        return NULL;
    for (uint32_t i = 1; i < pe_region_count(file); i++) {
        struct pe_region region = pe_region(file, i);

        if (entry >= region.rva && entry - region.rva < region.size)
            return NULL;
    }
    return "entry point outside the sections";
}

const char *pe_check_sections(const struct pe_file *file)
{
    const IMAGE_OPTIONAL_HEADER32 *optional = &file->headers.OptionalHeader;
    uint32_t end = optional->SizeOfHeaders;

    for (uint32_t i = 0; i < file->section_count; i++) {
        IMAGE_SECTION_HEADER header = section_header(file, i);
        const char *what = check_place(optional, &header, i, end);

        if (!what)
            what = check_bytes(file, &header);
        if (what)
            return what;
        end = header.VirtualAddress + memory_size(&header) + optional->SectionAlignment - 1;
        end &= ~(optional->SectionAlignment - 1);
    }
    return check_entry(file);
}

uint32_t pe_region_count(const struct pe_file *file)
{
    return 1 + file->section_count;
}

static struct pe_region headers_region(const struct pe_file *file)
{
    uint32_t size = file->headers.OptionalHeader.SizeOfHeaders;

    return (struct pe_region){.size = size, .file_size = size, .rights = PE_READ};
}

static uint32_t section_rights(uint32_t characteristics)
{
    return (characteristics & IMAGE_SCN_MEM_READ ? PE_READ : 0) |
           (characteristics & IMAGE_SCN_MEM_WRITE ? PE_WRITE : 0) |
           (characteristics & IMAGE_SCN_MEM_EXECUTE ? PE_EXECUTE : 0);
}

struct pe_region pe_region(const struct pe_file *file, uint32_t index)
{
    IMAGE_SECTION_HEADER header;
    struct pe_region region;

    if (!index)
        return headers_region(file);
    header = section_header(file, index - 1);
    region = (struct pe_region){
        .rva = header.VirtualAddress,
        .size = memory_size(&header),
        .rights = section_rights(header.Characteristics),
    };
    memcpy(region.name, header.Name, sizeof(header.Name));
    if (has_bytes(&header)) {
        region.file_offset = header.PointerToRawData;
        region.file_size = header.SizeOfRawData < region.size ? header.SizeOfRawData : region.size;
    }
    return region;
}

static bool touches_page(const struct pe_region *region, uint32_t rva)
{
    uint32_t page = rva & ~(PE_PAGE_SIZE - 1);
    uint32_t last = page + (PE_PAGE_SIZE - 1);

    return region->size && region->rva <= last && region->rva + (region->size - 1) >= page;
}

uint32_t pe_page_rights(const struct pe_file *file, uint32_t rva)
{
    uint32_t rights = 0;

    for (uint32_t i = 0; i < pe_region_count(file); i++) {
        struct pe_region region = pe_region(file, i);

        if (touches_page(&region, rva))
            rights |= region.rights;
    }
    return rights;
}

struct pe_image pe_loaded_image(const struct pe_file *file, uint8_t *memory)
{
    const IMAGE_OPTIONAL_HEADER32 *optional = &file->headers.OptionalHeader;

    return (struct pe_image){
        .bytes = memory,
        .size = optional->SizeOfImage,
        .address = optional->ImageBase,
        .entry = optional->AddressOfEntryPoint,
        .fixed = file->headers.FileHeader.Characteristics & IMAGE_FILE_RELOCS_STRIPPED,
        .exports = optional->DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT],
        .imports = optional->DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT],
        .relocations = optional->DataDirectory[IMAGE_DIRECTORY_ENTRY_BASERELOC],
        .tls = optional->DataDirectory[IMAGE_DIRECTORY_ENTRY_TLS],
    };
}

void pe_load(const struct pe_file *file, uint8_t *memory, struct pe_image *image)
{
    for (uint32_t i = 0; i < pe_region_count(file); i++) {
        struct pe_region region = pe_region(file, i);

        memcpy(memory + region.rva, file->bytes + region.file_offset, region.file_size);
    }
    *image = pe_loaded_image(file, memory);
}
