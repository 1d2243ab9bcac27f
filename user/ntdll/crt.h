/*
 * The C functions of crt.c, with the C standard's semantics, or Windows's for those with an
 * underscore; letters are ASCII's, in wide text Latin-1's.
 */
#pragma once

#include <stdarg.h>

#include "nt/ntdef.h"

int tolower(int c);
int toupper(int c);
char *strcpy(char *to, const char *from);
char *strcat(char *to, const char *from);
char *strncpy(char *to, const char *from, size_t size);
char *strchr(const char *text, int c);
char *strrchr(const char *text, int c);
char *strstr(const char *text, const char *wanted);
int _strnicmp(const char *a, const char *b, size_t limit);
int _stricmp(const char *a, const char *b);
size_t wcslen(const WCHAR *text);
WCHAR *wcscpy(WCHAR *to, const WCHAR *from);
WCHAR *wcscat(WCHAR *to, const WCHAR *from);
int wcsncmp(const WCHAR *a, const WCHAR *b, size_t limit);
int wcscmp(const WCHAR *a, const WCHAR *b);
int _wcsnicmp(const WCHAR *a, const WCHAR *b, size_t limit);
int _wcsicmp(const WCHAR *a, const WCHAR *b);
WCHAR *wcschr(const WCHAR *text, WCHAR c);
WCHAR *wcsrchr(const WCHAR *text, WCHAR c);
int _vsnprintf(char *to, size_t size, const char *format, va_list arguments);
int _snprintf(char *to, size_t size, const char *format, ...);
int sprintf(char *to, const char *format, ...);
