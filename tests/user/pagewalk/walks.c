/*
 * walks.exe: pagewalk.sys as a hostile or careless program meets it. Sizes, members, processes,
 * pointers and rights, each with the status that ioctl/pagewalk.h promises; and answers that are
 * taken one record at a time.
 */
#include "common/native.h"
#include "ntdll/ntdll.h"

#include <winioctl.h>

#include "ioctl/pagewalk.h"

#include "../check.h"

#define SERVICE       L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\walks"
#define SYSTEM_ID     8
#define KERNEL_BASE   0x80000000u
#define RAM           0x100000u /* the kernel's image */
#define NTDLL         0x77F40000u
#define UNMAPPED      0x60000000u
#define OUTPUT_BYTES  0x10000u
#define RECORDS_MAX   512
#define UNTOUCHED     0x77
#define MOST_QUESTION 40

void NTAPI NtProcessStartup(struct nt_peb *peb);

NTSTATUS NTAPI NtUnloadDriver(PUNICODE_STRING registry_path);
NTSTATUS NTAPI NtCreateProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                               HANDLE parent, BOOLEAN inherit, HANDLE section, HANDLE debug_port,
                               HANDLE exception_port);

static HANDLE device; /* for reading and writing */
static UCHAR output[OUTPUT_BYTES] __attribute__((aligned(16)));

/* What each code wants, and a question that it answers. */
static const struct code {
    ULONG code;
    ULONG head, record, records; /* bytes in front; of each record; how many there are at least */
    struct pagewalk_question question;
} codes[] = {
    {IOCTL_PAGEWALK_ADDRESS, 0, sizeof(struct pagewalk_record), 1, {.address = NTDLL}},
    {IOCTL_PAGEWALK_RANGES, 16, sizeof(struct pagewalk_range), 5, {0}},
    {IOCTL_PAGEWALK_FRAME, 16, sizeof(struct pagewalk_mapping), 2, {.physical = RAM}},
    {IOCTL_PAGEWALK_COMPARE, 16, sizeof(struct pagewalk_difference), 5, {.other = SYSTEM_ID}},
    {IOCTL_PAGEWALK_BYTES, 0, 1, 4096, {.physical = RAM}},
};

enum { ADDRESS, RANGES, FRAME, COMPARE, BYTES, CODES };

/* ---- Asking ---- */

static void fill(UCHAR value)
{
    for (ULONG i = 0; i < sizeof(output); i++)
        output[i] = value;
}

static BOOLEAN is_untouched_from(ULONG at)
{
    for (; at < sizeof(output); at++)
        if (output[at] != UNTOUCHED)
            return FALSE;
    return TRUE;
}

static NTSTATUS ask_raw(HANDLE handle, ULONG code, const void *in, ULONG in_bytes, void *out,
                        ULONG out_bytes, IO_STATUS_BLOCK *io)
{
    return NtDeviceIoControlFile(handle, NULL, NULL, NULL, io, code, (void *)in, in_bytes, out,
                                 out_bytes);
}

/* A question in the right size, into `output`; *returned is the count of bytes, 0 on failure. */
static NTSTATUS ask(ULONG which, const struct pagewalk_question *question, ULONG out_bytes,
                    ULONG *returned)
{
    IO_STATUS_BLOCK io;
    NTSTATUS status =
        ask_raw(device, codes[which].code, question, sizeof(*question), output, out_bytes, &io);

    *returned = NT_SUCCESS(status) ? (ULONG)io.Information : 0;
    return status;
}

/* ---- Sizes ---- */

/* What an answer in so many bytes is long. */
static ULONG answer_bytes(const struct code *code, ULONG out_bytes)
{
    ULONG room = (out_bytes - code->head) / code->record;

    return code->head + code->record * (room < code->records ? room : code->records);
}

static NTSTATUS expected_status(const struct code *code, ULONG in_bytes, ULONG out_bytes)
{
    if (in_bytes != sizeof(struct pagewalk_question))
        return (NTSTATUS)0xC0000206; /* STATUS_INVALID_BUFFER_SIZE */
    return out_bytes < code->head + code->record ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}

