/* Modules and the three lists in which the PEB shows them. */
#include "ntdll/ldr.h"

#include "rtl/unicode.h"

struct nt_loader_data ldr_data = {
    .length = sizeof ldr_data,
    .in_load_order = {&ldr_data.in_load_order, &ldr_data.in_load_order},
    .in_memory_order = {&ldr_data.in_memory_order, &ldr_data.in_memory_order},
    .in_initialization_order = {&ldr_data.in_initialization_order,
                                &ldr_data.in_initialization_order},
};

struct ldr_module *ldr_program;
RTL_CRITICAL_SECTION ldr_lock = {.LockCount = -1};

static struct ldr_module *from_load(LIST_ENTRY *link)
{
    return CONTAINING_RECORD(link, struct ldr_module, entry.in_load_order);
}

struct ldr_module *ldr_from_initialization(LIST_ENTRY *link)
{
    return CONTAINING_RECORD(link, struct ldr_module, entry.in_initialization_order);
}

/* ---- Adding and removing ---- */

static void fill_entry(struct ldr_module *module, PVOID base)
{
    struct nt_loader_entry *entry = &module->entry;
    const IMAGE_NT_HEADERS32 *headers = &module->file.headers;

    entry->base = base;
    entry->entry_point = module->image.entry ? (char *)base + module->image.entry : NULL;
    entry->image_size = module->image.size;
    entry->time_date_stamp = headers->FileHeader.TimeDateStamp;
    entry->flags = headers->FileHeader.Characteristics & IMAGE_FILE_DLL ? LDR_IMAGE_DLL : 0;
    entry->tls_index = LDR_NO_SLOT;
    InitializeListHead(&entry->in_initialization_order);
    InitializeListHead(&entry->hash_links);
}

static void copy_path(struct ldr_module *module, PCUNICODE_STRING path)
{
    struct nt_loader_entry *entry = &module->entry;

    entry->full_name = (UNICODE_STRING){0, sizeof module->path - sizeof(WCHAR), module->path};
    RtlCopyUnicodeString(&entry->full_name, path);
    entry->base_name = rtl_last_component(&entry->full_name);
    entry->base_name.MaximumLength = entry->base_name.Length + sizeof(WCHAR);
}

NTSTATUS ldr_add(PVOID base, SIZE_T mapped, PCUNICODE_STRING path, struct ldr_module **result,
                 struct pe_error *error)
{
    struct ldr_module *module =
        RtlAllocateHeap(nt_peb()->process_heap, HEAP_ZERO_MEMORY, sizeof *module);
    NTSTATUS status;

    if (!module)
        return STATUS_NO_MEMORY;
    status = pe_describe(base, mapped, &module->file, &module->image, error);
    if (!NT_SUCCESS(status)) {
        RtlFreeHeap(nt_peb()->process_heap, 0, module);
        return status;
    }
    fill_entry(module, base);
    copy_path(module, path);
    InsertTailList(&ldr_data.in_load_order, &module->entry.in_load_order);
    InsertTailList(&ldr_data.in_memory_order, &module->entry.in_memory_order);
    *result = module;
    return STATUS_SUCCESS;
}

void ldr_remove(struct ldr_module *module)
{
    RemoveEntryList(&module->entry.in_load_order);
    RemoveEntryList(&module->entry.in_memory_order);
    RemoveEntryList(&module->entry.in_initialization_order);
    RtlFreeHeap(nt_peb()->process_heap, 0, module->needs);
    RtlFreeHeap(nt_peb()->process_heap, 0, module);
}

/* ---- Finding ---- */

struct ldr_module *ldr_find(PCUNICODE_STRING name)
{
    LIST_ENTRY *head = &ldr_data.in_load_order;

    for (LIST_ENTRY *link = head->Flink; link != head; link = link->Flink)
        if (RtlEqualUnicodeString(&from_load(link)->entry.base_name, name, TRUE))
            return from_load(link);
    return NULL;
}

struct ldr_module *ldr_find_base(PVOID base)
{
    LIST_ENTRY *head = &ldr_data.in_load_order;

    for (LIST_ENTRY *link = head->Flink; link != head; link = link->Flink)
        if (from_load(link)->entry.base == base)
            return from_load(link);
    return NULL;
}

/* ---- Needs ---- */

static NTSTATUS make_room(struct ldr_module *module)
{
    enum { STEP = 8 };
    SIZE_T bytes = (module->need_room + STEP) * sizeof *module->needs;
    PVOID heap = nt_peb()->process_heap;
    PVOID needs = module->needs ? RtlReAllocateHeap(heap, 0, module->needs, bytes)
                                : RtlAllocateHeap(heap, 0, bytes);

    if (!needs)
        return STATUS_NO_MEMORY;
    module->needs = needs;
    module->need_room += STEP;
    return STATUS_SUCCESS;
}

NTSTATUS ldr_note_need(struct ldr_module *module, struct ldr_module *needed)
{
    for (ULONG i = 0; i < module->need_count; i++)
        if (module->needs[i] == needed)
            return STATUS_SUCCESS;
    if (module->need_count == module->need_room && !NT_SUCCESS(make_room(module)))
        return STATUS_NO_MEMORY;
    module->needs[module->need_count++] = needed;
    return STATUS_SUCCESS;
}

static void visit_closure(struct ldr_module *module, void (*visit)(struct ldr_module *))
{
    if (module->visited)
        return;
    module->visited = TRUE;
    visit(module);
    for (ULONG i = 0; i < module->need_count; i++)
        visit_closure(module->needs[i], visit);
}

void ldr_for_closure(struct ldr_module *module, void (*visit)(struct ldr_module *))
{
    LIST_ENTRY *head = &ldr_data.in_load_order;

    for (LIST_ENTRY *link = head->Flink; link != head; link = link->Flink)
        from_load(link)->visited = FALSE;
    visit_closure(module, visit);
}

/* ---- Names ---- */

static BOOLEAN has_dot(PCUNICODE_STRING name)
{
    for (USHORT i = 0; i < name->Length / sizeof(WCHAR); i++)
        if (name->Buffer[i] == '.')
            return TRUE;
    return FALSE;
}

NTSTATUS ldr_base_name(PCUNICODE_STRING library, WCHAR *buffer, PUNICODE_STRING name)
{
    UNICODE_STRING last = rtl_last_component(library);

    *name = (UNICODE_STRING){0, LDR_NAME_UNITS / 2 * sizeof(WCHAR), buffer};
    if (!last.Length || !NT_SUCCESS(RtlAppendUnicodeStringToString(name, &last)))
        return STATUS_OBJECT_NAME_INVALID;
    if (!has_dot(name))
        return NT_SUCCESS(rtl_append_text(name, ".dll")) ? STATUS_SUCCESS
                                                         : STATUS_OBJECT_NAME_INVALID;
    if (name->Buffer[name->Length / sizeof(WCHAR) - 1] == '.')
        name->Length -= sizeof(WCHAR);
    return name->Length ? STATUS_SUCCESS : STATUS_OBJECT_NAME_INVALID;
}
