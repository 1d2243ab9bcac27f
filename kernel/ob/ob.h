/*
 * The object manager: headers, types, names, handles. Other rooms create their types and objects
 * here; the NT services stand in ntob.h.
 *
 * An object in memory (i386; Windows 2000's layout):
 *
 *     -16  OBJECT_HEADER_NAME_INFO  Directory, Name, QueryReferences: named objects only,
 *                                   found by NameInfoOffset (bytes back from the header; 0: none)
 *       0  OBJECT_HEADER            PointerCount 0, HandleCount 4, Type 8, NameInfoOffset 12,
 *                                   HandleInfoOffset 13, QuotaInfoOffset 14, Flags 15,
 *                                   ObjectCreateInfo 16, SecurityDescriptor 20
 *      24  body                     what an object pointer points to; aligned to 8
 *
 * The namespace, from the symbol ob_root_directory (a pointer to the body of "\"):
 *
 *     OBJECT_DIRECTORY { HashBuckets[37] } --> entry { ChainLink, Object } --> entry ... --> NULL
 *                                                        |
 *                                                        v body of the named object
 *
 * Counting. PointerCount is the sum of: 1 for each handle, 1 while the name stands in a directory,
 * 1 for each name inside (directories), 1 for each pointer that kernel code keeps. So a permanent
 * symbolic link without handles has 1 (its name: figure 4-6), an open file 1 (its handle:
 * figure 4-8 as the Russian text corrects it), a device from IoCreateDevice 2 (its name and its
 * driver's pointer).
 *
 * There are no locks: the caller is at PASSIVE_LEVEL and kernel code is not preempted.
 */
#pragma once

#include "ke/thread.h"
#include "nt/ntstatus.h"
#include "ob/ntob.h"

/* Choices, each with its purpose. */
#define OB_MAX_REPARSES                                                                            \
    32 /* links followed in one lookup; beyond: STATUS_OBJECT_NAME_NOT_FOUND                       \
        */
#define OB_HANDLE_SLOTS                                                                            \
    16384                  /* in one table, the first never used; beyond:                          \
                              STATUS_INSUFFICIENT_RESOURCES */
#define OB_HASH_BUCKETS 37 /* in a directory, as in NT */

typedef struct _OBJECT_HEADER {
    LONG PointerCount;
    LONG HandleCount;
    POBJECT_TYPE Type;
    UCHAR NameInfoOffset;
    UCHAR HandleInfoOffset;   /* 0: no such part here */
    UCHAR QuotaInfoOffset;    /* 0: no such part here */
    UCHAR Flags;              /* OB_FLAG_ */
    PVOID ObjectCreateInfo;   /* NULL */
    PVOID SecurityDescriptor; /* NULL */
} OBJECT_HEADER, *POBJECT_HEADER;

#define OB_FLAG_PERMANENT 0x10
#define OB_FLAG_DELETED   0x80 /* the delete procedure has been called */

typedef struct _OBJECT_DIRECTORY OBJECT_DIRECTORY, *POBJECT_DIRECTORY;

typedef struct _OBJECT_HEADER_NAME_INFO {
    POBJECT_DIRECTORY Directory; /* NULL: not in the namespace */
    UNICODE_STRING Name;         /* the last component */
    ULONG QueryReferences;       /* 0 */
} OBJECT_HEADER_NAME_INFO, *POBJECT_HEADER_NAME_INFO;

typedef struct _OBJECT_DIRECTORY_ENTRY {
    struct _OBJECT_DIRECTORY_ENTRY *ChainLink;
    PVOID Object;
} OBJECT_DIRECTORY_ENTRY, *POBJECT_DIRECTORY_ENTRY;

struct _OBJECT_DIRECTORY {
    POBJECT_DIRECTORY_ENTRY HashBuckets[OB_HASH_BUCKETS];
};

extern POBJECT_DIRECTORY ob_root_directory;

static inline POBJECT_HEADER ob_header(const void *object)
{
    return (POBJECT_HEADER)(uintptr_t)object - 1;
}

/* The name part of an object, or NULL. */
static inline POBJECT_HEADER_NAME_INFO ob_name_info(const void *object)
{
    POBJECT_HEADER header = ob_header(object);

    return header->NameInfoOffset
               ? (POBJECT_HEADER_NAME_INFO)(void *)((char *)header - header->NameInfoOffset)
               : NULL;
}

/* The mode of whoever called a system service. */
static inline KPROCESSOR_MODE ob_previous_mode(void)
{
    return ke_previous_mode();
}

/*
 * For services, which act for the previous mode's caller: ObReferenceObjectByHandle,
 * ObOpenObjectByName and ObOpenObjectByPointer with what they all pass. The last one asks
 * `attributes`, which may be NULL, only for OBJ_INHERIT.
 */
NTSTATUS ob_reference(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, PVOID *object);
NTSTATUS ob_open(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                 POBJECT_TYPE type);
NTSTATUS ob_open_pointer(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                         PVOID object, POBJECT_TYPE type);

