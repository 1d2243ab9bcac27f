/*
 * The configuration manager: a registry tree in memory, reached through the object namespace.
 *
 *   \Registry            an object of type Key, whose parse procedure walks the tree behind it
 *     node --> node ...  keys: they live in the tree, opened or not; each has a list of values
 *       ^
 *     Key object         one for each open of a key; refers to its node
 *
 * Names are compared without case whatever the attributes say, and repeated or trailing
 * backslashes count as one, both as in NT. Nothing is kept over a restart; times are 0.
 */
#pragma once

#include "nt/reg.h"
#include "ob/ob.h"

/* Choices, with the statuses beyond them. */
#define CM_MAX_KEY_NAME   512      /* bytes of one component: STATUS_INVALID_PARAMETER */
#define CM_MAX_VALUE_NAME 32766    /* bytes: STATUS_INVALID_PARAMETER */
#define CM_MAX_DATA       0x100000 /* bytes: STATUS_INVALID_PARAMETER */

extern POBJECT_TYPE cm_key_type;

/*
 * Creates the type Key, \Registry, and in it Machine\System\CurrentControlSet with the keys Control
 * and Services. Control's value SystemStartOptions is the kernel's command line. After ob_init.
 * `mode` is that line's word registry=: "none" leaves Services out; "taken" puts the key
 * Services\VirtToPhys into it, as if the service were registered already; "auto" does so, too, with
 * a driver that starts with the system; NULL or anything else: none of these.
 */
void cm_init(const char *command_line, const char *mode);

/*
 * Creates a key (its parent must exist) or opens it. *disposition (optional) says which.
 * STATUS_SUCCESS; STATUS_OBJECT_NAME_NOT_FOUND: the parent is missing; STATUS_KEY_DELETED: the key
 * is deleted but still open somewhere; STATUS_INSUFFICIENT_RESOURCES; the statuses of ob_lookup.
 */
NTSTATUS NTAPI NtCreateKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                           ULONG title_index, PUNICODE_STRING class, ULONG options,
                           PULONG disposition);
NTSTATUS NTAPI ZwCreateKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                           ULONG title_index, PUNICODE_STRING class, ULONG options,
                           PULONG disposition);

/* Opens a key: statuses as above. */
NTSTATUS NTAPI NtOpenKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI ZwOpenKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);

/*
 * Marks a key as deleted; it goes, with its values, when its last handle is closed.
 * STATUS_SUCCESS, STATUS_CANNOT_DELETE (it has subkeys, or is \Registry), STATUS_KEY_DELETED,
 * handle statuses.
 */
NTSTATUS NTAPI NtDeleteKey(HANDLE key);
NTSTATUS NTAPI ZwDeleteKey(HANDLE key);

/*
 * A key, of class KeyBasicInformation or KeyFullInformation. *result_length: what the whole record
 * needs. STATUS_SUCCESS; STATUS_BUFFER_OVERFLOW: the name is cut; STATUS_BUFFER_TOO_SMALL: nothing
 * was written; STATUS_INVALID_PARAMETER: class; STATUS_KEY_DELETED; handle statuses.
 */
NTSTATUS NTAPI NtQueryKey(HANDLE key, ULONG class, PVOID buffer, ULONG length,
                          PULONG result_length);
NTSTATUS NTAPI ZwQueryKey(HANDLE key, ULONG class, PVOID buffer, ULONG length,
                          PULONG result_length);

/* The same of the subkey with a number from 0; STATUS_NO_MORE_ENTRIES behind the last. */
NTSTATUS NTAPI NtEnumerateKey(HANDLE key, ULONG index, ULONG class, PVOID buffer, ULONG length,
                              PULONG result_length);
NTSTATUS NTAPI ZwEnumerateKey(HANDLE key, ULONG index, ULONG class, PVOID buffer, ULONG length,
                              PULONG result_length);

/*
 * Sets a value, in place of one of that name. `data` is copied; its type may be any number.
 * STATUS_SUCCESS, STATUS_INVALID_PARAMETER (limits above), STATUS_INSUFFICIENT_RESOURCES,
 * STATUS_KEY_DELETED, handle statuses.
 */
NTSTATUS NTAPI NtSetValueKey(HANDLE key, PUNICODE_STRING name, ULONG title_index, ULONG type,
                             PVOID data, ULONG data_bytes);
NTSTATUS NTAPI ZwSetValueKey(HANDLE key, PUNICODE_STRING name, ULONG title_index, ULONG type,
                             PVOID data, ULONG data_bytes);

/*
 * A value by name, or by a number from 0, of class KeyValueBasic-, -Full- or -PartialInformation.
 * *result_length: what the whole record needs. STATUS_SUCCESS; STATUS_BUFFER_OVERFLOW: name or data
 * are cut; STATUS_BUFFER_TOO_SMALL: nothing was written; STATUS_OBJECT_NAME_NOT_FOUND or
 * STATUS_NO_MORE_ENTRIES; STATUS_INVALID_PARAMETER: class; STATUS_KEY_DELETED; handle statuses.
 */
NTSTATUS NTAPI NtQueryValueKey(HANDLE key, PUNICODE_STRING name, ULONG class, PVOID buffer,
                               ULONG length, PULONG result_length);
NTSTATUS NTAPI ZwQueryValueKey(HANDLE key, PUNICODE_STRING name, ULONG class, PVOID buffer,
                               ULONG length, PULONG result_length);
NTSTATUS NTAPI NtEnumerateValueKey(HANDLE key, ULONG index, ULONG class, PVOID buffer, ULONG length,
                                   PULONG result_length);
NTSTATUS NTAPI ZwEnumerateValueKey(HANDLE key, ULONG index, ULONG class, PVOID buffer, ULONG length,
                                   PULONG result_length);

/* STATUS_SUCCESS, STATUS_OBJECT_NAME_NOT_FOUND, STATUS_KEY_DELETED, handle statuses. */
NTSTATUS NTAPI NtDeleteValueKey(HANDLE key, PUNICODE_STRING name);
NTSTATUS NTAPI ZwDeleteValueKey(HANDLE key, PUNICODE_STRING name);
