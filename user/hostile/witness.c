/*
 * The witness: a process that does nothing but know what is in its memory. It fills pages of each
 * kind, tells their checksums, and computes them anew whenever the supervisor asks.
 */
#include "hostile/hostile.h"

#include <stddef.h>

enum {
    PAGE = 0x1000,
    FILLED_BYTES = 64 * PAGE,
    ZERO_BYTES = 64 * PAGE, /* behind those: committed, and first touched by the second checksum */
    VIEW_BYTES = 16 * PAGE,
    RANGES_MAX = 40,
};

static struct range {
    const UCHAR *base;
    ULONG bytes, checksum;
    const char *what;
} ranges[RANGES_MAX];
static ULONG range_count;

/* Data of the program, copied when it is written. */
static ULONG own_data[2 * PAGE / sizeof(ULONG)] = {1};
static ULONG own_zeros[2 * PAGE / sizeof(ULONG)];

static void add(const void *base, ULONG bytes, const char *what)
{
    if (range_count < RANGES_MAX)
        ranges[range_count++] = (struct range){base, bytes, 0, what};
}

/* ---- Memory of each kind ---- */

static void fill(void *base, ULONG bytes)
{
    ULONG *word = base;

    for (ULONG i = 0; i < bytes / sizeof *word; i++)
        word[i] = any();
}

static void make_private(void)
{
    PVOID base = NULL;
    SIZE_T bytes = FILLED_BYTES + ZERO_BYTES;

    NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &bytes, MEM_RESERVE | MEM_COMMIT,
                            PAGE_READWRITE);
    fill(base, FILLED_BYTES);
    add(base, FILLED_BYTES, "private");
    add((UCHAR *)base + FILLED_BYTES, ZERO_BYTES, "zero");
}

static void make_view(void)
{
    LARGE_INTEGER size = {.QuadPart = VIEW_BYTES};
    HANDLE section = NULL;
    PVOID base = NULL;
    SIZE_T bytes = 0;

    NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    NtMapViewOfSection(section, NtCurrentProcess(), &base, 0, 0, NULL, &bytes, 2, 0,
                       PAGE_READWRITE);
    fill(base, VIEW_BYTES);
    add(base, VIEW_BYTES, "view");
}

static void make_data(void)
{
    fill(own_data, sizeof own_data);
    fill(own_zeros, sizeof own_zeros / 2);
    add(own_data, sizeof own_data, "data");
    add(own_zeros, sizeof own_zeros, "bss");
}

/* The text that every image's header has for DOS: written, the page is this process's own. */
static void copy_header(UCHAR *image)
{
    PVOID base = image;
    SIZE_T bytes = PAGE;
    ULONG old;

    NtProtectVirtualMemory(NtCurrentProcess(), &base, &bytes, PAGE_READWRITE, &old);
    fill(image + sizeof(IMAGE_DOS_HEADER), 32);
    add(image, PAGE, "copied");
}

/* What an image has that nobody writes, shared by all processes that have it. */
static void add_shared(const void *base, ULONG bytes)
{
    add(base, bytes, "shared");
}

static void add_images(void)
{
    LIST_ENTRY *head = &nt_peb()->loader->in_load_order;

    for (LIST_ENTRY *link = head->Flink; link != head; link = link->Flink) {
        const struct nt_loader_entry *entry =
            CONTAINING_RECORD(link, struct nt_loader_entry, in_load_order);

        copy_header(entry->base);
    }
    each_constant(add_shared);
}

/* ---- Bearing witness ---- */

static void tell(void)
{
    DbgPrint("[witness] process=%lu\n", (ULONG)nt_teb()->client_id.process);
    for (ULONG i = 0; i < range_count; i++) {
        struct range *range = &ranges[i];

        if (range->what[0] != 'z')
            range->checksum = checksum(range->base, range->bytes);
        DbgPrint("[witness] range=%08lX bytes=%08lX kind=%s checksum=%08lX\n", (ULONG)range->base,
                 range->bytes, range->what, range->checksum);
    }
}

/* The pages that should be zero are looked at for the first time at the end. */
static BOOLEAN is_unchanged(const struct range *range)
{
    static const UCHAR zeros[PAGE];
    ULONG expected = range->checksum;

    if (range->what[0] == 'z')
        return !memcmp(range->base, zeros, PAGE) &&
               !memcmp(range->base, range->base + PAGE, range->bytes - PAGE);
    return checksum(range->base, range->bytes) == expected;
}

static BOOLEAN look(BOOLEAN zeros_too)
{
    for (ULONG i = 0; i < range_count; i++) {
        if (ranges[i].what[0] == 'z' && !zeros_too)
            continue;
        if (!is_unchanged(&ranges[i])) {
            DbgPrint("[witness] range=%08lX problem=\"changed\"\n", (ULONG)ranges[i].base);
            return FALSE;
        }
    }
    return TRUE;
}

static HANDLE open_event(const WCHAR *name)
{
    struct nt_named named;
    HANDLE event = NULL;

    NtOpenEvent(&event, EVENT_ALL_ACCESS, nt_name(&named, NULL, name, 0));
    return event;
}

static void make_all(ULONG seed)
{
    chance.state = seed | 1;
    make_private();
    make_view();
    make_data();
    add_images();
    tell();
}

void witness_run(ULONG seed)
{
    HANDLE ready = open_event(WITNESS_READY);
    HANDLE asked[] = {open_event(WITNESS_CHECK), open_event(WITNESS_FINAL)};
    NTSTATUS which;

    make_all(seed);
    do {
        NtSetEvent(ready, NULL);
        which = NtWaitForMultipleObjects(2, asked, NT_WAIT_ANY, FALSE, NULL);
    } while (look(which == STATUS_WAIT_1));
    NtTerminateProcess(NtCurrentProcess(), STATUS_DATA_ERROR);
}
