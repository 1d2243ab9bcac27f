#include "pagewalk.h"

static DWORD count;

/* ---- Who maps a frame ---- */

static void show_mapping(const void *record)
{
    const struct pagewalk_mapping *mapping = record;

    count++;
    say("%7u  %08X\r\n", mapping->process, mapping->address);
    DbgPrint("[walk] process=%lu maps=%08lX\n", mapping->process, mapping->address);
}

BOOL show_frame(ULONGLONG physical)
{
    struct pagewalk_question question = {.physical = physical};

    if (!device_list(IOCTL_PAGEWALK_FRAME, question, sizeof(struct pagewalk_mapping),
                     "Process  Address\r\n", show_mapping))
        return FALSE;
    say("%u times %s is mapped\r\n", count, hex_text(physical, 8));
    DbgPrint("[walk] frame=%s mappings=%lu\n", hex_text(physical, 8), count);
    return TRUE;
}

/* ---- Bytes ---- */

#define ROW 16

static char printable(UCHAR byte)
{
    return byte >= ' ' && byte < 0x7F ? (char)byte : '.';
}

static void show_row(ULONGLONG physical, const UCHAR *bytes, DWORD length)
{
    char hex[3 * ROW + 1], text[ROW + 1];

    for (DWORD i = 0; i < length; i++) {
        wsprintfA(hex + 3 * i, "%02X ", bytes[i]);
        text[i] = printable(bytes[i]);
    }
    hex[3 * length - 1] = text[length] = '\0';
    say("%s  %-47s  %s\r\n", hex_text(physical, 8), hex, text);
    DbgPrint("[walk] at=%s bytes=\"%s\"\n", hex_text(physical, 8), hex);
}

BOOL show_bytes(ULONGLONG physical, DWORD length)
{
    struct pagewalk_question question = {.physical = physical};
    UCHAR *bytes = HeapAlloc(GetProcessHeap(), 0, length);
    DWORD returned = 0;
    BOOL done =
        bytes != NULL && device_ask(IOCTL_PAGEWALK_BYTES, &question, bytes, length, &returned);

    for (DWORD at = 0; done && at < returned; at += ROW)
        show_row(physical + at, bytes + at, returned - at < ROW ? returned - at : ROW);
    if (bytes != NULL)
        HeapFree(GetProcessHeap(), 0, bytes);
    return done;
}
