/* DbgPrint: a driver's words in the log (WDK). */
#include "console/log.h"
#include "export.h"
#include "nt/ntdef.h"

ULONG DbgPrint(const char *format, ...);

ULONG DbgPrint(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    log_vprintf(format, arguments);
    va_end(arguments);
    return 0; /* STATUS_SUCCESS */
}
EXPORT_NTOSKRNL(DbgPrint);
