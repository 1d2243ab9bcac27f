/* Where imports lead: into the DLLs of a process, or into the kernel's export tables. */
#pragma once

#include "ps/pe.h"

/*
 * For programs and DLLs; the context is the struct process, which must be attached. A library that
 * is not mapped yet is loaded (image_load_user). STATUS_DLL_NOT_FOUND if its file is missing,
 * STATUS_ENTRYPOINT_NOT_FOUND or STATUS_ORDINAL_NOT_FOUND if the symbol is.
 */
extern const struct pe_binder bind_user;

/*
 * For drivers; no context. STATUS_DRIVER_UNABLE_TO_LOAD for a library other than ntoskrnl.exe and
 * HAL.dll, STATUS_DRIVER_ENTRYPOINT_NOT_FOUND for a name that it does not export,
 * STATUS_DRIVER_ORDINAL_NOT_FOUND for any ordinal.
 */
extern const struct pe_binder bind_kernel;