/* What a parse procedure gets and returns. */
struct ob_parse {
    UNICODE_STRING complete_name;  /* the whole name in this round; belongs to the lookup */
    UNICODE_STRING remaining_name; /* what lies behind this object: empty, "\rest", or, relative to
                                      a RootDirectory of this type, "rest" */
    ULONG attributes;              /* OBJ_ flags of the open */
    KPROCESSOR_MODE mode;
    ACCESS_MASK desired_access; /* as asked for; see ob_granted_access */
    POBJECT_TYPE type;          /* the type that the opener wants, or NULL */
    PVOID context;              /* the opener's own record, or NULL: to be looked into only if
                                   `type` shows that the opener is one's own room */
    PVOID object;               /* out: the object found or made, with a pointer for the opener */
};

/* A type's properties. Unused procedures are NULL; all run in the context of the caller. */
struct ob_type_info {
    GENERIC_MAPPING mapping;
    ACCESS_MASK valid_access;
    ULONG pool_tag;

    /* Can a handle be waited for? Then a DISPATCHER_HEADER lies so many bytes into the body. */
    BOOLEAN waitable;
    ULONG dispatcher_offset;

    /* A handle is about to be given; a failure status refuses it and goes to the opener. */
    NTSTATUS (*open)(PVOID object, ACCESS_MASK granted);

    /*
     * A handle, one of `handles`, is about to be closed by NtClose; a failure status keeps it and
     * goes to the caller. Not asked when a whole table goes.
     */
    NTSTATUS (*ask_to_close)(PVOID object, ULONG handles);

    /*
     * A handle was closed; `handles_before` counted it, so 1 means it was the last. The object
     * still has the handle's pointer; the procedure may do anything with objects and handles.
     */
    void (*close)(PVOID object, ULONG handles_before, ACCESS_MASK granted);

    /* The last pointer is gone: clean the body up. Runs once; the memory goes afterwards. */
    void (*delete)(PVOID object);

    /*
     * A lookup reached the object (also with nothing remaining). Not called when a name is being
     * created, except for symbolic links. STATUS_SUCCESS with parse->object referenced;
     * ob_reparse()'s status to begin again; any failure ends the lookup.
     * A Device should return itself, referenced, if context is NULL and nothing remains.
     */
    NTSTATUS (*parse)(PVOID object, struct ob_parse *parse);

    /*
     * Gives the full name of an object that is named otherwise than by a directory: as
     * ob_name_units.
     */
    ULONG (*name)(PVOID object, PWCHAR end);
};

struct _OBJECT_TYPE {
    UNICODE_STRING Name;
    ULONG TotalNumberOfObjects;
    ULONG TotalNumberOfHandles;
    struct ob_type_info info;
};

extern POBJECT_TYPE ob_type_type, ob_directory_type, ob_symbolic_link_type;

/*
 * Creates the kernel's handle table and makes it current; the types Type, Directory, SymbolicLink;
 * and \ \Device \Driver \?? \BaseNamedObjects \ObjectTypes, \DosDevices -> \??, all permanent.
 * The pool must be up. Running out of memory here is an assertion.
 */
void ob_init(void);

/*
 * Creates a type named `name` (kept, not copied) in \ObjectTypes. `info` is copied.
 * STATUS_SUCCESS: *type belongs to the caller; ObMakeTemporaryObject and ObDereferenceObject
 *   destroy it once no object of it lives.
 * STATUS_INSUFFICIENT_RESOURCES, STATUS_OBJECT_NAME_COLLISION.
 */
NTSTATUS ob_create_type(PCWSTR name, const struct ob_type_info *info, POBJECT_TYPE *type);

/*
 * Creates an object with a zeroed body of `body_bytes`. If `attributes` (optional) has a name there
 * is room for it, and ob_insert_object gives it. OBJ_PERMANENT is remembered.
 * STATUS_SUCCESS: the caller owns one pointer on *object.
 * STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER (attributes->Length),
 * STATUS_OBJECT_NAME_INVALID (length of the name, or RootDirectory without a name).
 */
NTSTATUS ob_create_object(POBJECT_TYPE type, const OBJECT_ATTRIBUTES *attributes, ULONG body_bytes,
                          PVOID *object);

/*
 * Puts a new object under its name (if `attributes` has one) and, if `handle` is not NULL, gives a
 * handle to it with `access`.
 * On success with a handle the creator's pointer passes to the handle; without, it stays the
 * creator's. On failure it is given back, which deletes the object.
 * STATUS_SUCCESS
 * STATUS_OBJECT_NAME_EXISTS (success severity): OBJ_OPENIF, and an object of the same type stands
 *   there: *handle is one to that, and the new object is gone. Needs `handle`.
 * STATUS_OBJECT_NAME_COLLISION, or STATUS_OBJECT_TYPE_MISMATCH with OBJ_OPENIF and another type
 * STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER, and the statuses of ob_lookup
 */
NTSTATUS ob_insert_object(PVOID object, const OBJECT_ATTRIBUTES *attributes, ACCESS_MASK access,
                          HANDLE *handle);

