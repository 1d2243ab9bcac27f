/* What drivers import of the run-time library. */
#include "export.h"
#include "rtl/rtl.h"

EXPORT_NTOSKRNL(RtlInitUnicodeString);
EXPORT_NTOSKRNL(RtlUpcaseUnicodeChar);
EXPORT_NTOSKRNL(RtlEqualUnicodeString);
EXPORT_NTOSKRNL(RtlCompareUnicodeString);
EXPORT_NTOSKRNL(RtlCopyUnicodeString);
EXPORT_NTOSKRNL(RtlAppendUnicodeStringToString);
EXPORT_NTOSKRNL(memcpy);
EXPORT_NTOSKRNL(memmove);
EXPORT_NTOSKRNL(memset);
