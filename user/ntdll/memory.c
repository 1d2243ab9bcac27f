/* RtlMoveMemory and its sisters. */
#include "ntdll/private.h"

#undef RtlMoveMemory
#undef RtlFillMemory
#undef RtlZeroMemory

VOID NTAPI RtlMoveMemory(PVOID to, const VOID *from, SIZE_T bytes)
{
    memmove(to, from, bytes);
}

VOID NTAPI RtlFillMemory(PVOID to, SIZE_T bytes, UCHAR value)
{
    memset(to, value, bytes);
}

VOID NTAPI RtlZeroMemory(PVOID to, SIZE_T bytes)
{
    memset(to, 0, bytes);
}

/* The number of bytes up to the first that differs. */
SIZE_T NTAPI RtlCompareMemory(const VOID *a, const VOID *b, SIZE_T bytes)
{
    SIZE_T equal = 0;

    while (equal < bytes && ((const UCHAR *)a)[equal] == ((const UCHAR *)b)[equal])
        equal++;
    return equal;
}
