/*
 * Arguments by chance. A service's letters say what each should be:
 *
 *   h handle   p of a process   X of a section   O or none   H where a handle goes   a access   o OBJECT_ATTRIBUTES   q client id
 *   u UNICODE_STRING   U one whose buffer is written   n number or class   w anything   f flag
 *   b B buffer that is read, written   l its length   i IO_STATUS_BLOCK   d ULONG   y control code
 *   t time, T or forever   Q 64 bits, or none   C some KiB   P base address   Z size   A address   z mostly 0
 *   m allocation type   r protection   M section attributes   c CONTEXT   x EXCEPTION_RECORD
 *   j stack of a thread   k LPC message   s security   v LPC view   g handles   G how many   e status
 *
 * One in some is replaced by what it must not be; the board's categories count those.
 */
#include "hostile/hostile.h"

#include <stddef.h>
#include <winioctl.h>

#include "ioctl/async.h"
#include "ioctl/pagewalk.h"

struct random chance;

/* ---- Numbers ---- */

static const ULONG limits[] = {
    0,          1,          2,          3,          4,          5,          7,          8,
    0xC,        0xF,        0x10,       0x18,       0x1F,       0x20,       0x3F,       0x40,
    0x41,       0x7F,       0x80,       0xFF,       0x100,      0x1FF,      0xFFC,      0xFFF,
    0x1000,     0x1001,     0x7FFF,     0x8000,     0x8001,     0xFFFE,     0xFFFF,     0x10000,
    0x400000,   0x7FFDE000, 0x7FFDF000, 0x7FFDFFFF, 0x7FFE0000, 0x7FFE0FFC, 0x7FFE1000, 0x7FFEFFD4,
    0x7FFEFFFC, 0x7FFEFFFF, 0x7FFF0000, 0x7FFFFFFF, 0x80000000, 0x80000001, 0x80100000, 0x8FFFFFFC,
    0xBFFFFFFF, 0xC0000000, 0xC0300000, 0xC0300C00, 0xE0000000, 0xE0001000, 0xFFDF0000, 0xFFDFF000,
    0xFFFF0000, 0xFFFFF000, 0xFFFFFFF0, 0xFFFFFFFC, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF,
};

static const ULONG kernel_addresses[] = {
    0x7FFF0000, 0x80000000, 0x80100000, 0x80100004, 0x80180000, 0x80001000, 0xC0000000, 0xC0100000,
    0xC0300000, 0xC0300C00, 0xE0000000, 0xE0008000, 0xFFDF0000, 0xFFDFF000, 0xFFFFF000, 0xFFFFFFFC,
};

static const ULONG huge[] = {0x10000,    0x100000,   0x1000000,  0x7FFEFFFF, 0x7FFFFFFF,
                             0x80000000, 0xC0000000, 0xFFFFF000, 0xFFFFFFF8, 0xFFFFFFFF};

ULONG value_boundary(void)
{
    return PICK(limits) + (one_in(4) ? below(9) - 4 : 0);
}

/* ---- Handles ---- */

static const char objects[] = {'E', 'M', 'S', 'T', 'F', 'K', 'D', 'L', 'P', 'H', 'Q', 'X', 0};

enum { KEPT_OF_A_KIND = 4 };

static HANDLE kept[sizeof objects][KEPT_OF_A_KIND];

static HANDLE *kept_of(char object)
{
    ULONG kind = 0;

    while (objects[kind] != object)
        kind++;
    return &PICK(kept[kind]);
}

void handle_keep(char object, HANDLE handle)
{
    HANDLE *place = kept_of(object);

    if (*place)
        NtClose(*place);
    *place = handle;
}

HANDLE handle_any(void)
{
    for (ULONG i = 0; i < 4; i++) {
        HANDLE handle = *kept_of(PICK(objects));

        if (handle)
            return handle;
    }
    return NtCurrentProcess();
}

static ULONG value_handle(void)
{
    switch (below(16)) {
    case 0:
    case 1:
        return (ULONG)NtCurrentProcess();
    case 2:
        return (ULONG)NtCurrentThread();
    case 3:
        tried(CATEGORY_handles);
        return below(200) * 4;
    case 4:
        tried(CATEGORY_handles);
        return one_in(2) ? value_boundary() : any();
    case 5:
        return 0;
    default:
        return (ULONG)handle_any();
    }
}

