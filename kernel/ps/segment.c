#include "ps/segment.h"

#include "mm/layout.h"
#include "mm/pool.h"
#include "mm/vad.h"
#include "ob/ntob.h"
#include "ps/file.h"
#include "ps/image.h"
#include "ps/pe.h"
#include "ps/place.h"
#include "rtl/rtl.h"

static LIST_ENTRY images = {&images, &images};

static void destroy(struct mm_backing *backing)
{
    struct segment *segment = CONTAINING_RECORD(backing, struct segment, backing);

    if (segment->base)
        RemoveEntryList(&segment->link);
    if (segment->rights)
        ExFreePool(segment->rights);
    if (segment->file)
        ObfDereferenceObject(segment->file);
    ExFreePool(segment);
}

NTSTATUS segment_create(ULONG bytes, struct segment **result)
{
    struct segment *segment = pool_allocate_zeroed(sizeof *segment, POOL_TAG('M', 'm', 'C', 'a'));
    NTSTATUS status =
        segment ? backing_init(&segment->backing, page_count(bytes), destroy) : STATUS_NO_MEMORY;

    if (!NT_SUCCESS(status)) {
        if (segment)
            ExFreePool(segment);
        return status;
    }
    segment->bytes = bytes;
    *result = segment;
    return STATUS_SUCCESS;
}

static void keep_file(struct segment *segment, PFILE_OBJECT file)
{
    ObfReferenceObject(file);
    segment->file = file;
}

/* Copies bytes to an offset in the segment; the pages come as they are needed. */
static NTSTATUS fill(struct segment *segment, ULONG offset, const uint8_t *bytes, ULONG count)
{
    while (count) {
        ULONG in_page = offset % PAGE_SIZE;
        ULONG piece = count < PAGE_SIZE - in_page ? count : PAGE_SIZE - in_page;
        frame_number frame = backing_frame(&segment->backing, offset >> PAGE_SHIFT);

        if (!frame)
            return STATUS_NO_MEMORY;
        memcpy((char *)direct_map(frame_address(frame)) + in_page, bytes, piece);
        offset += piece;
        bytes += piece;
        count -= piece;
    }
    return STATUS_SUCCESS;
}

/* ---- Images ---- */

/* What Windows reports for a page of an image before it is written. */
static ULONG image_protect(ULONG rights)
{
    static const ULONG protects[] = {
        [0] = PAGE_NOACCESS,
        [PE_READ] = PAGE_READONLY,
        [PE_WRITE] = PAGE_WRITECOPY,
        [PE_READ | PE_WRITE] = PAGE_WRITECOPY,
        [PE_EXECUTE] = PAGE_EXECUTE,
        [PE_EXECUTE | PE_READ] = PAGE_EXECUTE_READ,
        [PE_EXECUTE | PE_WRITE] = PAGE_EXECUTE_WRITECOPY,
        [PE_EXECUTE | PE_READ | PE_WRITE] = PAGE_EXECUTE_WRITECOPY,
    };

    return protects[rights];
}

static NTSTATUS set_rights(struct segment *segment, const struct pe_file *file)
{
    segment->rights =
        ExAllocatePoolWithTag(PagedPool, segment->backing.pages, POOL_TAG('M', 'm', 'C', 'a'));
    if (!segment->rights)
        return STATUS_NO_MEMORY;
    for (ULONG i = 0; i < segment->backing.pages; i++)
        segment->rights[i] = vad_page_state(image_protect(pe_page_rights(file, i << PAGE_SHIFT)));
    segment->backing.rights = segment->rights;
    return STATUS_SUCCESS;
}

static void describe(struct segment *segment, const struct pe_file *file)
{
    const IMAGE_FILE_HEADER *header = &file->headers.FileHeader;
    const IMAGE_OPTIONAL_HEADER32 *optional = &file->headers.OptionalHeader;
    ULONG entry = optional->AddressOfEntryPoint;

    segment->base = optional->ImageBase;
    segment->entry = entry;
    segment->image = (SECTION_IMAGE_INFORMATION){
        .TransferAddress = entry ? (PVOID)(optional->ImageBase + entry) : NULL,
        .MaximumStackSize = optional->SizeOfStackReserve,
        .CommittedStackSize = optional->SizeOfStackCommit,
        .SubSystemType = optional->Subsystem,
        .SubSystemMinorVersion = optional->MinorSubsystemVersion,
        .SubSystemMajorVersion = optional->MajorSubsystemVersion,
        .ImageCharacteristics = header->Characteristics,
        .DllCharacteristics = optional->DllCharacteristics,
        .Machine = header->Machine,
        .ImageContainsCode = !!optional->SizeOfCode,
        .LoaderFlags = optional->LoaderFlags,
    };
}

