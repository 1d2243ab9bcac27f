/* CONTEXT and EXCEPTION_RECORD of 32-bit x86 (winnt.h; tests/abi checks the offsets). */
#pragma once

#include "nt/ntdef.h"

#define CONTEXT_i386            0x00010000u
#define CONTEXT_CONTROL         (CONTEXT_i386 | 1u) /* SS:ESP, CS:EIP, EFLAGS, EBP */
#define CONTEXT_INTEGER         (CONTEXT_i386 | 2u)
#define CONTEXT_SEGMENTS        (CONTEXT_i386 | 4u)
#define CONTEXT_FLOATING_POINT  (CONTEXT_i386 | 8u)
#define CONTEXT_DEBUG_REGISTERS (CONTEXT_i386 | 16u)
#define CONTEXT_FULL            (CONTEXT_CONTROL | CONTEXT_INTEGER | CONTEXT_SEGMENTS)

typedef struct _CONTEXT {
    ULONG ContextFlags;
    ULONG Dr0, Dr1, Dr2, Dr3, Dr6, Dr7;
    UCHAR FloatSave[112];
    ULONG SegGs, SegFs, SegEs, SegDs; /* 8Ch */
    ULONG Edi, Esi, Ebx, Edx, Ecx, Eax;
    ULONG Ebp, Eip, SegCs, EFlags, Esp, SegSs; /* B4h */
    UCHAR ExtendedRegisters[512];
} CONTEXT, *PCONTEXT;

#define EXCEPTION_NONCONTINUABLE     1u
#define EXCEPTION_MAXIMUM_PARAMETERS 15

typedef struct _EXCEPTION_RECORD {
    NTSTATUS ExceptionCode;
    ULONG ExceptionFlags;
    struct _EXCEPTION_RECORD *ExceptionRecord;
    PVOID ExceptionAddress;
    ULONG NumberParameters;
    ULONG_PTR ExceptionInformation[EXCEPTION_MAXIMUM_PARAMETERS];
} EXCEPTION_RECORD, *PEXCEPTION_RECORD;
