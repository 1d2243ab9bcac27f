/* What the libraries under test tell the program: the entry points' calls, in their order. */
#pragma once

#include "ntdll/ntdll.h"

/* A library exports what the others import. */
#ifndef ALPHA
#define ALPHA __declspec(dllimport)
#endif
#ifndef BETA
#define BETA __declspec(dllimport)
#endif

/* alpha.dll keeps the record, a letter a call: "A+" attached, "a+" thread attached, "a-", "A-". */
ALPHA char *alpha_record(void);
ALPHA int alpha_value(void);
ALPHA int alpha_seventh(void);   /* exported as ordinal 7, without name */
ALPHA int alpha_forwarded(void); /* to beta.beta_value */
ALPHA int alpha_asks_beta(void);
BETA int beta_value(void);
BETA int beta_asks_alpha(void);
BETA int *beta_pointer(void);       /* needs a relocation */
BETA ULONG *beta_thread_word(void); /* this thread's copy, 1234 at first */

static inline void note(char *record, char letter, ULONG reason)
{
    static const char marks[] = "-++-";

    while (*record)
        record++;
    record[0] = reason == DLL_PROCESS_ATTACH || reason == DLL_PROCESS_DETACH
                    ? letter
                    : (char)(letter + 'a' - 'A');
    record[1] = marks[reason];
    record[2] = 0;
}
