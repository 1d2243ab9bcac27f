#include "ps/section.h"

#include "console/log.h"
#include "io/io.h"
#include "ke/caller.h"
#include "mm/pool.h"
#include "mm/vad.h"
#include "ps/file.h"
#include "ps/image.h"
#include "ps/pe.h"
#include "ps/process.h"
#include "ps/segment.h"
#include "ps/vm.h"
#include "rtl/rtl.h"

POBJECT_TYPE section_type;

/* The body of a Section. */
struct section {
    struct segment *segment;
    ULONG allocation; /* SEC_ */
    ULONG protect;
};

static void delete (PVOID object)
{
    struct section *section = object;

    if (section->segment)
        backing_release(&section->segment->backing);
}

void section_init(void)
{
    static const struct ob_type_info info = {
        .mapping = {READ_CONTROL | SECTION_QUERY | SECTION_MAP_READ,
                    READ_CONTROL | SECTION_MAP_WRITE, READ_CONTROL | SECTION_MAP_EXECUTE,
                    SECTION_ALL_ACCESS},
        .valid_access = SECTION_ALL_ACCESS,
        .pool_tag = POOL_TAG('S', 'e', 'c', 't'),
        .delete = delete,
    };
    NTSTATUS status = ob_create_type(u"Section", &info, &section_type);

    ASSERT(NT_SUCCESS(status));
}

/* An object around a segment, whose reference passes to it in every case. */
static NTSTATUS create_object(struct segment *segment, ULONG allocation, ULONG protect,
                              const OBJECT_ATTRIBUTES *attributes, struct section **section)
{
    NTSTATUS status =
        ob_create_object(section_type, attributes, sizeof **section, (PVOID *)section);

    if (!NT_SUCCESS(status)) {
        backing_release(&segment->backing);
        return status;
    }
    **section = (struct section){segment, allocation, protect};
    return STATUS_SUCCESS;
}

/* ---- Creating ---- */

/* The rights to the file, and to the section of a view, that a protection needs (SDK,
 * CreateFileMapping and MapViewOfFile). */
static ACCESS_MASK file_rights(ULONG protect)
{
    ACCESS_MASK rights = 0;

    if (protect & ~(ULONG)PAGE_EXECUTE)
        rights |= FILE_READ_DATA;
    if (protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))
        rights |= FILE_WRITE_DATA;
    if (protect >= PAGE_EXECUTE)
        rights |= FILE_EXECUTE;
    return rights;
}

static ACCESS_MASK view_rights(ULONG protect)
{
    if (protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))
        return SECTION_MAP_WRITE | (protect >= PAGE_EXECUTE ? SECTION_MAP_EXECUTE : 0);
    return protect >= PAGE_EXECUTE ? SECTION_MAP_EXECUTE : SECTION_MAP_READ;
}

static NTSTATUS check_creation(ULONG protect, ULONG allocation)
{
    if (allocation & SEC_RESERVE && !(allocation & ~(ULONG)(SEC_RESERVE | SEC_NOCACHE)))
        return STATUS_NOT_SUPPORTED;
    if (allocation != SEC_IMAGE && (allocation & ~(ULONG)SEC_NOCACHE) != SEC_COMMIT)
        return STATUS_INVALID_PARAMETER_6;
    if (!vad_is_protection(protect) || protect & (PAGE_NOACCESS | PAGE_GUARD | PAGE_NOCACHE))
        return STATUS_INVALID_PAGE_PROTECTION;
    return STATUS_SUCCESS;
}

static NTSTATUS create_without_file(ULONGLONG bytes, ULONG allocation, struct segment **segment)
{
    if (allocation == SEC_IMAGE)
        return STATUS_INVALID_FILE_FOR_SECTION;
    if (!bytes)
        return STATUS_INVALID_PARAMETER_4;
    if (bytes > VAD_LAST)
        return STATUS_SECTION_TOO_BIG;
    return segment_create((ULONG)bytes, segment);
}

static NTSTATUS open_segment(PFILE_OBJECT file, HANDLE handle, ULONGLONG bytes, ULONG protect,
                             ULONG allocation, struct segment **segment)
{
    if (allocation == SEC_IMAGE)
        return segment_open_image(file, handle, segment);
    if (protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))
        return STATUS_ACCESS_DENIED; /* what is written would never reach the file */
    if (bytes > VAD_LAST)
        return STATUS_SECTION_TOO_BIG;
    return segment_open_data(file, handle, (ULONG)bytes, segment);
}

static NTSTATUS create_from_file(HANDLE handle, ULONGLONG bytes, ULONG protect, ULONG allocation,
                                 struct segment **segment)
{
    PFILE_OBJECT file;
    NTSTATUS status = ob_reference(handle, file_rights(protect), io_file_type, (PVOID *)&file);

    if (!NT_SUCCESS(status))
        return status;
    LARGE_INTEGER position = file->CurrentByteOffset;

