/*
 * pagewalk.exe: what the page tables say, by way of pagewalk.sys.
 *
 *   main.c     the command line: which question it is
 *   device.c   the driver's service, its device, and questions to it
 *   address.c  one address: each level, the page, who may do what
 *   spaces.c   ranges of a process, and two processes compared
 *   memory.c   who maps a frame, and the bytes of physical memory
 *   text.c     numbers and rights as text
 *
 * Tables for people go to the standard output; the same figures, in lines of `[walk] key=value`, to
 * the log.
 */
#pragma once

#include <windows.h>
#include <winioctl.h>

#include "ioctl/pagewalk.h"

#include "common/say.h"
#include "ntdll/ntdll.h"

/* ---- device.c ---- */

/*
 * Asks; *returned bytes of `answer` were written. FALSE with the last error set. The first question
 * installs and starts the driver, unless it runs already, and opens its device.
 */
BOOL device_ask(DWORD code, const struct pagewalk_question *question, void *answer, DWORD bytes,
                DWORD *returned);

/* Undoes what the first question did; nothing if there was none. */
void device_end(void);

/*
 * For a code whose answer has a head: says the heading and gives each record to `show`, however many
 * answers it takes.
 */
BOOL device_list(DWORD code, struct pagewalk_question question, DWORD record_bytes,
                 const char *heading, void (*show)(const void *record));

/* ---- What can be asked. FALSE with the last error set ---- */

BOOL show_address(DWORD address, DWORD process);
BOOL show_ranges(DWORD process);
BOOL show_difference(DWORD process, DWORD other);
BOOL show_frame(ULONGLONG physical);
BOOL show_bytes(ULONGLONG physical, DWORD count);

/* ---- text.c: texts lie in one of a few buffers in turn ---- */

/* Hexadecimal, at least `digits` of them. */
const char *hex_text(ULONGLONG value, int digits);

/* "4 KiB". */
const char *size_text(DWORD bytes);

/* "rwx", each letter or "-", of a set of kinds. */
const char *rights_text(UCHAR can);

/* "mapped", "not present" ... */
const char *stop_text(DWORD stop);

/* Hexadecimal, with 0x in front or h behind if the writer likes; not above `most`. */
BOOL hex_value(const char *text, ULONGLONG most, ULONGLONG *value);
