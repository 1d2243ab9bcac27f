/* From an NTSTATUS to a Win32 error (RtlNtStatusToDosError): pure, so that the host tests it. */
#pragma once

#include <stdint.h>

/* ERROR_MR_MID_NOT_FOUND: the error of a status that has none. */
#define STATUS_MAP_UNKNOWN 317u

/*
 * The Win32 error of a status. Customers' statuses (bit 29) are their own errors; those that carry
 * a Win32 or RPC error in their low half give that back.
 */
uint32_t status_to_error(uint32_t status);
