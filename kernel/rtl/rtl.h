/* The run-time library: memory, text, lists, assertions. No state; runs in the kernel and on the
 * host. */
#pragma once

#include "nt/ntstatus.h"
#include "rtl/assert.h"
#include "rtl/list.h"
#include "rtl/printf.h"
#include "rtl/string.h"
#include "rtl/unicode.h"
