/* Whole files, read by name through the I/O manager. */
#pragma once

#include "nt/ntstatus.h"

/*
 * Reads the file `path` into pool. STATUS_SUCCESS: *bytes (*size bytes) is the caller's until
 * ExFreePool. Statuses of NtOpenFile, NtQueryInformationFile, NtReadFile;
 * STATUS_INVALID_IMAGE_FORMAT for an empty file or one of 64 MiB and more;
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS file_read(PCUNICODE_STRING path, PVOID *bytes, ULONG *size);

/* Opens a file to be read: the statuses of NtOpenFile. */
NTSTATUS file_open(PCUNICODE_STRING path, HANDLE *file);

/* As file_read, for a file that is open, whose current position moves. */
NTSTATUS file_read_handle(HANDLE file, PVOID *bytes, ULONG *size);
