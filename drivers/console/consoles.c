#include "console/log.h"
#include "drivers/console/private.h"
#include "mm/pool.h"
#include "rtl/rtl.h"

#define CONSOLE_TAG POOL_TAG('C', 'o', 'n', 's')

static struct console *first, *shown;
static ULONG last_id;

static void log_event(const char *event, const struct console *console)
{
    log_printf("[console] event=%s id=%u\n", event, console->id);
}

/* Who follows the mirror sees the line again that the console was left in: its prompt, mostly. */
static void mirror_last_line(const struct screen *screen)
{
    for (int column = 0; screen->cursor_visible && column < screen->column; column++)
        log_mirror((char)screen->cells[screen->row][column]);
}

static void show(struct console *console)
{
    shown = console;
    console_show(console->screen);
    log_event("shown", console);
    mirror_last_line(console->screen);
    keys_have_room();
}

static struct console *allocate(void)
{
    struct console *console = pool_allocate_zeroed(sizeof *console, CONSOLE_TAG);

    if (!console)
        return NULL;
    console->id = ++last_id;
    console->mode = CONSOLE_PROCESSED | CONSOLE_LINE | CONSOLE_ECHO;
    console->screen = &console->own;
    InitializeListHead(&console->link);
    input_init(console);
    return console;
}

BOOLEAN consoles_init(void)
{
    first = shown = allocate();
    if (!first)
        return FALSE;
    first->files = 1;
    first->screen = &console_screen;
    return TRUE;
}

struct console *consoles_shown(void)
{
    return shown;
}

struct console *consoles_find(ULONG id)
{
    struct console *console = first;

    do {
        if (console->id == id)
            return console;
        console = CONTAINING_RECORD(console->link.Flink, struct console, link);
    } while (console != first);
    return NULL;
}

struct console *consoles_create(void)
{
    struct console *console = allocate();

    if (!console)
        return NULL;
    screen_init(console->screen, CONSOLE_DEFAULT);
    InsertHeadList(&shown->link, &console->link);
    log_event("new", console);
    show(console);
    return console;
}

void consoles_release(struct console *console)
{
    struct console *before = CONTAINING_RECORD(console->link.Blink, struct console, link);

    if (--console->files)
        return;
    RemoveEntryList(&console->link);
    log_event("gone", console);
    if (console == shown)
        show(before);
    ExFreePoolWithTag(console, CONSOLE_TAG);
}

void consoles_switch(void)
{
    if (!IsListEmpty(&shown->link))
        show(CONTAINING_RECORD(shown->link.Flink, struct console, link));
}