static BOOLEAN is_right(ULONG which, ULONG in_bytes, ULONG out_bytes)
{
    static UCHAR question[MOST_QUESTION];
    const struct code *code = &codes[which];
    NTSTATUS expected = expected_status(code, in_bytes, out_bytes), status;
    IO_STATUS_BLOCK io = {{0x55555555}, 0x66666666};

    *(struct pagewalk_question *)question = code->question;
    fill(UNTOUCHED);
    status = ask_raw(device, code->code, question, in_bytes, output, out_bytes, &io);
    if (status != expected)
        return FALSE;
    if (!NT_SUCCESS(status))
        return is_untouched_from(0) && io.Information == 0x66666666;
    return io.Information == answer_bytes(code, out_bytes) && is_untouched_from(io.Information);
}

/* Every length of a question around the right one, with every length of a few records. */
static ULONG wrong_sizes(ULONG which)
{
    ULONG most = codes[which].head + 2 * codes[which].record + 2, wrong = 0;

    for (ULONG in = 0; in <= MOST_QUESTION; in++)
        for (ULONG out = 0; out <= most; out += in == sizeof(struct pagewalk_question) ? 1 : 16)
            wrong += !is_right(which, in, out);
    return wrong;
}

static void check_sizes(void)
{
    CHECK(wrong_sizes(ADDRESS) == 0);
    CHECK(wrong_sizes(RANGES) == 0);
    CHECK(wrong_sizes(FRAME) == 0);
    CHECK(wrong_sizes(COMPARE) == 0);
    CHECK(wrong_sizes(BYTES) == 0);
    CHECK(is_right(FRAME, sizeof(struct pagewalk_question), OUTPUT_BYTES));
    CHECK(is_right(BYTES, sizeof(struct pagewalk_question), 4096));
}

/* A length that no buffer has must be refused, whatever for. */
static BOOLEAN is_refused(ULONG which, ULONG in_bytes, ULONG out_bytes)
{
    IO_STATUS_BLOCK io;

    return !NT_SUCCESS(ask_raw(device, codes[which].code, &codes[which].question, in_bytes, output,
                               out_bytes, &io));
}

static void check_huge_sizes(void)
{
    static const ULONG huge[] = {0x02000000, 0x7FFE0000, 0x7FFFFFFF,
                                 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF};
    ULONG accepted = 0;

    for (ULONG which = 0; which < CODES; which++) {
        for (ULONG i = 0; i < sizeof(huge) / sizeof(huge[0]); i++) {
            accepted += !is_refused(which, huge[i], sizeof(output));
            accepted += !is_refused(which, sizeof(struct pagewalk_question), huge[i]);
        }
    }
    CHECK(accepted == 0);
}

/* ---- Members ---- */

