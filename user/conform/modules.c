/* Modules by name and handle, and what they export. */
#include "conform.h"

/* docs: GetModuleHandle; the tutorial asks for these three by name */
static void check_bases(void)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)GetModuleHandleA(NULL);
    const IMAGE_NT_HEADERS *nt = (const IMAGE_NT_HEADERS *)((const char *)dos + dos->e_lfanew);

    expect_value(dos->e_magic, IMAGE_DOS_SIGNATURE, "the program's handle is its base");
    expect_value(nt->Signature, IMAGE_NT_SIGNATURE, "where its headers are");
    expect_success(CALL(GetModuleHandleA("kernel32.dll")), "kernel32.dll is loaded");
    expect_value((DWORD_PTR)GetModuleHandleA("kernel32"),
                 (DWORD_PTR)GetModuleHandleA("kernel32.dll"), "its name may lack the ending");
    expect_value((DWORD_PTR)GetModuleHandleA("KERNEL32.DLL"),
                 (DWORD_PTR)GetModuleHandleA("kernel32.dll"), "or be in capitals");
    expect_value((DWORD_PTR)GetModuleHandleW(L"ntdll.dll"),
                 (DWORD_PTR)GetModuleHandleA("ntdll.dll"), "or in Unicode");
    expect_failure(CALL(GetModuleHandleA("nosuch.dll")), 0, 126, "a missing one is 126");
    expect_failure(CALL(GetModuleHandleA("kernel32.")), 0, 126,
                   "a dot at the end says that there is no ending");
}

/* docs: GetModuleFileName */
static void check_names(void)
{
    char path[TEXT_SIZE], again[TEXT_SIZE];
    DWORD length = GetModuleFileNameA(NULL, path, sizeof(path));

    expect(length != 0 && path[length] == '\0', "the program's path has that length");
    expect(path[1] == ':' && path[2] == '\\', "it is a full one");
    expect(text_ends_with(path, "\\conform.exe") || text_ends_with(path, "\\conform64.exe"),
           "of this program");
    GetModuleFileNameA(GetModuleHandleA(NULL), again, sizeof(again));
    expect_text(again, path, "the same by its handle");
    GetModuleFileNameA(GetModuleHandleA("ntdll"), path, sizeof(path));
    expect(text_ends_with(path, "\\ntdll.dll"), "ntdll's path ends with its name");
    expect_value(GetModuleFileNameA(NULL, again, 4), 4, "too small: the buffer's size");
    expect_failure(CALL(GetModuleFileNameA((HMODULE)0x12340000, path, sizeof(path))), 0, 126,
                   "of no module it is 126");
}

/* docs: GetProcAddress */
static void check_procedures(void)
{
    HMODULE kernel32 = GetModuleHandleA("kernel32"), ntdll = GetModuleHandleA("ntdll");
    FARPROC found = GetProcAddress(kernel32, "SetLastError");

    expect(found != NULL, "a procedure is found by its name");
    SetLastError(1);
    ((void(WINAPI *)(DWORD))(void *)found)(1234);
    expect_value(GetLastError(), 1234, "and can be called");
    expect_failure(CALL(GetProcAddress(kernel32, "NoSuchName")), 0, 127, "a missing name is 127");
    expect_failure(CALL(GetProcAddress(kernel32, "setlasterror")), 0, 127,
                   "the case of the name matters");
    expect_value((DWORD_PTR)GetProcAddress(kernel32, "HeapAlloc"),
                 (DWORD_PTR)GetProcAddress(ntdll, "RtlAllocateHeap"),
                 "a forwarder leads to another module"); /* kernel32's export table, in every NT */
    expect_value((DWORD_PTR)GetProcAddress(NULL, "NoSuchName"), 0,
                 "the program itself exports nothing");
}

/* docs: PE Format, "The .edata Section": the name's ordinal leads to the same address */
static void check_ordinals(void)
{
    const char *base = (const char *)GetModuleHandleA("kernel32");
    const IMAGE_NT_HEADERS *nt =
        (const IMAGE_NT_HEADERS *)(base + ((const IMAGE_DOS_HEADER *)base)->e_lfanew);
    const IMAGE_EXPORT_DIRECTORY *exports =
        (const IMAGE_EXPORT_DIRECTORY *)(base + nt->OptionalHeader.DataDirectory[0].VirtualAddress);
    const DWORD *names = (const DWORD *)(base + exports->AddressOfNames);
    const WORD *ordinals = (const WORD *)(base + exports->AddressOfNameOrdinals);
    DWORD i, differ = 0, unsorted = 0;

    for (i = 0; i < exports->NumberOfNames; i++) {
        HMODULE module = (HMODULE)base;
        const char *ordinal = (const char *)(DWORD_PTR)(exports->Base + ordinals[i]);

        differ += GetProcAddress(module, base + names[i]) != GetProcAddress(module, ordinal);
        unsorted += i > 0 && lstrcmpA(base + names[i - 1], base + names[i]) == 0;
    }
    expect(exports->NumberOfNames > 50, "kernel32 exports names");
    expect_value(differ, 0, "by ordinal each is what it is by name");
    expect_value(unsorted, 0, "none stands there twice");
}

/* docs: LoadLibrary, FreeLibrary. Wine: kernel32/tests/module.c */
static void check_loading(void)
{
    HMODULE kernel32 = GetModuleHandleA("kernel32");

    expect_value((DWORD_PTR)LoadLibraryA("kernel32.dll"), (DWORD_PTR)kernel32,
                 "a loaded one is loaded by its handle");
    expect_success(CALL(FreeLibrary(kernel32)), "and freed once");
    expect_value((DWORD_PTR)GetModuleHandleA("kernel32"), (DWORD_PTR)kernel32,
                 "after which it is still there");
    expect_failure(CALL(LoadLibraryA("nosuch.dll")), 0, 126, "loading a missing one is 126");
    expect_error(CALL(FreeLibrary((HMODULE)0x12340000)), 126, "freeing what is none is 126");
}

void check_modules(void)
{
    check_bases();
    check_names();
    check_procedures();
    check_ordinals();
    check_loading();
}
