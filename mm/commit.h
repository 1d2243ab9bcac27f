/*
 * Commitment: pages that were promised and have no frame yet. A promise is only given while the
 * free frames cover all of them and leave COMMIT_MARGIN for the kernel, page tables included.
 */
#pragma once

#include "nt/ntstatus.h"

#define COMMIT_MARGIN 64u /* frames */

/* Promises `pages` more: STATUS_SUCCESS or STATUS_COMMITMENT_LIMIT. */
NTSTATUS commit_promise(ULONG pages);

/* Takes promises back: kept (a frame was taken for each), or not needed any more. */
void commit_settle(ULONG pages);

/* Pages promised at this moment. */
ULONG commit_promised(void);
