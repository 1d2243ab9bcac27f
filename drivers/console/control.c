/* The console's I/O control codes (ioctl/console.h), each a line in a table. */
#include "drivers/console/private.h"
#include "rtl/rtl.h"

struct request {
    struct console *console;
    void *buffer; /* input, then output */
    ULONG in, out;
    ULONG information;
};

static NTSTATUS get_info(struct request *request)
{
    const struct console *console = request->console;
    const struct screen *screen = console->screen;

    *(struct console_info *)request->buffer = (struct console_info){
        .id = console->id,
        .columns = CONSOLE_COLUMNS,
        .rows = CONSOLE_ROWS,
        .cursor_column = (USHORT)(screen->column < VGA_COLUMNS ? screen->column : VGA_COLUMNS - 1),
        .cursor_row = (USHORT)screen->row,
        .attribute = screen->attribute,
        .cursor_visible = screen->cursor_visible,
        .has_input = keys_can_come(),
        .mode = console->mode,
        .keys = console->key_count,
    };
    request->information = sizeof(struct console_info);
    return STATUS_SUCCESS;
}

static NTSTATUS peek_keys(struct request *request)
{
    ULONG limit = request->out / sizeof(struct console_key);

    request->information =
        input_peek(request->console, request->buffer, limit) * sizeof(struct console_key);
    return STATUS_SUCCESS;
}

static NTSTATUS flush(struct request *request)
{
    input_flush(request->console);
    return STATUS_SUCCESS;
}

static NTSTATUS get_title(struct request *request)
{
    ULONG bytes = (ULONG)strlen(request->console->title) + 1;

    if (bytes > request->out)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(request->buffer, request->console->title, bytes);
    request->information = bytes;
    return STATUS_SUCCESS;
}

