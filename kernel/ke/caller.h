/* Memory of whoever called a system service: ring 3's is touched with care, the kernel's is trusted. */
#pragma once

#include "ke/thread.h"
#include "mm/user.h"
#include "rtl/string.h"

/* STATUS_SUCCESS; for ring 3's memory the statuses of mm_copy_from_user. */
static inline NTSTATUS ke_copy_from_caller(void *to, const void *from, ULONG bytes)
{
    if (ke_previous_mode() == UserMode)
        return mm_copy_from_user(to, from, bytes);
    memcpy(to, from, bytes);
    return STATUS_SUCCESS;
}

static inline NTSTATUS ke_copy_to_caller(void *to, const void *from, ULONG bytes)
{
    if (ke_previous_mode() == UserMode)
        return mm_copy_to_user(to, from, bytes);
    memcpy(to, from, bytes);
    return STATUS_SUCCESS;
}
