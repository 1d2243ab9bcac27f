#include "variables.h"

static size_t length_of(const uint16_t *text)
{
    size_t n = 0;

    while (text[n])
        n++;
    return n;
}

/* Upper case of the letters of Latin 1. */
static uint16_t upper(uint16_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFE && c != 0xF7))
        return (uint16_t)(c - 0x20);
    return c == 0xFF ? 0x178 : c;
}

/* The length of the name that an entry begins with; its first character may be '='. */
static size_t name_length(const uint16_t *entry)
{
    size_t n = *entry != 0;

    while (entry[n] && entry[n] != '=')
        n++;
    return n;
}

static int compare(const uint16_t *a, size_t a_length, const uint16_t *b, size_t b_length)
{
    for (size_t i = 0; i < a_length && i < b_length; i++)
        if (upper(a[i]) != upper(b[i]))
            return upper(a[i]) < upper(b[i]) ? -1 : 1;
    return a_length == b_length ? 0 : a_length < b_length ? -1 : 1;
}

static const uint16_t *next(const uint16_t *entry)
{
    return entry + length_of(entry) + 1;
}

size_t variables_size(const uint16_t *environment)
{
    const uint16_t *entry = environment;

    while (*entry)
        entry = next(entry);
    return (size_t)(entry - environment) + 1;
}

const uint16_t *variables_find(const uint16_t *environment, const uint16_t *name, size_t length)
{
    for (const uint16_t *entry = environment; *entry; entry = next(entry)) {
        size_t n = name_length(entry);

        if (entry[n] == '=' && compare(entry, n, name, length) == 0)
            return entry + n + 1;
    }
    return NULL;
}

/* ---- Changing ---- */

static uint16_t *copy(uint16_t *to, const uint16_t *from)
{
    while (*from)
        *to++ = *from++;
    return to;
}

static uint16_t *put_entry(uint16_t *to, const uint16_t *name, const uint16_t *value)
{
    to = copy(to, name);
    *to++ = '=';
    to = copy(to, value);
    *to++ = 0;
    return to;
}

size_t variables_set(const uint16_t *environment, const uint16_t *name, const uint16_t *value,
                     uint16_t *changed)
{
    size_t length = length_of(name);
    uint16_t *to = changed;

    for (const uint16_t *entry = environment; *entry; entry = next(entry)) {
        int order = compare(entry, name_length(entry), name, length);

        if (value && order >= 0) {
            to = put_entry(to, name, value);
            value = NULL;
        }
        if (order != 0) {
            to = copy(to, entry);
            *to++ = 0;
        }
    }
    if (value)
        to = put_entry(to, name, value);
    *to++ = 0;
    return (size_t)(to - changed);
}

/* ---- Expanding ---- */

struct output {
    uint16_t *buffer;
    size_t size, used;
};

static void put(struct output *out, uint16_t c)
{
    if (out->used < out->size)
        out->buffer[out->used] = c;
    out->used++;
}

static void put_text(struct output *out, const uint16_t *text)
{
    while (*text)
        put(out, *text++);
}

/* The value that "%NAME%" at text stands for, and its length; NULL: it stands for itself. */
static const uint16_t *reference(const uint16_t *environment, const uint16_t *text, size_t *length)
{
    size_t n = 0;

    if (*text != '%')
        return NULL;
    while (text[1 + n] && text[1 + n] != '%')
        n++;
    *length = n + 2;
    return n && text[1 + n] == '%' ? variables_find(environment, text + 1, n) : NULL;
}

size_t variables_expand(const uint16_t *environment, const uint16_t *text, uint16_t *buffer,
                        size_t size)
{
    struct output out = {buffer, size, 0};

    while (*text) {
        size_t length;
        const uint16_t *value = reference(environment, text, &length);

        if (value) {
            put_text(&out, value);
            text += length;
        } else {
            put(&out, *text++);
        }
    }
    put(&out, 0);
    return out.used;
}
