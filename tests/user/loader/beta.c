/* beta.dll: linked for alpha.dll's base, so it has to move; it has thread-local data. */
#define BETA
#include "fixture.h"

static int value = 2000;
static int *const pointer = &value;

ULONG beta_slot;
ULONG beta_first __attribute__((section(".tls$AAA"))) = 1234;
ULONG beta_last __attribute__((section(".tls$ZZZ")));

static void NTAPI callback(PVOID base, DWORD reason, PVOID reserved)
{
    (void)base, (void)reserved;
    note(alpha_record(), 'T', reason);
}

static const PIMAGE_TLS_CALLBACK callbacks[] = {callback, NULL};

/* The linker makes the TLS directory of this name. */
const IMAGE_TLS_DIRECTORY32 _tls_used = {
    (DWORD)&beta_first, (DWORD)&beta_last, (DWORD)&beta_slot, (DWORD)callbacks, 4, 0};

int beta_value(void)
{
    return *pointer;
}

int beta_asks_alpha(void)
{
    return alpha_value() + 1;
}

int *beta_pointer(void)
{
    return pointer;
}

ULONG *beta_thread_word(void)
{
    return nt_teb()->tls_pointer[beta_slot];
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    (void)instance, (void)reserved;
    note(alpha_record(), 'B', reason);
    return TRUE;
}
