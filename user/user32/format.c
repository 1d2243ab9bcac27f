#include "format.h"

#include <stdbool.h>
#include <stdint.h>

#define FIELD_LIMIT 1024 /* width and precision; more than any buffer of wsprintf holds */

struct output {
    char *buffer;
    size_t size;
    size_t used;
};

/* One conversion, and what it converts to: prefix, zeros, then text of either kind. */
struct field {
    bool left, alternate, zero, has_precision;
    size_t width, precision;
    char size; /* 'h', 'l' or 0 */
    char type;
    const char *prefix;
    size_t zeros;
    const char *narrow; /* NULL: wide holds the text */
    const uint16_t *wide;
    size_t length;
    uint16_t character; /* of %c: the text itself */
};

static void put(struct output *out, char c)
{
    if (out->used + 1 < out->size)
        out->buffer[out->used++] = c;
}

static void put_repeated(struct output *out, char c, size_t count)
{
    while (count-- > 0)
        put(out, c);
}

static char field_char(const struct field *field, size_t i)
{
    if (field->narrow != NULL)
        return field->narrow[i];
    return field->wide[i] <= 0xFF ? (char)field->wide[i] : '?';
}

static void put_field(struct output *out, const struct field *field)
{
    size_t zeros = field->zeros, taken = zeros + field->length, pad, i;

    for (i = 0; field->prefix[i] != '\0'; i++)
        taken++;
    pad = field->width > taken ? field->width - taken : 0;
    if (field->zero && !field->left) {
        zeros += pad;
        pad = 0;
    }
    if (!field->left)
        put_repeated(out, ' ', pad);
    for (i = 0; field->prefix[i] != '\0'; i++)
        put(out, field->prefix[i]);
    put_repeated(out, '0', zeros);
    for (i = 0; i < field->length; i++)
        put(out, field_char(field, i));
    if (field->left)
        put_repeated(out, ' ', pad);
}

static bool is_wide(const struct field *field)
{
    if (field->size != 0)
        return field->size == 'l';
    return field->type == 'S' || field->type == 'C';
}

static void put_string(struct output *out, struct field *field, const void *string)
{
    size_t limit = field->has_precision ? field->precision : SIZE_MAX;

    if (string == NULL)
        field->narrow = "(null)";
    else if (is_wide(field))
        field->wide = string;
    else
        field->narrow = string;
    while (field->length < limit && field_char(field, field->length) != '\0')
        field->length++;
    put_field(out, field);
}

static void put_character(struct output *out, struct field *field, int value)
{
    field->character = is_wide(field) ? (uint16_t)value : (unsigned char)value;
    field->wide = &field->character;
    field->length = 1;
    if (field->character != 0)
        put_field(out, field);
}

static void put_number(struct output *out, struct field *field, uintptr_t value, unsigned base)
{
    const char *alphabet = field->type == 'x' ? "0123456789abcdef" : "0123456789ABCDEF";
    char digits[3 * sizeof(value)], *first = digits + sizeof(digits);

    do {
        *--first = alphabet[value % base];
        value /= base;
    } while (value != 0);
    field->narrow = first;
    field->length = (size_t)(digits + sizeof(digits) - first);
    if (field->has_precision && field->precision > field->length)
        field->zeros = field->precision - field->length;
    put_field(out, field);
}

static void put_signed(struct output *out, struct field *field, int32_t value)
{
    if (field->size == 'h')
        value = (int16_t)value;
    if (value < 0)
        field->prefix = "-";
    put_number(out, field, value < 0 ? 0u - (uint32_t)value : (uint32_t)value, 10);
}

static void put_unsigned(struct output *out, struct field *field, uint32_t value)
{
    if (field->size == 'h')
        value = (uint16_t)value;
    if (field->alternate && field->type != 'u')
        field->prefix = field->type == 'x' ? "0x" : "0X";
    put_number(out, field, value, field->type == 'u' ? 10 : 16);
}

static void put_pointer(struct output *out, struct field *field, const void *pointer)
{
    field->has_precision = true;
    field->precision = 2 * sizeof(pointer);
    put_number(out, field, (uintptr_t)pointer, 16);
}

static const char *parse_number(const char *format, size_t *number)
{
    for (; *format >= '0' && *format <= '9'; format++) {
        *number = *number * 10 + (size_t)(*format - '0');
        if (*number > FIELD_LIMIT)
            *number = FIELD_LIMIT;
    }
    return format;
}

static const char *parse_flags(const char *format, struct field *field)
{
    for (;; format++) {
        if (*format == '-')
            field->left = true;
        else if (*format == '#')
            field->alternate = true;
        else if (*format == '0')
            field->zero = true;
        else
            return format;
    }
}

/* Reads what stands between % and the type; returns where the type is. */
static const char *parse_field(const char *format, struct field *field)
{
    format = parse_number(parse_flags(format, field), &field->width);
    field->has_precision = *format == '.';
    if (field->has_precision)
        format = parse_number(format + 1, &field->precision);
    if (*format == 'h' || *format == 'l')
        field->size = *format++;
    field->type = *format;
    return format;
}

static void put_conversion(struct output *out, struct field *field, va_list *args)
{
    switch (field->type) {
    case 'c':
    case 'C':
        put_character(out, field, va_arg(*args, int));
        break;
    case 'd':
    case 'i':
        put_signed(out, field, va_arg(*args, int32_t));
        break;
    case 'p':
        put_pointer(out, field, va_arg(*args, void *));
        break;
    case 's':
    case 'S':
        put_string(out, field, va_arg(*args, void *));
        break;
    case 'u':
    case 'x':
    case 'X':
        put_unsigned(out, field, va_arg(*args, uint32_t));
        break;
    default:
        put(out, field->type);
    }
}

int format_text(char *buffer, size_t size, const char *format, va_list args)
{
    struct output out = {.buffer = buffer, .size = size, .used = 0};
    va_list rest;

    va_copy(rest, args);
    for (; *format != '\0'; format++) {
        struct field field = {.prefix = ""};

        if (*format != '%') {
            put(&out, *format);
            continue;
        }
        format = parse_field(format + 1, &field);
        if (*format == '\0')
            break;
        put_conversion(&out, &field, &rest);
    }
    va_end(rest);
    buffer[out.used] = '\0';
    return (int)out.used;
}
