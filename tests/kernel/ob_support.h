/* What the self-tests of objects and keys share. */
#pragma once

#include "kd/selftest.h"
#include "mm/pool.h"
#include "ob/ob.h"
#include "rtl/rtl.h"

/* A name as OBJECT_ATTRIBUTES want it. Not to be copied: the attributes point into it. */
struct test_name {
    UNICODE_STRING string;
    OBJECT_ATTRIBUTES attributes;
};

/* Names `text` below `root` (NULL: absolute); returns the attributes. */
POBJECT_ATTRIBUTES test_name(struct test_name *name, HANDLE root, PCWSTR text, ULONG flags);

/* Create or open below the root, without case; flags are more OBJ_ bits. */
NTSTATUS test_create_directory(PCWSTR path, ULONG flags, HANDLE *handle);
NTSTATUS test_open_directory(PCWSTR path, HANDLE *handle);
NTSTATUS test_create_link(PCWSTR path, PCWSTR target, ULONG flags, HANDLE *handle);
NTSTATUS test_open_link(PCWSTR path, HANDLE *handle);

/* The status of opening a directory, which is closed again. */
NTSTATUS test_try_directory(PCWSTR path);

/* The object behind a handle, without a pointer of its own; NULL if there is none. */
PVOID test_object(HANDLE handle);

/* Checks an object's counts. */
#define CHECK_COUNTS(object, handles, pointers)                                                    \
    do {                                                                                           \
        CHECK_EQUAL(ob_header(object)->HandleCount, handles);                                      \
        CHECK_EQUAL(ob_header(object)->PointerCount, pointers);                                    \
    } while (0)

/* What is alive; the second call at a test's end finds what leaked. */
struct test_mark {
    struct ob_counts objects;
    ULONG blocks, bytes;
};
struct test_mark test_mark(void);
#define CHECK_NO_LEAK(mark)                                                                        \
    do {                                                                                           \
        struct test_mark now = test_mark();                                                        \
        CHECK_EQUAL(now.objects.objects, (mark).objects.objects);                                  \
        CHECK_EQUAL(now.objects.handles, (mark).objects.handles);                                  \
        CHECK_EQUAL(now.objects.types, (mark).objects.types);                                      \
        CHECK_EQUAL(now.blocks, (mark).blocks);                                                    \
        CHECK_EQUAL(now.bytes, (mark).bytes);                                                      \
    } while (0)

/* A type for tests, with counted procedure calls; the body is a struct test_body. */
struct test_body {
    ULONG reference_itself; /* the delete procedure takes and gives back a pointer */
    HANDLE close_in_close;  /* the close procedure closes this handle too */
};
struct test_calls {
    ULONG opens, closes, deletes;
    ULONG last_handles_before;
    ACCESS_MASK last_granted;
    NTSTATUS open_status; /* in: what the open procedure says */
};
extern struct test_calls test_calls;

/* Creates the type \ObjectTypes\SelfTest with `parse` (or NULL), with test_calls zeroed. */
POBJECT_TYPE test_create_type(NTSTATUS (*parse)(PVOID object, struct ob_parse *parse));
void test_destroy_type(POBJECT_TYPE type);

/* An object of that type, named if `path` is not NULL, as a driver's: the caller has a pointer. */
struct test_body *test_create_object(POBJECT_TYPE type, PCWSTR path, ULONG flags);
