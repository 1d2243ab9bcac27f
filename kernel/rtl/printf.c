#include "rtl/printf.h"

#include "rtl/string.h"

struct output {
    rtl_sink sink;
    void *context;
    int written;
};

struct conversion {
    BOOLEAN left, zero;
    int width, precision; /* precision -1: none */
    int length;           /* 'h', 'l', 'L' (64 bits), 'w' or 0 */
    char type;
};

static void put(struct output *out, char c)
{
    out->sink(out->context, c);
    out->written++;
}

static void put_padding(struct output *out, char c, int count)
{
    while (count-- > 0)
        put(out, c);
}

/* One text field of `length` units, narrow or wide. */
static void put_text(struct output *out, const struct conversion *c, const char *narrow,
                     const WCHAR *wide, int length)
{
    if (c->precision >= 0 && length > c->precision)
        length = c->precision;
    if (!c->left)
        put_padding(out, ' ', c->width - length);
    for (int i = 0; i < length; i++)
        put(out, narrow ? narrow[i] : wide[i] < 0x80 ? (char)wide[i] : '?');
    if (c->left)
        put_padding(out, ' ', c->width - length);
}

/* Writes the digits of value backwards from `end`; returns the first digit's place. */
static char *format_digits(char *end, ULONGLONG value, unsigned base, BOOLEAN upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    ULONG high = (ULONG)(value >> 32), low = (ULONG)value;

    do { /* 64 by 32 bit division in two steps of 16 bits keeps libgcc out */
        ULONG rest = high % base;

        high /= base;
        rest = rest << 16 | low >> 16;
        ULONG middle = rest / base;
        rest = rest % base << 16 | (low & 0xFFFF);
        low = middle << 16 | rest / base;
        *--end = digits[rest % base];
    } while (high | low);
    return end;
}

static void put_number(struct output *out, const struct conversion *c, ULONGLONG value,
                       BOOLEAN negative)
{
    char buffer[24];
    unsigned base = c->type == 'x' || c->type == 'X' || c->type == 'p' ? 16 : 10;
    char *first = format_digits(buffer + sizeof buffer, value, base, c->type != 'x');
    int length = (int)(buffer + sizeof buffer - first);
    int padding = c->width - length - negative;

    if (!c->left && !c->zero)
        put_padding(out, ' ', padding);
    if (negative)
        put(out, '-');
    if (!c->left && c->zero)
        put_padding(out, '0', padding);
    while (length--)
        put(out, *first++);
    if (c->left)
        put_padding(out, ' ', padding);
}

static const char *parse_number(const char *p, int *number)
{
    for (*number = 0; *p >= '0' && *p <= '9'; p++)
        if (*number < 1000)
            *number = *number * 10 + *p - '0';
    return p;
}

static const char *parse_length(const char *p, struct conversion *c)
{
    if (p[0] == 'I' && p[1] == '6' && p[2] == '4') {
        c->length = 'L';
        return p + 3;
    }
    while (*p == 'l' || *p == 'h' || *p == 'z' || *p == 'w') {
        if (*p == 'l')
            c->length = c->length == 'l' ? 'L' : 'l';
        else
            c->length = *p;
        p++;
    }
    return p;
}

/* Parses what follows a '%'; returns the place behind the conversion's letter. */
static const char *parse_conversion(const char *p, struct conversion *c)
{
    memset(c, 0, sizeof *c);
    c->precision = -1;
    for (; *p == '-' || *p == '0' || *p == '#'; p++) {
        c->left |= *p == '-';
        c->zero |= *p == '0';
    }
    p = parse_number(p, &c->width);
    if (*p == '.')
        p = parse_number(p + 1, &c->precision);
    p = parse_length(p, c);
    c->type = *p;
    return *p ? p + 1 : p;
}

/* The length of a text, of which no more is looked at than the precision allows. */
static int text_length(const struct conversion *c, const char *narrow, const WCHAR *wide)
{
    int length = 0;

    while ((c->precision < 0 || length < c->precision) && (narrow ? narrow[length] : wide[length]))
        length++;
    return length;
}

