/* Where a driver's imports lead: into the kernel's export tables. */
#pragma once

#include "ps/pe.h"

/*
 * No context. STATUS_DRIVER_UNABLE_TO_LOAD for a library other than ntoskrnl.exe and HAL.dll,
 * STATUS_DRIVER_ENTRYPOINT_NOT_FOUND for a name that it does not export,
 * STATUS_DRIVER_ORDINAL_NOT_FOUND for any ordinal.
 */
extern const struct pe_binder bind_kernel;
