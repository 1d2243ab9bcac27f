#include "ps/vm.h"

#include "ke/caller.h"
#include "mm/pool.h"
#include "mm/vad.h"
#include "ob/ntob.h"
#include "ps/process.h"
#include "ps/section.h"
#include "rtl/rtl.h"

enum {
    ZERO_BITS_MAX = 21,
    PIECE = 512, /* bytes copied between two processes at once */
};

/* The System process has no half that ring 3 could have business in. */
static NTSTATUS check_space(const struct mm_space *space)
{
    if (!space)
        return STATUS_PROCESS_IS_TERMINATING;
    return space == &mm_system_space && ke_previous_mode() == UserMode ? STATUS_ACCESS_DENIED
                                                                       : STATUS_SUCCESS;
}

NTSTATUS vm_open(HANDLE process, ACCESS_MASK access, struct vm_target *target)
{
    NTSTATUS status = ps_reference_process(process, access, &target->process);

    if (!NT_SUCCESS(status))
        return status;
    target->space =
        target->process == ps_current() ? mm_space_current() : target->process->ke.space;
    status = check_space(target->space);
    if (!NT_SUCCESS(status))
        vm_close(target);
    return status;
}

void vm_close(const struct vm_target *target)
{
    ObfDereferenceObject(target->process);
}

/* The statuses that these services have for a range: `above` for its base, `beyond` for its end. */
static NTSTATUS check_range(PVOID base, SIZE_T size, NTSTATUS above, NTSTATUS beyond)
{
    if ((ULONG)base > VAD_LAST)
        return above;
    return size > VAD_LAST + 1 - (ULONG)base ? beyond : STATUS_SUCCESS;
}

/* PEB and TEBs: ring 3 may use them only. */
static BOOLEAN is_secured(const struct mm_space *space, ULONG address)
{
    const struct mm_vad *vad = mm_vad_find(space, address);

    return vad && vad->secured;
}

/* ---- Allocate ---- */

static NTSTATUS check_allocation(PVOID base, ULONG zero_bits, SIZE_T size, ULONG type,
                                 ULONG protect)
{
    const ULONG kinds = MEM_RESERVE | MEM_COMMIT | MEM_RESET;

    if (zero_bits > ZERO_BITS_MAX)
        return STATUS_INVALID_PARAMETER_3;
    if (type & ~(kinds | MEM_TOP_DOWN) || !(type & kinds))
        return STATUS_INVALID_PARAMETER_5;
    if (type & MEM_RESET && type != MEM_RESET)
        return STATUS_INVALID_PARAMETER_5;
    if (!vad_is_protection(protect) || vad_written(protect) != protect)
        return STATUS_INVALID_PAGE_PROTECTION;
    if (!size)
        return STATUS_INVALID_PARAMETER_4;
    return check_range(base, size, STATUS_INVALID_PARAMETER_2, STATUS_INVALID_PARAMETER_4);
}

/* The contents of the pages do not matter any more: they are kept all the same. */
static NTSTATUS reset(const struct mm_space *space, const struct mm_range *range)
{
    const struct mm_vad *vad = mm_vad_find(space, range->base);

    return vad && range->bytes - 1 <= vad->last - range->base ? STATUS_SUCCESS
                                                              : STATUS_CONFLICTING_ADDRESSES;
}

static NTSTATUS allocate(struct mm_space *space, struct mm_range *range, ULONG zero_bits,
                         ULONG type, ULONG protect)
{
    ULONG down = range->base & (VAD_GRANULARITY - 1);

    if (type == MEM_RESET)
        return reset(space, range);
    if (range->base && !(type & MEM_RESERVE))
        return is_secured(space, range->base) ? STATUS_INVALID_PAGE_PROTECTION
                                              : mm_vad_commit(space, range, protect);
    if (range->base && range->base < USER_START)
        return STATUS_CONFLICTING_ADDRESSES; /* nothing is ever mapped at NULL */
    range->base -= down;
    range->bytes += down;
    return mm_vad_reserve(space, range, zero_bits, type, protect);
}

NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE process, PVOID *base, ULONG zero_bits, SIZE_T *size,
                                       ULONG type, ULONG protect)
{
    struct mm_range range = {(ULONG)*base, *size};
    struct vm_target target;
    NTSTATUS status = check_allocation(*base, zero_bits, *size, type, protect);

    if (NT_SUCCESS(status))
        status = vm_open(process, PROCESS_VM_OPERATION, &target);
    if (!NT_SUCCESS(status))
        return status;
    status = allocate(target.space, &range, zero_bits, type, protect);
    vm_close(&target);
    if (NT_SUCCESS(status)) {
        *base = (PVOID)range.base;
        *size = range.bytes;
    }
    return status;
}

/* ---- Free and protect ---- */

NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG type)
{
    struct mm_range range = {(ULONG)*base, *size};
    struct vm_target target;
    NTSTATUS status =
        check_range(*base, *size, STATUS_INVALID_PARAMETER_2, STATUS_INVALID_PARAMETER_3);

    if (type != MEM_DECOMMIT && type != MEM_RELEASE)
        return STATUS_INVALID_PARAMETER_4;
    if (NT_SUCCESS(status))
        status = vm_open(process, PROCESS_VM_OPERATION, &target);
    if (!NT_SUCCESS(status))
        return status;
    status = is_secured(target.space, range.base) ? STATUS_INVALID_PAGE_PROTECTION
                                                  : mm_vad_free(target.space, &range, type);
    vm_close(&target);
    if (NT_SUCCESS(status)) {
        *base = (PVOID)range.base;
        *size = range.bytes;
    }
    return status;
}

static NTSTATUS check_protection(PVOID base, SIZE_T size, ULONG protect)
{
    if (!vad_is_protection(protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    if (!size)
        return STATUS_INVALID_PARAMETER_3;
    return check_range(base, size, STATUS_INVALID_PARAMETER_2, STATUS_INVALID_PARAMETER_3);
}

NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG protect,
                                      PULONG old)
{
    struct mm_range range = {(ULONG)*base, *size};
    struct vm_target target;
    NTSTATUS status = check_protection(*base, *size, protect);

    if (NT_SUCCESS(status))
        status = vm_open(process, PROCESS_VM_OPERATION, &target);
    if (!NT_SUCCESS(status))
        return status;
    status = is_secured(target.space, range.base)
                 ? STATUS_INVALID_PAGE_PROTECTION
                 : mm_vad_protect(target.space, &range, protect, old);
    vm_close(&target);
    if (NT_SUCCESS(status)) {
        *base = (PVOID)range.base;
        *size = range.bytes;
    }
    return status;
}

/* ---- Query ---- */

static NTSTATUS query_basic(const struct mm_space *space, PVOID address, PVOID buffer,
                            SIZE_T length, SIZE_T *returned)
{
    if (length < sizeof(MEMORY_BASIC_INFORMATION))
        return STATUS_INFO_LENGTH_MISMATCH;
    mm_vad_query(space, (ULONG)address, buffer);
    *returned = sizeof(MEMORY_BASIC_INFORMATION);
    return STATUS_SUCCESS;
}

static NTSTATUS query_name(const struct mm_space *space, PVOID address, PVOID buffer, SIZE_T length,
                           SIZE_T *returned)
{
    const struct mm_vad *vad = mm_vad_find(space, (ULONG)address);
    PVOID file = vad && vad->backing ? section_backing_file(vad->backing) : NULL;
    ULONG needed = 0;

    if (!file)
        return STATUS_INVALID_ADDRESS;
    NTSTATUS status = ObQueryNameString(file, buffer, length, &needed);

    *returned = needed;
    return status == STATUS_INFO_LENGTH_MISMATCH ? STATUS_BUFFER_OVERFLOW : status;
}

NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE process, PVOID address, ULONG class, PVOID buffer,
                                    SIZE_T length, SIZE_T *returned)
{
    struct vm_target target;
    SIZE_T bytes = 0;
    NTSTATUS status;

    if (class != MemoryBasicInformation && class != MemorySectionName)
        return STATUS_INVALID_INFO_CLASS;
    if ((ULONG)address >= USER_END)
        return STATUS_INVALID_PARAMETER;
    status = vm_open(process, PROCESS_QUERY_INFORMATION, &target);
    if (!NT_SUCCESS(status))
        return status;
    status = class == MemoryBasicInformation
                 ? query_basic(target.space, address, buffer, length, &bytes)
                 : query_name(target.space, address, buffer, length, &bytes);
    vm_close(&target);
    if (returned)
        *returned = bytes;
    return status;
}

