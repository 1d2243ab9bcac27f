/*
 * What async.sys does, for it and for who tests it. Include <ntddk.h> or <winioctl.h> first.
 *
 * Devices, each with its link in \??:
 *
 *   async     buffered reads and writes (DO_BUFFERED_IO)
 *   asyncdir  direct ones (DO_DIRECT_IO)
 *   asyncnei  the caller's pointer, in ring 3 only
 *   asyncexc  exclusive: a second open is STATUS_ACCESS_DENIED
 *   asyncshr  sharing checked by IoCheckShareAccess: STATUS_SHARING_VIOLATION
 *   asyncveto fails CLEANUP with STATUS_DEVICE_BUSY (which NT ignores; see `cleanup=veto`)
 *
 * Reads give the bytes 0, 1, 2 ... up to the length; writes take all.
 *
 * Codes of every device. Those that end later echo what the input and output have in common; their
 * input begins with a ULONG, the milliseconds until then:
 *
 *   DPC      a timer's DPC completes it
 *   CANCEL   the same, and it can be cancelled (STATUS_CANCELLED)
 *   THREAD   a system thread completes it
 *   NEVER    never completed, but it can be cancelled
 *   STUCK    never completed, and cannot be cancelled, until RELEASE completes all such
 *   RELEASE  Information 0
 *   PENDING  how many are held: a ULONG
 *
 *   BUFFERED, IN, OUT, NEITHER   the four methods. BUFFERED, OUT, NEITHER: the output is each input
 *   byte plus 1. IN: the output buffer's bytes are added up into Information.
 *   NEITHER wants both buffers in ring 3 and present (else STATUS_ACCESS_VIOLATION), the output writable.
 *   READ, WRITE                  FILE_READ_ACCESS, FILE_WRITE_ACCESS: success without data
 */
#pragma once

#define ASYNC_CODE(number, method, access)                                                         \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x840 + (number), (method), (access))

#define IOCTL_ASYNC_DPC     ASYNC_CODE(0, METHOD_BUFFERED, FILE_ANY_ACCESS) /* 00222100 */
#define IOCTL_ASYNC_CANCEL  ASYNC_CODE(1, METHOD_BUFFERED, FILE_ANY_ACCESS) /* 00222104 */
#define IOCTL_ASYNC_THREAD  ASYNC_CODE(2, METHOD_BUFFERED, FILE_ANY_ACCESS) /* 00222108 */
#define IOCTL_ASYNC_NEVER   ASYNC_CODE(3, METHOD_BUFFERED, FILE_ANY_ACCESS) /* 0022210C */
#define IOCTL_ASYNC_STUCK   ASYNC_CODE(4, METHOD_BUFFERED, FILE_ANY_ACCESS) /* 00222110 */
#define IOCTL_ASYNC_RELEASE ASYNC_CODE(5, METHOD_BUFFERED, FILE_ANY_ACCESS) /* 00222114 */
#define IOCTL_ASYNC_PENDING ASYNC_CODE(6, METHOD_BUFFERED, FILE_ANY_ACCESS) /* 00222118 */

#define IOCTL_ASYNC_BUFFERED ASYNC_CODE(8, METHOD_BUFFERED, FILE_ANY_ACCESS)    /* 00222120 */
#define IOCTL_ASYNC_IN       ASYNC_CODE(8, METHOD_IN_DIRECT, FILE_ANY_ACCESS)   /* 00222121 */
#define IOCTL_ASYNC_OUT      ASYNC_CODE(8, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)  /* 00222122 */
#define IOCTL_ASYNC_NEITHER  ASYNC_CODE(8, METHOD_NEITHER, FILE_ANY_ACCESS)     /* 00222123 */
#define IOCTL_ASYNC_READ     ASYNC_CODE(9, METHOD_BUFFERED, FILE_READ_ACCESS)   /* 00226124 */
#define IOCTL_ASYNC_WRITE    ASYNC_CODE(10, METHOD_BUFFERED, FILE_WRITE_ACCESS) /* 0022A128 */
