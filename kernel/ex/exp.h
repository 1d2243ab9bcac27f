/* What the files of the executive objects share among themselves. */
#pragma once

#include "ex/ex.h"
#include "mm/pool.h"
#include "rtl/rtl.h"

/* Each file's type. */
void ex_event_init(void);
void ex_mutant_init(void);
void ex_semaphore_init(void);
void ex_timer_init(void);

/* init.c: a type whose objects begin with their DISPATCHER_HEADER. `query` and `modify`: the rights
 * that GENERIC_READ and GENERIC_WRITE mean. */
POBJECT_TYPE ex_create_type(PCWSTR name, ULONG pool_tag, ACCESS_MASK query, ACCESS_MASK modify,
                            void (*delete)(PVOID object));

/* A query's arguments: STATUS_SUCCESS, with *object referenced and *returned the record's size. */
NTSTATUS ex_begin_query(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, ULONG class,
                        ULONG length, ULONG record_size, PULONG returned, PVOID *object);
