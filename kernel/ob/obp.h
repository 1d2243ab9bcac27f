/* What the object manager's own files share. */
#pragma once

#include "mm/pool.h"
#include "ob/ob.h"
#include "rtl/rtl.h"

/* name.c: pure, tested on the host. */

/* STATUS_SUCCESS, or STATUS_OBJECT_NAME_INVALID for a length that is odd or leaves no room for a
 * NUL within 64 KiB. */
NTSTATUS ob_check_name(PCUNICODE_STRING name);

/* STATUS_SUCCESS, STATUS_INVALID_PARAMETER (wrong Length), STATUS_OBJECT_NAME_INVALID (as above, or
 * RootDirectory without ObjectName). */
NTSTATUS ob_check_attributes(const OBJECT_ATTRIBUTES *attributes);

/* The bucket of a component; case plays no part. */
ULONG ob_hash(PCUNICODE_STRING component);

/* object.c */

/*
 * A handle came or went; the latter calls the close procedure and gives the handle's pointer back.
 */
void ob_handle_opened(PVOID object);
void ob_handle_closed(PVOID object, ACCESS_MASK granted);

/* directory.c */

/* The object of that name, or NULL. No pointer is added. */
PVOID ob_directory_find(POBJECT_DIRECTORY directory, PCUNICODE_STRING name, ULONG attributes);

/*
 * Enters an object that has a name part; the name must be free. The name adds a pointer to the
 * object and one to the directory. STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS ob_directory_insert(POBJECT_DIRECTORY directory, PCUNICODE_STRING name, PVOID object);

/* Takes the object's name, if it has one, out of its directory, with both pointers. */
void ob_directory_remove(PVOID object);

/* The entry with an ordinal number from 0, or NULL behind the last. */
POBJECT_DIRECTORY_ENTRY ob_directory_at(POBJECT_DIRECTORY directory, ULONG ordinal);

/* lookup.c */

/*
 * As ob_lookup, without the check of the type; with `insert` not NULL a missing last component is
 * created for that object, which is then the one found.
 */
NTSTATUS ob_find_or_insert(const OBJECT_ATTRIBUTES *attributes, struct ob_parse *parse,
                           PVOID insert);

/* type.c */

extern POBJECT_DIRECTORY ob_types_directory;

/* The types Type, Directory and SymbolicLink; then, once \ObjectTypes exists, their names. */
void ob_create_first_types(void);
void ob_name_first_types(void);

extern const struct ob_type_info ob_directory_info, ob_symbolic_link_info;

/* symlink.c: when a symbolic link was made, 100 ns since 1601; 0 for all other objects, as in NT. */
LARGE_INTEGER ob_creation_time(PVOID object);

/* service.c, query.c: the record of ObjectHandleFlagInformation. */
struct ob_handle_flags {
    BOOLEAN inherit, protected;
};
