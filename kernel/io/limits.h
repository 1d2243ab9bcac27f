/* The I/O manager's choices, each with its purpose. */
#pragma once

/* Bytes of one request's system buffer, and of what is probed for it: a caller in ring 3 may ask for
 * any length. Beyond: STATUS_INSUFFICIENT_RESOURCES. */
#define IO_BUFFER_LIMIT 0x01000000u

/* How long a thread that ends waits for its cancelled requests before it leaves them to their
 * drivers. (Windows waits five minutes.) */
#define IO_ORPHAN_SECONDS 1

/* Bytes of pool that all asynchronous requests together may hold. Beyond:
 * STATUS_INSUFFICIENT_RESOURCES for callers in ring 3. */
#define IO_DETACHED_LIMIT 0x00800000u
