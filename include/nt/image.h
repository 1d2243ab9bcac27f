/*
 * The PE32 image format (Microsoft, "PE Format"), as the loader reads it from a file and as it
 * lies in memory. All RVAs are byte offsets from the image's base; all file offsets are bytes.
 */
#pragma once

#include "nt/ntdef.h"

/* As in ntdef.h: <windows.h> has all of this but the number's name. */
#ifdef _WINNT_
#define IMAGE_NUMBEROF_DIRECTORIES IMAGE_NUMBEROF_DIRECTORY_ENTRIES
#else

#define IMAGE_DOS_SIGNATURE 0x5A4Du     /* "MZ" */
#define IMAGE_NT_SIGNATURE  0x00004550u /* "PE\0\0" */

#define IMAGE_FILE_MACHINE_I386       0x014Cu
#define IMAGE_FILE_RELOCS_STRIPPED    0x0001u
#define IMAGE_FILE_EXECUTABLE_IMAGE   0x0002u
#define IMAGE_FILE_DLL                0x2000u
#define IMAGE_NT_OPTIONAL_HDR32_MAGIC 0x010Bu
#define IMAGE_NUMBEROF_DIRECTORIES    16

#define IMAGE_SUBSYSTEM_NATIVE      1
#define IMAGE_SUBSYSTEM_WINDOWS_GUI 2
#define IMAGE_SUBSYSTEM_WINDOWS_CUI 3

enum image_directory {
    IMAGE_DIRECTORY_ENTRY_EXPORT = 0,
    IMAGE_DIRECTORY_ENTRY_IMPORT = 1,
    IMAGE_DIRECTORY_ENTRY_BASERELOC = 5,
    IMAGE_DIRECTORY_ENTRY_TLS = 9,
};

typedef struct _IMAGE_DOS_HEADER {
    USHORT e_magic;
    USHORT e_words[29];
    LONG e_lfanew; /* file offset of IMAGE_NT_HEADERS32 */
} IMAGE_DOS_HEADER;

typedef struct _IMAGE_FILE_HEADER {
    USHORT Machine;
    USHORT NumberOfSections;
    ULONG TimeDateStamp;
    ULONG PointerToSymbolTable;
    ULONG NumberOfSymbols;
    USHORT SizeOfOptionalHeader;
    USHORT Characteristics;
} IMAGE_FILE_HEADER;

typedef struct _IMAGE_DATA_DIRECTORY {
    ULONG VirtualAddress; /* an RVA */
    ULONG Size;
} IMAGE_DATA_DIRECTORY;

typedef struct _IMAGE_OPTIONAL_HEADER32 {
    USHORT Magic;
    UCHAR MajorLinkerVersion;
    UCHAR MinorLinkerVersion;
    ULONG SizeOfCode;
    ULONG SizeOfInitializedData;
    ULONG SizeOfUninitializedData;
    ULONG AddressOfEntryPoint;
    ULONG BaseOfCode;
    ULONG BaseOfData;
    ULONG ImageBase;
    ULONG SectionAlignment;
    ULONG FileAlignment;
    USHORT MajorOperatingSystemVersion;
    USHORT MinorOperatingSystemVersion;
    USHORT MajorImageVersion;
    USHORT MinorImageVersion;
    USHORT MajorSubsystemVersion;
    USHORT MinorSubsystemVersion;
    ULONG Win32VersionValue;
    ULONG SizeOfImage;
    ULONG SizeOfHeaders;
    ULONG CheckSum;
    USHORT Subsystem;
    USHORT DllCharacteristics;
    ULONG SizeOfStackReserve;
    ULONG SizeOfStackCommit;
    ULONG SizeOfHeapReserve;
    ULONG SizeOfHeapCommit;
    ULONG LoaderFlags;
    ULONG NumberOfRvaAndSizes;
    IMAGE_DATA_DIRECTORY DataDirectory[IMAGE_NUMBEROF_DIRECTORIES];
} IMAGE_OPTIONAL_HEADER32;

typedef struct _IMAGE_NT_HEADERS32 {
    ULONG Signature;
    IMAGE_FILE_HEADER FileHeader;
    IMAGE_OPTIONAL_HEADER32 OptionalHeader;
} IMAGE_NT_HEADERS32;

typedef struct _IMAGE_SECTION_HEADER {
    UCHAR Name[8];
    ULONG VirtualSize;
    ULONG VirtualAddress;
    ULONG SizeOfRawData;
    ULONG PointerToRawData;
    ULONG PointerToRelocations;
    ULONG PointerToLinenumbers;
    USHORT NumberOfRelocations;
    USHORT NumberOfLinenumbers;
    ULONG Characteristics;
} IMAGE_SECTION_HEADER;

#define IMAGE_SCN_CNT_CODE        0x00000020u
#define IMAGE_SCN_MEM_DISCARDABLE 0x02000000u
#define IMAGE_SCN_MEM_EXECUTE     0x20000000u
#define IMAGE_SCN_MEM_READ        0x40000000u
#define IMAGE_SCN_MEM_WRITE       0x80000000u

typedef struct _IMAGE_IMPORT_DESCRIPTOR {
    ULONG OriginalFirstThunk; /* RVA of the lookup table, 0 in some linkers' images */
    ULONG TimeDateStamp;
    ULONG ForwarderChain;
    ULONG Name;       /* RVA of the DLL's name */
    ULONG FirstThunk; /* RVA of the import address table */
} IMAGE_IMPORT_DESCRIPTOR;

#define IMAGE_ORDINAL_FLAG32     0x80000000u

typedef struct _IMAGE_EXPORT_DIRECTORY {
    ULONG Characteristics;
    ULONG TimeDateStamp;
    USHORT MajorVersion;
    USHORT MinorVersion;
    ULONG Name;
    ULONG Base; /* the first ordinal */
    ULONG NumberOfFunctions;
    ULONG NumberOfNames;
    ULONG AddressOfFunctions;
    ULONG AddressOfNames;
    ULONG AddressOfNameOrdinals;
} IMAGE_EXPORT_DIRECTORY;

typedef struct _IMAGE_BASE_RELOCATION {
    ULONG VirtualAddress; /* the page's RVA */
    ULONG SizeOfBlock;    /* bytes, this header included; then 16-bit entries */
} IMAGE_BASE_RELOCATION;

/* Thread-local storage. Addresses, which the image's relocations move, not RVAs. */
typedef struct _IMAGE_TLS_DIRECTORY32 {
    ULONG StartAddressOfRawData, EndAddressOfRawData; /* what each thread's copy begins as */
    ULONG AddressOfIndex;     /* where the loader writes the slot's number */
    ULONG AddressOfCallBacks; /* functions, up to a 0 */
    ULONG SizeOfZeroFill;
    ULONG Characteristics;
} IMAGE_TLS_DIRECTORY32;

/* A relocation entry: type in bits 15:12, offset into the page in bits 11:0. */
#define IMAGE_REL_BASED_ABSOLUTE 0u
#define IMAGE_REL_BASED_HIGHLOW  3u

#endif
