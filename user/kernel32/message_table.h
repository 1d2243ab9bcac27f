/* The system's messages: what each Win32 error means, in English. */
#pragma once

#include <windows.h>

/* The message's text without a line break at its end; NULL: there is none for this number. */
const char *message_find(DWORD id);
