/* Virtual memory and sections at the NT boundary (WDK: wdm.h, ntifs.h; SDK: winnt.h). */
#pragma once

#include "nt/ntdef.h"

/* Protections: one of the first eight, with at most one of the last two. */
#define PAGE_NOACCESS          0x001u
#define PAGE_READONLY          0x002u
#define PAGE_READWRITE         0x004u
#define PAGE_WRITECOPY         0x008u
#define PAGE_EXECUTE           0x010u
#define PAGE_EXECUTE_READ      0x020u
#define PAGE_EXECUTE_READWRITE 0x040u
#define PAGE_EXECUTE_WRITECOPY 0x080u
#define PAGE_GUARD             0x100u
#define PAGE_NOCACHE           0x200u

#define MEM_COMMIT   0x00001000u
#define MEM_RESERVE  0x00002000u
#define MEM_DECOMMIT 0x00004000u
#define MEM_RELEASE  0x00008000u
#define MEM_FREE     0x00010000u
#define MEM_PRIVATE  0x00020000u
#define MEM_MAPPED   0x00040000u
#define MEM_RESET    0x00080000u
#define MEM_TOP_DOWN 0x00100000u
#define MEM_IMAGE    0x01000000u

#define SEC_IMAGE   0x01000000u
#define SEC_RESERVE 0x04000000u
#define SEC_COMMIT  0x08000000u
#define SEC_NOCACHE 0x10000000u

#define SECTION_QUERY       0x0001u
#define SECTION_MAP_WRITE   0x0002u
#define SECTION_MAP_READ    0x0004u
#define SECTION_MAP_EXECUTE 0x0008u
#define SECTION_EXTEND_SIZE 0x0010u
#define SECTION_ALL_ACCESS  (STANDARD_RIGHTS_REQUIRED | 0x1Fu)

/* What becomes of a view in a child process. */
#define ViewShare 1u
#define ViewUnmap 2u

/* Information classes of NtQueryVirtualMemory and NtQuerySection. */
#define MemoryBasicInformation  0u
#define MemorySectionName       2u
#define SectionBasicInformation 0u
#define SectionImageInformation 1u

typedef struct _MEMORY_BASIC_INFORMATION {
    PVOID BaseAddress;
    PVOID AllocationBase;
    ULONG AllocationProtect;
    SIZE_T RegionSize; /* bytes from BaseAddress on with the same state, protection and type */
    ULONG State;       /* MEM_COMMIT, MEM_RESERVE, MEM_FREE */
    ULONG Protect;
    ULONG Type; /* MEM_PRIVATE, MEM_MAPPED, MEM_IMAGE; 0 where free */
} MEMORY_BASIC_INFORMATION, *PMEMORY_BASIC_INFORMATION;

typedef struct _SECTION_BASIC_INFORMATION {
    PVOID BaseAddress;
    ULONG AllocationAttributes; /* SEC_ */
    LARGE_INTEGER MaximumSize;
} SECTION_BASIC_INFORMATION, *PSECTION_BASIC_INFORMATION;

typedef struct _SECTION_IMAGE_INFORMATION {
    PVOID TransferAddress; /* the entry point at the preferred base, NULL: none */
    ULONG ZeroBits;
    ULONG MaximumStackSize;
    ULONG CommittedStackSize;
    ULONG SubSystemType;
    USHORT SubSystemMinorVersion;
    USHORT SubSystemMajorVersion;
    ULONG GpValue;
    USHORT ImageCharacteristics;
    USHORT DllCharacteristics;
    USHORT Machine;
    BOOLEAN ImageContainsCode;
    BOOLEAN Spare1;
    ULONG LoaderFlags;
    ULONG Reserved[2];
} SECTION_IMAGE_INFORMATION, *PSECTION_IMAGE_INFORMATION;
