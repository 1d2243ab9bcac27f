/* Opening: from a name or a pointer to a pointer or a handle. */
#include "ob/obp.h"

#include "export.h"

NTSTATUS NTAPI ObOpenObjectByName(POBJECT_ATTRIBUTES attributes, POBJECT_TYPE type,
                                  KPROCESSOR_MODE mode, PVOID state, ACCESS_MASK access,
                                  PVOID context, PHANDLE handle)
{
    struct ob_parse parse = {
        .mode = mode, .desired_access = access, .type = type, .context = context};
    NTSTATUS status = ob_lookup(attributes, &parse);

    (void)state;
    *handle = NULL;
    if (!NT_SUCCESS(status))
        return status;
    status = ob_create_handle(parse.object, access, attributes->Attributes, handle);
    if (!NT_SUCCESS(status))
        ObfDereferenceObject(parse.object);
    return status;
}
EXPORT_NTOSKRNL(ObOpenObjectByName);

NTSTATUS NTAPI ObReferenceObjectByName(PUNICODE_STRING name, ULONG attributes, PVOID state,
                                       ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                       PVOID context, PVOID *object)
{
    OBJECT_ATTRIBUTES named = OBJECT_ATTRIBUTES_INIT(name, attributes);
    struct ob_parse parse = {
        .mode = mode, .desired_access = access, .type = type, .context = context};
    NTSTATUS status = ob_lookup(&named, &parse);

    (void)state;
    *object = parse.object;
    return status;
}
EXPORT_NTOSKRNL(ObReferenceObjectByName);

NTSTATUS NTAPI ObOpenObjectByPointer(PVOID object, ULONG attributes, PVOID state,
                                     ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                     PHANDLE handle)
{
    NTSTATUS status = ObReferenceObjectByPointer(object, access, type, mode);

    (void)state;
    *handle = NULL;
    if (!NT_SUCCESS(status))
        return status;
    status = ob_create_handle(object, access, attributes, handle);
    if (!NT_SUCCESS(status))
        ObfDereferenceObject(object);
    return status;
}
EXPORT_NTOSKRNL(ObOpenObjectByPointer);
