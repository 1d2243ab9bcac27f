/*
 * The arguments of a caller in ring 3: each pointer is probed, and what it points to copied once into
 * the kernel, before the service runs; what the service wrote is copied back behind it. The letters of
 * include/nt/services.h choose the routines below.
 */
#include "syscall/syscall.h"

#include "ke/thread.h"
#include "mm/pool.h"
#include "mm/user.h"
#include "rtl/rtl.h"
#include "syscall/table.h"

#define TEXTS_MAX 4 /* pool blocks that one call may need */

/* The kernel's copy of what an argument points to. */
union copy {
    ULONG dword;
    LARGE_INTEGER large;
    IO_STATUS_BLOCK iosb;
    UNICODE_STRING string;
    struct {
        OBJECT_ATTRIBUTES attributes;
        UNICODE_STRING name;
    } object;
};

struct call {
    const ULONG *arguments;                /* the caller's */
    ULONG captured[SERVICE_ARGUMENTS_MAX]; /* the service's */
    union copy copies[SERVICE_ARGUMENTS_MAX];
    ULONG before[SERVICE_ARGUMENTS_MAX]; /* of 'm': what the caller's variable held */
    void *texts[TEXTS_MAX];
    ULONG text_count;
};

static void *pointer(const struct call *call, ULONG i)
{
    return (void *)call->arguments[i];
}

/* The service gets the copy instead. */
static NTSTATUS use_copy(struct call *call, ULONG i)
{
    call->captured[i] = (ULONG)&call->copies[i];
    return STATUS_SUCCESS;
}

/* Copies `bytes` at an address of ring 3 into a block that lives as long as the call. */
static NTSTATUS copy_block(struct call *call, const void *from, ULONG bytes, void **block)
{
    NTSTATUS status = mm_probe_read(from, bytes, 1);

    ASSERT(call->text_count < TEXTS_MAX);
    if (!NT_SUCCESS(status))
        return status;
    *block = ExAllocatePoolWithTag(NonPagedPool, bytes, POOL_TAG('K', 'i', 'C', 'p'));
    if (!*block)
        return STATUS_INSUFFICIENT_RESOURCES;
    call->texts[call->text_count++] = *block;
    return mm_copy_from_user(*block, from, bytes);
}

static NTSTATUS copy_record(void *to, const void *from, ULONG bytes)
{
    NTSTATUS status = mm_probe_read(from, bytes, sizeof(ULONG));

    return NT_SUCCESS(status) ? mm_copy_from_user(to, from, bytes) : status;
}

/* A counted string whose text becomes the kernel's. */
static NTSTATUS copy_string(struct call *call, UNICODE_STRING *to, const void *from)
{
    NTSTATUS status = copy_record(to, from, sizeof *to);

    if (!NT_SUCCESS(status))
        return status;
    to->MaximumLength = to->Length;
    if (to->Length)
        return copy_block(call, to->Buffer, to->Length, (void **)&to->Buffer);
    to->Buffer = NULL;
    return STATUS_SUCCESS;
}

/* ---- Before the service, by letter ---- */

static NTSTATUS take_out(struct call *call, ULONG i)
{
    NTSTATUS status = mm_probe_write(pointer(call, i), sizeof(ULONG), sizeof(ULONG));

    return NT_SUCCESS(status) ? use_copy(call, i) : status;
}

static NTSTATUS take_in_out(struct call *call, ULONG i)
{
    NTSTATUS status = take_out(call, i);

    if (NT_SUCCESS(status))
        status = mm_copy_from_user(&call->copies[i].dword, pointer(call, i), sizeof(ULONG));
    call->before[i] = call->copies[i].dword;
    return status;
}

static NTSTATUS take_large(struct call *call, ULONG i)
{
    NTSTATUS status = copy_record(&call->copies[i], pointer(call, i), sizeof(LARGE_INTEGER));

    return NT_SUCCESS(status) ? use_copy(call, i) : status;
}

static NTSTATUS take_out_8(struct call *call, ULONG i)
{
    NTSTATUS status = mm_probe_write(pointer(call, i), sizeof(LARGE_INTEGER), sizeof(ULONG));

    return NT_SUCCESS(status) ? use_copy(call, i) : status;
}

static NTSTATUS take_string(struct call *call, ULONG i)
{
    NTSTATUS status = copy_string(call, &call->copies[i].string, pointer(call, i));

    return NT_SUCCESS(status) ? use_copy(call, i) : status;
}

/* The record is the kernel's, the text is the caller's: present and writable while nobody waits. */
static NTSTATUS take_string_buffer(struct call *call, ULONG i)
{
    UNICODE_STRING *string = &call->copies[i].string;
    NTSTATUS status = mm_probe_write(pointer(call, i), sizeof *string, sizeof(ULONG));

    if (NT_SUCCESS(status))
        status = mm_copy_from_user(string, pointer(call, i), sizeof *string);
    if (NT_SUCCESS(status) && string->MaximumLength)
        status = mm_probe_write(string->Buffer, string->MaximumLength, sizeof(WCHAR));
    return NT_SUCCESS(status) ? use_copy(call, i) : status;
}

