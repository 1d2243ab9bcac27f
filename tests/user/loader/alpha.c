/* alpha.dll: imports beta.dll, which imports it back. */
#define ALPHA
#include "fixture.h"

static char record[256];

char *alpha_record(void)
{
    return record;
}

int alpha_value(void)
{
    return 1000;
}

int alpha_seventh(void)
{
    return 7;
}

int alpha_asks_beta(void)
{
    return beta_value() + 1;
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    (void)instance, (void)reserved;
    note(record, 'A', reason);
    return TRUE;
}
