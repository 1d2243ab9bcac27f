/* The kernel's export tables, as drivers see them (include/export.h fills them). */
#pragma once

#include "nt/ntdef.h"

struct kernel_library;

/* The table of "ntoskrnl.exe" or "HAL.dll", in any case, or NULL. */
const struct kernel_library *kernel_exports_find_library(const char *name);

/* The address of an exported function, NULL if the library has none of that name. */
const void *kernel_exports_find_symbol(const struct kernel_library *library, const char *name);
