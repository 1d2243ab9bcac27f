/*
 * The image loader: one for programs, DLLs and drivers. It reads files by name through the I/O
 * manager, maps them page by page, relocates, binds and protects them (pe.h does the PE work).
 * Each failure is logged: the image, what was wrong, and the names that were missing.
 */
#pragma once

#include "ps/process.h"

/*
 * Maps `\??\C:\<name>` and the DLLs it imports into `process`, which must be attached; modules
 * already there are used. Each goes to the base it prefers, or another one if it can be relocated.
 * STATUS_SUCCESS: *module stands in process->modules. On failure what was mapped stays mapped until
 * the process is destroyed: the statuses of NtOpenFile, pe_open, pe_relocate, pe_bind_imports;
 * STATUS_INVALID_IMAGE_FORMAT for a driver, for a DLL as the process's first image, and for a
 * program as a later one;
 * STATUS_DLL_NOT_FOUND, STATUS_ENTRYPOINT_NOT_FOUND, STATUS_ORDINAL_NOT_FOUND; STATUS_NO_MEMORY.
 */
NTSTATUS image_load_user(struct process *process, const char *name, struct module **module);

/*
 * Maps the driver file `path` into system space and binds it to the kernel's exports.
 * STATUS_SUCCESS: *module stands in module_drivers until image_unload_driver. On failure nothing is
 * left: as above, but a missing symbol is STATUS_DRIVER_ENTRYPOINT_NOT_FOUND (by ordinal
 * STATUS_DRIVER_ORDINAL_NOT_FOUND), a missing library STATUS_DRIVER_UNABLE_TO_LOAD, and an image
 * that is not for the native subsystem or has no entry point STATUS_INVALID_IMAGE_FORMAT.
 */
NTSTATUS image_load_driver(PCUNICODE_STRING path, struct module **module);

/* Unmaps a driver's image and frees its pages and its record. */
void image_unload_driver(struct module *module);

struct pe_error;

/* Says on the log and the console that an image cannot be loaded, and why; returns `status`. */
NTSTATUS image_log_failure(const char *name, NTSTATUS status, const struct pe_error *error);
