/* The file of a program that is to be started. */
#pragma once

#include "base.h"

/*
 * The full path, for base_free, of the program that CreateProcess's first two arguments mean (the
 * first, application, as it stands; else the command line's, looked for in the program's own directory,
 * the current one, the system's and those of PATH, with .exe where it has no extension). NULL, last
 * error set: ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, no memory.
 */
LPWSTR program_find(LPCWSTR application, LPCWSTR command_line);
