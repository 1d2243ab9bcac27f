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
