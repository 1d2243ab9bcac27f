/* Loading and unloading drivers by their service keys (WDK: ZwLoadDriver, ZwUnloadDriver). */
#pragma once

#include "nt/ntstatus.h"

/*
 * Loads the driver that the key \Registry\Machine\System\CurrentControlSet\Services\<service>
 * describes: its image at ImagePath is mapped, \Driver\<service> made, DriverEntry called in the
 * System process. STATUS_SUCCESS. STATUS_IMAGE_ALREADY_LOADED; STATUS_OBJECT_NAME_NOT_FOUND (no
 * key, no ImagePath, no file); STATUS_INVALID_PARAMETER (ImagePath is no text, Type is not that of
 * a kernel driver, a path without service); statuses of image_load_driver; DriverEntry's own.
 */
NTSTATUS NTAPI NtLoadDriver(PUNICODE_STRING registry_path);
NTSTATUS NTAPI ZwLoadDriver(PUNICODE_STRING registry_path);

/* Unloads it: the statuses of io_unload_driver. */
NTSTATUS NTAPI NtUnloadDriver(PUNICODE_STRING registry_path);
NTSTATUS NTAPI ZwUnloadDriver(PUNICODE_STRING registry_path);