/* Mostly to what the service takes. */
static ULONG value_wanted_handle(const struct call *call)
{
    HANDLE handle = *kept_of(call->service->object);

    return handle && !one_in(4) ? (ULONG)handle : value_handle();
}

static ULONG value_process(void)
{
    return one_in(4) ? value_handle() : (ULONG)NtCurrentProcess();
}

/* ---- Addresses ---- */

static PVOID bad_kernel(ULONG bytes)
{
    (void)bytes;
    tried(CATEGORY_kernel);
    return (PVOID)(PICK(kernel_addresses) + (one_in(2) ? below(0x1000) & ~3u : 0));
}

/* Nothing there at all, or not to its end. */
static PVOID bad_unmapped(ULONG bytes)
{
    ULONG end = ARENA + ARENA_RW_BYTES;

    tried(CATEGORY_unmapped);
    switch (below(4)) {
    case 0:
        return (PVOID)(end - (bytes > 4 ? 4 + (below(bytes - 3) & ~3u) : below(4)));
    case 1:
        return (PVOID)region_address(REGION_HOLE);
    case 2:
        return (PVOID)(below(0x10000) & ~3u);
    default:
        return (PVOID)region_address(REGION_RESERVED);
    }
}

static PVOID bad_readonly(ULONG bytes)
{
    static const ULONG there[] = {REGION_READ_ONLY, REGION_NO_ACCESS, REGION_GUARD, REGION_COPIED};

    (void)bytes;
    tried(CATEGORY_readonly);
    if (one_in(8))
        return (PVOID)(ULONG_PTR)(0x7FFE0000 + (below(0x1000) & ~3u));
    if (one_in(8))
        return (PVOID)((ULONG_PTR)&NtClose & ~3u);
    return (PVOID)(region_address(PICK(there)) + (below(0x1000 - 64) & ~3u));
}

static PVOID bad_boundary(ULONG bytes)
{
    (void)bytes;
    tried(CATEGORY_boundary);
    return (PVOID)value_boundary();
}

/* What the process itself needs: seldom, since it lives on with the damage. */
static PVOID bad_own(ULONG bytes)
{
    (void)bytes;
    if (!one_in(64))
        return (PVOID)(region_address(REGION_VIEW) + (below(0x1000 - 64) & ~3u));
    return one_in(2) ? (PVOID)nt_teb() : (PVOID)nt_peb();
}

static PVOID (*const bad_pointers[])(ULONG bytes) = {bad_kernel, bad_unmapped, bad_readonly,
                                                     bad_boundary, bad_own};

/* Where `bytes` are read or written; NULL if it is to be a bad place, which is put into *value. */
static PVOID place(ULONG bytes, ULONG *value)
{
    PVOID slot;

    if (one_in(24)) {
        *value = (ULONG)PICK(bad_pointers)(bytes);
        return NULL;
    }
    slot = (char *)arena_slot(bytes + 4) + (one_in(32) ? below(4) : 0);
    *value = (ULONG)slot;
    return slot;
}

static ULONG place_of(const void *record, ULONG bytes)
{
    ULONG value;
    PVOID slot = place(bytes, &value);

    if (slot)
        memcpy(slot, record, bytes);
    return value;
}

static ULONG value_address(void)
{
    switch (below(8)) {
    case 0:
        return (ULONG)bad_kernel(0);
    case 1:
        return value_boundary();
    case 2:
        return any();
    case 3:
    case 4:
        return region_address(below(REGIONS));
    default:
        return ARENA + below(REGIONS * ARENA_STEP);
    }
}

/* ---- Strings and names ---- */

#define BASE L"\\BaseNamedObjects\\"

/* Ours: what happens to them is nobody else's business. */
static const WCHAR *const own_names[] = {
    BASE L"Hostile1",
    BASE L"Hostile2",
    BASE L"hostile2",
    BASE L"Hostile3",
    BASE L"Hostile4\\x",
    BASE L"Hostile4",
    BASE L"Hostile5",
    L"Hostile6",
    L"\\Device\\async",
    L"\\Device\\asyncdir",
    L"\\Device\\async\\tail",
    L"\\Device\\asyncexc",
    L"\\Device\\asyncshr",
    L"\\Device\\asyncveto",
    L"\\Device\\PageWalk",
    HOSTILE_KEYS L"\\One",
    HOSTILE_KEYS L"\\Two",
    HOSTILE_KEYS L"\\Two\\Deep",
    HOSTILE_KEYS L"\\One\\",
    L"value1",
    L"value2",
    L"*",
    L"*.dll",
    L"?",
    HOSTILE_SERVICE,
    HOSTILE_KEY L"\\None",
    L"",
    L"\\\\",
    L"\\\\\\x",
    L"x\\",
    L"\\Hostile7",
};

