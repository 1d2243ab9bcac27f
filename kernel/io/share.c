#include "io/iop.h"

#include "export.h"

/* What an open asks for itself and leaves to others, as the file object keeps it. */
static void note_wishes(PFILE_OBJECT file, ACCESS_MASK access, ULONG share)
{
    file->ReadAccess = !!(access & (FILE_READ_DATA | FILE_EXECUTE));
    file->WriteAccess = !!(access & (FILE_WRITE_DATA | FILE_APPEND_DATA));
    file->DeleteAccess = !!(access & DELETE);
    file->SharedRead = !!(share & FILE_SHARE_READ);
    file->SharedWrite = !!(share & FILE_SHARE_WRITE);
    file->SharedDelete = !!(share & FILE_SHARE_DELETE);
}

/* An open for nothing but attributes meets nobody. */
static BOOLEAN takes_part(const FILE_OBJECT *file)
{
    return file->ReadAccess || file->WriteAccess || file->DeleteAccess;
}

/* Adds (1) or takes away (-1) one open. */
static void count(const FILE_OBJECT *file, PSHARE_ACCESS share, int by)
{
    share->OpenCount += by;
    share->Readers += by * file->ReadAccess;
    share->Writers += by * file->WriteAccess;
    share->Deleters += by * file->DeleteAccess;
    share->SharedRead += by * file->SharedRead;
    share->SharedWrite += by * file->SharedWrite;
    share->SharedDelete += by * file->SharedDelete;
}

/* One kind of access: everybody allows the opener's, and the opener everybody's. */
static BOOLEAN agrees(BOOLEAN wants, BOOLEAN shares, ULONG having, ULONG sharing, ULONG opens)
{
    return (!wants || sharing == opens) && (shares || !having);
}

NTSTATUS NTAPI IoCheckShareAccess(ACCESS_MASK access, ULONG desired_share, PFILE_OBJECT file,
                                  PSHARE_ACCESS share, BOOLEAN update)
{
    note_wishes(file, access, desired_share);
    if (!takes_part(file))
        return STATUS_SUCCESS;
    if (!agrees(file->ReadAccess, file->SharedRead, share->Readers, share->SharedRead,
                share->OpenCount) ||
        !agrees(file->WriteAccess, file->SharedWrite, share->Writers, share->SharedWrite,
                share->OpenCount) ||
        !agrees(file->DeleteAccess, file->SharedDelete, share->Deleters, share->SharedDelete,
                share->OpenCount))
        return STATUS_SHARING_VIOLATION;
    if (update)
        count(file, share, 1);
    return STATUS_SUCCESS;
}
EXPORT_NTOSKRNL(IoCheckShareAccess);

VOID NTAPI IoSetShareAccess(ACCESS_MASK access, ULONG desired_share, PFILE_OBJECT file,
                            PSHARE_ACCESS share)
{
    note_wishes(file, access, desired_share);
    *share = (SHARE_ACCESS){0};
    if (takes_part(file))
        count(file, share, 1);
}
EXPORT_NTOSKRNL(IoSetShareAccess);

VOID NTAPI IoUpdateShareAccess(PFILE_OBJECT file, PSHARE_ACCESS share)
{
    if (takes_part(file))
        count(file, share, 1);
}
EXPORT_NTOSKRNL(IoUpdateShareAccess);

VOID NTAPI IoRemoveShareAccess(PFILE_OBJECT file, PSHARE_ACCESS share)
{
    if (takes_part(file))
        count(file, share, -1);
}
EXPORT_NTOSKRNL(IoRemoveShareAccess);
