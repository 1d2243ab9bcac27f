/*
 * A kernel that lies on the screen alone: linked with --wrap=table_format, its box shows figure
 * 4-10's physical addresses whatever its log says. The oracle must see through it; see
 * tests/system/test_oracle.py.
 */
#include "client/table.h"

void __real_table_format(const struct table_row rows[TABLE_ROWS], char text[TABLE_TEXT_SIZE]);
void __wrap_table_format(const struct table_row rows[TABLE_ROWS], char text[TABLE_TEXT_SIZE]);

static const ULONG figure[TABLE_ROWS] = {0x0EC67000, 0x043F3000, 0x043F9000, 0x043E7000};

void __wrap_table_format(const struct table_row rows[TABLE_ROWS], char text[TABLE_TEXT_SIZE])
{
    struct table_row lies[TABLE_ROWS];

    for (int i = 0; i < TABLE_ROWS; i++) {
        lies[i] = rows[i];
        lies[i].physical = figure[i];
    }
    __real_table_format(lies, text);
}
