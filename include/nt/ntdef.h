/*
 * The basic types of the NT boundary: integers, strings, lists, object attributes.
 *
 * Spelling and layout are NT's (WDK: ntdef.h, wdm.h); tests/abi compares every offset with what
 * mingw-w64's DDK headers give. The kernel is compiled with -mms-bitfields (64-bit members are
 * aligned to 8 as in PE images) and -freg-struct-return (small structures come back in EDX:EAX).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A program that included <windows.h> and <winternl.h> (user/ntdll/ntdll.h) has all the rest. */
#ifndef _WINNT_

#if defined(__i386__)
#define NTAPI    __attribute__((stdcall))
#define FASTCALL __attribute__((fastcall))
#else /* host tests */
#define NTAPI
#define FASTCALL
#endif

#define VOID void
typedef void *PVOID;
typedef char CHAR, CCHAR;
typedef char *PCHAR, *PSZ;
typedef const char *PCSZ;
typedef uint8_t UCHAR, BOOLEAN, *PUCHAR, *PBOOLEAN;
typedef int16_t SHORT, CSHORT;
typedef uint16_t USHORT, WCHAR, *PUSHORT, *PWCHAR, *PWSTR;
typedef const WCHAR *PCWSTR;
typedef int32_t LONG, *PLONG;
typedef uint32_t ULONG, *PULONG;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;
typedef uintptr_t ULONG_PTR, SIZE_T;
typedef LONG NTSTATUS;
typedef PVOID HANDLE, *PHANDLE;
typedef ULONG ACCESS_MASK, DEVICE_TYPE;
typedef UCHAR KIRQL, *PKIRQL;
typedef CCHAR KPROCESSOR_MODE;
typedef ULONG_PTR KSPIN_LOCK, *PKSPIN_LOCK;

enum { KernelMode, UserMode };

#define TRUE  1
#define FALSE 0

typedef union _LARGE_INTEGER {
    struct {
        ULONG LowPart;
        LONG HighPart;
    };
    struct {
        ULONG LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER, PHYSICAL_ADDRESS;

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

/* Counted UTF-16 text: Length and MaximumLength in bytes; not NUL-terminated. */
typedef struct _UNICODE_STRING {
    USHORT Length;
    USHORT MaximumLength;
    PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

/* A UNICODE_STRING over a u"literal". */
#define UNICODE_STRING_INIT(literal)                                                               \
    {                                                                                              \
        sizeof(literal) - 2, sizeof(literal), (PWSTR)(literal)                                     \
    }

typedef struct _OBJECT_ATTRIBUTES {
    ULONG Length;
    HANDLE RootDirectory;
    PUNICODE_STRING ObjectName;
    ULONG Attributes;
    PVOID SecurityDescriptor;
    PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;

#define OBJ_INHERIT          0x00000002u
#define OBJ_PERMANENT        0x00000010u
#define OBJ_EXCLUSIVE        0x00000020u
#define OBJ_CASE_INSENSITIVE 0x00000040u
#define OBJ_OPENIF           0x00000080u
#define OBJ_KERNEL_HANDLE    0x00000200u

/* OBJECT_ATTRIBUTES for a name (a PUNICODE_STRING) without root directory. */
#define OBJECT_ATTRIBUTES_INIT(name, attributes)                                                   \
    {                                                                                              \
        sizeof(OBJECT_ATTRIBUTES), NULL, (PUNICODE_STRING)(name), (attributes), NULL, NULL         \
    }

typedef struct _IO_STATUS_BLOCK {
    union {
        NTSTATUS Status;
        PVOID Pointer;
    };
    ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;

/* Standard and generic access rights (WDK, ACCESS_MASK). */
#define DELETE                   0x00010000u
#define READ_CONTROL             0x00020000u
#define WRITE_DAC                0x00040000u
#define WRITE_OWNER              0x00080000u
#define SYNCHRONIZE              0x00100000u
#define STANDARD_RIGHTS_REQUIRED 0x000F0000u
#define STANDARD_RIGHTS_READ     READ_CONTROL
#define STANDARD_RIGHTS_ALL      0x001F0000u
#define MAXIMUM_ALLOWED          0x02000000u
#define GENERIC_ALL              0x10000000u
#define GENERIC_EXECUTE          0x20000000u
#define GENERIC_WRITE            0x40000000u
#define GENERIC_READ             0x80000000u

#define CONTAINING_RECORD(address, type, field)                                                    \
    ((type *)(void *)((char *)(address)-offsetof(type, field)))

#endif