/* Others' too: nothing is opened there but for reading. */
static const WCHAR *const shared_names[] = {
    L"\\",
    L"\\??",
    L"\\??\\asyncdir",
    L"\\??\\PageWalk",
    L"\\BaseNamedObjects\\",
    L"\\Device",
    L"\\Driver",
    L"\\BaseNamedObjects",
    L"\\??\\C:",
    L"\\??\\C:\\",
    L"\\??\\C:\\ntdll.dll",
    L"\\??\\c:\\HOSTILE.EXE",
    L"\\??\\C:\\none.exe",
    L"\\??\\C:\\a\\b",
    L"\\??\\C:\\VirtToPhys.sys",
    L"\\Device\\HarddiskVolume1",
    L"\\Device\\Console\\1",
    L"\\Device\\HarddiskVolume1\\kernel32.dll",
    L"\\Device\\VirtToPhys",
    L"\\ObjectTypes",
    L"\\Registry",
    L"\\Registry\\Machine",
    L"\\Registry\\Machine\\System\\CurrentControlSet",
    L"\\Registry\\Machine\\System\\CurrentControlSet\\Control",
};

/* Keys and relative names stay as they are: others would be keys that nobody removes. */
static void string_of(PUNICODE_STRING string, const WCHAR *text, BOOLEAN shared)
{
    BOOLEAN mutate = !shared && text[0] == '\\' && text[1] != 'R';
    WCHAR buffer[96];
    ULONG units = 0;

    while (text[units])
        units++;
    memcpy(buffer, text, units * sizeof(WCHAR));
    if (one_in(32) && mutate) /* some character that does not belong there */
        buffer[below(units)] = (WCHAR)any();
    string->Length = (USHORT)(units * sizeof(WCHAR));
    string->MaximumLength = (USHORT)(string->Length + 2 * below(3));
    string->Buffer = (PWSTR)place_of(buffer, units * sizeof(WCHAR));
    if (one_in(48)) {
        string->Length = (USHORT)(one_in(2) ? value_boundary() : string->Length + 1u);
        string->MaximumLength = (USHORT)(one_in(2) ? string->Length : value_boundary());
    }
}

static ULONG value_string(const struct call *call)
{
    UNICODE_STRING string;

    string_of(&string,
              call->number == SERVICE_NtConnectPort && !one_in(4) ? HOSTILE_PORT : PICK(own_names),
              FALSE);
    return place_of(&string, sizeof string);
}

/* One that the kernel writes into. */
static ULONG value_string_buffer(void)
{
    UNICODE_STRING string = {0, (USHORT)(2 * below(128)), arena_slot(256)};

    if (one_in(8))
        string.MaximumLength = (USHORT)value_boundary();
    if (one_in(8))
        string.Buffer = (PWSTR)PICK(bad_pointers)(string.MaximumLength);
    return place_of(&string, sizeof string);
}

/* OBJ_PERMANENT, which is left undone but for one event (kept_out.c). */
#define PERMANENT 0x10u

/* Not in the arena, where the name could become another, of which nobody would know. */
static ULONG permanent_attributes(void)
{
    static struct nt_named named;

    return (ULONG)nt_name(&named, NULL, HOSTILE_PERMANENT, PERMANENT | OBJ_OPENIF);
}

