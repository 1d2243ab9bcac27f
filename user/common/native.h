/*
 * The native calls below the service control manager, the session manager and advapi32: ntdll's
 * header, and what of Windows 2000's native interface only these use.
 */
#pragma once

#include "ntdll/ntdll.h"

#include "nt/lpc.h"

/* ---- Objects ---- */

#define DIRECTORY_ALL_ACCESS 0x000F000F

NTSTATUS NTAPI NtCreateDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                       POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process,
                                 PHANDLE target, ACCESS_MASK access, ULONG attributes,
                                 ULONG options);

/* Who a signal wakes: all who wait, until it is reset; one of them, and that resets it. */
enum { NT_NOTIFICATION, NT_SYNCHRONIZATION };

enum { NT_WAIT_ALL, NT_WAIT_ANY };

NTSTATUS NTAPI NtCreateEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                             ULONG synchronization, BOOLEAN signaled);
NTSTATUS NTAPI NtSetEvent(HANDLE event, PLONG previous);
NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG count, const HANDLE *handles, ULONG any,
                                        BOOLEAN alertable, PLARGE_INTEGER timeout);

/* ---- Ports ---- */

NTSTATUS NTAPI NtCreatePort(PHANDLE handle, POBJECT_ATTRIBUTES where, ULONG max_connect_bytes,
                            ULONG max_message, ULONG max_pool_usage);
NTSTATUS NTAPI NtConnectPort(PHANDLE handle, PUNICODE_STRING name,
                             PSECURITY_QUALITY_OF_SERVICE quality, PVOID client_view,
                             PVOID server_view, PULONG max_message, PVOID information,
                             PULONG information_bytes);
NTSTATUS NTAPI NtAcceptConnectPort(PHANDLE handle, PVOID context, PPORT_MESSAGE request,
                                   BOOLEAN accept, PVOID server_view, PVOID client_view);
NTSTATUS NTAPI NtCompleteConnectPort(HANDLE handle);
NTSTATUS NTAPI NtRequestWaitReplyPort(HANDLE port, PPORT_MESSAGE request, PPORT_MESSAGE reply);
NTSTATUS NTAPI NtReplyWaitReceivePort(HANDLE port, PVOID *context, PPORT_MESSAGE reply,
                                      PPORT_MESSAGE message);

/* ---- The registry ---- */

NTSTATUS NTAPI NtCreateKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                           ULONG title_index, PUNICODE_STRING class, ULONG options,
                           PULONG disposition);
NTSTATUS NTAPI NtOpenKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtDeleteKey(HANDLE key);
NTSTATUS NTAPI NtDeleteValueKey(HANDLE key, PUNICODE_STRING name);
NTSTATUS NTAPI NtSetValueKey(HANDLE key, PUNICODE_STRING name, ULONG title_index, ULONG type,
                             const VOID *data, ULONG bytes);

/* The records that the next calls fill; names and data follow them. */
enum { NT_KEY_BASIC = 0, NT_VALUE_FULL = 1, NT_VALUE_PARTIAL = 2 };

struct nt_key_basic {
    LARGE_INTEGER last_write_time;
    ULONG title_index;
    ULONG name_bytes;
    WCHAR name[];
};

struct nt_value_full {
    ULONG title_index;
    ULONG type;
    ULONG data_offset; /* from the record's start */
    ULONG data_bytes;
    ULONG name_bytes;
    WCHAR name[];
};

struct nt_value_partial {
    ULONG title_index;
    ULONG type;
    ULONG data_bytes;
    UCHAR data[];
};

NTSTATUS NTAPI NtEnumerateKey(HANDLE key, ULONG index, ULONG class, PVOID record, ULONG bytes,
                              PULONG needed);
NTSTATUS NTAPI NtEnumerateValueKey(HANDLE key, ULONG index, ULONG class, PVOID record, ULONG bytes,
                                   PULONG needed);
NTSTATUS NTAPI NtQueryValueKey(HANDLE key, PUNICODE_STRING name, ULONG class, PVOID record,
                               ULONG bytes, PULONG needed);

/* ---- The end; `action` of nt/system.h ---- */

NTSTATUS NTAPI NtShutdownSystem(ULONG action);

/* ---- Drivers; the path is that of the service's key ---- */

NTSTATUS NTAPI NtLoadDriver(PUNICODE_STRING registry_path);
NTSTATUS NTAPI NtUnloadDriver(PUNICODE_STRING registry_path);

/* ---- Strings and the heap ---- */

BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b,
                                    BOOLEAN case_insensitive);
NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING to, PCUNICODE_STRING from);

PVOID NTAPI RtlAllocateHeap(PVOID heap, ULONG flags, SIZE_T bytes);
BOOLEAN NTAPI RtlFreeHeap(PVOID heap, ULONG flags, PVOID block);

/* Zeroed, or NULL. */
static inline void *nt_allocate(SIZE_T bytes)
{
    return RtlAllocateHeap(nt_peb()->process_heap, HEAP_ZERO_MEMORY, bytes);
}

static inline void nt_free(void *block)
{
    RtlFreeHeap(nt_peb()->process_heap, 0, block);
}

/* ---- Attributes for a name ---- */

/* A name as NtCreate- and NtOpen- calls want it. Not to be copied: the attributes point into it. */
struct nt_named {
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
};

/* `text`, NUL-terminated, below `root` (NULL: absolute), without regard to case. */
static inline POBJECT_ATTRIBUTES nt_name(struct nt_named *named, HANDLE root, const WCHAR *text,
                                         ULONG flags)
{
    RtlInitUnicodeString(&named->name, text);
    InitializeObjectAttributes(&named->attributes, &named->name, OBJ_CASE_INSENSITIVE | flags, root,
                               NULL);
    return &named->attributes;
}
