/* cmd.exe: what its files share. */
#pragma once

#include <windows.h>

#include "common/say.h"
#include "common/words.h"

#define LINE_SIZE  256 /* a command line with its NUL */
#define MOST_WORDS 32

/* A command line: the whole of it, and its words; the command itself is words[0]. */
struct line {
    const char *text; /* as it was typed */
    char **words;
    int count;
};

/* What the last program ended with, or a command of cmd itself: 0 if it did what it should. */
extern DWORD errorlevel;

/* ---- edit.c ---- */

/*
 * Shows the prompt and reads a line without its end; Tab completes names of files. FALSE if the input
 * has come to its end. A line that Ctrl+C has broken off is empty.
 */
BOOL edit_line(char line[LINE_SIZE]);

/* ---- commands.c ---- */

/* Does what a line says. */
void commands_run(const char *text);

/* ---- run.c: programs ---- */

/* Runs the program that a line names, waits for it, and keeps its exit code. Ctrl+C ends it. */
void run_program(const char *text);

/* Starts it with a console of its own and goes on. */
void run_start(const char *text);

/* ---- The commands; each is called with as many words as its table entry says ---- */

void command_dir(const struct line *line);
void command_type(const struct line *line);
void command_sc(const struct line *line);
void command_tasklist(const struct line *line);
void command_taskkill(const struct line *line);

/* Says how a command is written, and sets errorlevel. */
void commands_usage(const char *name);

/* The same as say_error, and sets errorlevel. */
void commands_fail(const char *what, DWORD error);