static NTSTATUS take_first_frame(struct segment *segment, const char *name)
{
    frame_number frame = place_first_frame(name);

    if (!frame)
        return STATUS_NO_MEMORY;
    memset(direct_map(frame_address(frame)), 0, PAGE_SIZE);
    backing_put_frame(&segment->backing, 0, frame);
    return STATUS_SUCCESS;
}

/* Headers and sections as they lie in memory. */
static NTSTATUS fill_image(struct segment *segment, const struct pe_file *file, const char *name)
{
    NTSTATUS status = take_first_frame(segment, name);

    if (NT_SUCCESS(status))
        status = set_rights(segment, file);
    for (ULONG i = 0; NT_SUCCESS(status) && i < pe_region_count(file); i++) {
        struct pe_region region = pe_region(file, i);

        status = fill(segment, region.rva, file->bytes + region.file_offset, region.file_size);
    }
    return status;
}

static NTSTATUS create_image(const void *bytes, ULONG size, const char *name,
                             struct segment **segment, struct pe_error *error)
{
    struct pe_file file;
    NTSTATUS status = pe_open(bytes, size, &file, error);

    if (NT_SUCCESS(status))
        status = segment_create(file.headers.OptionalHeader.SizeOfImage, segment);
    if (!NT_SUCCESS(status))
        return status;
    status = fill_image(*segment, &file, name);
    if (NT_SUCCESS(status)) {
        describe(*segment, &file);
        InsertTailList(&images, &(*segment)->link);
    } else {
        backing_release(&(*segment)->backing);
    }
    return status;
}

/* The image that was made of this file already, or NULL. */
static struct segment *find_image(const FILE_OBJECT *file)
{
    LIST_FOR_EACH(segment, &images, struct segment, link)
    {
        if (segment->file->DeviceObject == file->DeviceObject &&
            RtlEqualUnicodeString(&segment->file->FileName, &file->FileName, TRUE))
            return segment;
    }
    return NULL;
}

NTSTATUS segment_open_image(PFILE_OBJECT file, HANDLE handle, struct segment **segment)
{
    UNICODE_STRING last = rtl_last_component(&file->FileName);
    struct pe_error error = {0};
    char name[32];
    PVOID bytes;
    ULONG size;

    *segment = find_image(file);
    if (*segment) {
        backing_reference(&(*segment)->backing);
        return STATUS_SUCCESS;
    }
    NTSTATUS status = file_read_handle(handle, &bytes, &size);

    if (!NT_SUCCESS(status))
        return image_log_unreadable(&file->FileName, status);
    rtl_unicode_to_text(&last, name, sizeof name);
    status = create_image(bytes, size, name, segment, &error);
    ExFreePool(bytes);
    if (!NT_SUCCESS(status))
        return image_log_failure(name, status, &error);
    keep_file(*segment, file);
    return STATUS_SUCCESS;
}

/* ---- Data ---- */

static NTSTATUS create_data(PFILE_OBJECT file, const void *bytes, ULONG size, ULONG wanted,
                            struct segment **segment)
{
    NTSTATUS status;

    if (wanted > size)
        return STATUS_SECTION_TOO_BIG;
    status = segment_create(wanted ? wanted : size, segment);
    if (!NT_SUCCESS(status))
        return status;
    status = fill(*segment, 0, bytes, (*segment)->bytes);
    if (NT_SUCCESS(status))
        keep_file(*segment, file);
    else
        backing_release(&(*segment)->backing);
    return status;
}

NTSTATUS segment_open_data(PFILE_OBJECT file, HANDLE handle, ULONG wanted, struct segment **segment)
{
    PVOID bytes;
    ULONG size;
    NTSTATUS status = file_read_handle(handle, &bytes, &size);

    if (!NT_SUCCESS(status))
        return status == STATUS_INVALID_IMAGE_FORMAT ? STATUS_MAPPED_FILE_SIZE_ZERO : status;
    status = create_data(file, bytes, size, wanted, segment);
    ExFreePool(bytes);
    return status;
}
