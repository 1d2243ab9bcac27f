/*
 * What the console calls share: the console device's control codes (ioctl/console.h). A handle is any
 * that was opened on the device: its file object belongs to one console. FALSE: the last error is set.
 */
#pragma once

#include "base.h"

#include <winioctl.h>

#include "ioctl/console.h"

/* Sends a code with an input, and gets an output of at most out_bytes; *returned (optional) of them. */
BOOL console_ask(HANDLE console, DWORD code, const void *in, DWORD in_bytes, void *out,
                 DWORD out_bytes, DWORD *returned);

/* Sends a code that has no output. */
BOOL console_tell(HANDLE console, DWORD code, const void *in, DWORD in_bytes);

BOOL console_info(HANDLE console, struct console_info *info);

#define CONSOLE_NAME_SIZE 24

/* The Win32 name of the console that a handle is open on. */
BOOL console_name(HANDLE console, char name[CONSOLE_NAME_SIZE]);

/*
 * Input and output are one device, told apart by the standard handle that a handle is, or by this bit:
 * the object manager leaves the two lowest to those who use handles.
 */
#define CONSOLE_OUTPUT 1u

/* The same handle as one for output; INVALID_HANDLE_VALUE stays itself. */
HANDLE console_as_output(HANDLE console);
