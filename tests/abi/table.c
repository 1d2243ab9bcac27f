/*
 * The list as data: a table of fixed-size records in the section "abi", for objcopy to extract.
 * Compiled for the kernel with its own headers, with ABI_DDK against the DDK's, and with ABI_WIN32
 * against the SDK's for the few items that only those have.
 */
#if defined(ABI_DDK)
#include <ntifs.h>
#include <ntimage.h>
#include <stdint.h>
#elif defined(ABI_WIN32)
#include <windows.h>
#include <stdint.h>
#else
#include "nt/context.h"
#include "nt/image.h"
#include "nt/io.h"
#include "nt/ke.h"
#include "nt/mm.h"
#include "nt/ntdef.h"
#include "nt/ntstatus.h"
#include "nt/ob.h"
#include "nt/reg.h"
#include "nt/service.h"
#endif

struct record {
    char name[88];
    uint32_t value; /* of a field its offset, of a structure its alignment */
    uint32_t size;
};

#define SIZE_OF(type, member) sizeof(((type *)0)->member)

/* As a member is aligned: under -mms-bitfields that is more than _Alignof of some unions. */
#define ALIGNMENT(type)                                                                            \
    offsetof(                                                                                      \
        struct {                                                                                   \
            char first;                                                                            \
            type second;                                                                           \
        },                                                                                         \
        second)

#define FIELD_RECORD(name, type, member)  {name, offsetof(type, member), SIZE_OF(type, member)},
#define OFFSET_RECORD(name, type, member) {name, offsetof(type, member), 0},
#define VALUE_RECORD(name, constant)      {name, (uint32_t)(constant), 0},

/* Names are made text here, before a macro among them is replaced by its value. */
#if defined(ABI_WIN32)
#define STRUCT(type)
#define SIZE(type)
#define FIELD(type, member)
#define FIELD_AS(type, ours, ddks)
#define OFFSET_AS(type, ours, ddks)
#define VALUE(constant)
#define VALUE_AS(ours, ddks)
#define WIN32_VALUE(constant) VALUE_RECORD(#constant, constant)
#else
#define STRUCT(type)        {#type, ALIGNMENT(type), sizeof(type)},
#define SIZE(type)          {#type, 0, sizeof(type)},
#define FIELD(type, member) FIELD_RECORD(#type "." #member, type, member)
#define VALUE(constant)     VALUE_RECORD(#constant, constant)
#if defined(ABI_DDK)
#define FIELD_AS(type, ours, ddks)  FIELD_RECORD(#type "." #ours, type, ddks)
#define OFFSET_AS(type, ours, ddks) OFFSET_RECORD(#type "." #ours, type, ddks)
#define VALUE_AS(ours, ddks)        VALUE_RECORD(#ours, ddks)
#define WIN32_VALUE(constant)
#else
#define FIELD_AS(type, ours, ddks)  FIELD_RECORD(#type "." #ours, type, ours)
#define OFFSET_AS(type, ours, ddks) OFFSET_RECORD(#type "." #ours, type, ours)
#define VALUE_AS(ours, ddks)        VALUE_RECORD(#ours, ours)
#define WIN32_VALUE(constant)       VALUE_RECORD(#constant, constant)
#endif
#endif

__attribute__((section("abi"), used)) const struct record abi_table[] = {
#include "list.h"
};
