/* Memory and C strings, with the C standard's semantics. */
#pragma once

#include "nt/ntdef.h"

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t limit);

/* memcpy and a memset to 0 in place, where each instruction counts. */
#if defined(__i386__)
static inline void rtl_copy(void *to, const void *from, size_t bytes)
{
    size_t dwords = bytes / 4;

    __asm__ volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(dwords) : : "memory");
    bytes %= 4;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

static inline void rtl_zero_dwords(void *to, size_t dwords)
{
    __asm__ volatile("rep stosl" : "+D"(to), "+c"(dwords) : "a"(0) : "memory");
}
#endif

/* Compares two C strings ignoring case (RtlUpcaseUnicodeChar): TRUE if equal. */
BOOLEAN rtl_equal_text(const char *a, const char *b);

/*
 * Copies `from` into `to` of `size` bytes (at least 1), cutting what does not fit; always
 * NUL-terminated. Returns the length of `to`.
 */
size_t rtl_copy_text(char *to, const char *from, size_t size);

/*
 * As rtl_copy_text, for text from outside that goes to a log or a screen: a double quote becomes a
 * single one, a tab a blank, whatever else is not printable ASCII a '?'.
 */
size_t rtl_copy_printable(char *to, const char *from, size_t size);

/*
 * Reads an unsigned number, decimal or with 0x hexadecimal, that fills the whole of `text`.
 * TRUE and *value on success; FALSE for anything else or more than 32 bits.
 */
BOOLEAN rtl_parse_number(const char *text, ULONG *value);
