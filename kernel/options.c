#include "options.h"

#include "rtl/rtl.h"

#define WORD_SIZE 64

enum kind { FLAG, NUMBER, CHOICE, OTHERS };

#define FIELD(name) offsetof(struct options, name), sizeof(((struct options *)0)->name)

/*
 * CHOICE: the values allowed, each followed by a blank; empty allows all.
 * OTHERS: programs read it from the registry, the kernel only knows that it is no mistake.
 */
static const struct option {
    const char *name;
    enum kind kind;
    size_t offset, size; /* of the field */
    const char *choices;
} known[] = {
    {"exit", FLAG, FIELD(exit), NULL},
    {"selftest", FLAG, FIELD(selftest), NULL},
    {"selftest", CHOICE, FIELD(tests), ""},
    {"seed", NUMBER, FIELD(seed), NULL},
    {"place", CHOICE, FIELD(place), "fig4-10 "},
    {"registry", CHOICE, FIELD(registry), "none taken auto "},
    {"paging", CHOICE, FIELD(paging), "32 pse pae "},
    {"trace", CHOICE, FIELD(trace), "irp "},
    {"cleanup", CHOICE, FIELD(cleanup), "veto "},
    {"crash", CHOICE, FIELD(crash), ""},
    {"init", CHOICE, FIELD(init), ""},
    {"run", OTHERS, 0, 0, NULL},
};

static BOOLEAN is_choice(const char *choices, const char *value)
{
    size_t length = strlen(value);

    if (!*choices)
        return length > 0;
    for (const char *at = choices; *at; at++) {
        if (strncmp(at, value, length) == 0 && at[length] == ' ')
            return length > 0;
        while (*at != ' ')
            at++;
    }
    return FALSE;
}

/* Stores one option; `value` is NULL for a word without '='. FALSE if the value does not fit. */
static BOOLEAN store(const struct option *option, const char *value, struct options *options)
{
    void *field = (char *)options + option->offset;

    switch (option->kind) {
    case FLAG:
        *(BOOLEAN *)field |= !value;
        return !value;
    case NUMBER:
        if (!value || !rtl_parse_number(value, field))
            return FALSE;
        options->seeded = TRUE;
        return TRUE;
    case OTHERS:
        return value && *value;
    default:
        if (!value || strlen(value) >= option->size || !is_choice(option->choices, value))
            return FALSE;
        rtl_copy_text(field, value, option->size);
        return TRUE;
    }
}

static BOOLEAN apply(const char *word, struct options *options)
{
    char name[WORD_SIZE];
    char *equals = name;

    rtl_copy_text(name, word, sizeof name);
    while (*equals && *equals != '=')
        equals++;
    const char *value = *equals ? equals + 1 : NULL;

    *equals = 0;
    for (ULONG i = 0; i < ARRAY_SIZE(known); i++)
        if (strcmp(known[i].name, name) == 0 && store(&known[i], value, options))
            return TRUE;
    return FALSE;
}

/* Copies the next word, cut to `word`'s size; returns the place behind it. */
static const char *next_word(const char *at, char word[WORD_SIZE])
{
    size_t length = 0;

    while (*at == ' ' || *at == '\t')
        at++;
    for (; *at && *at != ' ' && *at != '\t'; at++)
        if (length < WORD_SIZE - 1)
            word[length++] = *at;
    word[length] = 0;
    return at;
}

static BOOLEAN is_path(const char *word)
{
    for (; *word && *word != '='; word++)
        if (*word == '/' || *word == '.')
            return TRUE;
    return FALSE;
}

void options_parse(const char *command_line, struct options *options,
                   void (*unknown)(const char *word))
{
    char word[WORD_SIZE];
    BOOLEAN first = TRUE;

    memset(options, 0, sizeof *options);
    for (const char *at = next_word(command_line, word); *word; at = next_word(at, word)) {
        if (!(first && is_path(word)) && !apply(word, options))
            unknown(word);
        first = FALSE;
    }
}