static NTSTATUS set_title(struct request *request)
{
    if (request->in >= CONSOLE_TITLE_SIZE)
        return STATUS_INVALID_PARAMETER;
    if (request->in)
        memcpy(request->console->title, request->buffer, request->in);
    request->console->title[request->in] = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS set_cursor(struct request *request)
{
    const struct console_cursor *cursor = request->buffer;
    struct screen *screen = request->console->screen;

    if (!screen_move(screen, cursor->column, cursor->row))
        return STATUS_INVALID_PARAMETER;
    screen->cursor_visible = cursor->visible != 0;
    return STATUS_SUCCESS;
}

static NTSTATUS set_attribute(struct request *request)
{
    ULONG attribute = *(const ULONG *)request->buffer;

    if (attribute > 0xFF)
        return STATUS_INVALID_PARAMETER;
    request->console->screen->attribute = (UCHAR)attribute;
    return STATUS_SUCCESS;
}

static NTSTATUS set_mode(struct request *request)
{
    ULONG mode = *(const ULONG *)request->buffer;

    if (mode & ~(CONSOLE_PROCESSED | CONSOLE_LINE | CONSOLE_ECHO))
        return STATUS_INVALID_PARAMETER;
    request->console->mode = mode;
    return STATUS_SUCCESS;
}

/* FALSE for an area that does not lie on the screen. */
static BOOLEAN get_area(const void *buffer, struct screen_area *area)
{
    const struct console_area *from = buffer;

    *area = (struct screen_area){from->column, from->row, from->columns, from->rows};
    return screen_has(area);
}

static ULONG area_bytes(const struct screen_area *area)
{
    return (ULONG)(area->columns * area->rows) * sizeof(USHORT);
}

static NTSTATUS read_cells(struct request *request)
{
    struct screen_area area;

    if (!get_area(request->buffer, &area))
        return STATUS_INVALID_PARAMETER;
    if (request->out < area_bytes(&area))
        return STATUS_BUFFER_TOO_SMALL;
    screen_read(request->console->screen, &area, request->buffer);
    request->information = area_bytes(&area);
    return STATUS_SUCCESS;
}

static NTSTATUS write_cells(struct request *request)
{
    struct screen_area area;

    if (!get_area(request->buffer, &area) ||
        request->in != sizeof(struct console_area) + area_bytes(&area))
        return STATUS_INVALID_PARAMETER;
    screen_write(request->console->screen, &area,
                 (const USHORT *)((const struct console_area *)request->buffer + 1));
    return STATUS_SUCCESS;
}

static NTSTATUS fill(struct request *request)
{
    const struct console_fill *fill = request->buffer;
    USHORT mask = (USHORT)((fill->attribute ? 0xFF00 : 0) | (fill->character ? 0x00FF : 0));

    request->information = screen_fill(request->console->screen, fill->column, fill->row,
                                       fill->count, fill->cell, mask);
    return STATUS_SUCCESS;
}

/* READ_KEYS and READ_LINE become readers; what they ask for was checked. */
static NTSTATUS check_line(const struct console_line *line)
{
    if (line->initial > LINE_LIMIT)
        return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; i < line->initial; i++)
        if ((UCHAR)line->text[i] < ' ')
            return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

/* The least bytes of input and output; a code without `perform` waits for keys. */
static const struct control {
    ULONG code, in, out;
    NTSTATUS (*perform)(struct request *);
} controls[] = {
    {IOCTL_CONSOLE_GET_INFO, 0, sizeof(struct console_info), get_info},
    {IOCTL_CONSOLE_READ_KEYS, 0, sizeof(struct console_key), NULL},
    {IOCTL_CONSOLE_PEEK_KEYS, 0, sizeof(struct console_key), peek_keys},
    {IOCTL_CONSOLE_READ_LINE, sizeof(struct console_line), 1, NULL},
    {IOCTL_CONSOLE_READ_CELLS, sizeof(struct console_area), sizeof(USHORT), read_cells},
    {IOCTL_CONSOLE_GET_TITLE, 0, 1, get_title},
    {IOCTL_CONSOLE_FLUSH, 0, 0, flush},
    {IOCTL_CONSOLE_WAIT_BREAK, 0, 0, NULL},
    {IOCTL_CONSOLE_SET_CURSOR, sizeof(struct console_cursor), 0, set_cursor},
    {IOCTL_CONSOLE_SET_ATTRIBUTE, sizeof(ULONG), 0, set_attribute},
    {IOCTL_CONSOLE_SET_MODE, sizeof(ULONG), 0, set_mode},
    {IOCTL_CONSOLE_WRITE_CELLS, sizeof(struct console_area), 0, write_cells},
    {IOCTL_CONSOLE_FILL, sizeof(struct console_fill), 0, fill},
    {IOCTL_CONSOLE_SET_TITLE, 0, 0, set_title},
};

static const struct control *find(ULONG code)
{
    for (ULONG i = 0; i < ARRAY_SIZE(controls); i++)
        if (controls[i].code == code)
            return &controls[i];
    return NULL;
}

static NTSTATUS perform(const struct control *control, struct request *request, PIRP irp)
{
    NTSTATUS status = control->perform(request);

    console_refresh(request->console->screen);
    return console_complete(irp, status, NT_SUCCESS(status) ? request->information : 0);
}

NTSTATUS NTAPI console_control(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    struct request request = {
        .console = console_of(irp),
        .buffer = irp->AssociatedIrp.SystemBuffer,
        .in = location->Parameters.DeviceIoControl.InputBufferLength,
        .out = location->Parameters.DeviceIoControl.OutputBufferLength,
    };
    const struct control *control = find(location->Parameters.DeviceIoControl.IoControlCode);
    NTSTATUS status = STATUS_SUCCESS;

    (void)device;
    if (!control)
        return console_complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (request.in < control->in || request.out < control->out)
        return console_complete(irp, STATUS_BUFFER_TOO_SMALL, 0);
    if (control->perform)
        return perform(control, &request, irp);
    if (control->code == IOCTL_CONSOLE_WAIT_BREAK)
        return input_wait_for_break(request.console, irp);
    if (control->code == IOCTL_CONSOLE_READ_LINE)
        status = check_line(request.buffer);
    return NT_SUCCESS(status) ? input_read(request.console, irp) : console_complete(irp, status, 0);
}