/* Security descriptors have no meaning here, and kernel handles are not ring 3's to ask for. */
static NTSTATUS take_attributes(struct call *call, ULONG i)
{
    OBJECT_ATTRIBUTES *attributes = &call->copies[i].object.attributes;
    NTSTATUS status = copy_record(attributes, pointer(call, i), sizeof *attributes);

    if (!NT_SUCCESS(status))
        return status;
    if (attributes->Length != sizeof *attributes)
        return STATUS_INVALID_PARAMETER;
    attributes->Attributes &= ~OBJ_KERNEL_HANDLE;
    attributes->SecurityDescriptor = attributes->SecurityQualityOfService = NULL;
    if (attributes->ObjectName) {
        status = copy_string(call, &call->copies[i].object.name, attributes->ObjectName);
        attributes->ObjectName = &call->copies[i].object.name;
    }
    return NT_SUCCESS(status) ? use_copy(call, i) : status;
}

static NTSTATUS take_buffer(struct call *call, ULONG i)
{
    ULONG bytes = call->arguments[i + 1];

    if (!bytes || !pointer(call, i))
        return bytes ? STATUS_ACCESS_VIOLATION : STATUS_SUCCESS;
    return copy_block(call, pointer(call, i), bytes, (void **)&call->captured[i]);
}

static NTSTATUS take_out_buffer(struct call *call, ULONG i)
{
    ULONG bytes = call->arguments[i + 1];

    return bytes ? mm_probe_write(pointer(call, i), bytes, sizeof(ULONG)) : STATUS_SUCCESS;
}

/* ---- Behind the service ---- */

static NTSTATUS give(struct call *call, ULONG i, ULONG bytes)
{
    return mm_copy_to_user(pointer(call, i), &call->copies[i], bytes);
}

static NTSTATUS give_dword(struct call *call, ULONG i, NTSTATUS result)
{
    return NT_ERROR(result) ? STATUS_SUCCESS : give(call, i, sizeof(ULONG));
}

static NTSTATUS give_changed(struct call *call, ULONG i, NTSTATUS result)
{
    (void)result;
    return call->copies[i].dword == call->before[i] ? STATUS_SUCCESS : give(call, i, sizeof(ULONG));
}

static NTSTATUS give_8(struct call *call, ULONG i, NTSTATUS result)
{
    return NT_ERROR(result) ? STATUS_SUCCESS : give(call, i, sizeof(LARGE_INTEGER));
}

#define FIRST_LETTER 'A'
#define LETTER(c)    [(c)-FIRST_LETTER]

/* By letter; those of values and raw pointers have none. */
static const struct letter {
    NTSTATUS (*take)(struct call *call, ULONG i);
    NTSTATUS (*give)(struct call *call, ULONG i, NTSTATUS result);
    BOOLEAN optional; /* a NULL pointer is passed on as it is */
} kinds[] = {
    LETTER('h') = {take_out, give_dword, FALSE},
    LETTER('H') = {take_out, give_dword, TRUE},
    LETTER('m') = {take_in_out, give_changed, FALSE},
    LETTER('M') = {take_in_out, give_changed, TRUE},
    LETTER('q') = {take_large, NULL, FALSE},
    LETTER('Q') = {take_large, NULL, TRUE},
    LETTER('r') = {take_out_8, give_8, FALSE},
    LETTER('R') = {take_out_8, give_8, TRUE},
    LETTER('i') = {take_out_8, give_8, FALSE},
    LETTER('s') = {take_string, NULL, FALSE},
    LETTER('S') = {take_string, NULL, TRUE},
    LETTER('u') = {take_string_buffer, give_8, FALSE},
    LETTER('a') = {take_attributes, NULL, FALSE},
    LETTER('A') = {take_attributes, NULL, TRUE},
    LETTER('b') = {take_buffer, NULL, FALSE},
    LETTER('o') = {take_out_buffer, NULL, FALSE},
    LETTER('v') = {NULL, NULL, FALSE},
};

/* What is done with an argument; NULL for a value or a raw pointer. */
static inline const struct letter *kind_of(const struct call *call, char letter, ULONG i)
{
    const struct letter *kind = &kinds[letter - FIRST_LETTER];

    return !kind->take || (kind->optional && !call->arguments[i]) ? NULL : kind;
}

static NTSTATUS take_all(struct call *call, const char *letters)
{
    NTSTATUS status = STATUS_SUCCESS;

    for (ULONG i = 0; letters[i] && NT_SUCCESS(status); i++) {
        const struct letter *kind = kind_of(call, letters[i], i);

        call->captured[i] = call->arguments[i];
        if (kind)
            status = kind->take(call, i);
    }
    return status;
}

static NTSTATUS give_all(struct call *call, const char *letters, NTSTATUS result)
{
    NTSTATUS status = result;

    for (ULONG i = 0; letters[i]; i++) {
        const struct letter *kind = kind_of(call, letters[i], i);

        if (kind && kind->give && !NT_SUCCESS(kind->give(call, i, result)))
            status = STATUS_ACCESS_VIOLATION;
    }
    return status;
}

/* entry.S: calls a stdcall routine with `count` arguments. */
NTSTATUS FASTCALL ki_call(const void *routine, const ULONG *arguments, ULONG count);

NTSTATUS FASTCALL syscall_call_captured(ULONG number, const ULONG *arguments)
{
    const char *letters = service_letters[number];
    struct call call;

    call.arguments = arguments;
    call.text_count = 0;
    NTSTATUS status = take_all(&call, letters);

    if (NT_SUCCESS(status)) {
        ULONG count = (KiArgumentTable[number] & ~SERVICE_CAPTURED) / sizeof(ULONG);

        status = ki_call(KiServiceTable[number], call.captured, count);
        status = give_all(&call, letters, status);
    }
    while (call.text_count)
        ExFreePool(call.texts[--call.text_count]);
    return status;
}
