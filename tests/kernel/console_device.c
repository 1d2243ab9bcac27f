/* The console device through files: what is written, read, asked, and what is left at the end. */
#include "drivers/console/private.h"
#include "drivers/keyboard/virtual_keys.h"
#include "ioctl/console.h"
#include "mm/layout.h"
#include "rtl/rtl.h"
#include "tests/kernel/io_support.h"

static HANDLE open_with(PCWSTR path, ULONG options)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&name, OBJ_CASE_INSENSITIVE);
    IO_STATUS_BLOCK iosb;
    HANDLE handle = NULL;

    RtlInitUnicodeString(&name, path);
    CHECK_STATUS(NtOpenFile(&handle, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &attributes, &iosb,
                            0, options),
                 STATUS_SUCCESS);
    return handle;
}

static HANDLE open_new(void)
{
    return open_with(u"\\Device\\Console\\New", FILE_SYNCHRONOUS_IO_NONALERT);
}

static NTSTATUS control(HANDLE file, ULONG code, PVOID in, ULONG in_bytes, PVOID out,
                        ULONG out_bytes, ULONG *returned)
{
    IO_STATUS_BLOCK iosb = {{STATUS_SUCCESS}, 0};
    NTSTATUS status =
        NtDeviceIoControlFile(file, NULL, NULL, NULL, &iosb, code, in, in_bytes, out, out_bytes);

    if (returned)
        *returned = (ULONG)iosb.Information;
    return status;
}

static struct console_info info_of(HANDLE file)
{
    struct console_info info = {0};

    CHECK_STATUS(control(file, IOCTL_CONSOLE_GET_INFO, NULL, 0, &info, sizeof info, NULL),
                 STATUS_SUCCESS);
    return info;
}

static void write(HANDLE file, const char *text)
{
    IO_STATUS_BLOCK iosb;

    CHECK_STATUS(
        NtWriteFile(file, NULL, NULL, NULL, &iosb, (PVOID)text, (ULONG)strlen(text), NULL, NULL),
        STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, strlen(text));
}

/* Presses keys on the console that is shown; '\r' is Enter. */
static void type(const char *text)
{
    for (; *text; text++) {
        struct console_key key = {.pressed = TRUE,
                                  .repeat = 1,
                                  .virtual_key = *text == '\r' ? VK_RETURN : 0,
                                  .character = (UCHAR)*text};

        input_key(consoles_shown(), &key);
    }
}

static void check_read(HANDLE file, ULONG size, const char *expected)
{
    IO_STATUS_BLOCK iosb;
    char text[64];

    CHECK_STATUS(NtReadFile(file, NULL, NULL, NULL, &iosb, text, size, NULL, NULL), STATUS_SUCCESS);
    text[iosb.Information] = 0;
    CHECK_TEXT(text, expected);
}

SELFTEST(console_shows_what_is_written)
{
    struct test_mark mark = test_mark();
    HANDLE file = open_new();
    const USHORT *screen = direct_map(VGA_TEXT_PHYSICAL);
    struct console_area area = {0, 0, 3, 2};
    USHORT cells[6];
    ULONG returned;

    write(file, "ab\r\nc");
    CHECK_STATUS(
        control(file, IOCTL_CONSOLE_READ_CELLS, &area, sizeof area, cells, sizeof cells, &returned),
        STATUS_SUCCESS);
    CHECK_EQUAL(returned, sizeof cells);
    CHECK_EQUAL(cells[1], CONSOLE_DEFAULT << 8 | 'b');
    CHECK_EQUAL(cells[3], CONSOLE_DEFAULT << 8 | 'c');
    CHECK_EQUAL(screen[VGA_COLUMNS], CONSOLE_DEFAULT << 8 | 'c'); /* a new console is shown */
    CHECK_EQUAL(info_of(file).cursor_column, 1);
    CHECK_EQUAL(info_of(file).cursor_row, 1);
    NtClose(file);
    CHECK_NO_LEAK(mark);
}

SELFTEST(console_gives_lines)
{
    struct test_mark mark = test_mark();
    HANDLE file = open_new();

    type("dir\rtype x\r");
    check_read(file, 40, "dir\r\n");
    check_read(file, 4, "type");
    check_read(file, 40, " x\r\n");
    CHECK_EQUAL(info_of(file).keys, 0);
    type("x\x03");
    check_read(file, 40, "");
    NtClose(file);
    CHECK_NO_LEAK(mark);
}

