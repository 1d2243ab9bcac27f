#include "number_format.h"

#include <stdbool.h>

/*
 * A parsed number; digits are counted from the left, number 0 being a zero that stands before
 * the first and takes the carry of 999.9.
 */
struct number {
    bool negative;
    const char *integer; /* without leading zeros */
    size_t integer_length;
    const char *fraction;
    size_t fraction_length;
    size_t kept;    /* digits that are shown, digit 0 included */
    size_t rounded; /* the digit that rounding raises, those behind it become 0; kept if none */
};

struct output {
    char *buffer;
    size_t size;
    size_t used; /* goes on counting when the buffer is full */
};

static const struct {
    const char *before, *after;
} signs[NUMBER_MAX_NEGATIVE_ORDER + 1] = {{"(", ")"}, {"-", ""}, {"- ", ""}, {"", "-"}, {"", " -"}};

static void put(struct output *out, char c)
{
    if (out->used < out->size)
        out->buffer[out->used] = c;
    out->used++;
}

static void put_text(struct output *out, const char *text)
{
    while (*text != '\0')
        put(out, *text++);
}

static size_t count_digits(const char *text)
{
    size_t n = 0;

    while (text[n] >= '0' && text[n] <= '9')
        n++;
    return n;
}

static bool parse(struct number *number, const char *text)
{
    size_t zeros = 0, length;

    number->negative = *text == '-';
    text += number->negative;
    length = count_digits(text);
    while (zeros < length && text[zeros] == '0')
        zeros++;
    number->integer = text + zeros;
    number->integer_length = length - zeros;
    text += length;
    number->fraction = text + (*text == '.');
    number->fraction_length = *text == '.' ? count_digits(number->fraction) : 0;
    return length + number->fraction_length > 0 &&
           number->fraction[number->fraction_length] == '\0';
}

static char digit(const struct number *number, size_t i)
{
    if (i == 0)
        return '0';
    if (i <= number->integer_length)
        return number->integer[i - 1];
    i -= number->integer_length + 1;
    return i < number->fraction_length ? number->fraction[i] : '0';
}

static char rounded_digit(const struct number *number, size_t i)
{
    if (i < number->rounded)
        return digit(number, i);
    return i == number->rounded ? (char)(digit(number, i) + 1) : '0';
}

static void round_half_up(struct number *number, uint32_t digits)
{
    size_t i = 1 + number->integer_length + digits;

    number->kept = i;
    number->rounded = i;
    if (digit(number, i) < '5')
        return;
    do
        i--;
    while (digit(number, i) == '9');
    number->rounded = i;
}

static bool is_zero(const struct number *number)
{
    size_t i;

    for (i = 0; i < number->kept; i++)
        if (rounded_digit(number, i) != '0')
            return false;
    return true;
}

/* Does a group end where `right` digits remain? The last size repeats, a 0 ends grouping. */
static bool ends_group(uint32_t grouping, size_t right)
{
    uint32_t scale = 1, size;
    size_t end = 0;

    while (grouping / scale >= 10)
        scale *= 10;
    do {
        size = grouping / scale % 10;
        end += size;
        if (scale > 1)
            scale /= 10;
    } while (size != 0 && end < right);
    return size != 0 && end == right;
}

static void put_integer(struct output *out, const struct number *number,
                        const struct number_format *format)
{
    size_t i = number->rounded == 0 ? 0 : 1;

    if (i > number->integer_length && (format->leading_zero != 0 || format->digits == 0))
        put(out, '0');
    for (; i <= number->integer_length; i++) {
        put(out, rounded_digit(number, i));
        if (i < number->integer_length && ends_group(format->grouping, number->integer_length - i))
            put_text(out, format->thousand);
    }
}

static void put_fraction(struct output *out, const struct number *number,
                         const struct number_format *format)
{
    size_t i;

    if (format->digits == 0)
        return;
    put_text(out, format->decimal);
    for (i = number->integer_length + 1; i < number->kept; i++)
        put(out, rounded_digit(number, i));
}

static bool is_valid(const struct number_format *format)
{
    return format->digits <= NUMBER_MAX_DIGITS && format->leading_zero <= 1 &&
           format->negative_order <= NUMBER_MAX_NEGATIVE_ORDER;
}

size_t number_format(const char *text, const struct number_format *format, char *buffer,
                     size_t size)
{
    struct output out = {.buffer = buffer, .size = size, .used = 0};
    struct number number;
    bool sign;

    if (!is_valid(format) || !parse(&number, text))
        return 0;
    round_half_up(&number, format->digits);
    sign = number.negative && !is_zero(&number);
    if (sign)
        put_text(&out, signs[format->negative_order].before);
    put_integer(&out, &number, format);
    put_fraction(&out, &number, format);
    if (sign)
        put_text(&out, signs[format->negative_order].after);
    put(&out, '\0');
    return out.used;
}
