/* What the self-tests of keys and values share. */
#pragma once

#include "cm/cm.h"
#include "tests/kernel/ob_support.h"

#define CM_TEST u"\\Registry\\Machine\\SelfTest" /* a key that tests create and delete */

NTSTATUS test_create_key(PCWSTR path, HANDLE *key, ULONG *disposition);
NTSTATUS test_open_key(PCWSTR path, HANDLE *key);

/* The status of opening a key, which is closed again. */
NTSTATUS test_try_key(PCWSTR path);

/* Creates CM_TEST; NtDeleteKey and NtClose undo it. */
HANDLE test_new_key(void);
void test_delete_key(HANDLE key);

NTSTATUS test_set_value(HANDLE key, PCWSTR name, ULONG type, const void *data, ULONG bytes);
NTSTATUS test_query_value(HANDLE key, PCWSTR name, ULONG class, void *buffer, ULONG length,
                          ULONG *needed);
