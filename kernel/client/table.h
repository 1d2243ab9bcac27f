/* The text of the table "Modules Base Address", formatted as the tutorial's program does. */
#pragma once

#include "nt/ntdef.h"

#define TABLE_ROWS      4
#define TABLE_TEXT_SIZE 320 /* the tutorial's acBuffer: 256 + 64 */

struct table_row {
    const char *name;
    ULONG virtual, physical; /* linear and physical address, bytes */
};

/* Writes a number with its digits in groups of three, set apart by blanks (BigNumToString). */
void table_number(ULONG number, char *to, ULONG size);

/* Formats the whole text: heading, the program, and the three DLLs. */
void table_format(const struct table_row rows[TABLE_ROWS], char text[TABLE_TEXT_SIZE]);
