/* Which role this process has: its command line tells. */
#include "hostile/hostile.h"

enum { WORDS_MAX = 6 };

/* The command line's words behind the program's name. */
struct words {
    ULONG count;
    const WCHAR *word[WORDS_MAX];
};

static const WCHAR *skip(const WCHAR *at, const WCHAR *end, BOOLEAN blanks)
{
    while (at < end && (*at == ' ') == blanks)
        at++;
    return at;
}

static void split(PCUNICODE_STRING line, struct words *words)
{
    const WCHAR *at = line->Buffer, *end = at + line->Length / sizeof(WCHAR);

    words->count = 0;
    at = skip(skip(at, end, FALSE), end, TRUE);
    while (at < end && words->count < WORDS_MAX) {
        words->word[words->count++] = at;
        at = skip(skip(at, end, FALSE), end, TRUE);
    }
}

/* The decimal number that a word begins with; 0 if there is none. */
static ULONG number(const struct words *words, ULONG word)
{
    ULONG value = 0;

    if (word < words->count)
        for (const WCHAR *at = words->word[word]; *at >= '0' && *at <= '9'; at++)
            value = value * 10 + (*at - '0');
    return value;
}

static BOOLEAN begins_with(const struct words *words, ULONG word, WCHAR letter)
{
    return word < words->count && words->word[word][0] == letter;
}

/* [SEED [CALLS [hold]]] | child SLOT SEED CALLS | witness SEED */
void __stdcall start(void)
{
    struct words words;

    split(&nt_peb()->parameters->command_line, &words);
    if (begins_with(&words, 0, 'c'))
        child_run(number(&words, 1) % SLOTS, number(&words, 2), number(&words, 3));
    else if (begins_with(&words, 0, 'w'))
        witness_run(number(&words, 1));
    else
        supervise(number(&words, 0), number(&words, 1), begins_with(&words, 2, 'h'));
}
