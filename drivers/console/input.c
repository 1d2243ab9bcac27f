#include "drivers/console/private.h"
#include "rtl/rtl.h"

enum { CTRL_C = 3 };

void input_init(struct console *console)
{
    InitializeListHead(&console->readers);
    InitializeListHead(&console->breakers);
    console->line.context = console;
    console->line.history = &console->history;
}

/* ---- The queue ---- */

static BOOLEAN take_key(struct console *console, struct console_key *key)
{
    if (!console->key_count)
        return FALSE;
    *key = console->keys[console->first_key++ % CONSOLE_KEYS];
    console->key_count--;
    return TRUE;
}

ULONG input_room(const struct console *console)
{
    return CONSOLE_KEYS - console->key_count;
}

ULONG input_peek(const struct console *console, struct console_key *keys, ULONG count)
{
    if (count > console->key_count)
        count = console->key_count;
    for (ULONG i = 0; i < count; i++)
        keys[i] = console->keys[(console->first_key + i) % CONSOLE_KEYS];
    return count;
}

void input_flush(struct console *console)
{
    console->key_count = console->rest = 0;
    keys_have_room();
}

/* ---- What a reader gets ---- */

static ULONG control_code(PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);

    return location->MajorFunction == IRP_MJ_READ
               ? 0
               : location->Parameters.DeviceIoControl.IoControlCode;
}

/* Read.Length and DeviceIoControl.OutputBufferLength are the same word. */
static ULONG room(PIRP irp)
{
    return IoGetCurrentIrpStackLocation(irp)->Parameters.Read.Length;
}

/* The reader leaves the queue; its cancel routine must not run any more. */
static void finish(struct console *console, PIRP irp, ULONG information)
{
    RemoveEntryList(&irp->Tail.Overlay.ListEntry);
    IoSetCancelRoutine(irp, NULL);
    console->editing = NULL;
    console_complete(irp, STATUS_SUCCESS, information);
}

static BOOLEAN serve_keys(struct console *console, PIRP irp)
{
    struct console_key *keys = irp->AssociatedIrp.SystemBuffer;
    ULONG limit = room(irp) / sizeof *keys, count = 0;

    while (count < limit && take_key(console, &keys[count]))
        count++;
    if (count)
        finish(console, irp, count * sizeof *keys);
    return count > 0;
}

static BOOLEAN serve_characters(struct console *console, PIRP irp)
{
    char *text = irp->AssociatedIrp.SystemBuffer;
    ULONG count = 0;
    struct console_key key;

    while (count < room(irp) && take_key(console, &key)) {
        if (key.pressed && key.character)
            text[count++] = (char)key.character;
    }
    if (count)
        finish(console, irp, count);
    return count > 0;
}

/* Gives what is left of the line, as much as the reader can take. */
static void give_line(struct console *console, PIRP irp)
{
    const char *from = console->line.text + console->line.length - console->rest;
    ULONG count = console->rest < room(irp) ? console->rest : room(irp);

    memcpy(irp->AssociatedIrp.SystemBuffer, from, count);
    console->rest -= count;
    finish(console, irp, count);
}

/* A line for this reader: what it put in first, which characters end it, whether it is shown. */
static void begin_line(struct console *console, PIRP irp)
{
    const struct console_line *request = irp->AssociatedIrp.SystemBuffer;
    BOOLEAN by_request = control_code(irp) == IOCTL_CONSOLE_READ_LINE;

    console->editing = irp;
    console->line.wake = by_request ? request->wake : 0;
    console->line.show = console->mode & CONSOLE_ECHO ? console_put : NULL;
    console->screen->cursor_visible = TRUE; /* a program that hid it may have been ended */
    line_begin(&console->line, by_request ? request->text : "", by_request ? request->initial : 0);
}

