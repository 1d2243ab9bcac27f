#include "ob/obp.h"

#include "export.h"

#if defined(__i386__)
_Static_assert(offsetof(OBJECT_HEADER, HandleCount) == 4, "Windows 2000's layout");
_Static_assert(offsetof(OBJECT_HEADER, Type) == 8, "Windows 2000's layout");
_Static_assert(offsetof(OBJECT_HEADER, NameInfoOffset) == 12, "Windows 2000's layout");
_Static_assert(offsetof(OBJECT_HEADER, Flags) == 15, "Windows 2000's layout");
_Static_assert(offsetof(OBJECT_HEADER, SecurityDescriptor) == 20, "Windows 2000's layout");
_Static_assert(sizeof(OBJECT_HEADER) == 24, "the body lies at 24");
#endif
_Static_assert(sizeof(OBJECT_HEADER) % 8 == 0, "bodies are aligned to 8");
_Static_assert(sizeof(OBJECT_HEADER_NAME_INFO) % 8 == 0, "bodies are aligned to 8");

static BOOLEAN is_named(const OBJECT_ATTRIBUTES *attributes)
{
    return attributes && attributes->ObjectName && attributes->ObjectName->Length;
}

static POBJECT_HEADER allocate(POBJECT_TYPE type, UCHAR name_bytes, ULONG body_bytes)
{
    char *block =
        pool_allocate_zeroed(name_bytes + sizeof(OBJECT_HEADER) + body_bytes, type->info.pool_tag);
    POBJECT_HEADER header;

    if (!block)
        return NULL;
    header = (POBJECT_HEADER)(void *)(block + name_bytes);
    header->NameInfoOffset = name_bytes;
    return header;
}

NTSTATUS ob_create_object(POBJECT_TYPE type, const OBJECT_ATTRIBUTES *attributes, ULONG body_bytes,
                          PVOID *object)
{
    NTSTATUS status = attributes ? ob_check_attributes(attributes) : STATUS_SUCCESS;
    POBJECT_HEADER header;

    *object = NULL;
    if (!NT_SUCCESS(status))
        return status;
    header = allocate(type, is_named(attributes) ? sizeof(OBJECT_HEADER_NAME_INFO) : 0, body_bytes);
    if (!header)
        return STATUS_INSUFFICIENT_RESOURCES;
    header->PointerCount = 1;
    header->Type = type;
    if (attributes && attributes->Attributes & OBJ_PERMANENT)
        header->Flags = OB_FLAG_PERMANENT;
    type->TotalNumberOfObjects++;
    *object = header + 1;
    return STATUS_SUCCESS;
}

void ob_adopt_object(PVOID object, POBJECT_TYPE type)
{
    *ob_header(object) = (OBJECT_HEADER){.PointerCount = 1, .Type = type};
    type->TotalNumberOfObjects++;
}

static void delete_object(PVOID object)
{
    POBJECT_HEADER header = ob_header(object);

    header->Flags |= OB_FLAG_DELETED;
    if (header->Type->info.delete)
        header->Type->info.delete(object);
    header->Type->TotalNumberOfObjects--;
    ExFreePool((char *)header - header->NameInfoOffset);
}

LONG FASTCALL ObfReferenceObject(PVOID object)
{
    return ++ob_header(object)->PointerCount;
}
EXPORT_NTOSKRNL(ObfReferenceObject);

LONG FASTCALL ObfDereferenceObject(PVOID object)
{
    POBJECT_HEADER header = ob_header(object);
    LONG count = --header->PointerCount;

    ASSERT(count >= 0);
    if (count == 0 && !(header->Flags & OB_FLAG_DELETED))
        delete_object(object);
    return count;
}
EXPORT_NTOSKRNL(ObfDereferenceObject);

VOID NTAPI ObDereferenceObject(PVOID object)
{
    ObfDereferenceObject(object);
}
EXPORT_NTOSKRNL(ObDereferenceObject);

NTSTATUS NTAPI ObReferenceObjectByPointer(PVOID object, ACCESS_MASK access, POBJECT_TYPE type,
                                          KPROCESSOR_MODE mode)
{
    (void)access, (void)mode;
    if (type && ob_header(object)->Type != type)
        return STATUS_OBJECT_TYPE_MISMATCH;
    ObfReferenceObject(object);
    return STATUS_SUCCESS;
}
EXPORT_NTOSKRNL(ObReferenceObjectByPointer);

/* A temporary object without handles loses its name. */
static void check_name(PVOID object)
{
    POBJECT_HEADER header = ob_header(object);

    if (!header->HandleCount && !(header->Flags & OB_FLAG_PERMANENT))
        ob_directory_remove(object);
}

VOID NTAPI ObMakeTemporaryObject(PVOID object)
{
    ob_header(object)->Flags &= (UCHAR)~OB_FLAG_PERMANENT;
    check_name(object);
}
EXPORT_NTOSKRNL(ObMakeTemporaryObject);

void ob_handle_opened(PVOID object)
{
    POBJECT_HEADER header = ob_header(object);

    header->HandleCount++;
    header->Type->TotalNumberOfHandles++;
}

void ob_handle_closed(PVOID object, ACCESS_MASK granted)
{
    POBJECT_HEADER header = ob_header(object);
    LONG before = header->HandleCount--;

    header->Type->TotalNumberOfHandles--;
    if (header->Type->info.close)
        header->Type->info.close(object, (ULONG)before, granted);
    check_name(object);
    ObfDereferenceObject(object);
}
