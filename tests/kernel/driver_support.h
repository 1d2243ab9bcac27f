/* What the self-tests of loadable drivers share: service keys, and what a driver may leave. */
#pragma once

#include "mm/frame.h"
#include "ps/driver.h"
#include "ps/module.h"
#include "tests/kernel/cm_support.h"
#include "tests/kernel/io_support.h"

#define VIRTTOPHYS_SYS u"\\??\\C:\\VirtToPhys.sys"

/* A service key that tests create and delete. Not to be copied: the path points into it. */
struct test_service {
    HANDLE key;
    UNICODE_STRING path;
    WCHAR text[128];
};

/* Creates the key of a service; without values. */
void driver_create_key(struct test_service *service, PCWSTR name);

/* Creates it with Type, Start and, as REG_EXPAND_SZ, ImagePath. */
void driver_register(struct test_service *service, PCWSTR name, PCWSTR image_path);
void driver_unregister(struct test_service *service);

NTSTATUS driver_load(struct test_service *service);
NTSTATUS driver_unload(struct test_service *service);

/* Loads and must succeed; the driver object, without a pointer of its own. */
PDRIVER_OBJECT driver_start(struct test_service *service);

/* Unloads, must succeed, and deletes the key. */
void driver_stop(struct test_service *service);

/* An object by its path, without a pointer of its own; NULL if there is none. */
PVOID driver_object(PCWSTR path);

/* Everything that is alive: objects, pool, frames, drivers' images. */
struct driver_mark {
    struct test_mark mark;
    ULONG pool_pages, free_frames, images;
};
struct driver_mark driver_mark(void);

/*
 * Checks that all is as before. Frames and pool pages count too: take the mark after a first round
 * of whatever is tested, which leaves page tables of system space (never freed) and one cached page
 * for each size of pool block it used.
 */
void driver_check_mark(const struct driver_mark *before, const char *file, int line);
#define CHECK_ALL_RETURNED(mark) driver_check_mark(&(mark), __FILE__, __LINE__)