/*
 * Makes a nameless object of storage that begins with an OBJECT_HEADER and is never freed; the caller
 * owns one pointer, for good.
 */
void ob_adopt_object(PVOID object, POBJECT_TYPE type);

/*
 * Looks a name up: from the root, or from attributes->RootDirectory, a handle to a directory or to
 * an object whose type parses. parse->type, mode, desired_access and context come from the caller;
 * the lookup fills in the rest.
 * STATUS_SUCCESS: parse->object, with a pointer for the caller. Otherwise parse->object is NULL:
 * STATUS_OBJECT_NAME_NOT_FOUND   the last component is missing, or too many links were followed
 * STATUS_OBJECT_PATH_NOT_FOUND   a component before the last is missing
 * STATUS_OBJECT_PATH_SYNTAX_BAD  no leading backslash without RootDirectory, or one with it
 * STATUS_OBJECT_NAME_INVALID     empty component, trailing backslash, odd length
 * STATUS_OBJECT_TYPE_MISMATCH    not the wanted type, or a component that holds no names
 * STATUS_INVALID_HANDLE          RootDirectory is no handle, or of a type without names
 * STATUS_INVALID_PARAMETER       malformed attributes
 * STATUS_INSUFFICIENT_RESOURCES, and what parse procedures return
 */
NTSTATUS ob_lookup(const OBJECT_ATTRIBUTES *attributes, struct ob_parse *parse);

/*
 * For parse procedures: begin again at `target` followed by the remaining name.
 * STATUS_REPARSE, STATUS_INSUFFICIENT_RESOURCES, STATUS_OBJECT_NAME_INVALID (too long).
 */
NTSTATUS ob_reparse(struct ob_parse *parse, PCUNICODE_STRING target);

/*
 * The rights that asking for `desired` gives: generic rights mapped, MAXIMUM_ALLOWED replaced by
 * all, bits that the type does not know dropped.
 */
ACCESS_MASK ob_granted_access(POBJECT_TYPE type, ACCESS_MASK desired);

/*
 * The number of UTF-16 units of an object's full name (0: unnamed). If `end` is not NULL they are
 * also written, so that they end just before it. Names below an unlinked directory begin "...".
 */
ULONG ob_name_units(PVOID object, PWCHAR end);

/*
 * For parse procedures: cuts the first component off `name`, which may begin with one backslash:
 * "\a\b" gives "a" and leaves "\b". An empty component means two backslashes, or one at the end.
 */
UNICODE_STRING ob_split(UNICODE_STRING *name);

/* For name procedures: writes `text` just before `end` unless that is NULL; its units. */
ULONG ob_prepend(PCUNICODE_STRING text, PWCHAR end);

/*
 * Handle tables. A handle is 4 * (generation << 14 | index), never 0 or negative; a slot's
 * generation moves on with each close, so that a stale handle is refused (it could only match
 * again after 32768 reuses of its slot; slots are reused longest-free first). The low two bits of
 * a handle are ignored.
 */
struct ob_handle_table;

/* A new, empty table, or NULL if memory is short. */
struct ob_handle_table *ob_handle_table_create(void);

/* A copy of `parent` with its inheritable handles, by the same values; NULL if memory is short. */
struct ob_handle_table *ob_handle_table_inherit(const struct ob_handle_table *parent);

/* Closes every handle as NtClose would, then frees the table; it must not be current. */
void ob_handle_table_destroy(struct ob_handle_table *table);

/* The table that handles mean: set at a process switch. */
void ob_set_current_handles(struct ob_handle_table *table);
struct ob_handle_table *ob_current_handles(void);

/*
 * The live handle behind the slot number *slot, which is moved on; begin with 0. FALSE: no more.
 */
struct ob_handle {
    HANDLE value;
    PVOID object;
    ACCESS_MASK granted;
    ULONG attributes;
};
BOOLEAN ob_handle_table_next(const struct ob_handle_table *table, ULONG *slot,
                             struct ob_handle *handle);

/* Live handles in a table. */
ULONG ob_handle_table_count(const struct ob_handle_table *table);

/*
 * Gives a handle of the current table to `object`, whose pointer of the caller it takes over on
 * success (on failure it stays the caller's).
 * STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, or the open procedure's refusal.
 */
NTSTATUS ob_create_handle(PVOID object, ACCESS_MASK desired, ULONG attributes, HANDLE *handle);

/* Among a handle's attributes: NtClose refuses it. */
#define OB_PROTECT_CLOSE 0x00000001u

/* Sets a handle's OBJ_INHERIT and OB_PROTECT_CLOSE. STATUS_SUCCESS, STATUS_INVALID_HANDLE. */
NTSTATUS ob_set_handle_attributes(HANDLE handle, ULONG attributes);

struct ob_counts {
    ULONG objects; /* live, of all types, types included */
    ULONG handles; /* live, in all tables */
    ULONG types;
};

/* What is alive at this moment, for leak tests. */
struct ob_counts ob_counts(void);
