/*
 * Two opens of one file: which of them can be had together. docs: CreateFile, "If you open it and
 * another open has access that your share mode does not grant, or the other way about, 32".
 */
#include "conform.h"

#define R FILE_SHARE_READ
#define W FILE_SHARE_WRITE

static const struct {
    DWORD access, share, then_access, then_share;
    BOOL together;
    const char *name;
} pairs[] = {
    {GENERIC_READ, R, GENERIC_READ, R, TRUE, "two readers that share reading"},
    {GENERIC_READ, R | W, GENERIC_READ, R | W, TRUE, "two readers that share all"},
    {GENERIC_READ, R, GENERIC_READ, R | W, TRUE, "a second that shares more"},
    {GENERIC_READ, 0, GENERIC_READ, R, FALSE, "a first that shares nothing"},
    {GENERIC_READ, R, GENERIC_READ, 0, FALSE, "a second that shares nothing"},
    {GENERIC_READ, W, GENERIC_READ, R, FALSE, "a first that shares writing only"},
    {GENERIC_READ, R, GENERIC_READ, W, FALSE, "a second that shares writing only"},
    {0, 0, GENERIC_READ, R, TRUE, "a first that asks for nothing"},
    {GENERIC_READ, R, 0, 0, TRUE, "a second that asks for nothing"},
    {GENERIC_READ, 0, 0, 0, TRUE, "one that shares nothing, one that asks for nothing"},
};

static struct outcome second_open(const char *path, unsigned i)
{
    HANDLE first = CreateFileA(path, pairs[i].access, pairs[i].share, NULL, OPEN_EXISTING, 0, NULL);
    struct outcome second = CALL(
        CreateFileA(path, pairs[i].then_access, pairs[i].then_share, NULL, OPEN_EXISTING, 0, NULL));

    if (first == INVALID_HANDLE_VALUE)
        second = (struct outcome){0, 0};
    else if (second.value != (DWORD_PTR)INVALID_HANDLE_VALUE)
        CloseHandle((HANDLE)second.value);
    CloseHandle(first);
    return second;
}

void check_sharing(void)
{
    char path[TEXT_SIZE];
    unsigned i;

    own_path(path);
    for (i = 0; i < COUNT(pairs); i++) {
        if (pairs[i].together)
            expect(second_open(path, i).value != (DWORD_PTR)INVALID_HANDLE_VALUE, pairs[i].name);
        else
            expect_failure(second_open(path, i), (DWORD_PTR)INVALID_HANDLE_VALUE,
                           ERROR_SHARING_VIOLATION, pairs[i].name);
    }
}
