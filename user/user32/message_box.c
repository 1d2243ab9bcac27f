/*
 * MessageBox in text mode, on the process's console: it draws over what is there, waits for a key that
 * presses a button, and gives the console its old contents back. The log tells what is shown
 * ([box] title=..., a [box] line=... for each row) and what was pressed.
 */
#include <windows.h>
#include <winioctl.h>
#include <winternl.h>

#include "box.h"
#include "ioctl/console.h"
#include "nt/peb.h"

#define LOG_SIZE      320
#define MOST_TITLE    200 /* characters of the title in the log */
#define SCROLL_A_PAGE 8
#define AREA_CELLS    (BOX_SCREEN_COLUMNS * BOX_SCREEN_ROWS)

/* A rectangle and its cells, as IOCTL_CONSOLE_WRITE_CELLS takes them. */
struct picture {
    struct console_area area;
    unsigned short cells[AREA_CELLS];
};

/* A box on the screen. */
struct shown {
    HANDLE console;
    struct console_info before;
    struct box box;
    struct picture below, picture;
};

/* ---- The console ---- */

static BOOL ask(HANDLE console, DWORD code, void *in, DWORD in_bytes, void *out, DWORD out_bytes)
{
    DWORD returned;

    return DeviceIoControl(console, code, in, in_bytes, out, out_bytes, &returned, NULL);
}