    status = open_segment(file, handle, bytes, protect, allocation, segment);
    file->CurrentByteOffset = position; /* reading is not the caller's doing */
    ObfDereferenceObject(file);
    return status;
}

NTSTATUS NTAPI NtCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                               PLARGE_INTEGER maximum, ULONG protect, ULONG allocation, HANDLE file)
{
    ULONGLONG bytes = maximum ? (ULONGLONG)maximum->QuadPart : 0;
    struct segment *segment;
    struct section *section;
    NTSTATUS status = check_creation(protect, allocation);

    if (!NT_SUCCESS(status))
        return status;
    status = file ? create_from_file(file, bytes, protect, allocation, &segment)
                  : create_without_file(bytes, allocation, &segment);
    if (NT_SUCCESS(status))
        status = create_object(segment, allocation, protect, attributes, &section);
    return NT_SUCCESS(status) ? ob_insert_object(section, attributes, access, handle) : status;
}

NTSTATUS NTAPI NtOpenSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return ob_open(handle, access, attributes, section_type);
}

/* ---- Images, for the kernel ---- */

/* The segment of the image file `path`, with a reference. */
static NTSTATUS open_image(PCUNICODE_STRING path, struct segment **segment)
{
    HANDLE file;
    NTSTATUS status = file_open(path, &file);

    if (!NT_SUCCESS(status))
        return image_log_unreadable(path, status);
    status = create_from_file(file, 0, PAGE_EXECUTE, SEC_IMAGE, segment);
    ZwClose(file);
    return status;
}

NTSTATUS section_create_image(PCUNICODE_STRING path, PVOID *section)
{
    KPROCESSOR_MODE mode = ke_set_previous_mode(KernelMode);
    struct segment *segment = NULL;
    NTSTATUS status = open_image(path, &segment);

    ke_set_previous_mode(mode);
    if (!NT_SUCCESS(status))
        return status;
    return create_object(segment, SEC_IMAGE, PAGE_EXECUTE, NULL, (struct section **)section);
}

const SECTION_IMAGE_INFORMATION *section_image_information(PVOID object)
{
    const struct section *section = object;

    return section->allocation == SEC_IMAGE ? &section->segment->image : NULL;
}

static void image_name(const struct segment *segment, char *name, ULONG size)
{
    UNICODE_STRING last = rtl_last_component(&segment->file->FileName);

    rtl_unicode_to_text(&last, name, size);
}

void section_image_name(PVOID object, char *name, ULONG size)
{
    image_name(((const struct section *)object)->segment, name, size);
}

PVOID section_backing_file(const struct mm_backing *backing)
{
    const struct segment *segment = CONTAINING_RECORD(backing, struct segment, backing);

    return segment->file;
}

/* ---- Views ---- */

/* What a view shall be. */
struct view {
    struct mm_range range;
    ULONG offset; /* bytes */
    ULONG zero_bits, type, protect;
};

static void log_image(const struct segment *segment, const struct vm_target *target, ULONG base)
{
    char name[32];

    image_name(segment, name, sizeof name);
    log_printf("[image] name=%s base=%08X size=%08X entry=%08X cr3=%08X process=%u\n", name, base,
               page_round_up(segment->bytes), segment->entry ? base + segment->entry : 0,
               target->space->cr3, target->process->id);
}

static NTSTATUS map_image(struct segment *segment, const struct vm_target *target,
                          struct view *view)
{
    ULONG wanted = segment->base, bytes = page_round_up(segment->bytes);
    BOOLEAN fits = wanted >= USER_START && bytes <= VAD_LAST - wanted && wanted < VAD_LAST;

    if (view->offset || view->range.bytes > bytes)
        return STATUS_INVALID_VIEW_SIZE;
    view->range.bytes = bytes;
    if (!view->range.base && fits && mm_vad_is_free(target->space, wanted, wanted + bytes - 1))
        view->range.base = wanted;
    NTSTATUS status = mm_vad_map(target->space, &view->range, &segment->backing, 0, view->zero_bits,
                                 MEM_IMAGE | (view->type & MEM_TOP_DOWN), PAGE_EXECUTE_WRITECOPY);

    if (!NT_SUCCESS(status))
        return status;
    log_image(segment, target, view->range.base);
    return view->range.base == wanted ? STATUS_SUCCESS : STATUS_IMAGE_NOT_AT_BASE;
}

static NTSTATUS map_data(struct segment *segment, const struct vm_target *target, struct view *view)
{
    ULONG bytes = page_round_up(segment->bytes);

    if (view->offset & (VAD_GRANULARITY - 1))
        return STATUS_MAPPED_ALIGNMENT;
    if (view->offset >= segment->bytes)
        return STATUS_INVALID_VIEW_SIZE;
    if (!view->range.bytes)
        view->range.bytes = bytes - view->offset;
    if (view->range.bytes > bytes - view->offset)
        return STATUS_INVALID_VIEW_SIZE;
    return mm_vad_map(target->space, &view->range, &segment->backing, view->offset >> PAGE_SHIFT,
                      view->zero_bits, MEM_MAPPED | (view->type & MEM_TOP_DOWN), view->protect);
}