static ULONG value_attributes(struct call *call)
{
    static const ULONG flags[] = {0,     0x40, 0x40,  0x40,  0xC0, 0x42,
                                  0x240, 0x20, 0x100, 0x3E2, 0x200};
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes, .Attributes = PICK(flags)};
    UNICODE_STRING name;

    if (one_in(4))
        return 0;
    if (call->number == SERVICE_NtCreateEvent && one_in(16))
        return permanent_attributes();
    if (!one_in(6)) {
        call->shared_name = one_in(3);
        string_of(&name, call->shared_name ? PICK(shared_names) : PICK(own_names),
                  call->shared_name);
        attributes.ObjectName = (PUNICODE_STRING)place_of(&name, sizeof name);
    }
    if (one_in(8)) { /* with no name behind it, the root itself is opened */
        attributes.RootDirectory = (HANDLE)value_handle();
        call->shared_name = TRUE;
    }
    if (one_in(64))
        attributes.Length = value_boundary();
    if (one_in(64))
        attributes.Attributes = any() & ~PERMANENT;
    if (one_in(16))
        attributes.SecurityDescriptor = PICK(bad_pointers)(20);
    return place_of(&attributes, sizeof attributes);
}

/* ---- Records ---- */

static ULONG value_64(LONGLONG value)
{
    LARGE_INTEGER large = {.QuadPart = value};

    return place_of(&large, sizeof large);
}

/* Mostly over at once, sometimes a tick long. */
static ULONG value_time(void)
{
    switch (below(16)) {
    case 0:
        return value_64(-(LONGLONG)below(100000));
    case 1:
        return value_64((LONGLONG)any() << (below(2) * 20));
    case 2:
        return value_64(-1);
    default:
        return value_64(0);
    }
}

static ULONG value_large(void)
{
    switch (below(4)) {
    case 0:
        return 0;
    case 1:
        return value_64((LONGLONG)(int)value_boundary());
    default:
        return value_64(below(0x8000));
    }
}

static void some_context(CONTEXT *context)
{
    ULONG *word = (ULONG *)context;

    for (ULONG i = 0; i < sizeof *context / sizeof *word; i++)
        word[i] = one_in(2) ? any() : value_boundary();
}

/* Registers that go on at an instruction that ends the thread, with anything else in them. */
static ULONG value_context(void)
{
    static const ULONG flags[] = {0x10007, 0x10007, 0x1000F, 0x1003F, 0x10001, 0x10002, 0x10000, 0};
    CONTEXT context;

    tried(CATEGORY_contexts);
    some_context(&context);
    context.ContextFlags = one_in(32) ? any() : PICK(flags);
    context.Eip = (ULONG)&stray_thread;
    context.Esp = spare_stack();
    context.EFlags = one_in(4) ? 0x202 : any() & ~0x100u; /* TF would need a handler */
    if (one_in(16)) /* not any bad place: what lies there would be taken */
        return (ULONG)bad_kernel(sizeof context);
    return (ULONG)memcpy(arena_slot(sizeof context), &context, sizeof context);
}

static ULONG value_record(void)
{
    EXCEPTION_RECORD record = {.ExceptionCode = one_in(2) ? any() : (DWORD)STATUS_BREAKPOINT,
                               .ExceptionFlags = below(4),
                               .ExceptionRecord = (PEXCEPTION_RECORD)value_boundary(),
                               .NumberParameters = one_in(4) ? value_boundary() : below(16)};

    return place_of(&record, sizeof record);
}

struct initial_teb {
    PVOID previous_base, previous_limit, stack_base, stack_limit, stack_allocation;
};

static ULONG value_stack(void)
{
    struct initial_teb stack = {NULL, NULL, (PVOID)value_address(), (PVOID)value_address(),
                                (PVOID)value_address()};

    return place_of(&stack, sizeof stack);
}

static ULONG value_message(void)
{
    struct {
        PORT_MESSAGE header;
        UCHAR data[64];
    } message = {.header = {.DataLength = (USHORT)below(64), .MessageId = below(64)}};

    message.header.TotalLength = (USHORT)(message.header.DataLength + sizeof(PORT_MESSAGE));
    if (one_in(4))
        *(ULONG *)&message.header = one_in(2) ? any() : value_boundary();
    if (one_in(4))
        message.header.Type = (USHORT)below(16);
    return place_of(&message, sizeof message);
}

/* Of this process, of nothing, or nowhere; never of another process (kept_out.c). */
static ULONG value_client_id(void)
{
    static struct nt_client_id ids[4];

    ids[0] = ids[1] = nt_teb()->client_id;
    ids[1].thread = NULL;
    ids[2] = (struct nt_client_id){(HANDLE)(any() | 3), (HANDLE)(any() | 3)};
    if (one_in(8))
        return (ULONG)bad_kernel(8);
    return (ULONG)&PICK(ids);
}

