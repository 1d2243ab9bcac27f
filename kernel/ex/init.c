#include "ex/exp.h"

void ex_init(void)
{
    ex_event_init();
    ex_mutant_init();
    ex_semaphore_init();
    ex_timer_init();
}

POBJECT_TYPE ex_create_type(PCWSTR name, ULONG pool_tag, ACCESS_MASK query, ACCESS_MASK modify,
                            void (*delete)(PVOID object))
{
    ACCESS_MASK all = STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | query | modify;
    struct ob_type_info info = {
        .mapping = {READ_CONTROL | query, READ_CONTROL | modify, READ_CONTROL | SYNCHRONIZE, all},
        .valid_access = all,
        .pool_tag = pool_tag,
        .waitable = TRUE,
        .delete = delete,
    };
    POBJECT_TYPE type = NULL;
    NTSTATUS status = ob_create_type(name, &info, &type);

    ASSERT(NT_SUCCESS(status));
    return type;
}

NTSTATUS ex_begin_query(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, ULONG class,
                        ULONG length, ULONG record_size, PULONG returned, PVOID *object)
{
    NTSTATUS status;

    if (class)
        return STATUS_INVALID_INFO_CLASS;
    if (length != record_size)
        return STATUS_INFO_LENGTH_MISMATCH;
    status = ob_reference(handle, access, type, object);
    if (NT_SUCCESS(status) && returned)
        *returned = record_size;
    return status;
}
