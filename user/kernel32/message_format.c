#include "message_format.h"

#define MAX_INSERT 99
#define MAX_DIGITS 24 /* of 64 bits in octal */

struct output {
    const struct message_format *format;
    uint16_t *buffer;
    size_t size, used; /* used goes on counting when the buffer is full */
};

/* An insert's format. */
struct spec {
    bool left, prefix, zeros;
    size_t width, precision;
    bool has_precision;
    enum { SIZE_NONE, SIZE_HALF, SIZE_LONG, SIZE_64 } size;
    char type;
    size_t argument; /* the value's index */
};

static void put(struct output *out, uint16_t c)
{
    if (out->used < out->size)
        out->buffer[out->used] = c;
    out->used++;
}

static void put_ascii(struct output *out, const char *text)
{
    while (*text)
        put(out, (uint16_t)*text++);
}

static void fill(struct output *out, uint16_t c, size_t count)
{
    while (count--)
        put(out, c);
}

static bool is_digit(uint16_t c)
{
    return c >= '0' && c <= '9';
}

/* ---- A format: !-#08.3lx! ---- */

static bool take(const uint16_t **text, char c)
{
    if (**text != (uint16_t)c)
        return false;
    ++*text;
    return true;
}

static bool next_argument(const struct output *out, struct spec *spec, uintptr_t *value)
{
    if (!out->format->arguments || spec->argument >= out->format->argument_limit)
        return false;
    *value = out->format->arguments[spec->argument++];
    return true;
}

static size_t take_number(const uint16_t **text)
{
    size_t number = 0;

    while (is_digit(**text)) {
        if (number < 10000)
            number = number * 10 + (size_t)(**text - '0');
        ++*text;
    }
    return number;
}

/* A number in the format, or * for one among the arguments. FALSE: there is none. */
static bool take_size(const struct output *out, const uint16_t **text, struct spec *spec,
                      size_t *number)
{
    uintptr_t value;

    if (!take(text, '*')) {
        *number = take_number(text);
        return true;
    }
    if (!next_argument(out, spec, &value))
        return false;
    *number = value;
    return true;
}

static void take_flags(const uint16_t **text, struct spec *spec)
{
    for (;;) {
        if (take(text, '-'))
            spec->left = true;
        else if (take(text, '#'))
            spec->prefix = true;
        else if (take(text, '0'))
            spec->zeros = true;
        else
            return;
    }
}

static void take_length(const uint16_t **text, struct spec *spec)
{
    if (take(text, 'h'))
        spec->size = SIZE_HALF;
    else if (take(text, 'l') || take(text, 'w'))
        spec->size = SIZE_LONG;
    else if ((*text)[0] == 'I' && (*text)[1] == '6' && (*text)[2] == '4') {
        spec->size = SIZE_64;
        *text += 3;
    }
}

static bool is_type(uint16_t c)
{
    for (const char *types = "diuoxXpcCsS"; *types; types++)
        if (c == (uint16_t)*types)
            return true;
    return false;
}

/* From behind the first ! to behind the last. */
static enum message_result parse(const struct output *out, const uint16_t **text, struct spec *spec)
{
    take_flags(text, spec);
    if (!take_size(out, text, spec, &spec->width))
        return MESSAGE_MISSING_ARGUMENT;
    spec->has_precision = take(text, '.');
    if (spec->has_precision && !take_size(out, text, spec, &spec->precision))
        return MESSAGE_MISSING_ARGUMENT;
    take_length(text, spec);
    if (!is_type(**text))
        return MESSAGE_BAD_INSERT;
    spec->type = (char)*(*text)++;
    return take(text, '!') ? MESSAGE_DONE : MESSAGE_BAD_INSERT;
}

/* ---- Values ---- */

/* Sign or prefix, zeros, digits; on the side of the field that the format says. */
static void put_field(struct output *out, const struct spec *spec, const char *prefix,
                      const char *digits, size_t count)
{
    size_t sign = 0, zeros, used;

    while (prefix[sign])
        sign++;
    zeros = spec->has_precision && spec->precision > count ? spec->precision - count : 0;
    used = sign + zeros + count;
    if (spec->zeros && !spec->left && !spec->has_precision && used < spec->width) {
        zeros = spec->width - used;
        used = spec->width;
    }
    if (!spec->left && used < spec->width)
        fill(out, ' ', spec->width - used);
    put_ascii(out, prefix);
    fill(out, '0', zeros);
    while (count--)
        put(out, (uint16_t)*digits++);
    if (spec->left && used < spec->width)
        fill(out, ' ', spec->width - used);
}

static unsigned base_of(char type)
{
    return type == 'o' ? 8 : type == 'x' || type == 'X' || type == 'p' ? 16 : 10;
}

static const char *prefix_of(const struct spec *spec, bool negative, uint64_t value)
{
    if (negative)
        return "-";
    if (!spec->prefix || value == 0)
        return "";
    return spec->type == 'x' ? "0x" : spec->type == 'X' ? "0X" : spec->type == 'o' ? "0" : "";
}

static void put_number(struct output *out, const struct spec *spec, uint64_t value, bool negative)
{
    const char *set = spec->type == 'x' ? "0123456789abcdef" : "0123456789ABCDEF";
    unsigned base = base_of(spec->type);
    char digits[MAX_DIGITS];
    size_t first = MAX_DIGITS;

    for (uint64_t left = value; left != 0 || first == MAX_DIGITS; left /= base)
        digits[--first] = set[left % base];
    put_field(out, spec, prefix_of(spec, negative, value), digits + first, MAX_DIGITS - first);
}

