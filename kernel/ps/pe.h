/*
 * PE32 images (Microsoft, "PE Format"): what a file says, what lies in memory, and the three things
 * that are done to an image on its way to running: load, relocate, bind.
 *
 * Pure code: no allocation, no state, the same source in the kernel and on the host. It survives
 * any bytes: nothing is read or written outside the file and the image given. Every NTSTATUS below
 * comes with words in a pe_error; printing is the caller's.
 *
 *     struct pe_file file;                            struct pe_image image;
 *     pe_open(bytes, size, &file, &error);            the file is sound, nothing mapped yet
 *     (get file.headers.OptionalHeader.SizeOfImage zeroed bytes, writable)
 *     pe_load(&file, memory, &image);                 headers and sections are in place
 *     pe_relocate(&image, address, &error);           it can run at `address`
 *     pe_bind_imports(&image, &binder, c, &error);    its imports are resolved
 *     (protect each page with pe_page_rights)
 *
 * Who finds an image in memory that somebody else mapped begins with pe_describe.
 */
#pragma once

#include <stdbool.h>

#include "nt/image.h"
#include "nt/ntstatus.h"

/* The largest SizeOfImage that is loaded, in bytes. */
#define PE_IMAGE_MAX (64u << 20)
/* The most sections of an image ("PE Format", COFF File Header). */
#define PE_SECTIONS_MAX 96u
/* The longest name of a library or symbol with its NUL: MSVC cuts decorated names there. */
#define PE_NAME_MAX 4096u
/* The unit of protection, in bytes. */
#define PE_PAGE_SIZE 4096u

/* Why a call failed, in words; names that were not being looked at are empty. */
struct pe_error {
    const char *what; /* "section outside the file"; NULL after success */
    char library[64]; /* cut */
    char symbol[64];  /* cut; "#12" for an ordinal */
};

/*
 * A PE file that pe_open accepted, or an image in memory that pe_describe accepted. The bytes stay
 * the caller's and must outlive this record.
 */
struct pe_file {
    const uint8_t *bytes;
    uint32_t size;              /* of the file, in bytes */
    bool mapped;                /* the bytes are an image: file offsets mean nothing in them */
    uint32_t section_table;     /* its file offset */
    uint32_t section_count;     /* 1 to PE_SECTIONS_MAX */
    IMAGE_NT_HEADERS32 headers; /* a copy; directories that the file lacks are zero */
};

/*
 * Checks everything in the file that the calls below rely on:
 * - headers, section table and every section's bytes are inside the file;
 * - Machine is i386, Magic is PE32, EXECUTABLE_IMAGE is set, 1 to PE_SECTIONS_MAX sections;
 * - the optional header holds the directories that NumberOfRvaAndSizes counts (above 16 counts as
 *   16, as in NT; the missing ones are empty);
 * - ImageBase is a multiple of 64 KiB, both alignments are powers of two, and the layout is either
 *   the normal one (SectionAlignment at least a page, FileAlignment at least 512 or equal) or the
 *   flat one of small drivers (SectionAlignment = FileAlignment below a page, and each section's
 *   file offset equals its RVA);
 * - SizeOfHeaders covers the section table, and is not above the first section's RVA;
 * - sections ascend on multiples of SectionAlignment, without overlap and, in the normal layout,
 *   without gap between them ("PE Format": "in ascending order and adjacent"), inside SizeOfImage,
 *   which is not above PE_IMAGE_MAX;
 * - the entry point is in a section; only a DLL may have none (0);
 * - the export, import and relocation directories are inside the image. The others are not looked
 *   at: this loader does not read them.
 *
 * STATUS_SUCCESS; STATUS_INVALID_IMAGE_NOT_MZ if the file does not begin with "MZ";
 * STATUS_INVALID_IMAGE_FORMAT for everything else.
 */
NTSTATUS pe_open(const void *bytes, uint32_t size, struct pe_file *file, struct pe_error *error);

#define PE_READ    1u
#define PE_WRITE   2u
#define PE_EXECUTE 4u

/* A stretch of the image with one source and one protection. */
struct pe_region {
    char name[9];         /* the section's name, "" for the headers */
    uint32_t rva;         /* where it begins in the image */
    uint32_t size;        /* bytes in memory: VirtualSize, or SizeOfRawData where that is 0 */
    uint32_t file_offset; /* where its bytes are in the file */
    uint32_t file_size;   /* how many, never above `size`; the rest of the region is zero */
    uint32_t rights;      /* PE_READ | PE_WRITE | PE_EXECUTE */
};

/* The number of regions: the headers and the sections. */
uint32_t pe_region_count(const struct pe_file *file);

/* Region 0 is the headers (read-only), region i the section number i; index < pe_region_count. */
struct pe_region pe_region(const struct pe_file *file, uint32_t index);

/*
 * The rights of the page at `rva` (any address in it): those of all regions that touch it, since in
 * the flat layout several do. 0 where the image has nothing.
 */
uint32_t pe_page_rights(const struct pe_file *file, uint32_t rva);

