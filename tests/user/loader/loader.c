/*
 * The loader seen from a program: imports by name and ordinal, forwarders, circular imports,
 * relocation, thread-local storage, order of entry points, counts, and the lists in the PEB.
 */
#include "../check.h"
#include "fixture.h"

static UNICODE_STRING string(PCWSTR text)
{
    UNICODE_STRING string;

    RtlInitUnicodeString(&string, text);
    return string;
}

static PVOID handle(PCWSTR text)
{
    UNICODE_STRING name = string(text);
    PVOID base = NULL;

    LdrGetDllHandle(NULL, NULL, &name, &base);
    return base;
}

static NTSTATUS load(PCWSTR text, PVOID *base)
{
    UNICODE_STRING name = string(text);

    return LdrLoadDll(NULL, NULL, &name, base);
}

static NTSTATUS address(PVOID base, const char *text, ULONG ordinal, PVOID *address)
{
    ANSI_STRING name;

    RtlInitAnsiString(&name, text);
    return LdrGetProcedureAddress(base, text ? &name : NULL, ordinal, address);
}

static BOOLEAN recorded(const char *expected)
{
    BOOLEAN equal = !strcmp(alpha_record(), expected);

    if (!equal)
        DbgPrint("recorded \"%s\", expected \"%s\"\n", alpha_record(), expected);
    alpha_record()[0] = 0;
    return equal;
}

/* alpha needs beta, beta needs alpha: beta, whose imports end the circle, comes first. */
static void check_imports(void)
{
    CHECK(recorded("T+B+A+"));
    CHECK(alpha_value() == 1000);
    CHECK(alpha_seventh() == 7);
    CHECK(alpha_forwarded() == 2000);
    CHECK(alpha_asks_beta() == 2001);
    CHECK(beta_asks_alpha() == 1001);
}

static void check_relocation(void)
{
    PVOID alpha = handle(L"alpha.dll"), beta = handle(L"BETA");

    CHECK(alpha != NULL && beta != NULL && alpha != beta);
    CHECK((ULONG)alpha == 0x10000000 || (ULONG)beta == 0x10000000);
    CHECK(*beta_pointer() == 2000);
}

static void check_procedures(void)
{
    PVOID alpha = handle(L"C:\\alpha.dll"), beta = handle(L"beta.dll"), found;

    CHECK(address(alpha, "alpha_value", 0, &found) == STATUS_SUCCESS);
    CHECK(((int (*)(void))found)() == 1000);
    CHECK(address(alpha, "alpha_valu", 0, &found) == STATUS_ENTRYPOINT_NOT_FOUND);
    CHECK(address(alpha, "alpha_seventh", 0, &found) == STATUS_ENTRYPOINT_NOT_FOUND);
    CHECK(address(alpha, NULL, 7, &found) == STATUS_SUCCESS);
    CHECK(address(alpha, NULL, 99, &found) == STATUS_ORDINAL_NOT_FOUND);
    CHECK(address(beta, "beta_ordinal", 0, &found) == STATUS_SUCCESS);
    CHECK(((int (*)(void))found)() == 7);
    CHECK(address(alpha, "alpha_circle", 0, &found) == STATUS_ENTRYPOINT_NOT_FOUND);
    CHECK(address((PVOID)0x30000000, "alpha_value", 0, &found) == STATUS_DLL_NOT_FOUND);
}

static struct nt_loader_entry *entry_of(PVOID base)
{
    LIST_ENTRY *head = &nt_peb()->loader->in_load_order;

    for (LIST_ENTRY *link = head->Flink; link != head; link = link->Flink) {
        struct nt_loader_entry *entry =
            CONTAINING_RECORD(link, struct nt_loader_entry, in_load_order);

        if (entry->base == base)
            return entry;
    }
    return NULL;
}

static ULONG list_length(LIST_ENTRY *head)
{
    ULONG length = 0;

    for (LIST_ENTRY *link = head->Flink; link != head; link = link->Flink)
        length++;
    return length;
}

/* The program, ntdll, alpha, beta; the third list is without the program. */
static void check_lists(void)
{
    struct nt_loader_data *loader = nt_peb()->loader;
    struct nt_loader_entry *program =
        CONTAINING_RECORD(loader->in_load_order.Flink, struct nt_loader_entry, in_load_order);
    UNICODE_STRING name = string(L"loader.exe"), path = string(L"C:\\alpha.dll");

    CHECK(list_length(&loader->in_load_order) == 4);
    CHECK(list_length(&loader->in_memory_order) == 4);
    CHECK(list_length(&loader->in_initialization_order) == 3);
    CHECK(program->base == nt_peb()->image_base);
    CHECK(RtlEqualUnicodeString(&program->base_name, &name, TRUE));
    CHECK(RtlEqualUnicodeString(&entry_of(handle(L"alpha"))->full_name, &path, TRUE));
    CHECK(entry_of(handle(L"alpha"))->load_count == 0xFFFF);
}

static void check_counts(void)
{
    PVOID gamma, again, found;
    NTSTATUS status = load(L"gamma", &gamma);

    CHECK(status == STATUS_SUCCESS);
    CHECK(recorded("G+"));
    CHECK(entry_of(gamma)->load_count == 1);
    CHECK(load(L"GAMMA.DLL", &again) == STATUS_SUCCESS && again == gamma);
    CHECK(entry_of(gamma)->load_count == 2);
    CHECK(address(gamma, "gamma_value", 0, &found) == STATUS_SUCCESS);
    CHECK(((int (*)(void))found)() == 1003);
    CHECK(LdrUnloadDll(gamma) == STATUS_SUCCESS);
    CHECK(handle(L"gamma") == gamma && recorded(""));
    CHECK(LdrUnloadDll(gamma) == STATUS_SUCCESS);
    CHECK(handle(L"gamma") == NULL && recorded("G-"));
    CHECK(LdrUnloadDll(gamma) == STATUS_DLL_NOT_FOUND);
    CHECK(LdrUnloadDll(handle(L"alpha")) == STATUS_SUCCESS);
    CHECK(handle(L"alpha") != NULL);
}

static void check_failures_to_load(void)
{
    PVOID base = NULL;

    CHECK(load(L"nobody.dll", &base) == STATUS_DLL_NOT_FOUND);
    CHECK(load(L"refuse.dll", &base) == STATUS_DLL_INIT_FAILED);
    CHECK(base == NULL && handle(L"refuse.dll") == NULL);
}

static volatile ULONG thread_word, thread_changed;

static void NTAPI thread(PVOID parameter)
{
    thread_word = *beta_thread_word();
    *beta_thread_word() = 99;
    thread_changed = *(ULONG *)parameter;
    RtlExitUserThread(17);
}

static void check_threads(void)
{
    HANDLE handle;
    ULONG *word = beta_thread_word();

    CHECK(*word == 1234);
    CHECK(word[1] == 0);
    *word = 55;
    CHECK(RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, 0, 0, (PVOID)thread, word,
                              &handle, NULL) == STATUS_SUCCESS);
    CHECK(NtWaitForSingleObject(handle, FALSE, NULL) == STATUS_SUCCESS);
    NtClose(handle);
    CHECK(thread_word == 1234 && thread_changed == 55 && *word == 55);
    CHECK(recorded("t+b+a+a-t-b-"));
}

VOID NTAPI NtProcessStartup(struct nt_peb *peb)
{
    (void)peb;
    check_imports();
    check_relocation();
    check_procedures();
    check_lists();
    check_counts();
    check_failures_to_load();
    check_threads();
    LdrShutdownProcess();
    CHECK(recorded("A-T-B-"));
    check_end();
}
