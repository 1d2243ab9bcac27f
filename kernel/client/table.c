#include "client/table.h"

#include "rtl/rtl.h"

enum { ROW_SIZE = 64, NUMBER_SIZE = 32 };

void table_number(ULONG number, char *to, ULONG size)
{
    char digits[12];
    int length = rtl_snprintf(digits, sizeof digits, "%u", number);
    ULONG used = 0;

    for (int i = 0; i < length && used + 2 < size; i++) {
        if (i && (length - i) % 3 == 0)
            to[used++] = ' ';
        to[used++] = digits[i];
    }
    to[used] = 0;
}

static void format_row(const struct table_row *row, char text[ROW_SIZE])
{
    char number[NUMBER_SIZE];

    table_number(row->physical, number, sizeof number);
    rtl_snprintf(text, ROW_SIZE, "%s \t%08Xh\t%08Xh ( %s )\n", row->name, row->virtual,
                 row->physical, number);
}

void table_format(const struct table_row rows[TABLE_ROWS], char text[TABLE_TEXT_SIZE])
{
    char lines[TABLE_ROWS][ROW_SIZE];

    for (int i = 0; i < TABLE_ROWS; i++)
        format_row(&rows[i], lines[i]);
    rtl_snprintf(text, TABLE_TEXT_SIZE, "Module:\t\tVirtual:\t\tPhysical:\n\n%s\n%s%s%s", lines[0],
                 lines[1], lines[2], lines[3]);
}