/* The process's console by its number; a process without one takes the console on the screen. */
static BOOL open_console(struct shown *shown)
{
    HANDLE console = ((struct nt_peb *)NT_PEB)->parameters->console;
    struct console_info info;
    char name[MAX_PATH] = "\\\\.\\CON";

    if (console != NULL && ask(console, IOCTL_CONSOLE_GET_INFO, NULL, 0, &info, sizeof(info)))
        wsprintfA(name, "\\\\.\\CON\\%u", info.id);
    shown->console = CreateFileA(name, GENERIC_READ | GENERIC_WRITE,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    return shown->console != INVALID_HANDLE_VALUE;
}

static BOOL read_picture(HANDLE console, struct picture *picture)
{
    return ask(console, IOCTL_CONSOLE_READ_CELLS, &picture->area, sizeof(picture->area),
               picture->cells, picture->area.columns * picture->area.rows * sizeof(unsigned short));
}

static BOOL write_picture(HANDLE console, struct picture *picture)
{
    return ask(console, IOCTL_CONSOLE_WRITE_CELLS, picture,
               sizeof(picture->area) +
                   picture->area.columns * picture->area.rows * sizeof(unsigned short),
               NULL, 0);
}

static void set_cursor(struct shown *shown, BOOL visible)
{
    struct console_cursor cursor = {
        shown->before.cursor_column, shown->before.cursor_row, (unsigned char)visible, {0}};

    ask(shown->console, IOCTL_CONSOLE_SET_CURSOR, &cursor, sizeof(cursor), NULL, 0);
}

/* ---- Drawing ---- */

static void copy_cells(unsigned short *to, const unsigned short *from, int count)
{
    while (count-- > 0)
        *to++ = *from++;
}

static BOOL draw(struct shown *shown)
{
    copy_cells(shown->picture.cells, shown->below.cells,
               shown->picture.area.columns * shown->picture.area.rows);
    box_draw(&shown->box, shown->picture.cells);
    return write_picture(shown->console, &shown->picture);
}

static BOOL begin(struct shown *shown)
{
    int columns, rows;

    box_place(&shown->box);
    box_area(&shown->box, &columns, &rows);
    shown->below.area =
        (struct console_area){(unsigned short)shown->box.column, (unsigned short)shown->box.row,
                              (unsigned short)columns, (unsigned short)rows};
    shown->picture.area = shown->below.area;
    if (!ask(shown->console, IOCTL_CONSOLE_GET_INFO, NULL, 0, &shown->before,
             sizeof(shown->before)) ||
        !read_picture(shown->console, &shown->below))
        return FALSE;
    set_cursor(shown, FALSE);
    return draw(shown);
}

static void end(struct shown *shown)
{
    write_picture(shown->console, &shown->below);
    set_cursor(shown, shown->before.cursor_visible);
}

/* ---- The log ---- */

/* Quotes would end the field. */
static void log_row(void *context, const char *row, int length)
{
    char text[LAYOUT_WIDTH + 1], line[LOG_SIZE];
    int i;

    UNREFERENCED_PARAMETER(context);
    for (i = 0; i < length; i++)
        text[i] = (char)(row[i] == '"' ? '\'' : row[i]);
    text[i] = '\0';
    wsprintfA(line, "[box] line=\"%s\"\n", text);
    OutputDebugStringA(line);
}

static void log_box(const struct box *box)
{
    char line[LOG_SIZE], title[MOST_TITLE + 1];
    int i;

    for (i = 0; i < MOST_TITLE && box->title[i] != '\0'; i++)
        title[i] = (char)(box->title[i] == '"' ? '\'' : box->title[i]);
    title[i] = '\0';
    wsprintfA(line, "[box] title=\"%s\" icon=%s buttons=%s\n", title, box_icon_name(box->icon),
              box->buttons->name);
    OutputDebugStringA(line);
    layout_text(box->text, LAYOUT_WIDTH, log_row, NULL);
}

static void log_pressed(const struct button *button, const char *why)
{
    char line[LOG_SIZE];

    wsprintfA(line, "[box] pressed=%s%s\n", button->name, why);
    OutputDebugStringA(line);
}

/* ---- Keys ---- */

static BOOL scroll(struct box *box, unsigned virtual_key)
{
    switch (virtual_key) {
    case VK_UP:
        return box_scroll(box, -1);
    case VK_DOWN:
        return box_scroll(box, 1);
    case VK_PRIOR:
        return box_scroll(box, -SCROLL_A_PAGE);
    case VK_NEXT:
        return box_scroll(box, SCROLL_A_PAGE);
    default:
        return FALSE;
    }
}

/* FALSE when the key has pressed a button. */
static BOOL take_key(struct shown *shown, const struct console_key *key)
{
    struct box *box = &shown->box;
    enum button_action action;

    if (!key->pressed)
        return TRUE;
    if (scroll(box, key->virtual_key))
        return draw(shown);
    action = buttons_key(box->buttons, &box->focus, key->virtual_key, (char)key->character,
                         (key->state & CONSOLE_STATE_SHIFT) != 0);
    if (action == BUTTON_FOCUS)
        return draw(shown);
    return action != BUTTON_PRESS;
}

/* The button pressed; NULL if the console does not answer. */
static const struct button *wait_for_button(struct shown *shown)
{
    struct console_key key;

    do {
        if (!ask(shown->console, IOCTL_CONSOLE_READ_KEYS, NULL, 0, &key, sizeof(key)))
            return NULL;
    } while (take_key(shown, &key));
    return shown->box.buttons->buttons[shown->box.focus];
}

/* Nobody can press a button where no key can come: the default button is pressed, the box stays. */
static const struct button *show(struct shown *shown)
{
    const struct button *pressed;

    if (!begin(shown))
        return NULL;
    log_box(&shown->box);
    if (!shown->before.has_input) {
        pressed = shown->box.buttons->buttons[shown->box.focus];
        log_pressed(pressed, " why=\"there is no keyboard\"");
        return pressed;
    }
    pressed = wait_for_button(shown);
    if (pressed != NULL)
        log_pressed(pressed, "");
    end(shown);
    return pressed;
}

/* ---- The calls ---- */

static enum box_icon icon_of(UINT type)
{
    UINT icon = (type & MB_ICONMASK) >> 4;

    return icon <= BOX_INFORMATION ? (enum box_icon)icon : BOX_NO_ICON;
}

static int default_button(UINT type, const struct button_set *buttons)
{
    int number = (int)((type & MB_DEFMASK) >> 8);

    return number < buttons->count ? number : 0;
}

/* There are no windows, so whoever names an owner names a wrong one. */
static DWORD check(HWND owner, const struct button_set *buttons)
{
    if (owner != NULL)
        return ERROR_INVALID_WINDOW_HANDLE;
    return buttons == NULL ? ERROR_INVALID_MSGBOX_STYLE : ERROR_SUCCESS;
}

static int show_on_console(struct shown *shown)
{
    const struct button *pressed;

    if (!open_console(shown))
        return 0;
    pressed = show(shown);
    CloseHandle(shown->console);
    return pressed != NULL ? (int)pressed->id : 0;
}

int WINAPI MessageBoxA(HWND owner, LPCSTR text, LPCSTR title, UINT type)
{
    const struct button_set *buttons = buttons_find(type & MB_TYPEMASK);
    DWORD error = check(owner, buttons);
    struct shown *shown;
    int pressed;

    if (error != ERROR_SUCCESS) {
        SetLastError(error);
        return 0;
    }
    shown = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*shown));
    if (shown == NULL) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return 0;
    }
    shown->box.title = title != NULL ? title : "Error";
    shown->box.text = text != NULL ? text : "";
    shown->box.icon = icon_of(type);
    shown->box.buttons = buttons;
    shown->box.focus = default_button(type, buttons);
    pressed = show_on_console(shown);
    HeapFree(GetProcessHeap(), 0, shown);
    return pressed;
}

/* NULL stays NULL; *failed tells a shortage of memory. */
static char *narrow(LPCWSTR wide, BOOL *failed)
{
    char *text;
    int size;

    if (wide == NULL)
        return NULL;
    size = WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL);
    text = HeapAlloc(GetProcessHeap(), 0, (SIZE_T)size);
    if (text == NULL)
        *failed = TRUE;
    else
        WideCharToMultiByte(CP_ACP, 0, wide, -1, text, size, NULL, NULL);
    return text;
}

static void release(char *text)
{
    if (text != NULL)
        HeapFree(GetProcessHeap(), 0, text);
}

int WINAPI MessageBoxW(HWND owner, LPCWSTR wide_text, LPCWSTR wide_title, UINT type)
{
    BOOL failed = FALSE;
    char *text = narrow(wide_text, &failed), *title = narrow(wide_title, &failed);
    int pressed = 0;

    if (failed)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    else
        pressed = MessageBoxA(owner, text, title, type);
    release(text);
    release(title);
    return pressed;
}