/* An image in memory. It does not refer to the file, and its memory stays the caller's. */
struct pe_image {
    uint8_t *bytes;   /* where it can be read and written now */
    uint32_t size;    /* SizeOfImage, in bytes */
    uint32_t address; /* the linear address that it is linked or relocated for */
    uint32_t entry;   /* the entry point's RVA, 0 if none */
    bool fixed;       /* its linker stripped the relocations */
    IMAGE_DATA_DIRECTORY exports, imports, relocations, tls;
};

/*
 * Copies headers and sections to `memory`, SizeOfImage bytes that are zero, and describes the
 * result in *image, with the address that the file prefers.
 */
void pe_load(const struct pe_file *file, uint8_t *memory, struct pe_image *image);

/*
 * Describes an image that lies in `memory`, of which `size` bytes are mapped, as it was loaded: not
 * relocated, or for the address that its headers prefer. *file can be asked for its regions and
 * pages; *image is as pe_load leaves it. The headers are checked as by pe_open, but for what lies in
 * the file; SizeOfImage is not above `size`. Statuses as pe_open.
 */
NTSTATUS pe_describe(void *memory, uint32_t size, struct pe_file *file, struct pe_image *image,
                     struct pe_error *error);

/*
 * Makes the image fit to run at linear address `address`. Everything is validated before the first
 * write: on failure the image is as it was.
 *
 * STATUS_SUCCESS, also where nothing had to be done: the address is the same, or the image has no
 * relocations and its linker did not strip them (it holds no addresses).
 * STATUS_CONFLICTING_ADDRESSES if they are stripped. STATUS_INVALID_IMAGE_FORMAT for a block whose
 * size is odd, below 8 or beyond the directory, a type other than ABSOLUTE and HIGHLOW, or a target
 * outside the image or in the relocation table itself.
 */
NTSTATUS pe_relocate(struct pe_image *image, uint32_t address, struct pe_error *error);

/* What an export leads to. */
struct pe_export {
    uint32_t rva;          /* of code or data; 0 for a forwarder */
    const char *forwarder; /* "LIBRARY.Symbol" in the image, or NULL */
};

/*
 * Finds an export by its exact name. A binary search, as NT's loader does: the names are sorted
 * ("PE Format", Export Name Pointer Table); what an unsorted table hides is not found.
 *
 * STATUS_SUCCESS, STATUS_ENTRYPOINT_NOT_FOUND, or STATUS_INVALID_IMAGE_FORMAT if the table, a name
 * in it or the target is outside the image.
 */
NTSTATUS pe_export_by_name(const struct pe_image *image, const char *name,
                           struct pe_export *export);

/*
 * Finds an export by its ordinal (Base included).
 * STATUS_SUCCESS, STATUS_ORDINAL_NOT_FOUND, or STATUS_INVALID_IMAGE_FORMAT as above.
 */
NTSTATUS pe_export_by_ordinal(const struct pe_image *image, uint32_t ordinal,
                              struct pe_export *export);

/* Who resolves imports. The names are in the image; both calls return a status of their choice. */
struct pe_binder {
    /* Finds a library ("KERNEL32.dll"); *library is handed to `symbol`. */
    NTSTATUS (*library)(void *context, const char *name, void **library);
    /* Finds a symbol's linear address, by name, or by ordinal if `name` is NULL. */
    NTSTATUS(*symbol)
    (void *context, void *library, const char *name, uint32_t ordinal, uint32_t *address);
};

/*
 * Writes the address of each imported symbol to its slot in the import address table. The lookup
 * table is OriginalFirstThunk, or FirstThunk where that is 0; binding done at link time is ignored.
 * The table ends at the first descriptor without name or slots, as in NT, which ignores its Size.
 *
 * STATUS_SUCCESS; the binder's first status that is not a success, with the names asked for in
 * *error; STATUS_INVALID_IMAGE_FORMAT if a table, slot or name is outside the image or the slots
 * are more than the image can hold. After a failure some slots are written: discard the image.
 */
NTSTATUS pe_bind_imports(struct pe_image *image, const struct pe_binder *binder, void *context,
                         struct pe_error *error);

/* One library that an image imports from. */
struct pe_import {
    const char *library; /* in the image */
    uint32_t slots;      /* RVA of its import address table */
};

/*
 * Finds the import number `index`, in the order that pe_bind_imports goes through them. FALSE behind
 * the last one, and where the table or the name is outside the image.
 */
bool pe_import(const struct pe_image *image, uint32_t index, struct pe_import *import);

/* An image's thread-local storage, as RVAs. */
struct pe_tls {
    uint32_t data, data_size; /* what each thread's copy begins as */
    uint32_t zero_size;       /* zero bytes behind that */
    uint32_t index;           /* where the number of the image's slot belongs, 32 bits */
    uint32_t callbacks;       /* addresses of functions, up to a 0; RVA 0: none */
};

/*
 * Reads the TLS directory of an image that is relocated. STATUS_SUCCESS; STATUS_NOT_FOUND if it has
 * none; STATUS_INVALID_IMAGE_FORMAT if the directory or what it names is outside the image.
 */
NTSTATUS pe_read_tls(const struct pe_image *image, struct pe_tls *tls, struct pe_error *error);

/*
 * The linear address of the callback number `index`; 0 behind the last one, and outside the image.
 */
uint32_t pe_tls_callback(const struct pe_image *image, const struct pe_tls *tls, uint32_t index);
