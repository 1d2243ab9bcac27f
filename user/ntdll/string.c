/*
 * Counted strings: what kernel/rtl/unicode.c does not have. Narrow text is Windows-1252
 * (common/codepage.h), the ANSI and here also the OEM code page.
 */
#include "ntdll/private.h"

#include "rtl/unicode.h"

static PVOID allocate(SIZE_T bytes)
{
    return RtlAllocateHeap(nt_peb()->process_heap, 0, bytes);
}

static VOID release(PVOID memory)
{
    RtlFreeHeap(nt_peb()->process_heap, 0, memory);
}

/* ---- Narrow strings ---- */

VOID NTAPI RtlInitAnsiString(PANSI_STRING string, PCSZ text)
{
    size_t length = text ? strlen(text) : 0;

    if (length > 0xFFFE)
        length = 0xFFFE;
    *string = (ANSI_STRING){(USHORT)length, (USHORT)(text ? length + 1 : 0), (PCHAR)text};
}

VOID NTAPI RtlFreeAnsiString(PANSI_STRING string)
{
    release(string->Buffer);
    *string = (ANSI_STRING){0};
}

/* ---- Wide strings ---- */

BOOLEAN NTAPI RtlCreateUnicodeString(PUNICODE_STRING string, PCWSTR text)
{
    SIZE_T bytes = (wcslen(text) + 1) * sizeof(WCHAR);
    PWSTR copy = bytes <= 0xFFFE ? allocate(bytes) : NULL;

    if (!copy)
        return FALSE;
    memcpy(copy, text, bytes);
    *string = (UNICODE_STRING){(USHORT)(bytes - sizeof(WCHAR)), (USHORT)bytes, copy};
    return TRUE;
}

VOID NTAPI RtlFreeUnicodeString(PUNICODE_STRING string)
{
    release(string->Buffer);
    *string = (UNICODE_STRING){0};
}

NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING to, PCWSTR text)
{
    UNICODE_STRING from;

    RtlInitUnicodeString(&from, text);
    return RtlAppendUnicodeStringToString(to, &from);
}

BOOLEAN NTAPI RtlPrefixUnicodeString(PCUNICODE_STRING prefix, PCUNICODE_STRING string,
                                     BOOLEAN ignore_case)
{
    UNICODE_STRING head = *string;

    if (prefix->Length > string->Length)
        return FALSE;
    head.Length = prefix->Length;
    return RtlEqualUnicodeString(prefix, &head, ignore_case);
}

NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING to, PCUNICODE_STRING from, BOOLEAN allocated)
{
    if (allocated) {
        to->Buffer = allocate(from->Length);
        to->MaximumLength = from->Length;
        if (!to->Buffer)
            return STATUS_NO_MEMORY;
    }
    if (to->MaximumLength < from->Length)
        return STATUS_BUFFER_OVERFLOW;
    for (USHORT i = 0; i < from->Length / sizeof(WCHAR); i++)
        to->Buffer[i] = RtlUpcaseUnicodeChar(from->Buffer[i]);
    to->Length = from->Length;
    return STATUS_SUCCESS;
}

/* ---- Numbers ---- */

static BOOLEAN is_base(ULONG base)
{
    return base == 2 || base == 8 || base == 10 || base == 16;
}

/* Bases 2, 8, 10 and 16, 0 meaning 10. STATUS_BUFFER_OVERFLOW if there is no room for a NUL too. */
NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG value, ULONG base, PUNICODE_STRING to)
{
    WCHAR digits[32], *first = digits + ARRAY_SIZE(digits);
    USHORT bytes;

    base = base ? base : 10;
    if (!is_base(base))
        return STATUS_INVALID_PARAMETER;
    do {
        *--first = L"0123456789ABCDEF"[value % base];
        value /= base;
    } while (value);
    bytes = (USHORT)((digits + ARRAY_SIZE(digits) - first) * sizeof(WCHAR));
    if (to->MaximumLength < bytes)
        return STATUS_BUFFER_OVERFLOW;
    memcpy(to->Buffer, first, bytes);
    to->Length = bytes;
    if (to->MaximumLength >= bytes + sizeof(WCHAR))
        to->Buffer[bytes / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

/* The text that is being read as a number. */
struct reader {
    const WCHAR *next, *end;
};

static BOOLEAN take(struct reader *reader, WCHAR wanted)
{
    if (reader->next == reader->end || *reader->next != wanted)
        return FALSE;
    reader->next++;
    return TRUE;
}

/* The base that "0x", "0o" or "0b" names; 10 without such. */
static ULONG read_base(struct reader *reader)
{
    if (!take(reader, '0'))
        return 10;
    return take(reader, 'x') ? 16 : take(reader, 'o') ? 8 : take(reader, 'b') ? 2 : 10;
}

static ULONG digit_value(WCHAR c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = RtlUpcaseUnicodeChar(c);
    return c >= 'A' && c <= 'F' ? c - 'A' + 10u : 16;
}

/* Blanks, a sign, digits up to the first that is none; no digits are 0 (WDK). */
NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING string, ULONG base, PULONG value)
{
    struct reader reader = {string->Buffer, string->Buffer + string->Length / sizeof(WCHAR)};
    BOOLEAN negative;
    ULONG result = 0;

    while (reader.next < reader.end && *reader.next <= ' ')
        reader.next++;
    negative = take(&reader, '-');
    if (!negative)
        take(&reader, '+');
    base = base ? base : read_base(&reader);
    if (!is_base(base))
        return STATUS_INVALID_PARAMETER;
    for (; reader.next < reader.end && digit_value(*reader.next) < base; reader.next++)
        result = result * base + digit_value(*reader.next);
    *value = negative ? -result : result;
    return STATUS_SUCCESS;
}
