/*
 * What the object manager shows at the NT boundary: access rights, information records and
 * services, with NT's values and layouts (WDK: wdm.h, ntifs.h; ntddk documentation).
 */
#pragma once

#include "nt/ntstatus.h"

typedef struct _OBJECT_TYPE OBJECT_TYPE, *POBJECT_TYPE;

#define DIRECTORY_QUERY               0x0001u
#define DIRECTORY_TRAVERSE            0x0002u
#define DIRECTORY_CREATE_OBJECT       0x0004u
#define DIRECTORY_CREATE_SUBDIRECTORY 0x0008u
#define DIRECTORY_ALL_ACCESS          (STANDARD_RIGHTS_REQUIRED | 0xFu)

#define SYMBOLIC_LINK_QUERY      0x0001u
#define SYMBOLIC_LINK_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | 0x1u)

#define OBJECT_TYPE_CREATE     0x0001u
#define OBJECT_TYPE_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | 0x1u)

#define DUPLICATE_CLOSE_SOURCE    1u
#define DUPLICATE_SAME_ACCESS     2u
#define DUPLICATE_SAME_ATTRIBUTES 4u

#define NtCurrentProcess() ((HANDLE)(intptr_t)-1)

#ifndef STATUS_MORE_ENTRIES
#define STATUS_MORE_ENTRIES NTSTATUS_VALUE(0x00000105u)
#endif

typedef struct _GENERIC_MAPPING {
    ACCESS_MASK GenericRead;
    ACCESS_MASK GenericWrite;
    ACCESS_MASK GenericExecute;
    ACCESS_MASK GenericAll;
} GENERIC_MAPPING, *PGENERIC_MAPPING;

typedef struct _OBJECT_HANDLE_INFORMATION {
    ULONG HandleAttributes;
    ACCESS_MASK GrantedAccess;
} OBJECT_HANDLE_INFORMATION, *POBJECT_HANDLE_INFORMATION;

/* Information classes of NtQueryObject. */
#define ObjectBasicInformation 0u
#define ObjectNameInformation  1u

typedef struct _OBJECT_BASIC_INFORMATION {
    ULONG Attributes;
    ACCESS_MASK GrantedAccess;
    ULONG HandleCount;
    ULONG PointerCount;
    ULONG PagedPoolCharge;
    ULONG NonPagedPoolCharge;
    ULONG Reserved[3];
    ULONG NameInfoSize;
    ULONG TypeInfoSize;
    ULONG SecurityDescriptorSize;
    LARGE_INTEGER CreationTime;
} OBJECT_BASIC_INFORMATION, *POBJECT_BASIC_INFORMATION;

typedef struct _OBJECT_NAME_INFORMATION {
    UNICODE_STRING Name; /* the text follows the record */
} OBJECT_NAME_INFORMATION, *POBJECT_NAME_INFORMATION;

typedef struct _OBJECT_DIRECTORY_INFORMATION {
    UNICODE_STRING Name;
    UNICODE_STRING TypeName;
} OBJECT_DIRECTORY_INFORMATION, *POBJECT_DIRECTORY_INFORMATION;

/*
 * References the object behind a handle of the current table. `type` NULL takes any type. With
 * UserMode the handle must have been granted every right of `access`; KernelMode is trusted.
 * STATUS_SUCCESS: *object is a pointer that the caller gives back with ObDereferenceObject, and
 *   *information (optional) holds the handle's rights.
 * STATUS_INVALID_HANDLE (closed, stale or never given), STATUS_OBJECT_TYPE_MISMATCH,
 * STATUS_ACCESS_DENIED: *object is NULL.
 */
NTSTATUS NTAPI ObReferenceObjectByHandle(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type,
                                         KPROCESSOR_MODE mode, PVOID *object,
                                         POBJECT_HANDLE_INFORMATION information);

/* One more pointer on an object: STATUS_SUCCESS, or STATUS_OBJECT_TYPE_MISMATCH. */
NTSTATUS NTAPI ObReferenceObjectByPointer(PVOID object, ACCESS_MASK access, POBJECT_TYPE type,
                                          KPROCESSOR_MODE mode);

/*
 * Finds an object by its absolute name. `attributes` are OBJ_ flags; `state` is not used; `context`
 * goes to parse procedures. STATUS_SUCCESS: the caller owns a pointer on *object. Otherwise the
 * statuses of ob_lookup (ob.h) and *object is NULL.
 */
NTSTATUS NTAPI ObReferenceObjectByName(PUNICODE_STRING name, ULONG attributes, PVOID state,
                                       ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                       PVOID context, PVOID *object);

/*
 * Finds an object by name and gives a handle to it. A parse procedure may return an object made
 * on the spot; its pointer passes to the handle, so that it then has one pointer and one handle.
 * STATUS_SUCCESS, the statuses of ob_lookup, STATUS_INVALID_PARAMETER for malformed attributes,
 * STATUS_INSUFFICIENT_RESOURCES when the handle table is full; on failure *handle is NULL.
 */