static ULONG value_handles(void)
{
    HANDLE handles[70];

    for (ULONG i = 0; i < COUNT_OF(handles); i++)
        handles[i] = i < 4 || one_in(8) ? (HANDLE)value_handle() : handle_any();
    return place_of(handles, sizeof handles);
}

/* ---- Numbers with a meaning ---- */

static ULONG value_access(void)
{
    static const ULONG masks[] = {0,          1,          2,          3,          0x10000,
                                  0x100000,   0x1F01FF,   0x1F0003,   0x2000000,  0x10000000,
                                  0x20000000, 0x40000000, 0x80000000, 0xC0100000, 0xF001F};

    return one_in(8) ? any() : PICK(masks);
}

static ULONG value_number(void)
{
    static const ULONG classes[] = {0x8000, 0x8001, 0x40, 9, 10, 12, 14, 18, 30, 0x103};

    switch (below(8)) {
    case 0:
        tried(CATEGORY_boundary);
        return value_boundary();
    case 1:
        return PICK(classes);
    default:
        return below(one_in(4) ? 64 : one_in(2) ? 6 : 2);
    }
}

static ULONG value_length(void)
{
    static const ULONG sizes[] = {2,  4,  8,  8,  12, 16,  20,  24, 28,
                                  36, 40, 44, 56, 64, 104, 256, 600};

    switch (below(16)) {
    case 0:
        tried(CATEGORY_lengths);
        return PICK(huge);
    case 1:
        return value_boundary();
    case 2:
    case 3:
    case 4:
        return below(2048);
    default:
        return PICK(sizes);
    }
}

static ULONG value_size(void)
{
    return one_in(8) ? value_length() : 0x1000 * below(one_in(2) ? 2 : 9);
}

static ULONG value_allocation(void)
{
    static const ULONG types[] = {0x1000, 0x2000,  0x3000,   0x3000,   0x4000, 0x8000,
                                  0x8000, 0x80000, 0x102000, 0x103000, 0};

    return one_in(16) ? any() : PICK(types);
}

static ULONG value_protection(void)
{
    static const ULONG protections[] = {1, 2, 4, 4, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x104, 0x204, 0};

    return one_in(16) ? any() : PICK(protections);
}

static ULONG value_section(void)
{
    static const ULONG attributes[] = {0x8000000, 0x8000000, 0x4000000, 0x1000000, 0x18000000, 0};

    return one_in(16) ? any() : PICK(attributes);
}

static ULONG value_code(void)
{
    static const ULONG codes[] = {
        IOCTL_ASYNC_DPC,       IOCTL_ASYNC_CANCEL,   IOCTL_ASYNC_THREAD,     IOCTL_ASYNC_NEVER,
        IOCTL_ASYNC_STUCK,     IOCTL_ASYNC_BUFFERED, IOCTL_ASYNC_IN,         IOCTL_ASYNC_OUT,
        IOCTL_ASYNC_READ,      IOCTL_ASYNC_WRITE,    IOCTL_ASYNC_PENDING,    IOCTL_PAGEWALK_ADDRESS,
        IOCTL_PAGEWALK_RANGES, IOCTL_PAGEWALK_FRAME, IOCTL_PAGEWALK_COMPARE, IOCTL_PAGEWALK_BYTES,
    };

    if (one_in(8))
        return one_in(2) ? any() : 0x222000 + below(0x200);
    return PICK(codes);
}

static ULONG value_buffer(void)
{
    ULONG milliseconds = below(20), value;
    PVOID slot = place(2048, &value);

    if (slot)
        memcpy(slot, &milliseconds, sizeof milliseconds); /* for ioctl/async.h */
    return one_in(32) ? 0 : value;
}

/* The code that a call of NtDeviceIoControlFile has, whose input comes next. */
static BOOLEAN is_walk(const struct call *call)
{
    ULONG code = call->arguments[5];

    return code >= IOCTL_PAGEWALK_ADDRESS && code <= IOCTL_PAGEWALK_BYTES;
}

