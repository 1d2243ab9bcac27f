/*
 * objdir [DIRECTORY]: what stands in a directory of the object manager, as WinObj shows it in figures
 * 4-2, 4-4 and 4-5: name, type, and for links what they stand for, for drivers what their service is
 * called.
 */
#include "common/objects.h"
#include "common/say.h"
#include "common/words.h"

#define MOST_ENTRIES 512

struct listing {
    const char *directory;
    struct objects_entry *entries;
    int count, left_out;
};

void WINAPI start(void);

static void add(void *context, const struct objects_entry *entry)
{
    struct listing *listing = context;

    if (listing->count < MOST_ENTRIES)
        listing->entries[listing->count++] = *entry;
    else
        listing->left_out++;
}

/* By insertion: a directory's entries are few. */
static void sort(struct listing *listing)
{
    struct objects_entry *entries = listing->entries;

    for (int i = 1; i < listing->count; i++) {
        struct objects_entry entry = entries[i];
        int at = i;

        for (; at > 0 && words_compare(entries[at - 1].name, entry.name) > 0; at--)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

/* A text value of a key, into text[OBJECTS_NAME_SIZE]; FALSE if there is none. */
static BOOL read_text(HANDLE key, const WCHAR *name, char *text)
{
    union {
        struct nt_value_partial value;
        char room[sizeof(struct nt_value_partial) + OBJECTS_NAME_SIZE * sizeof(WCHAR)];
    } buffer;
    UNICODE_STRING wanted, found = {.Buffer = (PWSTR)buffer.value.data};
    ULONG needed;

    RtlInitUnicodeString(&wanted, name);
    if (!NT_SUCCESS(
            NtQueryValueKey(key, &wanted, NT_VALUE_PARTIAL, &buffer, sizeof(buffer), &needed)) ||
        buffer.value.type != REG_SZ || buffer.value.data_bytes < sizeof(WCHAR))
        return FALSE;
    found.Length = (USHORT)(buffer.value.data_bytes - sizeof(WCHAR));
    objects_narrow(&found, text, OBJECTS_NAME_SIZE);
    return TRUE;
}

/* What a driver's service is called; FALSE if it has no such name. */
static BOOL service_name(const char *driver, char *text)
{
    static const char services[] = "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\";
    char path[sizeof(services) + OBJECTS_NAME_SIZE];
    HANDLE key;
    BOOL found;

    lstrcpyA(path, services);
    lstrcatA(path, driver);
    if (!NT_SUCCESS(objects_open(NtOpenKey, path, KEY_QUERY_VALUE, &key)))
        return FALSE;
    found = read_text(key, L"DisplayName", text);
    NtClose(key);
    return found;
}

/* Into text[OBJECTS_NAME_SIZE]; empty where there is nothing to add. */
static void additional_information(const struct listing *listing, const struct objects_entry *entry,
                                   char *text)
{
    char path[2 * OBJECTS_NAME_SIZE];

    text[0] = '\0';
    lstrcpyA(path, listing->directory);
    if (lstrlenA(path) > 1)
        lstrcatA(path, "\\");
    lstrcatA(path, entry->name);
    if (lstrcmpA(entry->type, "SymbolicLink") == 0)
        objects_link_target(path, text);
    else if (lstrcmpA(entry->type, "Driver") == 0 && !service_name(entry->name, text))
        text[0] = '\0';
}

static void show(struct listing *listing)
{
    char text[OBJECTS_NAME_SIZE];
    int count = listing->count + listing->left_out;

    sort(listing);
    say("%-24s  %-12s  %s\r\n", "Name", "Type", "Additional Information");
    for (int i = 0; i < listing->count; i++) {
        additional_information(listing, &listing->entries[i], text);
        say(text[0] != '\0' ? "%-24s  %-12s  %s\r\n" : "%-24s  %s\r\n", listing->entries[i].name,
            listing->entries[i].type, text);
    }
    say("%d %s in %s\r\n", count, count == 1 ? "object" : "objects", listing->directory);
}

void WINAPI start(void)
{
    char *words[2];
    int count = arguments(words, 2);
    struct listing listing = {.directory = count == 1 ? words[0] : "\\"};
    NTSTATUS status;

    if (count > 1) {
        say("Usage: objdir [DIRECTORY]\r\nShows a directory of the object manager, as "
            "\\Device.\r\n");
        ExitProcess(1);
    }
    listing.entries = HeapAlloc(GetProcessHeap(), 0, MOST_ENTRIES * sizeof(struct objects_entry));
    if (listing.entries == NULL)
        ExitProcess(ERROR_NOT_ENOUGH_MEMORY);
    status = objects_list(listing.directory, add, &listing);
    if (!NT_SUCCESS(status)) {
        say_status(listing.directory, status);
        ExitProcess(RtlNtStatusToDosError(status));
    }
    show(&listing);
    ExitProcess(0);
}
