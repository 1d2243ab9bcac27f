/*
 * The consoles, inside the room.
 *
 *   keyboard, serial line --interrupt--> ring --DPC--> the shown console's keys
 *                                                           |  first reader in line
 *   IRP_MJ_READ, READ_KEYS, READ_LINE --> readers (pending IRPs) --> line editor --> its answer
 *
 * All of it runs where no other does: in a program's call or in the DPC, and neither is preempted.
 */
#pragma once

#include "console/console.h"
#include "drivers/console/line.h"
#include "io/io.h"
#include "ioctl/console.h"
#include "nt/io.h"

#define CONSOLE_KEYS    128 /* that wait for a reader */
#define CONSOLE_DEFAULT VGA_ATTRIBUTE(VGA_BLACK, VGA_LIGHT_GRAY)

struct console {
    LIST_ENTRY link; /* the ring of consoles, in the order of Alt+Tab */
    ULONG id;
    LONG files;            /* open file objects; the first console has one for the kernel */
    struct screen *screen; /* the kernel's or `own` */
    struct screen own;
    ULONG mode; /* CONSOLE_ */
    char title[CONSOLE_TITLE_SIZE];
    struct console_key keys[CONSOLE_KEYS];
    ULONG first_key, key_count;
    LIST_ENTRY readers;  /* IRPs that wait for keys, by Tail.Overlay.ListEntry */
    LIST_ENTRY breakers; /* IRPs that wait for Ctrl+C */
    PIRP editing;        /* the reader that `line` is edited for, or NULL */
    struct line line;
    ULONG rest; /* bytes at the end of `line` that wait for the next read */
    struct history history;
};

/* ---- consoles.c: which there are, and which is shown ---- */

/* Makes the first console, over the kernel's screen. FALSE if memory is short. */
BOOLEAN consoles_init(void);

/* The console on the screen. */
struct console *consoles_shown(void);

/* The console with this number, or NULL. */
struct console *consoles_find(ULONG id);

/* A new console, shown at once, with no file object yet; NULL if memory is short. */
struct console *consoles_create(void);

/* One file object less; with the last the console goes, and the one before it is shown. */
void consoles_release(struct console *console);

/* Shows the next console in the ring. */
void consoles_switch(void);

/* ---- input.c: keys and those who wait for them ---- */

void input_init(struct console *console);

/* A key was pressed or released while the console was shown. */
void input_key(struct console *console, const struct console_key *key);

/* Takes over an IRP that reads; returns STATUS_PENDING. */
NTSTATUS input_read(struct console *console, PIRP irp);

/* Takes over an IRP that waits for Ctrl+C; returns STATUS_PENDING. */
NTSTATUS input_wait_for_break(struct console *console, PIRP irp);

/* Copies the keys that nobody has read, up to `count`; returns how many. They stay. */
ULONG input_peek(const struct console *console, struct console_key *keys, ULONG count);

/* How many more keys the console can keep. */
ULONG input_room(const struct console *console);

/* Forgets them, and the rest of the last line. */
void input_flush(struct console *console);

/* Cancels the IRPs of a file object whose last handle was closed. */
void input_cancel_file(struct console *console, PFILE_OBJECT file);

/* ---- keys.c: from the interrupts to input_key ---- */

void keys_init(void);

/* The shown console has room for keys again, or another is shown: the serial line goes on. */
void keys_have_room(void);

/* TRUE if keys can be expected: there is a keyboard, or something came over the serial line. */
BOOLEAN keys_can_come(void);

/* ---- control.c ---- */

NTSTATUS NTAPI console_control(PDEVICE_OBJECT device, PIRP irp);

/* ---- device.c ---- */

/* The console that an IRP's file object belongs to. */
struct console *console_of(PIRP irp);

/* Completes the IRP; returns `status`. */
NTSTATUS console_complete(PIRP irp, NTSTATUS status, ULONG information);

/* Shows a character on the console and mirrors it; console_refresh brings it to the VGA. */
void console_put(void *console, char c);
