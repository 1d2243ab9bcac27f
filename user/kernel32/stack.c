#include "stack.h"

#define PAGE        0x1000u
#define GRANULARITY 0x10000u

#define R3_CODE 0x1B
#define R3_DATA 0x23
#define R3_TEB  0x3B

static SIZE_T round_up(SIZE_T bytes, SIZE_T unit)
{
    return (bytes + unit - 1) & ~(unit - 1);
}

static const IMAGE_OPTIONAL_HEADER *program_header(void)
{
    const char *base = nt_peb()->image_base;
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)base;

    return &((const IMAGE_NT_HEADERS *)(base + dos->e_lfanew))->OptionalHeader;
}

/* A stack that is to begin larger than its reservation gets one of whole megabytes. */
static void choose_sizes(SIZE_T *commit, SIZE_T *reserve)
{
    const IMAGE_OPTIONAL_HEADER *header = program_header();

    if (*commit == 0)
        *commit = header->SizeOfStackCommit;
    if (*reserve == 0)
        *reserve = header->SizeOfStackReserve;
    *commit = round_up(*commit, PAGE);
    if (*commit >= *reserve)
        *reserve = round_up(*commit, 0x100000);
    *reserve = round_up(*reserve, GRANULARITY);
}

/* The committed part at the top of the reservation, and the guard page below it. */
static NTSTATUS commit_top(HANDLE process, SIZE_T commit, struct nt_initial_teb *stack)
{
    BOOL guarded = (SIZE_T)((char *)stack->stack_base - (char *)stack->stack_allocation) > commit;
    SIZE_T bytes = commit + (guarded ? PAGE : 0);
    PVOID lowest = (char *)stack->stack_base - bytes;
    ULONG old;
    NTSTATUS status =
        NtAllocateVirtualMemory(process, &lowest, 0, &bytes, MEM_COMMIT, PAGE_READWRITE);

    stack->stack_limit = (char *)stack->stack_base - commit;
    if (!NT_SUCCESS(status) || !guarded)
        return status;
    bytes = PAGE;
    return NtProtectVirtualMemory(process, &lowest, &bytes, PAGE_READWRITE | PAGE_GUARD, &old);
}

NTSTATUS stack_create(HANDLE process, SIZE_T commit, SIZE_T reserve, struct nt_initial_teb *stack)
{
    NTSTATUS status;

    choose_sizes(&commit, &reserve);
    *stack = (struct nt_initial_teb){0};
    status = NtAllocateVirtualMemory(process, &stack->stack_allocation, 0, &reserve, MEM_RESERVE,
                                     PAGE_READWRITE);
    if (!NT_SUCCESS(status))
        return status;
    stack->stack_base = (char *)stack->stack_allocation + reserve;
    status = commit_top(process, commit, stack);
    if (!NT_SUCCESS(status))
        stack_free(process, stack);
    return status;
}

void stack_free(HANDLE process, const struct nt_initial_teb *stack)
{
    PVOID base = stack->stack_allocation;
    SIZE_T bytes = 0;

    NtFreeVirtualMemory(process, &base, &bytes, MEM_RELEASE);
}

void stack_context(const struct nt_initial_teb *stack, PVOID start, PVOID routine, PVOID parameter,
                   PCONTEXT context)
{
    memset(context, 0, sizeof(*context));
    context->ContextFlags = CONTEXT_FULL;
    context->SegCs = R3_CODE;
    context->SegDs = context->SegEs = context->SegSs = R3_DATA;
    context->SegFs = R3_TEB;
    context->EFlags = 0x200;
    context->Eip = (DWORD)start;
    context->Eax = (DWORD)routine;
    context->Ebx = (DWORD)parameter;
    context->Esp = (DWORD)stack->stack_base - sizeof(PVOID);
}
