/* The walk's exports (mmwalk.h): mm's walk and scan, with processes for spaces. */
#include "nt/io.h"
#include "ioctl/pagewalk.h"
#include "mmwalk.h"

#include "export.h"
#include "mm/layout.h"
#include "mm/physical.h"
#include "mm/scan.h"
#include "ps/process.h"
#include "rtl/rtl.h"

_Static_assert(sizeof(struct pagewalk_record) == 144, "the same for every compiler");
_Static_assert(sizeof(struct pagewalk_range) == 32 && sizeof(struct pagewalk_head) == 16, "too");
_Static_assert((int)PAGEWALK_PAE == (int)WALK_PAE, "formats are mm/walk's");
_Static_assert((int)PAGEWALK_UNREADABLE == (int)WALK_UNREADABLE, "so are stops");
_Static_assert((int)PAGEWALK_SMAP_FORBIDS == (int)WALK_SMAP_FORBIDS, "and reasons");
_Static_assert((int)PAGEWALK_FETCH == (int)WALK_FETCH && (int)PAGEWALK_CPL3 == (int)WALK_USER, "");

/* How to walk a process's space; *id 0 becomes the current process's. */
static NTSTATUS registers_of(ULONG *id, struct walk_registers *registers)
{
    struct process *process = ps_find_process(*id ? *id : ps_current()->id);

    if (!process)
        return STATUS_INVALID_CID;
    NTSTATUS status = process->ke.space ? STATUS_SUCCESS : STATUS_PROCESS_IS_TERMINATING;

    *id = process->id;
    if (NT_SUCCESS(status))
        *registers = mm_walk_registers(process->ke.space->cr3);
    ObfDereferenceObject(process);
    return status;
}

/* ---- One address ---- */

static void fill_verdicts(struct pagewalk_record *record, const struct walk *walk)
{
    static const UCHAR cpls[PAGEWALK_ASKERS] = {0, 3};

    for (ULONG asker = 0; asker < PAGEWALK_ASKERS; asker++) {
        for (ULONG kind = 0; kind < PAGEWALK_KINDS; kind++) {
            struct walk_denial denial = walk_denial(walk, cpls[asker], kind);

            record->verdicts[asker][kind] =
                (struct pagewalk_verdict){.error = walk_access(walk, cpls[asker], kind),
                                          .reason = (USHORT)denial.reason,
                                          .level = (USHORT)denial.level};
        }
    }
}

NTSTATUS NTAPI MmWalkAddress(ULONG process, ULONG address, struct pagewalk_record *record)
{
    struct walk_registers registers;
    NTSTATUS status = registers_of(&process, &registers);

    if (!NT_SUCCESS(status))
        return status;
    struct walk walk = walk_address(&registers, address, &mm_walk_memory);

    *record = (struct pagewalk_record){
        .process = process,
        .address = address,
        .cr3 = registers.cr3,
        .format = walk.format,
        .stop = walk.stop,
        .level_count = walk.level_count,
        .physical = walk.physical,
        .broken = walk.reserved,
        .page_size = walk.page_size,
        .user = walk.user,
        .write = walk.write,
        .no_execute = walk.no_execute,
        .is_global = walk.global,
    };
    for (ULONG i = 0; i < walk.level_count; i++)
        record->levels[i] =
            (struct pagewalk_level){walk.levels[i].entry_address, walk.levels[i].entry};
    fill_verdicts(record, &walk);
    return STATUS_SUCCESS;
}
EXPORT_NTOSKRNL(MmWalkAddress);

/* ---- Ranges ---- */

/* TRUE if there is room for one record more; else the head says where to go on. */
static BOOLEAN has_room(struct pagewalk_head *head, ULONG room, ULONG process, ULONG address)
{
    if (head->count < room)
        return TRUE;
    head->more = TRUE;
    head->process = process;
    head->address = address;
    return FALSE;
}

static struct pagewalk_range convert(const struct scan_range *range)
{
    return (struct pagewalk_range){
        .first = range->first,
        .last = range->last,
        .physical = range->physical,
        .page_size = range->page_size,
        .stop = (UCHAR)range->stop,
        .user = range->user,
        .write = range->write,
        .no_execute = range->no_execute,
        .is_global = range->global,
        .can = {range->can[WALK_SUPERVISOR], range->can[WALK_USER]},
        .is_there = TRUE,
    };
}

