#include "parameters.h"

#include "variables.h"

#define NORMALIZED 1 /* in flags: the strings' Buffers are addresses, no offsets */

static const WCHAR empty[] = L"";

/*
 * The block as it is built here; Buffers in it are addresses that it will have there. Text that is
 * appended lies behind the record.
 */
struct block {
    char *here;
    ULONG_PTR there;
    SIZE_T used;
};

static SIZE_T bytes_of(LPCWSTR text)
{
    return ((SIZE_T)lstrlenW(text) + 1) * sizeof(WCHAR);
}

static PVOID append(struct block *block, const void *data, SIZE_T bytes)
{
    PVOID there = (PVOID)(block->there + block->used);

    memcpy(block->here + block->used, data, bytes);
    block->used += bytes;
    return there;
}

static UNICODE_STRING append_text(struct block *block, LPCWSTR text)
{
    SIZE_T bytes = bytes_of(text);

    return (UNICODE_STRING){(USHORT)(bytes - sizeof(WCHAR)), (USHORT)bytes,
                            append(block, text, bytes)};
}

/* The texts that become UNICODE_STRINGs, in their order in the record. */
struct texts {
    LPCWSTR directory, dll_path, image, command_line, title, desktop;
};

static LPCWSTR or_empty(LPCWSTR text)
{
    return text == NULL ? empty : text;
}

static struct texts texts_of(const struct parameters *from)
{
    LPCWSTR title = from->startup->lpTitle;

    return (struct texts){
        .directory = from->current_directory,
        .dll_path = or_empty(nt_peb()->parameters->dll_path.Buffer),
        .image = from->image_path,
        .command_line = from->command_line,
        .title = title == NULL ? from->image_path : title,
        .desktop = or_empty(from->startup->lpDesktop),
    };
}

static SIZE_T total_bytes(const struct texts *texts, SIZE_T environment)
{
    return sizeof(struct nt_process_parameters) + bytes_of(texts->directory) +
           bytes_of(texts->dll_path) + bytes_of(texts->image) + bytes_of(texts->command_line) +
           bytes_of(texts->title) + bytes_of(texts->desktop) + environment;
}

static void set_window(struct nt_process_parameters *to, const STARTUPINFOW *from)
{
    const ULONG values[] = {
        from->dwX,           from->dwY,           from->dwXSize,         from->dwYSize,
        from->dwXCountChars, from->dwYCountChars, from->dwFillAttribute, from->dwFlags,
        from->wShowWindow};

    memcpy(to->window_values, values, sizeof(values));
}

static void fill(struct block *block, const struct parameters *from, const struct texts *texts,
                 SIZE_T environment)
{
    struct nt_process_parameters *to = (struct nt_process_parameters *)block->here;

    *to = (struct nt_process_parameters){
        .flags = NORMALIZED,
        .console = from->console,
        .console_flags = from->console_flags,
        .std_input = from->std_input,
        .std_output = from->std_output,
        .std_error = from->std_error,
    };
    block->used = sizeof(*to);
    to->current_directory = append_text(block, texts->directory);
    to->dll_path = append_text(block, texts->dll_path);
    to->image_path = append_text(block, texts->image);
    to->command_line = append_text(block, texts->command_line);
    to->window_title = append_text(block, texts->title);
    to->desktop = append_text(block, texts->desktop);
    to->environment = append(block, from->environment, environment);
    to->maximum_length = to->length = block->used;
    set_window(to, from->startup);
}

/* Allocates the block in both processes and copies it over. */
static NTSTATUS write(HANDLE process, const struct parameters *from, PVOID *there)
{
    struct texts texts = texts_of(from);
    SIZE_T environment = variables_size(from->environment) * sizeof(WCHAR);
    SIZE_T bytes = total_bytes(&texts, environment), region = bytes;
    struct block block = {.here = base_allocate(bytes)};
    NTSTATUS status;

    *there = NULL;
    if (block.here == NULL)
        return STATUS_NO_MEMORY;
    status = NtAllocateVirtualMemory(process, there, 0, &region, MEM_COMMIT, PAGE_READWRITE);
    if (NT_SUCCESS(status)) {
        block.there = (ULONG_PTR)*there;
        fill(&block, from, &texts, environment);
        status = NtWriteVirtualMemory(process, *there, block.here, bytes, NULL);
    }
    base_free(block.here);
    return status;
}

NTSTATUS parameters_write(HANDLE process, struct nt_peb *peb, const struct parameters *parameters)
{
    PVOID there;
    NTSTATUS status = write(process, parameters, &there);

    if (!NT_SUCCESS(status))
        return status;
    return NtWriteVirtualMemory(process, &peb->parameters, &there, sizeof(there), NULL);
}
