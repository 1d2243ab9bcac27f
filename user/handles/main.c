/*
 * handles PID: the handles of a process, as Process Explorer shows them in figures 4-7 and 4-8: number,
 * type, access, the object's counts, and its name.
 */
#include "common/objects.h"
#include "common/say.h"
#include "common/words.h"

#define EXTENDED_HANDLES ((SYSTEM_INFORMATION_CLASS)64)
#define NAME             ((OBJECT_INFORMATION_CLASS)1)
#define TYPE             ((OBJECT_INFORMATION_CLASS)2)
#define FIRST_SIZE       16384

/* Windows XP's records (SystemExtendedHandleInformation). */
struct handle_entry {
    PVOID object;
    ULONG_PTR process, handle;
    ACCESS_MASK access;
    USHORT back_trace, type;
    ULONG attributes, reserved;
};

struct handle_list {
    ULONG_PTR count, reserved;
    struct handle_entry entries[1];
};

/* A name or a type as NtQueryObject gives it: the text lies behind the record. */
union text {
    UNICODE_STRING string;
    char room[1024];
};

void WINAPI start(void);

/* All handles of the system, for HeapFree; NULL with the status where there is none. */
static struct handle_list *read_list(NTSTATUS *status)
{
    for (ULONG size = FIRST_SIZE;; size *= 2) {
        void *list = HeapAlloc(GetProcessHeap(), 0, size);

        *status = STATUS_NO_MEMORY;
        if (list == NULL)
            return NULL;
        *status = NtQuerySystemInformation(EXTENDED_HANDLES, list, size, NULL);
        if (NT_SUCCESS(*status))
            return list;
        HeapFree(GetProcessHeap(), 0, list);
        if (*status != STATUS_INFO_LENGTH_MISMATCH)
            return NULL;
    }
}

/* "" where the object has none. */
static void query_text(HANDLE handle, OBJECT_INFORMATION_CLASS class, char *text)
{
    union text buffer;

    text[0] = '\0';
    if (NT_SUCCESS(NtQueryObject(handle, class, &buffer, sizeof(buffer), NULL)))
        objects_narrow(&buffer.string, text, OBJECTS_NAME_SIZE);
}

static void show_handle(HANDLE process, const struct handle_entry *entry)
{
    char type[OBJECTS_NAME_SIZE], name[OBJECTS_NAME_SIZE];
    struct objects_counts counts;
    HANDLE copy;
    NTSTATUS status = NtDuplicateObject(process, (HANDLE)entry->handle, NtCurrentProcess(), &copy,
                                        0, 0, DUPLICATE_SAME_ACCESS);

    if (NT_SUCCESS(status)) {
        status = objects_counts(copy, &counts);
        query_text(copy, TYPE, type);
        query_text(copy, NAME, name);
        NtClose(copy);
    }
    if (NT_SUCCESS(status))
        say("0x%-4X  %-12s  0x%08X  %-4s  %4u  %7u  %s\r\n", entry->handle, type, entry->access,
            counts.permanent ? "yes" : "no", counts.references, counts.handles, name);
    else
        say("0x%-4X  %-12s  0x%08X\r\n", entry->handle, "?", entry->access);
}

static void show(HANDLE process, ULONG id, const struct handle_list *list)
{
    ULONG shown = 0;

    say("Handle  Type          Access      Perm  Refs  Handles  Name\r\n");
    for (ULONG_PTR i = 0; i < list->count; i++)
        if (list->entries[i].process == id) {
            show_handle(process, &list->entries[i]);
            shown++;
        }
    say("%u %s in process %u\r\n", shown, shown == 1 ? "handle" : "handles", id);
}

static void fail(const char *what, NTSTATUS status)
{
    say_status(what, status);
    ExitProcess(RtlNtStatusToDosError(status));
}

void WINAPI start(void)
{
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof(attributes)};
    CLIENT_ID client = {NULL, NULL};
    struct handle_list *list;
    HANDLE process;
    NTSTATUS status;
    unsigned id;
    char *word;

    if (arguments(&word, 1) != 1 || !words_number(word, &id)) {
        say("Usage: handles PID\r\nShows the handles of a process; tasklist has the numbers.\r\n");
        ExitProcess(1);
    }
    client.UniqueProcess = (HANDLE)(ULONG_PTR)id;
    status = NtOpenProcess(&process, PROCESS_DUP_HANDLE, &attributes, &client);
    if (!NT_SUCCESS(status))
        fail(word, status);
    list = read_list(&status);
    if (list == NULL)
        fail("handles", status);
    show(process, id, list);
    ExitProcess(0);
}
