#include "format.h"

#include <stdbool.h>
#include <stdint.h>

#define FIELD_LIMIT 1024 /* width and precision; more than any buffer of wsprintf holds */
#define SPEC_LIMIT  32   /* what stands between % and its type, and the type */

/* Text of either kind is written; the other pointer is NULL. */
struct output {
    char *narrow;
    uint16_t *wide;
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

static void store(struct output *out, uint16_t c)
{
    if (out->wide != NULL)
        out->wide[out->used] = c;
    else
        out->narrow[out->used] = c <= 0xFF ? (char)c : '?';
}

static void put(struct output *out, uint16_t c)
{
    if (out->used + 1 < out->size) {
        store(out, c);
        out->used++;
    }
}

static void put_repeated(struct output *out, char c, size_t count)
{
    while (count-- > 0)
        put(out, c);
}

static uint16_t field_char(const struct field *field, size_t i)
{
    return field->narrow != NULL ? (unsigned char)field->narrow[i] : field->wide[i];
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
        put(out, (unsigned char)field->prefix[i]);
    put_repeated(out, '0', zeros);
    for (i = 0; i < field->length; i++)
        put(out, field_char(field, i));
    if (field->left)
        put_repeated(out, ' ', pad);
}

/* Without a size, s and c are of the output's kind, S and C of the other. */
static bool is_wide(const struct output *out, const struct field *field)
{
    bool other = field->type == 'S' || field->type == 'C';

    if (field->size != 0)
        return field->size == 'l';
    return other != (out->wide != NULL);
}

static void put_string(struct output *out, struct field *field, const void *string)
{
    size_t limit = field->has_precision ? field->precision : SIZE_MAX;

    if (string == NULL)
        field->narrow = "(null)";
    else if (is_wide(out, field))
        field->wide = string;
    else
        field->narrow = string;
    while (field->length < limit && field_char(field, field->length) != 0)
        field->length++;
    put_field(out, field);
}

static void put_character(struct output *out, struct field *field, int value)
{
    field->character = is_wide(out, field) ? (uint16_t)value : (unsigned char)value;
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
        put(out, (unsigned char)field->type);
    }
}

/* Converts what stands behind a %; returns where the type is, the format's end if there is none. */
static const char *convert(struct output *out, const char *format, va_list *args)
{
    struct field field = {.prefix = ""};

    format = parse_field(format, &field);
    if (*format != '\0')
        put_conversion(out, &field, args);
    return format;
}

int format_text(char *buffer, size_t size, const char *format, va_list args)
{
    struct output out = {.narrow = buffer, .size = size};
    va_list rest;

    va_copy(rest, args);
    for (; *format != '\0'; format++) {
        if (*format != '%')
            put(&out, (unsigned char)*format);
        else if (*(format = convert(&out, format + 1, &rest)) == '\0')
            break;
    }
    va_end(rest);
    store(&out, 0);
    return (int)out.used;
}

/* Narrows what stands behind a %; a character that is none of a format's becomes 7Fh, no type. */
static void narrow_spec(const uint16_t *format, char spec[SPEC_LIMIT])
{
    int length = 0;

    for (; length < SPEC_LIMIT - 1 && format[length] != 0; length++)
        spec[length] = format[length] < 0x7F ? (char)format[length] : 0x7F;
    spec[length] = '\0';
}

int format_text_wide(uint16_t *buffer, size_t size, const uint16_t *format, va_list args)
{
    struct output out = {.wide = buffer, .size = size};
    va_list rest;

    va_copy(rest, args);
    for (; *format != 0; format++) {
        char spec[SPEC_LIMIT];
        const char *end;

        if (*format != '%') {
            put(&out, *format);
            continue;
        }
        narrow_spec(format + 1, spec);
        end = convert(&out, spec, &rest);
        if (*end == '\0')
            break;
        format += 1 + (end - spec);
    }
    va_end(rest);
    store(&out, 0);
    return (int)out.used;
}
