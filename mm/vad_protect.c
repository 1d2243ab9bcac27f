/* The arithmetic of protections. */
#include "mm/vad.h"

enum { BASES = 0xFF, MODIFIERS = PAGE_GUARD | PAGE_NOCACHE, MODIFIER_SHIFT = 4, BASE_FIELD = 0xF };

BOOLEAN vad_is_protection(ULONG protect)
{
    ULONG base = protect & BASES, modifiers = protect & ~(ULONG)BASES;

    if (!base || base & (base - 1) || modifiers & ~(ULONG)MODIFIERS || modifiers == MODIFIERS)
        return FALSE;
    return base != PAGE_NOACCESS || !modifiers;
}

/* SDK, CreateFileMapping and MapViewOfFile: what each protection of a section or view permits. */
BOOLEAN vad_is_compatible(ULONG inner, ULONG outer)
{
    enum {
        READ = PAGE_NOACCESS | PAGE_READONLY | PAGE_WRITECOPY,
        EXECUTE_READ = READ | PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_WRITECOPY,
    };
    static const UCHAR permitted[] = {
        PAGE_NOACCESS, READ,  READ | PAGE_READWRITE, READ, PAGE_NOACCESS | PAGE_EXECUTE,
        EXECUTE_READ,  BASES, EXECUTE_READ,
    };

    return !!(permitted[__builtin_ctz(outer & BASES)] & inner & BASES);
}

UCHAR vad_page_state(ULONG protect)
{
    return (UCHAR)(((ULONG)__builtin_ctz(protect & BASES) + 1) |
                   (protect & MODIFIERS) >> MODIFIER_SHIFT);
}

ULONG vad_page_protect(UCHAR state)
{
    if (!state)
        return 0;
    return 1u << ((state & BASE_FIELD) - 1) | ((ULONG)state << MODIFIER_SHIFT & MODIFIERS);
}

BOOLEAN vad_is_executable(ULONG protect)
{
    return !!(protect &
              (PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY));
}

ULONG vad_page_rights(ULONG protect)
{
    ULONG rights = PAGE_USER;

    if (protect & (PAGE_NOACCESS | PAGE_GUARD))
        return PAGE_HELD;
    if (protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))
        rights |= PAGE_WRITE;
    if (vad_is_executable(protect))
        rights |= PAGE_CODE;
    return protect & PAGE_NOCACHE ? rights | PAGE_CACHE_DISABLE : rights;
}

ULONG vad_written(ULONG protect)
{
    const ULONG copy = PAGE_WRITECOPY | PAGE_EXECUTE_WRITECOPY;

    return (protect & ~copy) | (protect & copy) >> 1;
}

ULONG vad_unwritten(ULONG protect)
{
    const ULONG write = PAGE_READWRITE | PAGE_EXECUTE_READWRITE;

    return (protect & ~write) | (protect & write) << 1;
}