NTSTATUS NTAPI ObOpenObjectByName(POBJECT_ATTRIBUTES attributes, POBJECT_TYPE type,
                                  KPROCESSOR_MODE mode, PVOID state, ACCESS_MASK access,
                                  PVOID context, PHANDLE handle);

/* A handle to an object that the caller has a pointer on (which stays the caller's). */
NTSTATUS NTAPI ObOpenObjectByPointer(PVOID object, ULONG attributes, PVOID state,
                                     ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                     PHANDLE handle);

/* Adds or gives back a pointer; the new count. At zero the object is deleted. */
LONG FASTCALL ObfReferenceObject(PVOID object);
LONG FASTCALL ObfDereferenceObject(PVOID object);
VOID NTAPI ObDereferenceObject(PVOID object);

/* Takes OBJ_PERMANENT away; without handles the name goes at once. */
VOID NTAPI ObMakeTemporaryObject(PVOID object);

/*
 * The full name of an object: an empty string for an unnamed one. *needed: the bytes of the record
 * with its text and NUL. STATUS_SUCCESS, or STATUS_INFO_LENGTH_MISMATCH if `length` is less.
 */
NTSTATUS NTAPI ObQueryNameString(PVOID object, POBJECT_NAME_INFORMATION information, ULONG length,
                                 PULONG needed);

NTSTATUS NTAPI NtClose(HANDLE handle);
NTSTATUS NTAPI ZwClose(HANDLE handle);

/* ObMakeTemporaryObject for a handle. */
NTSTATUS NTAPI NtMakeTemporaryObject(HANDLE handle);
NTSTATUS NTAPI ZwMakeTemporaryObject(HANDLE handle);

/*
 * A second handle to the same object. Both processes must be NtCurrentProcess(), else
 * STATUS_INVALID_HANDLE. Rights beyond the source's are refused with STATUS_ACCESS_DENIED (our
 * choice: there are no security descriptors to ask). DUPLICATE_CLOSE_SOURCE closes the source in
 * every case but that of an invalid one.
 */
NTSTATUS NTAPI NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process,
                                 PHANDLE target, ACCESS_MASK access, ULONG attributes,
                                 ULONG options);
NTSTATUS NTAPI ZwDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process,
                                 PHANDLE target, ACCESS_MASK access, ULONG attributes,
                                 ULONG options);

/*
 * Classes ObjectBasicInformation (its PointerCount includes the query's own pointer, as in NT: this
 * is the "References: 2" of figure 4-8) and ObjectNameInformation. *needed is optional.
 * STATUS_SUCCESS, STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_INFO_CLASS, handle statuses.
 */
NTSTATUS NTAPI NtQueryObject(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG needed);
NTSTATUS NTAPI ZwQueryObject(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG needed);

/* Create or open directories and symbolic links: the statuses of ob_insert_object and ob_lookup. */
NTSTATUS NTAPI NtCreateDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                       POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI ZwCreateDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                       POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI NtOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                     POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI ZwOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                     POBJECT_ATTRIBUTES attributes);
/* The target is not looked up. A target that is empty or of odd length: STATUS_INVALID_PARAMETER.
 */
NTSTATUS NTAPI NtCreateSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                          POBJECT_ATTRIBUTES attributes, PUNICODE_STRING target);
NTSTATUS NTAPI ZwCreateSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                          POBJECT_ATTRIBUTES attributes, PUNICODE_STRING target);
NTSTATUS NTAPI NtOpenSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                        POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI ZwOpenSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                        POBJECT_ATTRIBUTES attributes);

/*
 * Copies the target into the caller's buffer. *needed (optional): its bytes.
 * STATUS_SUCCESS, STATUS_BUFFER_TOO_SMALL (target->Length untouched), handle statuses.
 */
NTSTATUS NTAPI NtQuerySymbolicLinkObject(HANDLE handle, PUNICODE_STRING target, PULONG needed);
NTSTATUS NTAPI ZwQuerySymbolicLinkObject(HANDLE handle, PUNICODE_STRING target, PULONG needed);

/*
 * Lists a directory: OBJECT_DIRECTORY_INFORMATION records, a zeroed one behind the last, then the
 * texts. *context says where to go on and is updated; `restart` begins at the first. `single`
 * returns one record. *returned (optional): bytes used, or needed for the next record.
 * STATUS_SUCCESS, STATUS_MORE_ENTRIES (some fitted, more exist), STATUS_NO_MORE_ENTRIES,
 * STATUS_BUFFER_TOO_SMALL (not even one fits), handle statuses.
 */
NTSTATUS NTAPI NtQueryDirectoryObject(HANDLE handle, PVOID buffer, ULONG length, BOOLEAN single,
                                      BOOLEAN restart, PULONG context, PULONG returned);
NTSTATUS NTAPI ZwQueryDirectoryObject(HANDLE handle, PVOID buffer, ULONG length, BOOLEAN single,
                                      BOOLEAN restart, PULONG context, PULONG returned);