SELFTEST(console_gives_characters_and_keys)
{
    struct test_mark mark = test_mark();
    HANDLE file = open_new();
    ULONG mode = 0, returned;
    struct console_key keys[4];

    CHECK_STATUS(control(file, IOCTL_CONSOLE_SET_MODE, &mode, sizeof mode, NULL, 0, NULL),
                 STATUS_SUCCESS);
    type("ab\r");
    check_read(file, 2, "ab");
    check_read(file, 2, "\r");
    type("xyz");
    CHECK_STATUS(control(file, IOCTL_CONSOLE_PEEK_KEYS, NULL, 0, keys, sizeof keys, &returned),
                 STATUS_SUCCESS);
    CHECK_EQUAL(returned, 3 * sizeof keys[0]);
    CHECK_STATUS(
        control(file, IOCTL_CONSOLE_READ_KEYS, NULL, 0, keys, 2 * sizeof keys[0], &returned),
        STATUS_SUCCESS);
    CHECK_EQUAL(returned, 2 * sizeof keys[0]);
    CHECK_EQUAL(keys[1].character, 'y');
    CHECK_STATUS(control(file, IOCTL_CONSOLE_FLUSH, NULL, 0, NULL, 0, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(info_of(file).keys, 0);
    NtClose(file);
    CHECK_NO_LEAK(mark);
}

/* A request without waiting; its results go to *iosb. */
static NTSTATUS begin_read(HANDLE file, PIO_STATUS_BLOCK iosb, char *text, ULONG size)
{
    *iosb = (IO_STATUS_BLOCK){{STATUS_PENDING}, 0};
    return NtReadFile(file, NULL, NULL, NULL, iosb, text, size, NULL, NULL);
}

SELFTEST(console_reads_wait_for_keys)
{
    struct test_mark mark = test_mark();
    HANDLE file = open_with(u"\\Device\\Console\\New", 0);
    IO_STATUS_BLOCK first, second;
    static char one[16], two[16];

    CHECK_STATUS(begin_read(file, &first, one, sizeof one), STATUS_PENDING);
    CHECK_STATUS(begin_read(file, &second, two, sizeof two), STATUS_PENDING);
    type("a");
    CHECK_STATUS(first.Status, STATUS_PENDING);
    type("b\rc\r");
    CHECK_STATUS(first.Status, STATUS_SUCCESS);
    CHECK_EQUAL(first.Information, 4);
    CHECK_STATUS(second.Status, STATUS_SUCCESS);
    CHECK(two[0] == 'c' && two[1] == '\r');
    NtClose(file);
    CHECK_NO_LEAK(mark);
}

SELFTEST(console_reads_are_cancelled)
{
    struct test_mark mark = test_mark();
    HANDLE file = open_with(u"\\Device\\Console\\New", 0);
    IO_STATUS_BLOCK read, waiting, cancelled;
    static char text[16];

    CHECK_STATUS(begin_read(file, &read, text, sizeof text), STATUS_PENDING);
    CHECK_STATUS(NtDeviceIoControlFile(file, NULL, NULL, NULL, &waiting, IOCTL_CONSOLE_WAIT_BREAK,
                                       NULL, 0, NULL, 0),
                 STATUS_PENDING);
    CHECK_STATUS(NtCancelIoFile(file, &cancelled), STATUS_SUCCESS);
    CHECK_STATUS(read.Status, STATUS_CANCELLED);
    CHECK_STATUS(waiting.Status, STATUS_CANCELLED);
    CHECK_STATUS(begin_read(file, &read, text, sizeof text), STATUS_PENDING);
    NtClose(file);
    CHECK_STATUS(read.Status, STATUS_CANCELLED);
    CHECK_NO_LEAK(mark);
}

SELFTEST(console_tells_of_ctrl_c)
{
    struct test_mark mark = test_mark();
    HANDLE file = open_with(u"\\Device\\Console\\New", 0);
    IO_STATUS_BLOCK waiting = {{STATUS_PENDING}, 0};

    CHECK_STATUS(NtDeviceIoControlFile(file, NULL, NULL, NULL, &waiting, IOCTL_CONSOLE_WAIT_BREAK,
                                       NULL, 0, NULL, 0),
                 STATUS_PENDING);
    type("ab");
    CHECK_STATUS(waiting.Status, STATUS_PENDING);
    type("\x03");
    CHECK_STATUS(waiting.Status, STATUS_SUCCESS);
    CHECK_EQUAL(info_of(file).keys, 0);
    NtClose(file);
    CHECK_NO_LEAK(mark);
}

SELFTEST(console_switching)
{
    struct test_mark mark = test_mark();
    struct console *first = consoles_shown();
    HANDLE one = open_new(), two, again;
    WCHAR name[] = u"\\Device\\Console\\0000000000";
    ULONG id = info_of(one).id;

    CHECK_EQUAL(consoles_shown()->id, id);
    two = open_new();
    CHECK_EQUAL(consoles_shown()->id, info_of(two).id);
    for (ULONG i = ARRAY_SIZE(name) - 2; id; i--, id /= 10)
        name[i] = (WCHAR)('0' + id % 10);
    again = open_with(name, FILE_SYNCHRONOUS_IO_NONALERT);
    CHECK_EQUAL(info_of(again).id, info_of(one).id);
    consoles_switch();
    CHECK(consoles_shown() == first);
    consoles_switch();
    consoles_switch();
    NtClose(two);
    CHECK_EQUAL(consoles_shown()->id, info_of(one).id);
    NtClose(one);
    CHECK_EQUAL(consoles_shown()->id, info_of(again).id);
    NtClose(again);
    CHECK(consoles_shown() == first);
    CHECK_NO_LEAK(mark);
}

/* Requests that ask for something that is not there. */
SELFTEST(console_refuses)
{
    static const UNICODE_STRING wrong = UNICODE_STRING_INIT(u"\\Device\\Console\\Old");
    struct test_mark mark = test_mark();
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&wrong, 0);
    struct console_area area = {79, 0, 2, 1};
    struct console_cursor cursor = {.column = 80};
    static struct console_line line;
    ULONG mode = 8, attribute = 0x100;
    HANDLE file, none;
    IO_STATUS_BLOCK iosb;
    USHORT cells[2];

    CHECK_STATUS(NtOpenFile(&none, GENERIC_READ, &attributes, &iosb, 0, 0),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    file = open_new();
    CHECK_STATUS(
        control(file, IOCTL_CONSOLE_READ_CELLS, &area, sizeof area, cells, sizeof cells, NULL),
        STATUS_INVALID_PARAMETER);
    CHECK_STATUS(control(file, IOCTL_CONSOLE_WRITE_CELLS, &area, sizeof area, NULL, 0, NULL),
                 STATUS_INVALID_PARAMETER);
    CHECK_STATUS(control(file, IOCTL_CONSOLE_SET_CURSOR, &cursor, sizeof cursor, NULL, 0, NULL),
                 STATUS_INVALID_PARAMETER);
    CHECK_STATUS(control(file, IOCTL_CONSOLE_SET_MODE, &mode, sizeof mode, NULL, 0, NULL),
                 STATUS_INVALID_PARAMETER);
    CHECK_STATUS(
        control(file, IOCTL_CONSOLE_SET_ATTRIBUTE, &attribute, sizeof attribute, NULL, 0, NULL),
        STATUS_INVALID_PARAMETER);
    CHECK_STATUS(control(file, IOCTL_CONSOLE_SET_MODE, &mode, 3, NULL, 0, NULL),
                 STATUS_BUFFER_TOO_SMALL);
    line.initial = CONSOLE_LINE_SIZE;
    CHECK_STATUS(
        control(file, IOCTL_CONSOLE_READ_LINE, &line, sizeof line, cells, sizeof cells, NULL),
        STATUS_INVALID_PARAMETER);
    CHECK_STATUS(control(file, CONSOLE_READ_CODE(0x9FF), NULL, 0, NULL, 0, NULL),
                 STATUS_INVALID_DEVICE_REQUEST);
    NtClose(file);
    CHECK_NO_LEAK(mark);
}
