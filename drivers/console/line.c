#include "drivers/console/line.h"

#include "drivers/keyboard/virtual_keys.h"
#include "rtl/string.h"

enum { CTRL_C = 3, CTRL_U = 21, DEL = 0x7F };

/* ---- What is shown ---- */

static void show(struct line *line, char c)
{
    if (line->show)
        line->show(line->context, c);
}

static void show_repeated(struct line *line, char c, ULONG count)
{
    while (count--)
        show(line, c);
}

static void show_text(struct line *line, ULONG from, ULONG to)
{
    while (from < to)
        show(line, line->text[from++]);
}

static void move(struct line *line, ULONG cursor)
{
    if (cursor < line->cursor)
        show_repeated(line, '\b', line->cursor - cursor);
    else
        show_text(line, line->cursor, cursor);
    line->cursor = cursor;
}

/* Shows the text from the cursor on anew; `gone` characters behind it are wiped out. */
static void show_tail(struct line *line, ULONG gone)
{
    show_text(line, line->cursor, line->length);
    show_repeated(line, ' ', gone);
    show_repeated(line, '\b', line->length - line->cursor + gone);
}

/* ---- Changes ---- */

static void insert(struct line *line, char c)
{
    if (line->length == LINE_LIMIT)
        return;
    memmove(line->text + line->cursor + 1, line->text + line->cursor, line->length - line->cursor);
    line->text[line->cursor++] = c;
    line->length++;
    show(line, c);
    if (line->cursor < line->length)
        show_tail(line, 0);
}

static void delete_at_cursor(struct line *line)
{
    if (line->cursor == line->length)
        return;
    line->length--;
    memmove(line->text + line->cursor, line->text + line->cursor + 1, line->length - line->cursor);
    show_tail(line, 1);
}

static void delete_before_cursor(struct line *line)
{
    if (!line->cursor)
        return;
    move(line, line->cursor - 1);
    delete_at_cursor(line);
}

static void replace(struct line *line, const char *text, ULONG length)
{
    ULONG last = line->length;

    move(line, 0);
    memcpy(line->text, text, length);
    line->length = length;
    show_tail(line, last > length ? last - length : 0);
    move(line, length);
}

/* ---- The history ---- */

static void history_rewind(struct history *history)
{
    history->at = history->count;
}

static char *history_line(struct history *history, ULONG number)
{
    return history->lines[number % HISTORY_LINES];
}

/* Empty lines and repetitions of the last one are not worth it. */
static void history_add(struct history *history, const char *text, ULONG length)
{
    char *last = history->count ? history_line(history, history->count - 1) : NULL;

    if (length && !(last && strlen(last) == length && memcmp(last, text, length) == 0)) {
        char *to = history_line(history, history->count++);

        memcpy(to, text, length);
        to[length] = 0;
    }
    history_rewind(history);
}

static void call_up(struct line *line, BOOLEAN older)
{
    struct history *history = line->history;
    ULONG oldest = history->count > HISTORY_LINES ? history->count - HISTORY_LINES : 0;

    if (older ? history->at == oldest : history->at == history->count)
        return;
    history->at += older ? -1u : 1u;
    const char *text = history->at < history->count ? history_line(history, history->at) : "";

    replace(line, text, strlen(text));
}

/* ---- Keys ---- */

static enum line_event end(struct line *line)
{
    move(line, line->length);
    history_add(line->history, line->text, line->length);
    line->text[line->length++] = '\r';
    line->text[line->length++] = '\n';
    show_text(line, line->length - 2, line->length);
    return LINE_ENTERED;
}

static enum line_event break_off(struct line *line)
{
    move(line, line->length);
    show(line, '^');
    show(line, 'C');
    show(line, '\r');
    show(line, '\n');
    history_rewind(line->history);
    line->length = line->cursor = 0;
    return LINE_BROKEN;
}

static enum line_event wake(struct line *line, char c)
{
    ULONG cursor = line->cursor;

    move(line, line->length);
    memmove(line->text + cursor + 1, line->text + cursor, line->length - cursor);
    line->text[cursor] = c;
    line->length++;
    return LINE_WOKEN;
}

static enum line_event take_character(struct line *line, char c)
{
    if ((UCHAR)c < ' ' && line->wake >> c & 1)
        return wake(line, c);
    if (c == '\r' || c == '\n')
        return end(line);
    if (c == CTRL_C)
        return break_off(line);
    if (c == CTRL_U)
        replace(line, "", 0);
    else if ((UCHAR)c >= ' ' && c != DEL)
        insert(line, c);
    return LINE_GOES_ON;
}

enum line_event line_key(struct line *line, const struct console_key *key)
{
    if (!key->pressed)
        return LINE_GOES_ON;
    switch (key->virtual_key) {
    case VK_BACK:
        delete_before_cursor(line);
        break;
    case VK_DELETE:
        delete_at_cursor(line);
        break;
    case VK_ESCAPE:
        replace(line, "", 0);
        break;
    case VK_LEFT:
        move(line, line->cursor - !!line->cursor);
        break;
    case VK_RIGHT:
        move(line, line->cursor + (line->cursor < line->length));
        break;
    case VK_HOME:
        move(line, 0);
        break;
    case VK_END:
        move(line, line->length);
        break;
    case VK_UP:
    case VK_DOWN:
        call_up(line, key->virtual_key == VK_UP);
        break;
    default:
        return key->character ? take_character(line, (char)key->character) : LINE_GOES_ON;
    }
    return LINE_GOES_ON;
}

void line_begin(struct line *line, const char *text, ULONG length)
{
    memcpy(line->text, text, length);
    line->length = line->cursor = length;
    history_rewind(line->history);
}
