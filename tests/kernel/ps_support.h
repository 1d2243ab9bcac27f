/* What the self-tests of processes share: one of VirtToPhys.exe without a thread, and its images. */
#pragma once

#include "kd/selftest.h"
#include "ps/process.h"

#define TEST_PROGRAM "VirtToPhys.exe"

/* VirtToPhys.exe, ntdll.dll, which the kernel maps, and the DLLs that ring 3 maps; at fixed places. */
struct test_image {
    const char *name;
    PCWSTR path;
    ULONG base;
};
#define TEST_IMAGES        5
#define TEST_IMAGES_MAPPED 2 /* the first of them: by the kernel */
extern const struct test_image test_images[TEST_IMAGES];

/*
 * The process as the kernel makes it; the caller's pointer. It is made, or the check fails. The first
 * one of all leaves ntdll's section: a test that counts what is left makes one before.
 */
struct process *test_process(void);

/*
 * Opens the file and maps an image section of it into the current space, leaving no handle: the
 * statuses of NtOpenFile, NtCreateSection, NtMapViewOfSection; *base is where.
 */
NTSTATUS test_map_image(PCWSTR path, ULONG *base);

/* Maps the DLLs too, as ring 3's loader does, at their bases; no page is touched. */
NTSTATUS test_map_dlls(struct process *process);

/* Reads each page of an image that lies in the current space; the image's bytes. */
ULONG test_touch_image(ULONG base);
