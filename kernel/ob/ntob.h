/* The object manager's services and routines under their NT names (WDK: wdm.h, ntifs.h). */
#pragma once

#include "nt/ntstatus.h"
#include "nt/ob.h"

typedef struct _OBJECT_TYPE OBJECT_TYPE, *POBJECT_TYPE;

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
 * Classes ObjectBasicInformation (its PointerCount includes the query's own pointer, as in NT: this
 * is the "References: 2" of figure 4-8), ObjectNameInformation, ObjectTypeInformation (the type's
 * name and counts) and ObjectHandleFlagInformation. *needed is optional.
 * STATUS_SUCCESS, STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_INFO_CLASS, handle statuses.
 */
NTSTATUS NTAPI NtQueryObject(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG needed);
NTSTATUS NTAPI ZwQueryObject(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG needed);

/*
 * ObjectHandleFlagInformation: is the handle inherited, and may it be closed? Statuses as above,
 * and STATUS_INVALID_HANDLE.
 */
NTSTATUS NTAPI NtSetInformationObject(HANDLE handle, ULONG class, PVOID buffer, ULONG length);

/* Create or open directories and symbolic links: the statuses of ob_insert_object and ob_lookup. */
NTSTATUS NTAPI NtCreateDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                       POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI ZwCreateDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                       POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI NtOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                     POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI ZwOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                     POBJECT_ATTRIBUTES attributes);
/*
 * The target is not looked up. Of a target with NULs in it the first part counts; the others are
 * what DOS devices meant before (DefineDosDevice). A target that is empty or of odd length:
 * STATUS_INVALID_PARAMETER.
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
