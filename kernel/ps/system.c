/* NtQuerySystemInformation and NtSetSystemInformation. */
#include "ps/query.h"

#include "io/trace.h"
#include "ke/clock.h"
#include "ke/scheduler.h"
#include "mm/layout.h"
#include "mm/pool.h"
#include "nt/system.h"
#include "ps/thread.h"
#include "rtl/rtl.h"

_Static_assert(offsetof(SYSTEM_PROCESS_INFORMATION, ImageName) == 0x38, "Windows 2000's layout");
_Static_assert(offsetof(SYSTEM_PROCESS_INFORMATION, UniqueProcessId) == 0x44, "the same");
_Static_assert(sizeof(SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX) == 28, "Windows XP's layout");
_Static_assert(sizeof(SYSTEM_BASIC_INFORMATION) == 44, "Windows 2000's layout");
_Static_assert(sizeof(PROCESS_BASIC_INFORMATION) == 24, "the same");
_Static_assert(sizeof(THREAD_BASIC_INFORMATION) == 28, "the same");

/* A caller's buffer that is filled from the front; `used` goes on counting when it is full. */
struct output {
    char *buffer;
    ULONG length, used;
};

static void *reserve(struct output *out, ULONG bytes)
{
    void *at = out->buffer + out->used;

    out->used += bytes;
    return out->used <= out->length ? at : NULL;
}

static void report_basic(struct output *out)
{
    PSYSTEM_BASIC_INFORMATION basic = reserve(out, sizeof *basic);

    if (basic)
        *basic = (SYSTEM_BASIC_INFORMATION){
            .TimerResolution = KE_TICK,
            .PageSize = PAGE_SIZE,
            .NumberOfPhysicalPages = frame_counts().usable,
            .LowestPhysicalPageNumber = 1,
            .HighestPhysicalPageNumber = FRAME_COUNT - 1,
            .AllocationGranularity = 0x10000,
            .MinimumUserModeAddress = USER_START,
            .MaximumUserModeAddress = USER_END - 1,
            .ActiveProcessorsAffinityMask = 1,
            .NumberOfProcessors = 1,
        };
}

static void report_counts(struct output *out)
{
    struct vtp_counts *counts = reserve(out, sizeof *counts);
    struct ob_counts objects = ob_counts();
    struct pool_counts pool = pool_counts();
    struct frame_counts frames = frame_counts();

    if (counts)
        *counts = (struct vtp_counts){
            objects.objects,    objects.handles,     objects.types, pool.blocks,
            pool.bytes,         pool.pages,          frames.usable, frames.free,
            mm_kernel_tables(), ke_context_switches,
        };
}

static void fill_process(PSYSTEM_PROCESS_INFORMATION record, const struct process *process)
{
    *record = (SYSTEM_PROCESS_INFORMATION){
        .NumberOfThreads = process->ke.threads,
        .CreateTime = process->created,
        .BasePriority = PS_BASE_PRIORITY,
        .UniqueProcessId = (HANDLE)process->id,
        .InheritedFromUniqueProcessId = (HANDLE)process->parent_id,
        .HandleCount = process->ke.handles ? ob_handle_table_count(process->ke.handles) : 0,
        .PageDirectoryBase = process->ke.space ? process->ke.space->cr3 : 0,
    };
}

/* The record, its name behind it, and the next record at a multiple of 8. */
static void report_process(struct output *out, const struct process *process)
{
    ULONG units = (ULONG)strlen(process->name), start = out->used;
    PSYSTEM_PROCESS_INFORMATION record = reserve(out, sizeof *record);
    PWSTR name = reserve(out, (units + 4) * sizeof *name & ~7u);

    if (!name)
        return;
    fill_process(record, process);
    record->ImageName = (UNICODE_STRING){(USHORT)(units * 2), (USHORT)(units * 2 + 2), name};
    for (ULONG i = 0; i <= units; i++)
        name[i] = (UCHAR)process->name[i];
    if (process->link.Flink != &ps_processes)
        record->NextEntryOffset = out->used - start;
}

static void report_processes(struct output *out)
{
    LIST_FOR_EACH(process, &ps_processes, struct process, link)
    report_process(out, process);
}

static void report_handle(struct output *out, const struct process *process,
                          const struct ob_handle *handle)
{
    PSYSTEM_HANDLE_TABLE_ENTRY_INFO_EX entry = reserve(out, sizeof *entry);

    if (entry)
        *entry = (SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX){
            .Object = handle->object,
            .UniqueProcessId = process->id,
            .HandleValue = (ULONG_PTR)handle->value,
            .GrantedAccess = handle->granted,
            .HandleAttributes = handle->attributes,
        };
}

static void report_handles(struct output *out)
{
    ULONG header = offsetof(SYSTEM_HANDLE_INFORMATION_EX, Handles);
    PSYSTEM_HANDLE_INFORMATION_EX list = reserve(out, header);
    struct ob_handle handle;

    LIST_FOR_EACH(process, &ps_processes, struct process, link)
    {
        for (ULONG slot = 0;
             process->ke.handles && ob_handle_table_next(process->ke.handles, &slot, &handle);)
            report_handle(out, process, &handle);
    }
    if (list) {
        list->Reserved = 0;
        list->NumberOfHandles = (out->used - header) / sizeof *list->Handles;
    }
}

static void report_trace(struct output *out)
{
    ULONG *on = reserve(out, sizeof *on);

    if (on)
        *on = trace_irps;
}

static const struct {
    ULONG class;
    void (*report)(struct output *out);
} classes[] = {
    {SystemBasicInformation, report_basic},
    {SystemProcessInformation, report_processes},
    {SystemExtendedHandleInformation, report_handles},
    {SystemCountInformation, report_counts},
    {SystemIrpTrace, report_trace},
};

NTSTATUS NTAPI NtQuerySystemInformation(ULONG class, PVOID buffer, ULONG length, PULONG needed)
{
    struct output out = {buffer, length, 0};

    for (ULONG i = 0; i < ARRAY_SIZE(classes); i++) {
        if (classes[i].class != class)
            continue;
        classes[i].report(&out);
        if (needed)
            *needed = out.used;
        return out.used <= length ? STATUS_SUCCESS : STATUS_INFO_LENGTH_MISMATCH;
    }
    return STATUS_INVALID_INFO_CLASS;
}

NTSTATUS NTAPI NtSetSystemInformation(ULONG class, PVOID buffer, ULONG length)
{
    if (class != SystemIrpTrace)
        return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof(ULONG))
        return STATUS_INFO_LENGTH_MISMATCH;
    trace_irps = *(ULONG *)buffer != 0;
    return STATUS_SUCCESS;
}
