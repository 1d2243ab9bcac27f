#include "syscall/table.h"

#include "nt/services.h"

#define SERVICE(number, name, arguments, letters) extern void name(void);
#include "nt/services.h"
#undef SERVICE

#define SERVICE(number, name, arguments, letters) [number] = (const void *)name,
const void *const KiServiceTable[SERVICE_LIMIT] = {
#include "nt/services.h"
};
#undef SERVICE

#define SERVICE(number, name, arguments, letters) [number] = letters,
const char *const service_letters[SERVICE_LIMIT] = {
#include "nt/services.h"
};
#undef SERVICE

/* Nothing is captured for values and raw pointers (at most 11 of them). */
/* Padded, so that each of the eleven is there to look at. */
#define LETTER(letters, i) ((letters "vvvvvvvvvvv")[i] != 'v' && (letters "vvvvvvvvvvv")[i] != 'p')
#define CAPTURES(letters)                                                                          \
    (LETTER(letters, 0) || LETTER(letters, 1) || LETTER(letters, 2) || LETTER(letters, 3) ||       \
     LETTER(letters, 4) || LETTER(letters, 5) || LETTER(letters, 6) || LETTER(letters, 7) ||       \
     LETTER(letters, 8) || LETTER(letters, 9) || LETTER(letters, 10))

#define SERVICE(number, name, arguments, letters)                                                  \
    _Static_assert(sizeof(letters) == (arguments) + 1, #name);                                     \
    _Static_assert((arguments) <= SERVICE_ARGUMENTS_MAX, #name);
#include "nt/services.h"
#undef SERVICE

#define SERVICE(number, name, arguments, letters)                                                  \
    [number] = (arguments)*4 + (CAPTURES(letters) ? SERVICE_CAPTURED : 0),
const UCHAR KiArgumentTable[SERVICE_LIMIT] = {
#include "nt/services.h"
};
#undef SERVICE
