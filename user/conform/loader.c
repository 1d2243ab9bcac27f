/* What the loader leaves behind: the PEB's lists, and the TLS directory's work. */
#include "conform.h"

#define TEMPLATE 0x7A5C0DE5u

/* docs: PE Format, "The .tls Section". ld makes the directory of these symbols. */
static DWORD tls_index = UNTOUCHED;
static DWORD callback_reason = UNTOUCHED, callback_threads, ends;
static HANDLE callback_module;

static void NTAPI on_tls(PVOID module, DWORD reason, PVOID reserved UNUSED)
{
    if (reason == DLL_PROCESS_ATTACH) {
        callback_module = module;
        callback_reason = reason;
    }
    callback_threads += reason == DLL_THREAD_ATTACH;
    ends += reason == DLL_THREAD_DETACH;
}

__attribute__((section(".tls"))) static DWORD tls_begin = TEMPLATE;
__attribute__((section(".tls$ZZZ"))) static DWORD tls_end;
static PIMAGE_TLS_CALLBACK callbacks[] = {on_tls, NULL};

const IMAGE_TLS_DIRECTORY _tls_used = {
    (DWORD_PTR)&tls_begin, (DWORD_PTR)&tls_end, (DWORD_PTR)&tls_index, (DWORD_PTR)callbacks, 0, 0};

/* docs: TEB, ThreadLocalStoragePointer: 2Ch, and 58h in 64 bits */
static DWORD *thread_variable(void)
{
    void **blocks;

#ifdef __i386__
    __asm__ volatile("movl %%fs:0x2C, %0" : "=r"(blocks));
#else
    __asm__ volatile("movq %%gs:0x58, %0" : "=r"(blocks));
#endif
    return blocks[tls_index];
}

static DWORD WINAPI look(void *seen)
{
    *(DWORD *)seen = *thread_variable();
    *thread_variable() = 5;
    return 0;
}

static void check_tls_directory(void)
{
    DWORD seen = UNTOUCHED;
    HANDLE thread;

    expect_value(callback_reason, DLL_PROCESS_ATTACH, "a TLS callback runs before the entry point");
    expect_value((DWORD_PTR)callback_module, (DWORD_PTR)GetModuleHandleA(NULL), "with the module");
    expect(tls_index != UNTOUCHED, "the module has got an index");
    expect_value(*thread_variable(), TEMPLATE, "the first thread has a copy of the template");
    thread = CreateThread(NULL, 0, look, &seen, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    expect_value(seen, TEMPLATE, "so has another");
    expect_value(*thread_variable(), TEMPLATE, "of its own");
    expect(ends >= 1 && callback_threads == ends + 1,
           "the callback hears of threads that begin and end");
}

static PEB *peb(void)
{
#ifdef __i386__
    PEB *peb;

    __asm__ volatile("movl %%fs:0x30, %0" : "=r"(peb));
#else
    PEB *peb;

    __asm__ volatile("movq %%gs:0x60, %0" : "=r"(peb));
#endif
    return peb;
}

/* The base of each module in memory order; docs: PEB_LDR_DATA */
static unsigned list_modules(HANDLE *bases, unsigned room)
{
    const LIST_ENTRY *head = &peb()->Ldr->InMemoryOrderModuleList, *entry;
    unsigned count = 0;

    for (entry = head->Flink; entry != head && count < room; entry = entry->Flink)
        bases[count++] =
            CONTAINING_RECORD(entry, LDR_DATA_TABLE_ENTRY, InMemoryOrderLinks)->DllBase;
    return count;
}

static void check_lists(void)
{
    static const char *const expected[] = {"ntdll", "kernel32", "user32"};
    char name[TEXT_SIZE];
    HANDLE bases[64];
    unsigned count = list_modules(bases, COUNT(bases)), i, j;

    expect(count >= 4, "the program and its DLLs are in the list");
    expect_value((DWORD_PTR)bases[0], (DWORD_PTR)GetModuleHandleA(NULL),
                 "the program is the first");
    for (i = 0; i < COUNT(expected); i++) {
        for (j = 0; j < count && bases[j] != (HANDLE)GetModuleHandleA(expected[i]);)
            j++;
        text_append(text_append(name, expected[i]), " is in it");
        expect(j < count, name);
    }
}

/* docs: RTL_USER_PROCESS_PARAMETERS */
static void check_parameters(void)
{
    const UNICODE_STRING *line = &peb()->ProcessParameters->CommandLine;
    const char *ansi = GetCommandLineA();
    unsigned i, differ = 0;

    for (i = 0; i < line->Length / 2u; i++)
        differ += ansi[i] != (char)line->Buffer[i];
    expect_value(differ, 0, "the command line is that of the process parameters");
    expect_value(ansi[i], '\0', "all of it");
}

void check_loader(void)
{
    check_tls_directory();
    check_lists();
    check_parameters();
}