/* For ioctl/pagewalk.h: each member right or wrong. */
static ULONG value_question(void)
{
    struct pagewalk_question question = {
        .physical = one_in(2)   ? 0
                    : one_in(4) ? value_boundary()
                                : 0x100000 + below(0x1000000),
        .process = one_in(2)   ? 0
                   : one_in(2) ? 8
                               : below(64) * 4,
        .other = one_in(2) ? 0 : below(16) * 4,
        .address = one_in(2) ? 0 : value_address(),
        .reserved = one_in(8),
    };

    return place_of(&question, sizeof question);
}

/* The device that the codes are for; any handle if it cannot be opened. */
static ULONG value_walker(void)
{
    static HANDLE walker;
    struct nt_named named;
    IO_STATUS_BLOCK io;

    if (walker)
        NtClose(walker);
    if (!NT_SUCCESS(NtOpenFile(&walker, (one_in(4) ? 0 : FILE_READ_DATA) | SYNCHRONIZE,
                               nt_name(&named, NULL, L"\\Device\\PageWalk", 0), &io,
                               FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT)))
        return value_handle();
    return (ULONG)walker;
}

/* The code comes behind the handle: mostly it is to be one for that code. */
static ULONG value_input(struct call *call)
{
    if (!is_walk(call) || one_in(4))
        return value_buffer();
    call->arguments[0] = value_walker();
    return value_question();
}

static ULONG value_input_length(const struct call *call)
{
    return is_walk(call) && !one_in(4) ? sizeof(struct pagewalk_question) : value_length();
}

/* A ULONG or a pointer to one is what many want. */
static ULONG value_dword(ULONG dword)
{
    return one_in(6) ? 0 : place_of(&dword, sizeof dword);
}

static ULONG value_base(void)
{
    return value_dword(one_in(3) ? 0 : value_address());
}

static ULONG value_of(struct call *call, char kind)
{
    switch (kind) {
    case 'h':
        return value_wanted_handle(call);
    case 'p':
        return value_process();
    case 'X':
        return one_in(4) ? value_handle() : (ULONG)*kept_of('X');
    case 'C':
        return one_in(8) ? value_large() : value_64(0x1000 * (1 + below(16)));
    case 'O':
        return one_in(4) ? value_handle() : 0;
    case 'a':
        return value_access();
    case 'o':
        return value_attributes(call);
    case 'q':
        return value_client_id();
    case 'u':
        return value_string(call);
    case 'U':
        return value_string_buffer();
    case 'w':
        return one_in(2) ? 0 : value_boundary();
    case 'f':
        return one_in(16) ? any() : below(2);
    case 'b':
    case 'B':
        return value_buffer();
    case 'l':
        return value_length();
    case 'I':
        return value_input(call);
    case 'L':
        return value_input_length(call);
    case 'H':
    case 'i':
        return place_of(&(ULONGLONG){0}, sizeof(ULONGLONG));
    case 'd':
        return value_dword(one_in(2) ? value_boundary() : below(512));
    case 'y':
        return value_code();
    case 't':
        return value_time();
    case 'T':
        return one_in(64) ? 0 : value_time();
    case 'Q':
        return value_large();
    case 'P':
        return value_base();
    case 'Z':
        return value_dword(value_size());
    case 'A':
        return value_address();
    case 'z':
    case 's':
    case 'v':
        return one_in(8) ? any() : 0;
    case 'm':
        return value_allocation();
    case 'r':
        return value_protection();
    case 'M':
        return value_section();
    case 'c':
        return value_context();
    case 'x':
        return value_record();
    case 'j':
        return value_stack();
    case 'k':
        return value_message();
    case 'g':
        return value_handles();
    case 'G':
        return one_in(8) ? value_boundary() : below(one_in(4) ? 66 : 4);
    case 'e':
        return any();
    default:
        return value_number();
    }
}

/* What lies at any other place would be believed. */
static BOOLEAN is_careful(char kind)
{
    return kind == 'q' || kind == 'o' || kind == 'c';
}

void values_fill(struct call *call)
{
    const char *kinds = call->service->kinds;

    call->shared_name = FALSE;
    for (call->count = 0; kinds[call->count]; call->count++) {
        ULONG *argument = &call->arguments[call->count];

        *argument = value_of(call, kinds[call->count]);
        if (one_in(64) && !is_careful(kinds[call->count])) {
            tried(CATEGORY_boundary);
            *argument = one_in(4) ? any() : value_boundary();
        }
    }
}
