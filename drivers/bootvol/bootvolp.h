/* What the boot volume's own files share. */
#pragma once

#include "drivers/bootvol/bootvol.h"

#include "bootinfo.h"
#include "io/io.h"
#include "rtl/rtl.h"

/* What can be opened: a boot module, or the root directory. FsContext of its file objects. */
struct node {
    const struct boot_module *module; /* NULL: the root directory */
    SHARE_ACCESS share;
};

/* Where a handle's listing of the directory stands. FsContext2, from the first query to CLEANUP. */
struct scan {
    ULONG next;             /* the module to look at next */
    BOOLEAN found;          /* something has matched */
    UNICODE_STRING pattern; /* its text follows the record */
};

/* The node of an open file; NULL: the volume itself is open. */
static inline struct node *node_of(const FILE_OBJECT *file)
{
    return file->FsContext;
}

static inline NTSTATUS complete(PIRP irp, NTSTATUS status, ULONG information)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IofCompleteRequest(irp, 0);
    return status;
}

/* When the volume was mounted: every file's time. 100 ns since 1601. */
extern LARGE_INTEGER bootvol_time;

/* Attributes, size and allocation of a node, in bytes. */
ULONG node_attributes(const struct node *node);
ULONG node_size(const struct node *node);
ULONG node_allocation(const struct node *node);

/*
 * Fills a record with a text behind it: `fixed` bytes of `record` and then `text`, into the IRP's
 * buffer of `length` bytes, and completes the IRP. STATUS_INFO_LENGTH_MISMATCH (not even `fixed`
 * bytes), STATUS_BUFFER_OVERFLOW (the text is cut), STATUS_SUCCESS.
 */
NTSTATUS complete_record(PIRP irp, ULONG length, const void *record, ULONG fixed,
                         PCUNICODE_STRING text);

/* match.c: TRUE if a file's name fits a pattern of '*' (any text) and '?' (one character). */
BOOLEAN bootvol_matches(PCUNICODE_STRING pattern, const char *name);

/* Major functions. */
NTSTATUS NTAPI bootvol_query_information(PDEVICE_OBJECT device, PIRP irp);
NTSTATUS NTAPI bootvol_set_information(PDEVICE_OBJECT device, PIRP irp);
NTSTATUS NTAPI bootvol_query_volume(PDEVICE_OBJECT device, PIRP irp);
NTSTATUS NTAPI bootvol_directory_control(PDEVICE_OBJECT device, PIRP irp);
