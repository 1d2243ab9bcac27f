/*
 * A line being edited, and the lines that were. What the editor shows it writes as characters: text,
 * blanks, and '\b' to go back, so that a screen and a terminal show the same. No hardware.
 */
#pragma once

#include "nt/io.h"
#include "ioctl/console.h"

#define LINE_LIMIT    (CONSOLE_LINE_SIZE - 2) /* characters; the end of line is not counted */
#define HISTORY_LINES 20

typedef void (*line_sink)(void *context, char c);

struct history {
    char lines[HISTORY_LINES][LINE_LIMIT + 1];
    ULONG count; /* that were ever added; the last HISTORY_LINES are there */
    ULONG at;    /* the one that was called up; `count`: none */
};

struct line {
    char text[CONSOLE_LINE_SIZE]; /* not NUL-terminated */
    ULONG length, cursor;
    ULONG wake;     /* control characters that end the line, a bit each */
    line_sink show; /* NULL: without echo */
    void *context;
    struct history *history;
};

enum line_event {
    LINE_GOES_ON,
    LINE_ENTERED, /* "\r\n" was added to the text */
    LINE_WOKEN, /* a character of `wake` was put in at the cursor; shown is all, the cursor behind */
    LINE_BROKEN, /* Ctrl+C: the text is empty */
};

/* Begins a line in which `length` characters of `text`, already shown, stand. */
void line_begin(struct line *line, const char *text, ULONG length);

/*
 * Takes a key: characters go in at the cursor, as long as there is room; Backspace, Delete, Esc (all),
 * Ctrl+U (all), the arrows, Home, End edit; Up and Down call up the history.
 */
enum line_event line_key(struct line *line, const struct console_key *key);