/* A number of the size that the format says, with its sign taken off. */
static enum message_result put_integer(struct output *out, struct spec *spec, uintptr_t word)
{
    bool is_signed = spec->type == 'd' || spec->type == 'i';
    uint64_t value = is_signed ? (uint64_t)(int64_t)(int32_t)word : (uint32_t)word;
    uintptr_t high;

    if (spec->size == SIZE_HALF)
        value = is_signed ? (uint64_t)(int64_t)(int16_t)word : (uint16_t)word;
    if (spec->size == SIZE_64) {
        if (!next_argument(out, spec, &high))
            return MESSAGE_MISSING_ARGUMENT;
        value = (uint64_t)(uint32_t)high << 32 | (uint32_t)word;
    }
    if (is_signed && (int64_t)value < 0)
        put_number(out, spec, 0 - value, true);
    else
        put_number(out, spec, value, false);
    return MESSAGE_DONE;
}

/* Is the text of 8 bits? The capital letter is the other kind than the small one. */
static bool is_narrow(const struct output *out, const struct spec *spec)
{
    bool capital = spec->type == 'S' || spec->type == 'C';

    if (spec->size != SIZE_NONE)
        return spec->size == SIZE_HALF;
    return out->format->ansi != capital;
}

static uint16_t unit_at(uintptr_t text, bool narrow, size_t i)
{
    return narrow ? ((const unsigned char *)text)[i] : ((const uint16_t *)text)[i];
}

static void put_string(struct output *out, const struct spec *spec, uintptr_t text)
{
    static const char none[] = "(null)";
    bool narrow = text == 0 || is_narrow(out, spec);
    size_t length = 0;

    if (text == 0)
        text = (uintptr_t)none;
    while (!(spec->has_precision && length == spec->precision) && unit_at(text, narrow, length))
        length++;
    if (!spec->left && length < spec->width)
        fill(out, ' ', spec->width - length);
    for (size_t i = 0; i < length; i++)
        put(out, unit_at(text, narrow, i));
    if (spec->left && length < spec->width)
        fill(out, ' ', spec->width - length);
}

static void put_char(struct output *out, const struct spec *spec, uintptr_t c)
{
    bool narrow = is_narrow(out, spec);

    if (!spec->left && spec->width > 1)
        fill(out, ' ', spec->width - 1);
    put(out, narrow ? (unsigned char)c : (uint16_t)c);
    if (spec->left && spec->width > 1)
        fill(out, ' ', spec->width - 1);
}

static enum message_result put_value(struct output *out, struct spec *spec)
{
    uintptr_t value;

    if (!next_argument(out, spec, &value))
        return MESSAGE_MISSING_ARGUMENT;
    switch (spec->type) {
    case 's':
    case 'S':
        put_string(out, spec, value);
        return MESSAGE_DONE;
    case 'c':
    case 'C':
        put_char(out, spec, value);
        return MESSAGE_DONE;
    case 'p':
        spec->precision = 2 * sizeof(void *);
        spec->has_precision = true;
        put_number(out, spec, value, false);
        return MESSAGE_DONE;
    default:
        return put_integer(out, spec, value);
    }
}

/* ---- The text ---- */

/* The insert whose number begins at *text. */
static enum message_result put_insert(struct output *out, const uint16_t **text)
{
    struct spec spec = {.type = 's'};
    size_t number = (size_t)(*(*text)++ - '0');
    enum message_result result;

    if (is_digit(**text))
        number = number * 10 + (size_t)(*(*text)++ - '0');
    spec.argument = number - 1;
    if (take(text, '!')) {
        result = parse(out, text, &spec);
        if (result != MESSAGE_DONE)
            return result;
    }
    return put_value(out, &spec);
}

/* The insert as it stands: its number here, its format by the ordinary way. */
static void put_insert_itself(struct output *out, const uint16_t **text)
{
    put(out, '%');
    put(out, *(*text)++);
}

/* What stands behind a percent sign, but no insert and no end. */
static void put_escape(struct output *out, uint16_t c)
{
    switch (c) {
    case 'n':
        put_ascii(out, "\r\n");
        return;
    case 't':
        put(out, '\t');
        return;
    case 'r':
        put(out, '\r');
        return;
    case 'b':
        put(out, ' ');
        return;
    default:
        put(out, c);
    }
}

/* A line break of the text: "\r\n", "\r" or "\n". */
static void put_break(struct output *out, const uint16_t **text)
{
    if (take(text, '\r'))
        take(text, '\n');
    else
        ++*text;
    put_ascii(out, out->format->ignore_breaks ? " " : "\r\n");
}

static enum message_result put_percent(struct output *out, const uint16_t **text)
{
    ++*text;
    if (**text >= '1' && **text <= '9') {
        if (!out->format->ignore_inserts)
            return put_insert(out, text);
        put_insert_itself(out, text);
    } else if (**text) {
        put_escape(out, *(*text)++);
    }
    return MESSAGE_DONE;
}

static bool is_end(const uint16_t *text)
{
    return !*text || (text[0] == '%' && text[1] == '0');
}

enum message_result message_format(const uint16_t *text, const struct message_format *format,
                                   uint16_t *buffer, size_t size, size_t *length)
{
    struct output out = {format, buffer, size, 0};
    enum message_result result = MESSAGE_DONE;

    while (!is_end(text) && result == MESSAGE_DONE) {
        if (*text == '%')
            result = put_percent(&out, &text);
        else if (*text == '\r' || *text == '\n')
            put_break(&out, &text);
        else
            put(&out, *text++);
    }
    *length = out.used;
    put(&out, 0);
    if (result != MESSAGE_DONE)
        return result;
    return out.used <= size ? MESSAGE_DONE : MESSAGE_TOO_LONG;
}
