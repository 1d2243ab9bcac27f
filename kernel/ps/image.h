/*
 * The image loader, for drivers: it reads a file by name through the I/O manager, maps it into system
 * space, relocates it, binds it to the kernel's exports and protects its pages (pe.h does the PE
 * work). Programs and DLLs are sections (ps/section.h), which ring 3's ntdll relocates and binds.
 */
#pragma once

#include "ps/module.h"

/*
 * Maps the driver file `path`. STATUS_SUCCESS: *module stands in module_drivers until
 * image_unload_driver. On failure nothing is left, and the log has the image, what was wrong, and the
 * names that were missing: the statuses of file_read, pe_open, pe_relocate, pe_bind_imports with
 * bind_kernel; STATUS_INVALID_IMAGE_FORMAT if it is not for the native subsystem or has no entry
 * point; STATUS_NO_MEMORY.
 */
NTSTATUS image_load_driver(PCUNICODE_STRING path, struct module **module);

/* Unmaps a driver's image and frees its pages and its record. */
void image_unload_driver(struct module *module);

struct pe_error;

/* Says on the log and the console that an image cannot be loaded, and why; returns `status`. */
NTSTATUS image_log_failure(const char *name, NTSTATUS status, const struct pe_error *error);

/* The same of a file that cannot be opened or read. */
NTSTATUS image_log_unreadable(PCUNICODE_STRING path, NTSTATUS status);
