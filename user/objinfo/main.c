/*
 * objinfo NAME: what one object tells about itself, as the property windows of figures 4-3 and 4-6 do.
 * Devices and drivers cannot be opened as such, so their counts are not known: "?", as WinObj says.
 */
#include "common/objects.h"
#include "common/say.h"
#include "common/words.h"

#define READ_ONLY 0x00020001 /* READ_CONTROL and the right to query, of every type below */

void WINAPI start(void);

/* How an object of a type is opened; a type that is not here cannot be. */
static const struct {
    const char *type;
    objects_open_call open;
} types[] = {
    {"Directory", NtOpenDirectoryObject},
    {"SymbolicLink", NtOpenSymbolicLinkObject},
    {"Event", NtOpenEvent},
    {"Mutant", NtOpenMutant},
    {"Semaphore", NtOpenSemaphore},
    {"Timer", NtOpenTimer},
    {"Section", NtOpenSection},
    {"Key", NtOpenKey},
};

struct search {
    const char *name;
    struct objects_entry found; /* type "": not yet */
};

static void look(void *context, const struct objects_entry *entry)
{
    struct search *search = context;

    if (words_compare(entry->name, search->name) == 0)
        search->found = *entry;
}

/* Where the last component of a path begins. */
static char *last_component(char *path)
{
    char *name = path;

    for (char *at = path; *at != '\0'; at++)
        if (*at == '\\')
            name = at + 1;
    return name;
}

/* The object's name as it is spelled there, and its type. */
static NTSTATUS find(const char *path, struct objects_entry *found)
{
    char directory[OBJECTS_NAME_SIZE], *name;
    struct search search = {.found.type = ""};
    NTSTATUS status;

    if (lstrlenA(path) >= OBJECTS_NAME_SIZE || path[0] != '\\')
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    lstrcpyA(directory, path);
    name = last_component(directory);
    if (*name == '\0') {
        *found = (struct objects_entry){"\\", "Directory"};
        return STATUS_SUCCESS;
    }
    name[-1] = '\0';
    search.name = name;
    status = objects_list(directory[0] != '\0' ? directory : "\\", look, &search);
    *found = search.found;
    if (NT_SUCCESS(status) && found->type[0] == '\0')
        status = STATUS_OBJECT_NAME_NOT_FOUND;
    return status;
}

/* STATUS_NOT_SUPPORTED: objects of this type cannot be opened. */
static NTSTATUS query(const char *path, const char *type, struct objects_counts *counts)
{
    NTSTATUS status = STATUS_NOT_SUPPORTED;
    HANDLE handle;

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (lstrcmpA(types[i].type, type) == 0)
            status = objects_open(types[i].open, path, READ_ONLY, &handle);
    if (!NT_SUCCESS(status))
        return status;
    status = objects_counts(handle, counts);
    NtClose(handle);
    return status;
}

static void show_created(const LARGE_INTEGER *created)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    FILETIME file = {created->u.LowPart, (DWORD)created->u.HighPart};
    SYSTEMTIME time;

    if (created->QuadPart != 0 && FileTimeToSystemTime(&file, &time))
        say("Creation Time: %02u:%02u:%02u, %u %s %u\r\n", time.wHour, time.wMinute, time.wSecond,
            time.wDay, months[time.wMonth - 1], time.wYear);
}

static void show_counts(NTSTATUS status, const struct objects_counts *counts)
{
    if (!NT_SUCCESS(status)) {
        say("Attributes:    ?\r\nReferences:    ?\r\nHandles:       ?\r\n");
        return;
    }
    say("Attributes:    %s\r\n", counts->permanent ? "Permanent" : "");
    say("References:    %u\r\n", counts->references);
    say("Handles:       %u\r\n", counts->handles);
}

static void show(const char *path, const struct objects_entry *object)
{
    char target[OBJECTS_NAME_SIZE];
    struct objects_counts counts;
    NTSTATUS status = query(path, object->type, &counts);

    say("Name:          %s\r\nType:          %s\r\n", object->name, object->type);
    show_counts(status, &counts);
    if (NT_SUCCESS(status))
        show_created(&counts.created);
    if (lstrcmpA(object->type, "SymbolicLink") == 0 &&
        NT_SUCCESS(objects_link_target(path, target)))
        say("Link To:       %s\r\n", target);
}

void WINAPI start(void)
{
    struct objects_entry object;
    char *name;
    NTSTATUS status;

    if (arguments(&name, 1) != 1) {
        say("Usage: objinfo NAME\r\nShows an object of the object manager, as \\??\\C:.\r\n");
        ExitProcess(1);
    }
    status = find(name, &object);
    if (!NT_SUCCESS(status)) {
        say_status(name, status);
        ExitProcess(RtlNtStatusToDosError(status));
    }
    show(name, &object);
    ExitProcess(0);
}
