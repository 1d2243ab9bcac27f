/* Listing a directory. */
#include "ob/obp.h"

#include "export.h"

/* Some consecutive entries of a directory and the bytes that they take in the caller's buffer. */
struct extent {
    ULONG first, count, bytes;
    POBJECT_DIRECTORY_ENTRY next; /* behind them, or NULL */
    ULONG next_bytes;             /* what taking that as well would need */
};

static ULONG record_bytes(PVOID object)
{
    return sizeof(OBJECT_DIRECTORY_INFORMATION) + ob_name_info(object)->Name.Length +
           ob_header(object)->Type->Name.Length + 4u;
}

/* As many entries as fit into `length`, up to `limit`. */
static struct extent measure(POBJECT_DIRECTORY directory, ULONG first, ULONG limit, ULONG length)
{
    struct extent e = {.first = first, .bytes = sizeof(OBJECT_DIRECTORY_INFORMATION)};

    while ((e.next = ob_directory_at(directory, first + e.count))) {
        e.next_bytes = e.bytes + record_bytes(e.next->Object);
        if (e.next_bytes > length || e.count == limit)
            break;
        e.bytes = e.next_bytes;
        e.count++;
    }
    return e;
}

/* Copies `from` and a NUL to *text, which moves on. */
static UNICODE_STRING put_text(PCUNICODE_STRING from, PWCHAR *text)
{
    UNICODE_STRING to = {from->Length, (USHORT)(from->Length + 2), *text};

    RtlCopyUnicodeString(&to, from);
    *text += from->Length / 2;
    *(*text)++ = 0;
    return to;
}

static void put_records(POBJECT_DIRECTORY directory, const struct extent *extent,
                        POBJECT_DIRECTORY_INFORMATION record)
{
    PWCHAR text = (PWCHAR)(record + extent->count + 1);

    for (ULONG i = 0; i < extent->count; i++, record++) {
        PVOID object = ob_directory_at(directory, extent->first + i)->Object;

        record->Name = put_text(&ob_name_info(object)->Name, &text);
        record->TypeName = put_text(&ob_header(object)->Type->Name, &text);
    }
    *record = (OBJECT_DIRECTORY_INFORMATION){0};
}

static NTSTATUS list(POBJECT_DIRECTORY directory, PVOID buffer, ULONG length, BOOLEAN single,
                     PULONG context, PULONG returned)
{
    struct extent extent = measure(directory, *context, single ? 1 : ~0u, length);

    *returned = extent.count ? extent.bytes : extent.next ? extent.next_bytes : 0;
    if (!extent.count)
        return extent.next ? STATUS_BUFFER_TOO_SMALL : STATUS_NO_MORE_ENTRIES;
    put_records(directory, &extent, buffer);
    *context += extent.count;
    return extent.next && !single ? STATUS_MORE_ENTRIES : STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQueryDirectoryObject(HANDLE handle, PVOID buffer, ULONG length, BOOLEAN single,
                                      BOOLEAN restart, PULONG context, PULONG returned)
{
    PVOID directory;
    ULONG unwanted;
    NTSTATUS status = ob_reference(handle, DIRECTORY_QUERY, ob_directory_type, &directory);

    if (!NT_SUCCESS(status))
        return status;
    if (restart)
        *context = 0;
    status = list(directory, buffer, length, single, context, returned ? returned : &unwanted);
    ObfDereferenceObject(directory);
    return status;
}
ZW_ALIAS(ZwQueryDirectoryObject, NtQueryDirectoryObject);
EXPORT_NTOSKRNL(ZwQueryDirectoryObject);