static const struct {
    ULONG which;
    struct pagewalk_question question;
    NTSTATUS status;
} questions[] = {
    {ADDRESS, {.reserved = 1}, STATUS_INVALID_PARAMETER},
    {ADDRESS, {.physical = 1}, STATUS_INVALID_PARAMETER},
    {ADDRESS, {.other = 8}, STATUS_INVALID_PARAMETER},
    {ADDRESS, {.process = 7}, STATUS_INVALID_CID},
    {ADDRESS, {.process = 0xFFFFFFFF}, STATUS_INVALID_CID},
    {ADDRESS, {.process = SYSTEM_ID, .address = 0xFFFFFFFF}, STATUS_SUCCESS},
    {RANGES, {.reserved = 0x80000000}, STATUS_INVALID_PARAMETER},
    {RANGES, {.physical = 1ull << 63}, STATUS_INVALID_PARAMETER},
    {RANGES, {.other = 8}, STATUS_INVALID_PARAMETER},
    {RANGES, {.process = 0x7FFFFFFC}, STATUS_INVALID_CID},
    {RANGES, {.process = SYSTEM_ID, .address = 0xFFFFFFFF}, STATUS_SUCCESS},
    {FRAME, {.reserved = 1}, STATUS_INVALID_PARAMETER},
    {FRAME, {.other = 8}, STATUS_INVALID_PARAMETER},
    {FRAME, {.physical = 1ull << 52}, STATUS_INVALID_PARAMETER},
    {FRAME, {.physical = (1ull << 52) - 1}, STATUS_SUCCESS},
    {FRAME, {.process = 0xFFFFFFFF, .address = 0xFFFFFFFF}, STATUS_SUCCESS},
    {COMPARE, {.reserved = 1}, STATUS_INVALID_PARAMETER},
    {COMPARE, {.physical = 1}, STATUS_INVALID_PARAMETER},
    {COMPARE, {.other = 7}, STATUS_INVALID_CID},
    {COMPARE, {.process = 7}, STATUS_INVALID_CID},
    {COMPARE, {.other = SYSTEM_ID, .address = 0xFFFFFFFF}, STATUS_SUCCESS},
    {BYTES, {.physical = RAM, .reserved = 1}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = RAM, .process = 8}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = RAM, .other = 8}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = RAM, .address = 1}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = 0}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = 0xB8000}, STATUS_INVALID_PARAMETER}, /* more than its page */
    {BYTES, {.physical = 0xA0000}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = 0xFEC00000}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = 0xFFFFFFFF}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = 1ull << 32}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = (1ull << 32) + RAM}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = ~0ull}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = ~0ull - OUTPUT_BYTES + 1}, STATUS_INVALID_PARAMETER},
    {BYTES, {.physical = RAM}, STATUS_SUCCESS},
};

static void check_members(void)
{
    ULONG wrong = 0, returned;

    for (ULONG i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        NTSTATUS status = ask(questions[i].which, &questions[i].question, OUTPUT_BYTES, &returned);

        if (status != questions[i].status)
            DbgPrint("[walks] question=%lu status=%08lX expected=%08lX\n", i, status,
                     questions[i].status);
        wrong += status != questions[i].status;
    }
    CHECK(wrong == 0);
}

static BOOLEAN is_known(ULONG code)
{
    for (ULONG which = 0; which < CODES; which++)
        if (codes[which].code == code)
            return TRUE;
    return FALSE;
}

/* A code of which one bit is flipped is none, or another one. */
static void check_codes(void)
{
    ULONG known = 0;
    IO_STATUS_BLOCK io;

    for (ULONG which = 0; which < CODES; which++)
        for (ULONG bit = 0; bit < 32; bit++)
            known += !is_known(codes[which].code ^ 1u << bit) &&
                     ask_raw(device, codes[which].code ^ 1u << bit, &codes[which].question,
                             sizeof(struct pagewalk_question), output, sizeof(output),
                             &io) != STATUS_INVALID_DEVICE_REQUEST;
    CHECK(known == 0);
}

/* ---- Pointers ---- */

static NTSTATUS ask_at(ULONG which, const void *in, void *out)
{
    IO_STATUS_BLOCK io;

    return ask_raw(device, codes[which].code, in, sizeof(struct pagewalk_question), out, 256, &io);
}

/* Where an answer cannot go, and a question cannot be. */
static void check_pointers(void)
{
    void *const bad_outputs[] = {(void *)UNMAPPED,   (void *)KERNEL_BASE, (void *)0x80100000,
                                 (void *)0x7FFEFFF0, (void *)0xFFFFFFF0,  (void *)0xC0000000,
                                 (void *)check_codes};
    void *const bad_inputs[] = {(void *)UNMAPPED, (void *)0x80100000, (void *)0x7FFEFFF8,
                                (void *)0xFFFFFFF8};
    ULONG accepted = 0;

    for (ULONG which = 0; which < CODES; which++) {
        for (ULONG i = 0; i < sizeof(bad_outputs) / sizeof(bad_outputs[0]); i++)
            accepted +=
                ask_at(which, &codes[which].question, bad_outputs[i]) != STATUS_ACCESS_VIOLATION;
        for (ULONG i = 0; i < sizeof(bad_inputs) / sizeof(bad_inputs[0]); i++)
            accepted += ask_at(which, bad_inputs[i], output) != STATUS_ACCESS_VIOLATION;
        accepted += ask_at(which, &codes[which].question, NULL) != STATUS_BUFFER_TOO_SMALL;
    }
    CHECK(accepted == 0);
}

