/*
 * The session manager, smss.exe: the first process, started by the kernel as a native program. It
 * starts the others and ends the system. They are Win32 programs, and what makes a process one is
 * CreateProcess; Windows' own smss.exe leaves that to csrss.exe, which this system does not have.
 *
 *   main.c      the order of things
 *   options.c   the kernel's command line, as the registry has it
 *   start.c     a program as a new process
 */
#pragma once

#include "common/native.h"

/* ---- options.c ---- */

/* Units of the texts in a struct options. */
#define MAX_PROGRAM 64
#define MAX_COMMAND 256

/* Of the words that smss.exe knows. */
struct options {
    BOOLEAN leave;              /* `exit`: end the system behind the program */
    WCHAR program[MAX_PROGRAM]; /* `run=NAME.exe,ARGUMENT,...`; empty: none given */
    WCHAR command[MAX_COMMAND]; /* its command line: NAME.exe ARGUMENT ... */
};

/* Reads SystemStartOptions; without it all is empty. */
void options_read(struct options *options);

/* ---- start.c ---- */

/* Opens the console that the programs get. */
void start_init(void);

/*
 * Starts a program with a command line. The caller's handle of the process, or NULL: the log says
 * why.
 */
HANDLE start_program(const WCHAR *program, const WCHAR *command);

/* Waits for the end of a process and closes its handle; its exit status. */
DWORD start_wait(HANDLE process);