NTSTATUS NTAPI MmScanRanges(ULONG process, ULONG address, ULONG room, struct pagewalk_head *head,
                            struct pagewalk_range *ranges)
{
    struct walk_registers registers;
    struct scan_range range;
    struct scan scan;
    NTSTATUS status = registers_of(&process, &registers);

    if (!NT_SUCCESS(status))
        return status;
    *head = (struct pagewalk_head){0};
    scan_begin(&scan, &registers, &mm_walk_memory, address);
    while (scan_next(&scan, &range) && has_room(head, room, process, range.first))
        ranges[head->count++] = convert(&range);
    return STATUS_SUCCESS;
}
EXPORT_NTOSKRNL(MmScanRanges);

static struct pagewalk_range convert_side(const struct scan_difference *difference, int side)
{
    if (difference->mapped[side])
        return convert(&difference->sides[side]);
    return (struct pagewalk_range){
        .first = difference->first, .last = difference->last, .stop = PAGEWALK_NOT_PRESENT};
}

NTSTATUS NTAPI MmCompareSpaces(ULONG process, ULONG other, ULONG address, ULONG room,
                               struct pagewalk_head *head, struct pagewalk_difference *differences)
{
    struct walk_registers registers[2];
    struct scan_comparison comparison;
    struct scan_difference found;
    NTSTATUS status = registers_of(&process, &registers[0]);

    if (NT_SUCCESS(status))
        status = registers_of(&other, &registers[1]);
    if (!NT_SUCCESS(status))
        return status;
    *head = (struct pagewalk_head){0};
    scan_compare_begin(&comparison, &registers[0], &registers[1], &mm_walk_memory, address);
    while (scan_compare_next(&comparison, &found) && has_room(head, room, process, found.first))
        differences[head->count++] =
            (struct pagewalk_difference){{convert_side(&found, 0), convert_side(&found, 1)}};
    return STATUS_SUCCESS;
}
EXPORT_NTOSKRNL(MmCompareSpaces);

/* ---- Frames ---- */

/* In one process, from the page of `from` on; FALSE if there was no room for all. */
static BOOLEAN find_in(const struct process *process, ULONGLONG physical, ULONG from, ULONG room,
                       struct pagewalk_head *head, struct pagewalk_mapping *mappings)
{
    struct walk_registers registers = mm_walk_registers(process->ke.space->cr3);
    struct scan scan;
    ULONG address;

    scan_begin(&scan, &registers, &mm_walk_memory, from);
    while (scan_find(&scan, physical, &address)) {
        if (!has_room(head, room, process->id, address))
            return FALSE;
        mappings[head->count++] = (struct pagewalk_mapping){process->id, address};
    }
    return TRUE;
}

NTSTATUS NTAPI MmFindMappings(ULONGLONG physical, ULONG process, ULONG address, ULONG room,
                              struct pagewalk_head *head, struct pagewalk_mapping *mappings)
{
    *head = (struct pagewalk_head){0};
    LIST_FOR_EACH(each, &ps_processes, struct process, link)
    {
        if (each->id < process || !each->ke.space)
            continue;
        if (!find_in(each, physical, each->id == process ? address : 0, room, head, mappings))
            break;
    }
    return STATUS_SUCCESS;
}
EXPORT_NTOSKRNL(MmFindMappings);

/* TRUE if reading it touches memory and nothing else. */
static BOOLEAN is_plain_memory(ULONG page)
{
    return (frame_is_ram(frame_of(page)) || page == VGA_TEXT_PHYSICAL) &&
           mm_is_readable((ULONG)direct_map(page));
}

NTSTATUS NTAPI MmReadPhysicalMemory(ULONGLONG physical, PVOID to, ULONG bytes)
{
    ULONGLONG end = physical + bytes;

    if (physical >= DIRECT_MAP_BYTES || end > DIRECT_MAP_BYTES)
        return STATUS_INVALID_PARAMETER;
    for (ULONG page = page_round_down((ULONG)physical); page < end; page += PAGE_SIZE)
        if (!is_plain_memory(page))
            return STATUS_INVALID_PARAMETER;
    memcpy(to, direct_map((ULONG)physical), bytes);
    return STATUS_SUCCESS;
}
EXPORT_NTOSKRNL(MmReadPhysicalMemory);
