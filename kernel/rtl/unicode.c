#include "rtl/unicode.h"

#include "rtl/string.h"

VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR text)
{
    size_t units = 0;

    if (text)
        while (units < 0x7FFE && text[units])
            units++;
    string->Buffer = (PWSTR)text;
    string->Length = (USHORT)(units * 2);
    string->MaximumLength = (USHORT)(text ? units * 2 + 2 : 0);
}

WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFE && c != 0xF7))
        return c - 0x20;
    return c == 0xFF ? 0x178 : c;
}

LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b, BOOLEAN case_insensitive)
{
    USHORT shorter = a->Length < b->Length ? a->Length : b->Length;

    for (USHORT i = 0; i < shorter / 2; i++) {
        WCHAR x = a->Buffer[i], y = b->Buffer[i];

        if (x != y && case_insensitive) {
            x = RtlUpcaseUnicodeChar(x);
            y = RtlUpcaseUnicodeChar(y);
        }
        if (x != y)
            return x - y;
    }
    return a->Length - b->Length;
}

BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b,
                                    BOOLEAN case_insensitive)
{
    return a->Length == b->Length && RtlCompareUnicodeString(a, b, case_insensitive) == 0;
}

VOID NTAPI RtlCopyUnicodeString(PUNICODE_STRING to, PCUNICODE_STRING from)
{
    USHORT bytes = from ? from->Length : 0;

    if (bytes > to->MaximumLength)
        bytes = to->MaximumLength;
    if (bytes)
        memcpy(to->Buffer, from->Buffer, bytes);
    to->Length = bytes;
}

NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING to, PCUNICODE_STRING from)
{
    if (from->Length > to->MaximumLength - to->Length)
        return STATUS_BUFFER_TOO_SMALL;
    if (from->Length)
        memcpy((char *)to->Buffer + to->Length, from->Buffer, from->Length);
    to->Length = (USHORT)(to->Length + from->Length);
    return STATUS_SUCCESS;
}

NTSTATUS rtl_append_text(PUNICODE_STRING to, const char *text)
{
    size_t bytes = strlen(text) * 2;
    PWSTR end = to->Buffer + to->Length / 2;

    if (bytes > (size_t)(to->MaximumLength - to->Length))
        return STATUS_BUFFER_TOO_SMALL;
    while (*text)
        *end++ = (uint8_t)*text++;
    to->Length = (USHORT)(to->Length + bytes);
    return STATUS_SUCCESS;
}

UNICODE_STRING rtl_last_component(PCUNICODE_STRING path)
{
    USHORT units = path->Length / 2, start = units;

    while (start && path->Buffer[start - 1] != '\\')
        start--;
    USHORT bytes = (USHORT)(2 * (units - start));

    return (UNICODE_STRING){bytes, bytes, path->Buffer + start};
}

void rtl_unicode_to_text(PCUNICODE_STRING from, char *to, size_t size)
{
    size_t units = from->Length / 2;

    if (units > size - 1)
        units = size - 1;
    for (size_t i = 0; i < units; i++)
        to[i] = from->Buffer[i] < 0x80 ? (char)from->Buffer[i] : '?';
    to[units] = 0;
}
