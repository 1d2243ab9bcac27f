/* From a new object to a named one with a handle. */
#include "ob/obp.h"

/* What stands at the name already, against what `object` and OBJ_OPENIF ask. */
static NTSTATUS judge_existing(PVOID object, PVOID existing, BOOLEAN open_if)
{
    if (!open_if)
        return STATUS_OBJECT_NAME_COLLISION;
    return ob_header(existing)->Type == ob_header(object)->Type ? STATUS_OBJECT_NAME_EXISTS
                                                                : STATUS_OBJECT_TYPE_MISMATCH;
}

/*
 * Finds the object that a handle shall go to and adds a pointer for it: `object` or an older one.
 */
static NTSTATUS place(PVOID object, const OBJECT_ATTRIBUTES *attributes, BOOLEAN for_handle,
                      PVOID *winner)
{
    struct ob_parse parse = {.type = ob_header(object)->Type, .mode = ob_previous_mode()};
    NTSTATUS status;

    *winner = object;
    if (!ob_header(object)->NameInfoOffset) {
        ObfReferenceObject(object);
        return STATUS_SUCCESS;
    }
    status = ob_find_or_insert(attributes, &parse, object);
    if (!NT_SUCCESS(status) || parse.object == object)
        return status;
    *winner = parse.object;
    status =
        judge_existing(object, parse.object, for_handle && attributes->Attributes & OBJ_OPENIF);
    if (!NT_SUCCESS(status))
        ObfDereferenceObject(parse.object);
    return status;
}

NTSTATUS ob_insert_object(PVOID object, const OBJECT_ATTRIBUTES *attributes, ACCESS_MASK access,
                          HANDLE *handle)
{
    PVOID winner;
    NTSTATUS created, status = place(object, attributes, handle != NULL, &winner);

    if (NT_SUCCESS(status) && !handle) {
        ObfDereferenceObject(winner);
        return status;
    }
    if (NT_SUCCESS(status)) {
        created = ob_create_handle(winner, access, attributes ? attributes->Attributes : 0, handle);
        if (!NT_SUCCESS(created)) {
            ob_directory_remove(object);
            ObfDereferenceObject(winner);
            status = created;
        }
    }
    ObfDereferenceObject(object);
    return status;
}