/* ---- Read and write ---- */

/* Copies to or from ring 3 of another space. */
static NTSTATUS copy_piece(struct mm_space *space, PVOID to, const void *from, ULONG bytes,
                           BOOLEAN write)
{
    struct mm_space *last = mm_space_switch(space);
    NTSTATUS status = write ? mm_copy_to_user(to, from, bytes) : mm_copy_from_user(to, from, bytes);

    mm_space_switch(last);
    return NT_SUCCESS(status) ? STATUS_SUCCESS : STATUS_PARTIAL_COPY;
}

/* The whole range is judged first: a start behind the process is no partial copy. */
static NTSTATUS check_copy(PVOID address, PVOID buffer, SIZE_T bytes)
{
    NTSTATUS status = mm_probe_read(address, bytes, 1);

    if (NT_SUCCESS(status) && ke_previous_mode() == UserMode)
        status = mm_probe_read(buffer, bytes, 1);
    return status;
}

/* The bytes up to the end of the piece or of the page at `address`. */
static ULONG piece_length(PVOID address, SIZE_T bytes)
{
    ULONG in_page = PAGE_SIZE - ((ULONG)address & (PAGE_SIZE - 1));
    ULONG limit = in_page < PIECE ? in_page : PIECE;

    return bytes < limit ? bytes : limit;
}

static NTSTATUS read_pieces(struct mm_space *space, PCHAR address, PCHAR buffer, SIZE_T bytes,
                            SIZE_T *done)
{
    char piece[PIECE];
    NTSTATUS status = STATUS_SUCCESS;

    while (*done < bytes) {
        ULONG length = piece_length(address + *done, bytes - *done);

        status = copy_piece(space, piece, address + *done, length, FALSE);
        if (NT_SUCCESS(status))
            status = ke_copy_to_caller(buffer + *done, piece, length);
        if (!NT_SUCCESS(status))
            break;
        *done += length;
    }
    return status;
}

/* The buffer is the kernel's copy already if the caller is in ring 3. */
static NTSTATUS write_pieces(struct mm_space *space, PCHAR address, PCHAR buffer, SIZE_T bytes,
                             SIZE_T *done)
{
    NTSTATUS status = STATUS_SUCCESS;

    while (NT_SUCCESS(status) && *done < bytes) {
        ULONG length = piece_length(address + *done, bytes - *done);

        status = copy_piece(space, address + *done, buffer + *done, length, TRUE);
        *done += NT_SUCCESS(status) ? length : 0;
    }
    return status;
}

NTSTATUS NTAPI NtReadVirtualMemory(HANDLE process, PVOID address, PVOID buffer, SIZE_T bytes,
                                   SIZE_T *done)
{
    struct vm_target target;
    SIZE_T copied = 0;
    NTSTATUS status = check_copy(address, buffer, bytes);

    if (NT_SUCCESS(status))
        status = vm_open(process, PROCESS_VM_READ, &target);
    if (!NT_SUCCESS(status))
        return status;
    status = read_pieces(target.space, address, buffer, bytes, &copied);
    vm_close(&target);
    if (done)
        *done = copied;
    return status;
}

NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE process, PVOID address, PVOID buffer, SIZE_T bytes,
                                    SIZE_T *done)
{
    struct vm_target target;
    SIZE_T copied = 0;
    NTSTATUS status = mm_probe_read(address, bytes, 1);

    if (NT_SUCCESS(status))
        status = vm_open(process, PROCESS_VM_WRITE, &target);
    if (!NT_SUCCESS(status))
        return status;
    status = write_pieces(target.space, address, buffer, bytes, &copied);
    vm_close(&target);
    if (done)
        *done = copied;
    return status;
}

NTSTATUS NTAPI NtFlushInstructionCache(HANDLE process, PVOID address, SIZE_T bytes)
{
    struct vm_target target;
    NTSTATUS status = vm_open(process, PROCESS_VM_WRITE, &target);

    (void)address, (void)bytes;
    if (NT_SUCCESS(status))
        vm_close(&target);
    return status;
}
