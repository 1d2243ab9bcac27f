/* The boards: a section for each slot, which the supervisor and the slot's child map. The handles
 * stay open: without one the name is gone. */
#include "hostile/hostile.h"

struct board *board_open(ULONG slot)
{
    static const WCHAR *const names[SLOTS] = {L"\\BaseNamedObjects\\Board0",
                                              L"\\BaseNamedObjects\\Board1"};
    LARGE_INTEGER size = {.QuadPart = sizeof(struct board)};
    struct nt_named named;
    HANDLE section = NULL;
    PVOID base = NULL;
    SIZE_T bytes = 0;

    NtCreateSection(&section, SECTION_ALL_ACCESS, nt_name(&named, NULL, names[slot], OBJ_OPENIF),
                    &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    NtMapViewOfSection(section, NtCurrentProcess(), &base, 0, 0, NULL, &bytes, 2, 0,
                       PAGE_READWRITE);
    return base;
}
