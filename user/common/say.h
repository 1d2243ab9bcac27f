/* Words for people on the standard output, and the arguments that a program was given. */
#pragma once

#include <windows.h>

/* Writes formatted text (wsprintf's formats); more than 1023 characters are cut. */
void WINAPIV say(const char *format, ...);

/* Writes text of any length as it is. */
void say_text(const char *text, DWORD length);

/*
 * Says that `what` could not be done, and why, in Windows' words for the error, which have `what` in
 * them or follow it; an error that it has no words for is a number.
 */
void say_error(const char *what, DWORD error);

/* The same for a status of the native calls. */
void say_status(const char *what, NTSTATUS status);

/*
 * The program's arguments, its own name left out: words_split of its command line. They lie in one
 * copy, made at the first call.
 */
int arguments(char *words[], int most);