static BOOLEAN serve_line(struct console *console, PIRP irp)
{
    enum line_event event = LINE_GOES_ON;
    struct console_key key;

    if (console->rest) {
        give_line(console, irp);
        return TRUE;
    }
    if (console->editing != irp)
        begin_line(console, irp);
    while (event == LINE_GOES_ON && take_key(console, &key))
        event = line_key(&console->line, &key);
    console_refresh(console->screen);
    if (event == LINE_GOES_ON)
        return FALSE;
    console->rest = console->line.length;
    give_line(console, irp);
    return TRUE;
}

static BOOLEAN serve_one(struct console *console, PIRP irp)
{
    ULONG code = control_code(irp);

    if (code == IOCTL_CONSOLE_READ_KEYS)
        return serve_keys(console, irp);
    if (code == IOCTL_CONSOLE_READ_LINE || console->mode & CONSOLE_LINE)
        return serve_line(console, irp);
    return serve_characters(console, irp);
}

static PIRP first_irp(LIST_ENTRY *list)
{
    return IsListEmpty(list) ? NULL : CONTAINING_RECORD(list->Flink, IRP, Tail.Overlay.ListEntry);
}

static void serve(struct console *console)
{
    PIRP irp;

    while ((irp = first_irp(&console->readers)) && serve_one(console, irp))
        ;
    keys_have_room();
}

/* ---- Ctrl+C ---- */

/* Who asks for keys, or edits with IOCTL_CONSOLE_READ_LINE, takes Ctrl+C itself. */
static BOOLEAN reader_takes_break(struct console *console)
{
    PIRP irp = first_irp(&console->readers);

    return irp && control_code(irp) != 0;
}

static BOOLEAN is_break(struct console *console, const struct console_key *key)
{
    return key->pressed && key->character == CTRL_C && console->mode & CONSOLE_PROCESSED &&
           !reader_takes_break(console) && !IsListEmpty(&console->breakers);
}

static void break_all(struct console *console)
{
    PIRP irp;

    input_flush(console);
    while ((irp = first_irp(&console->breakers)))
        finish(console, irp, 0);
}

void input_key(struct console *console, const struct console_key *key)
{
    if (is_break(console, key)) {
        break_all(console);
        return;
    }
    if (console->key_count < CONSOLE_KEYS)
        console->keys[(console->first_key + console->key_count++) % CONSOLE_KEYS] = *key;
    serve(console);
}

/* ---- Waiting ---- */

static void give_up(struct console *console, PIRP irp)
{
    RemoveEntryList(&irp->Tail.Overlay.ListEntry);
    if (console->editing == irp)
        console->editing = NULL;
    console_complete(irp, STATUS_CANCELLED, 0);
}

static VOID NTAPI cancel(PDEVICE_OBJECT device, PIRP irp)
{
    struct console *console = console_of(irp);

    (void)device;
    IoReleaseCancelSpinLock(irp->CancelIrql);
    give_up(console, irp);
    serve(console);
}

static NTSTATUS wait(LIST_ENTRY *list, PIRP irp)
{
    IoMarkIrpPending(irp);
    InsertTailList(list, &irp->Tail.Overlay.ListEntry);
    IoSetCancelRoutine(irp, cancel);
    return STATUS_PENDING;
}

NTSTATUS input_read(struct console *console, PIRP irp)
{
    NTSTATUS status = wait(&console->readers, irp);

    serve(console);
    return status;
}

NTSTATUS input_wait_for_break(struct console *console, PIRP irp)
{
    return wait(&console->breakers, irp);
}

static void cancel_in(struct console *console, LIST_ENTRY *list, PFILE_OBJECT file)
{
    for (LIST_ENTRY *at = list->Flink, *next; at != list; at = next) {
        PIRP irp = CONTAINING_RECORD(at, IRP, Tail.Overlay.ListEntry);

        next = at->Flink;
        if (IoGetCurrentIrpStackLocation(irp)->FileObject == file) {
            IoSetCancelRoutine(irp, NULL);
            give_up(console, irp);
        }
    }
}

void input_cancel_file(struct console *console, PFILE_OBJECT file)
{
    cancel_in(console, &console->readers, file);
    cancel_in(console, &console->breakers, file);
    serve(console);
}