static NTSTATUS map_view(const struct section *section, const struct vm_target *target,
                         struct view *view)
{
    if (section->allocation == SEC_IMAGE)
        return map_image(section->segment, target, view);
    if (!vad_is_compatible(view->protect, section->protect))
        return STATUS_SECTION_PROTECTION;
    return map_data(section->segment, target, view);
}

NTSTATUS section_map_image(PVOID object, struct process *process, ULONG *base)
{
    struct vm_target target = {process->ke.space, process};
    struct view view = {.protect = PAGE_EXECUTE_READ};
    NTSTATUS status = map_view(object, &target, &view);

    *base = view.range.base;
    return status;
}

static NTSTATUS check_view(PVOID base, ULONG zero_bits, ULONG inherit, ULONG allocation,
                           ULONG protect)
{
    if ((ULONG)base > VAD_LAST)
        return STATUS_INVALID_PARAMETER_3;
    if (zero_bits > 21)
        return STATUS_INVALID_PARAMETER_4;
    if (inherit != ViewShare && inherit != ViewUnmap)
        return STATUS_INVALID_PARAMETER_8;
    if (allocation & ~(ULONG)MEM_TOP_DOWN)
        return STATUS_INVALID_PARAMETER_9;
    if (!vad_is_protection(protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    return (ULONG)base & (VAD_GRANULARITY - 1) ? STATUS_MAPPED_ALIGNMENT : STATUS_SUCCESS;
}

/* Maps by handles. */
static NTSTATUS map_by_handles(HANDLE handle, HANDLE process, struct view *view)
{
    struct section *section;
    struct vm_target target;
    NTSTATUS status =
        ob_reference(handle, view_rights(view->protect), section_type, (PVOID *)&section);

    if (!NT_SUCCESS(status))
        return status;
    status = vm_open(process, PROCESS_VM_OPERATION, &target);
    if (NT_SUCCESS(status)) {
        status = map_view(section, &target, view);
        vm_close(&target);
    }
    ObfDereferenceObject(section);
    return status;
}

NTSTATUS NTAPI NtMapViewOfSection(HANDLE section, HANDLE process, PVOID *base, ULONG zero_bits,
                                  SIZE_T commit, PLARGE_INTEGER offset, SIZE_T *size, ULONG inherit,
                                  ULONG allocation, ULONG protect)
{
    LARGE_INTEGER from = {.QuadPart = 0};
    NTSTATUS status = check_view(*base, zero_bits, inherit, allocation, protect);

    (void)commit; /* sections are committed as a whole */
    if (NT_SUCCESS(status) && offset)
        status = ke_copy_from_caller(&from, offset, sizeof from);
    if (!NT_SUCCESS(status))
        return status;
    if (from.HighPart)
        return STATUS_INVALID_VIEW_SIZE;
    struct view view = {{(ULONG)*base, *size}, from.LowPart, zero_bits, allocation, protect};

    status = map_by_handles(section, process, &view);
    if (NT_SUCCESS(status)) {
        *base = (PVOID)view.range.base;
        *size = view.range.bytes;
    }
    return status;
}

NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE process, PVOID address)
{
    struct vm_target target;
    NTSTATUS status = vm_open(process, PROCESS_VM_OPERATION, &target);

    if (!NT_SUCCESS(status))
        return status;
    status = mm_vad_unmap(target.space, (ULONG)address);
    vm_close(&target);
    return status;
}

/* ---- Asking ---- */

static NTSTATUS query(const struct section *section, ULONG class, PVOID buffer, ULONG length,
                      ULONG *returned)
{
    BOOLEAN basic = class == SectionBasicInformation;

    if (!basic && class != SectionImageInformation)
        return STATUS_INVALID_INFO_CLASS;
    *returned = basic ? sizeof(SECTION_BASIC_INFORMATION) : sizeof(SECTION_IMAGE_INFORMATION);
    if (length < *returned)
        return STATUS_INFO_LENGTH_MISMATCH;
    if (!basic && section->allocation != SEC_IMAGE)
        return STATUS_SECTION_NOT_IMAGE;
    if (basic)
        *(PSECTION_BASIC_INFORMATION)buffer = (SECTION_BASIC_INFORMATION){
            NULL, section->allocation, {.QuadPart = section->segment->bytes}};
    else
        *(PSECTION_IMAGE_INFORMATION)buffer = section->segment->image;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQuerySection(HANDLE handle, ULONG class, PVOID buffer, ULONG length,
                              PULONG returned)
{
    struct section *section;
    ULONG bytes = 0;
    NTSTATUS status = ob_reference(handle, SECTION_QUERY, section_type, (PVOID *)&section);

    if (!NT_SUCCESS(status))
        return status;
    status = query(section, class, buffer, length, &bytes);
    ObfDereferenceObject(section);
    if (returned)
        *returned = bytes;
    return status;
}
