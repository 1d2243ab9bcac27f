/* UNICODE_STRING routines (WDK: RtlInitUnicodeString and its sisters). */
#pragma once

#include "nt/ntstatus.h"

/* Counts a NUL-terminated string; NULL gives an empty string. The text stays the caller's. */
VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR text);

/* The upper-case form of a UTF-16 unit: ASCII and Latin-1 letters; all others are themselves. */
WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR c);

/* TRUE if the strings are equal, optionally ignoring case. */
BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b,
                                    BOOLEAN case_insensitive);

/* Negative, zero or positive as a sorts before, with or after b. */
LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b,
                                   BOOLEAN case_insensitive);

/* Copies `from` into to->Buffer up to to->MaximumLength bytes; NULL empties `to`. */
VOID NTAPI RtlCopyUnicodeString(PUNICODE_STRING to, PCUNICODE_STRING from);

/*
 * Appends `from` to `to`.
 * STATUS_SUCCESS, or STATUS_BUFFER_TOO_SMALL with `to` unchanged.
 */
NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING to, PCUNICODE_STRING from);

/* Appends ASCII text to `to`; statuses as above. */
NTSTATUS rtl_append_text(PUNICODE_STRING to, const char *text);

/* What lies behind the last backslash, or the whole; a string over the same text. */
UNICODE_STRING rtl_last_component(PCUNICODE_STRING path);

/*
 * Writes the string as ASCII ('?' for other units) into `to` of `size` bytes, cut, NUL-terminated.
 */
void rtl_unicode_to_text(PCUNICODE_STRING from, char *to, size_t size);