/* ---- Rights ---- */

static NTSTATUS open_device(ACCESS_MASK access, HANDLE *handle)
{
    struct nt_named named;
    IO_STATUS_BLOCK io;

    return NtOpenFile(handle, access | SYNCHRONIZE, nt_name(&named, NULL, L"\\??\\PageWalk", 0),
                      &io, FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT);
}

/* Physical memory is for those who opened the device for reading. */
static void check_access(void)
{
    IO_STATUS_BLOCK io;
    HANDLE handle = NULL;
    ULONG wrong = 0;

    CHECK(open_device(FILE_READ_ATTRIBUTES, &handle) == STATUS_SUCCESS);
    for (ULONG which = 0; which < CODES; which++)
        wrong += ask_raw(handle, codes[which].code, &codes[which].question,
                         sizeof(struct pagewalk_question), output, 256,
                         &io) != (which == BYTES ? STATUS_ACCESS_DENIED : STATUS_SUCCESS);
    CHECK(wrong == 0);
    NtClose(handle);
    CHECK(open_device(FILE_READ_DATA, &handle) == STATUS_SUCCESS);
    CHECK(ask_raw(handle, IOCTL_PAGEWALK_BYTES, &codes[BYTES].question,
                  sizeof(struct pagewalk_question), output, 256, &io) == STATUS_SUCCESS);
    NtClose(handle);
}

/* ---- Processes that end ---- */

static HANDLE create_process(void)
{
    struct nt_named named;
    IO_STATUS_BLOCK io;
    HANDLE file = NULL, section = NULL, process = NULL;

    NtOpenFile(&file, GENERIC_READ | GENERIC_EXECUTE | SYNCHRONIZE,
               nt_name(&named, NULL, L"\\??\\C:\\walks.exe", 0), &io, FILE_SHARE_READ,
               FILE_SYNCHRONOUS_IO_NONALERT);
    NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, file);
    NtCreateProcess(&process, PROCESS_ALL_ACCESS, NULL, NtCurrentProcess(), FALSE, section, NULL,
                    NULL);
    NtClose(section);
    NtClose(file);
    return process;
}

static ULONG id_of(HANDLE process)
{
    PROCESS_BASIC_INFORMATION basic = {0};

    NtQueryInformationProcess(process, ProcessBasicInformation, &basic, sizeof(basic), NULL);
    return (ULONG)basic.UniqueProcessId;
}

/* Its only thread is ended before it has run. */
static void end(HANDLE process)
{
    HANDLE thread = NULL;

    RtlCreateUserThread(process, NULL, FALSE, 0, 0, 0, (void *)UNMAPPED, NULL, &thread, NULL);
    NtTerminateThread(thread, STATUS_SUCCESS);
    NtWaitForSingleObject(process, FALSE, NULL);
    NtClose(thread);
}

static BOOLEAN all_say(ULONG id, NTSTATUS status)
{
    struct pagewalk_question one = {.process = id}, two = {.process = SYSTEM_ID, .other = id};
    ULONG returned;

    return ask(ADDRESS, &one, OUTPUT_BYTES, &returned) == status &&
           ask(RANGES, &one, OUTPUT_BYTES, &returned) == status &&
           ask(COMPARE, &two, OUTPUT_BYTES, &returned) == status;
}

/* How many pages of a process map the kernel's first frame. */
static ULONG mappings_of(ULONG id)
{
    const struct pagewalk_head *head = (const void *)output;
    const struct pagewalk_mapping *mappings = (const void *)(head + 1);
    ULONG returned, count = 0;

    CHECK(ask(FRAME, &codes[FRAME].question, OUTPUT_BYTES, &returned) == STATUS_SUCCESS);
    for (ULONG i = 0; i < head->count; i++)
        count += mappings[i].process == id;
    return count;
}

static void check_ended(void)
{
    HANDLE process = create_process();
    ULONG id = id_of(process);

    CHECK(id != 0 && all_say(id, STATUS_SUCCESS));
    CHECK(mappings_of(id) == 1);
    end(process);
    CHECK(all_say(id, STATUS_PROCESS_IS_TERMINATING));
    CHECK(mappings_of(id) == 0);
    NtClose(process);
    CHECK(all_say(id, STATUS_INVALID_CID));
}

