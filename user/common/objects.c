#include "objects.h"

enum { DIRECTORY_QUERY_AND_TRAVERSE = 3, SYMBOLIC_LINK_QUERY_RIGHT = 1, PERMANENT = 0x10 };

/* NtQueryObject's class 0 (wdm.h: OBJECT_BASIC_INFORMATION). */
struct basic_information {
    ULONG attributes;
    ACCESS_MASK access;
    ULONG handles, pointers, paged_pool, nonpaged_pool;
    ULONG reserved[3];
    ULONG name_bytes, type_bytes, security_bytes;
    LARGE_INTEGER created;
};

struct directory_entry {
    UNICODE_STRING name, type;
};

void objects_narrow(const UNICODE_STRING *wide, char *to, int size)
{
    int units = wide->Length / (int)sizeof(WCHAR), length = 0;

    if (units != 0)
        length = WideCharToMultiByte(CP_OEMCP, 0, wide->Buffer, units, to, size - 1, NULL, NULL);
    to[length] = '\0';
}

NTSTATUS objects_open(objects_open_call call, const char *name, ACCESS_MASK access, PHANDLE handle)
{
    WCHAR wide[OBJECTS_NAME_SIZE];
    struct nt_named named;

    if (MultiByteToWideChar(CP_OEMCP, 0, name, -1, wide, OBJECTS_NAME_SIZE) == 0)
        return STATUS_OBJECT_NAME_INVALID;
    return call(handle, access, nt_name(&named, NULL, wide, 0));
}

static NTSTATUS list_all(HANDLE directory,
                         void (*entry)(void *context, const struct objects_entry *entry),
                         void *context)
{
    union {
        struct directory_entry entry;
        char room[2048];
    } buffer;
    struct objects_entry found;
    ULONG at = 0;

    for (;;) {
        NTSTATUS status =
            NtQueryDirectoryObject(directory, &buffer, sizeof(buffer), TRUE, at == 0, &at, NULL);

        if (!NT_SUCCESS(status))
            return status == STATUS_NO_MORE_ENTRIES ? STATUS_SUCCESS : status;
        objects_narrow(&buffer.entry.name, found.name, sizeof(found.name));
        objects_narrow(&buffer.entry.type, found.type, sizeof(found.type));
        entry(context, &found);
    }
}

NTSTATUS objects_list(const char *directory,
                      void (*entry)(void *context, const struct objects_entry *entry),
                      void *context)
{
    HANDLE handle;
    NTSTATUS status =
        objects_open(NtOpenDirectoryObject, directory, DIRECTORY_QUERY_AND_TRAVERSE, &handle);

    if (!NT_SUCCESS(status))
        return status;
    status = list_all(handle, entry, context);
    NtClose(handle);
    return status;
}

NTSTATUS objects_link_target(const char *link, char *target)
{
    WCHAR wide[OBJECTS_NAME_SIZE];
    UNICODE_STRING text = {0, sizeof(wide), wide};
    HANDLE handle;
    NTSTATUS status =
        objects_open(NtOpenSymbolicLinkObject, link, SYMBOLIC_LINK_QUERY_RIGHT, &handle);

    if (!NT_SUCCESS(status))
        return status;
    status = NtQuerySymbolicLinkObject(handle, &text, NULL);
    NtClose(handle);
    if (NT_SUCCESS(status))
        objects_narrow(&text, target, OBJECTS_NAME_SIZE);
    return status;
}

NTSTATUS objects_counts(HANDLE handle, struct objects_counts *counts)
{
    struct basic_information basic;
    NTSTATUS status =
        NtQueryObject(handle, (OBJECT_INFORMATION_CLASS)0, &basic, sizeof(basic), NULL);

    if (!NT_SUCCESS(status))
        return status;
    counts->handles = basic.handles - 1;
    counts->references = basic.pointers - 2; /* the handle's, and the call's own */
    counts->permanent = (basic.attributes & PERMANENT) != 0;
    counts->created = basic.created;
    return status;
}
