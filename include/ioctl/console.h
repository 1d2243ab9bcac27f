/*
 * The console device, as programs and the driver agree on it.
 *
 *   \Device\Console, \Device\Console\Current   the console that is on the screen
 *   \Device\Console\New                        a new console, which comes to the screen
 *   \Device\Console\3                          the console with that number (console_info.id)
 *
 * \??\CON, \??\CONIN$ and \??\CONOUT$ are links to the device, so "\\.\CON\3" is a Win32 name. A
 * console has 80 x 25 cells, a cursor, an attribute, a mode and a queue of keys; it goes with its last
 * file object.
 *
 * A process's console is the inheritable handle in its parameters (nt_process_parameters.console;
 * NULL: it has none). A file object serves one request at a time, so nobody reads or writes by that
 * handle: it keeps the console, and IOCTL_CONSOLE_GET_INFO tells its number, by which a process opens
 * its standard handles and MessageBox its own. Who starts a program hands the console on by
 * inheritance, or opens \Device\Console\New for it.
 *
 * IRP_MJ_WRITE shows bytes of code page 437 at the cursor; \b \t \n \r and \a (nothing) are obeyed.
 * IRP_MJ_READ waits for a line, edited and shown as the mode says, which ends in "\r\n"; what the
 * buffer cannot hold is given to the next read. Without CONSOLE_LINE it gives characters as they
 * come. Ctrl+C ends a line with nothing read, unless somebody waits for it (IOCTL_CONSOLE_WAIT_BREAK).
 *
 * Whoever includes this brings CTL_CODE along: winioctl.h in a program, nt/io.h in the kernel.
 */
#pragma once

#ifndef FILE_DEVICE_CONSOLE /* winioctl.h has it, the DDK has not */
#define FILE_DEVICE_CONSOLE 0x00000050
#endif

#define CONSOLE_COLUMNS    80
#define CONSOLE_ROWS       25
#define CONSOLE_TITLE_SIZE 64  /* with the NUL */
#define CONSOLE_LINE_SIZE  256 /* a line being edited, with its end */

#define CONSOLE_READ_CODE(function)                                                                \
    CTL_CODE(FILE_DEVICE_CONSOLE, function, METHOD_BUFFERED, FILE_READ_ACCESS)
#define CONSOLE_WRITE_CODE(function)                                                               \
    CTL_CODE(FILE_DEVICE_CONSOLE, function, METHOD_BUFFERED, FILE_WRITE_ACCESS)

/* Out: console_info. */
#define IOCTL_CONSOLE_GET_INFO CONSOLE_READ_CODE(0x900)
/* Out: console_key[], at least one; waits for it. */
#define IOCTL_CONSOLE_READ_KEYS CONSOLE_READ_CODE(0x901)
/* Out: console_key[], what is there, which stays; Information 0 if there is none. */
#define IOCTL_CONSOLE_PEEK_KEYS CONSOLE_READ_CODE(0x902)
/* In: console_line. Out: the text. Reads a line whatever the mode is. */
#define IOCTL_CONSOLE_READ_LINE CONSOLE_READ_CODE(0x903)
/* In: console_area. Out: its cells, row by row. */
#define IOCTL_CONSOLE_READ_CELLS CONSOLE_READ_CODE(0x904)
/* Out: the title with its NUL. */
#define IOCTL_CONSOLE_GET_TITLE CONSOLE_READ_CODE(0x905)
/* Forgets the keys that nobody has read. */
#define IOCTL_CONSOLE_FLUSH CONSOLE_READ_CODE(0x906)
/* Waits until Ctrl+C is pressed while nobody reads, or somebody by IRP_MJ_READ. */
#define IOCTL_CONSOLE_WAIT_BREAK CONSOLE_READ_CODE(0x907)

/* In: console_cursor. */
#define IOCTL_CONSOLE_SET_CURSOR CONSOLE_WRITE_CODE(0x910)
/* In: ULONG, the attribute of what is written from now on. */
#define IOCTL_CONSOLE_SET_ATTRIBUTE CONSOLE_WRITE_CODE(0x911)
/* In: ULONG of CONSOLE_ bits. */
#define IOCTL_CONSOLE_SET_MODE CONSOLE_WRITE_CODE(0x912)
/* In: console_area, then its cells, row by row. */
#define IOCTL_CONSOLE_WRITE_CELLS CONSOLE_WRITE_CODE(0x913)
/* In: console_fill. Information: how many cells were filled. */
#define IOCTL_CONSOLE_FILL CONSOLE_WRITE_CODE(0x914)
/* In: the title without NUL. */
#define IOCTL_CONSOLE_SET_TITLE CONSOLE_WRITE_CODE(0x915)

/* A cell: the character of code page 437, and the attribute (background 7:4, foreground 3:0). */
#define CONSOLE_CELL(attribute, character)                                                         \
    ((unsigned short)((attribute) << 8 | (unsigned char)(character)))

/* The mode; the values are those of ENABLE_*_INPUT. */
#define CONSOLE_PROCESSED 0x1u /* Ctrl+C is no character */
#define CONSOLE_LINE      0x2u
#define CONSOLE_ECHO      0x4u

struct console_info {
    unsigned int id;
    unsigned short columns, rows;
    unsigned short cursor_column, cursor_row;
    unsigned short attribute;
    unsigned char cursor_visible;
    unsigned char
        has_input;     /* 0: no keyboard, and nothing came over the line: do not wait for keys */
    unsigned int mode; /* CONSOLE_ */
    unsigned int keys; /* how many nobody has read */
};

struct console_cursor {
    unsigned short column, row;
    unsigned char visible, reserved[3];
};

/* Cells column .. column + columns - 1; all of it must lie on the console. */
struct console_area {
    unsigned short column, row, columns, rows;
};

/* From a cell on, over the ends of rows; what is beyond the last cell is left out. */
struct console_fill {
    unsigned short column, row;
    unsigned int count;
    unsigned short cell;
    unsigned char character, attribute; /* which half of the cell is written: 0 or 1 each */
};

/* A key pressed or released: KEY_EVENT_RECORD's layout and values (wincon.h). */
struct console_key {
    int pressed;
    unsigned short repeat;
    unsigned short virtual_key; /* VK_ */
    unsigned short scan_code;
    unsigned short character; /* code page 437; 0: none */
    unsigned int state;       /* CONSOLE_STATE_ */
};

/* The states of the modifiers; the values are those of KEY_EVENT_RECORD.dwControlKeyState. */
#define CONSOLE_STATE_RIGHT_ALT  0x001u
#define CONSOLE_STATE_LEFT_ALT   0x002u
#define CONSOLE_STATE_RIGHT_CTRL 0x004u
#define CONSOLE_STATE_LEFT_CTRL  0x008u
#define CONSOLE_STATE_SHIFT      0x010u
#define CONSOLE_STATE_NUM_LOCK   0x020u
#define CONSOLE_STATE_SCROLL     0x040u
#define CONSOLE_STATE_CAPS_LOCK  0x080u
#define CONSOLE_STATE_ENHANCED   0x100u

/*
 * A line to read: `initial` characters of `text` stand in it already (the caller has shown them).
 * A control character whose bit is set in `wake` ends the line too: it is put in at the cursor, and
 * no "\r\n" follows. (As CONSOLE_READCONSOLE_CONTROL.)
 */
struct console_line {
    unsigned int initial;
    unsigned int wake;
    char text[CONSOLE_LINE_SIZE];
};