/* ---- One record at a time ---- */

/* The records below the kernel's half, taken with room for `room` at a time; how many there are. */
static ULONG take(ULONG which, ULONG room, UCHAR *to)
{
    const struct pagewalk_head *head = (const void *)output;
    struct pagewalk_question question = codes[which].question;
    ULONG record = codes[which].record, count = 0, returned;

    do {
        if (ask(which, &question, codes[which].head + room * record, &returned) != STATUS_SUCCESS)
            return 0;
        for (ULONG i = 0; i < head->count && count < RECORDS_MAX; i++, count++)
            memcpy(to + count * record, output + codes[which].head + i * record, record);
        question.process = which == COMPARE ? question.process : head->process;
        question.address = head->address;
    } while (head->more && (which == FRAME || question.address < KERNEL_BASE));
    return count;
}

/* Ranges and stretches begin with their first address: those of the kernel's half change. */
static ULONG in_user_half(const UCHAR *records, ULONG count, ULONG record)
{
    ULONG below = 0;

    while (below < count && *(const ULONG *)(records + below * record) < KERNEL_BASE)
        below++;
    return below;
}

static BOOLEAN is_resumed(ULONG which)
{
    static UCHAR whole[RECORDS_MAX * 64], piecemeal[RECORDS_MAX * 64];
    ULONG record = codes[which].record, count;

    memset(piecemeal, 0, sizeof(piecemeal)); /* its pages are there from now on, as the other's */
    memset(whole, 0, sizeof(whole));
    count = take(which, RECORDS_MAX, whole);
    if (which != FRAME)
        count = in_user_half(whole, count, record);
    for (ULONG room = 1; room <= 3; room++) {
        ULONG taken = take(which, room, piecemeal);

        if (which != FRAME)
            taken = in_user_half(piecemeal, taken, record);
        if (taken != count || RtlCompareMemory(whole, piecemeal, count * record) != count * record)
            return FALSE;
    }
    return count >= codes[which].records;
}

static void check_resumed(void)
{
    CHECK(is_resumed(RANGES));
    CHECK(is_resumed(FRAME));
    CHECK(is_resumed(COMPARE));
}

/* ---- The driver ---- */

static void set_value(HANDLE key, const WCHAR *name, ULONG type, const void *data, ULONG bytes)
{
    UNICODE_STRING string;

    RtlInitUnicodeString(&string, name);
    NtSetValueKey(key, &string, 0, type, data, bytes);
}

static NTSTATUS load_driver(PUNICODE_STRING path)
{
    static const WCHAR image[] = L"\\??\\C:\\pagewalk.sys";
    ULONG type = 1, start = 3; /* a kernel driver, on demand */
    struct nt_named named;
    HANDLE key;

    NtCreateKey(&key, KEY_ALL_ACCESS, nt_name(&named, NULL, SERVICE, 0), 0, NULL, 0, NULL);
    set_value(key, L"Type", REG_DWORD, &type, sizeof(type));
    set_value(key, L"Start", REG_DWORD, &start, sizeof(start));
    set_value(key, L"ImagePath", REG_EXPAND_SZ, image, sizeof(image));
    NtClose(key);
    RtlInitUnicodeString(path, SERVICE);
    return NtLoadDriver(path);
}

void NTAPI NtProcessStartup(struct nt_peb *peb)
{
    UNICODE_STRING path;

    UNREFERENCED_PARAMETER(peb);
    CHECK(load_driver(&path) == STATUS_SUCCESS);
    CHECK(open_device(FILE_READ_DATA | FILE_WRITE_DATA, &device) == STATUS_SUCCESS);
    check_sizes();
    check_huge_sizes();
    check_members();
    check_codes();
    check_pointers();
    check_access();
    check_ended();
    check_resumed();
    NtClose(device);
    CHECK(NtUnloadDriver(&path) == STATUS_SUCCESS);
    check_end();
}