static void put_string(struct output *out, const struct conversion *c, const void *text)
{
    BOOLEAN is_wide = c->type == 'S' || c->length == 'w' || c->length == 'l';
    const char *narrow = text ? (is_wide ? NULL : text) : "(null)";
    const WCHAR *wide = is_wide ? text : NULL;

    put_text(out, c, narrow, wide, text_length(c, narrow, wide));
}

static void put_unicode(struct output *out, const struct conversion *c, PCUNICODE_STRING string)
{
    if (string && string->Buffer)
        put_text(out, c, NULL, string->Buffer, string->Length / 2);
    else
        put_text(out, c, "(null)", NULL, 6);
}

/* An argument of 32 bits, cut to 16 for the length h. */
static ULONG get_unsigned(const struct conversion *c, ULONG value)
{
    return c->length == 'h' ? (USHORT)value : value;
}

static LONG get_signed(const struct conversion *c, LONG value)
{
    return c->length == 'h' ? (SHORT)value : value;
}

static void put_signed(struct output *out, const struct conversion *c, LONGLONG value)
{
    put_number(out, c, value < 0 ? -(ULONGLONG)value : (ULONGLONG)value, value < 0);
}

/* The arguments travel as a structure, so that a callee's reading of one counts for its caller. */
struct arguments {
    va_list list;
};

static void put_integer(struct output *out, const struct conversion *c, struct arguments *a)
{
    if (c->type == 'd' || c->type == 'i')
        put_signed(out, c,
                   c->length == 'L' ? va_arg(a->list, LONGLONG)
                                    : get_signed(c, va_arg(a->list, int)));
    else
        put_number(out, c,
                   c->length == 'L' ? va_arg(a->list, ULONGLONG)
                                    : get_unsigned(c, va_arg(a->list, unsigned)),
                   FALSE);
}

static void put_pointer(struct output *out, const void *pointer)
{
    static const struct conversion eight_digits = {.zero = TRUE, .width = 8, .type = 'p'};

    put_number(out, &eight_digits, (ULONG_PTR)pointer, FALSE);
}

static void put_argument(struct output *out, const struct conversion *c, struct arguments *a)
{
    switch (c->type) {
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
        put_integer(out, c, a);
        break;
    case 'p':
        put_pointer(out, va_arg(a->list, void *));
        break;
    case 'c':
        put_text(out, c, (char[]){(char)va_arg(a->list, int)}, NULL, 1);
        break;
    case 's':
    case 'S':
        put_string(out, c, va_arg(a->list, const void *));
        break;
    case 'Z':
        put_unicode(out, c, va_arg(a->list, PCUNICODE_STRING));
        break;
    case 0:
        break;
    default:
        put(out, c->type);
    }
}

int rtl_vformat(rtl_sink sink, void *context, const char *format, va_list list)
{
    struct output out = {sink, context, 0};
    struct arguments arguments;
    struct conversion c;

    va_copy(arguments.list, list);
    while (*format) {
        if (*format != '%') {
            put(&out, *format++);
            continue;
        }
        format = parse_conversion(format + 1, &c);
        put_argument(&out, &c, &arguments);
    }
    va_end(arguments.list);
    return out.written;
}

struct buffer {
    char *next, *end; /* end: the place of the terminating NUL */
};

static void buffer_sink(void *context, char c)
{
    struct buffer *buffer = context;

    if (buffer->next < buffer->end)
        *buffer->next++ = c;
}

int rtl_vsnprintf(char *to, size_t size, const char *format, va_list arguments)
{
    struct buffer buffer = {to, size ? to + size - 1 : to};
    int length = rtl_vformat(buffer_sink, &buffer, format, arguments);

    if (size)
        *buffer.next = 0;
    return length;
}

int rtl_snprintf(char *to, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = rtl_vsnprintf(to, size, format, arguments);
    va_end(arguments);
    return length;
}
