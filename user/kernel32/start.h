/* Where the threads of Win32 programs begin: EAX is the program's routine, EBX its parameter. */
#pragma once

/*
 * The first thread: runs a routine without parameters. Its result is the thread's exit code, and the
 * process's if no other thread is left.
 */
void base_process_start(void);

/* Any other thread: runs a routine with its parameter; the result is the thread's exit code. */
void base_thread_start(void);
