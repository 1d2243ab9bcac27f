/*
 * What buffers.sys does with a buffer, for it and for who tests it. All METHOD_BUFFERED and
 * FILE_ANY_ACCESS; each first leaves the input in place as output ("echo").
 *
 *   code      status                  Information
 *   ECHO      STATUS_SUCCESS          the bytes that both buffers have room for
 *   WARNING   STATUS_BUFFER_OVERFLOW  the same: data and count must reach the caller
 *   ERROR     STATUS_UNSUCCESSFUL     the same: neither may reach the caller
 *   TOO_MUCH  STATUS_SUCCESS          BUFFERS_EXCESS more than the output buffer holds
 *   PENDING   STATUS_PENDING          marked pending, completed as ECHO before it returns
 *
 * IRP_MJ_WRITE keeps up to BUFFERS_SIZE bytes; IRP_MJ_READ returns as many of them as fit
 * (STATUS_END_OF_FILE before the first write). The file position plays no part.
 */
#pragma once

#define BUFFERS_CODE(number)                                                                       \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800 + (number), METHOD_BUFFERED, FILE_ANY_ACCESS)

#define IOCTL_BUFFERS_ECHO     BUFFERS_CODE(0) /* 00222000 */
#define IOCTL_BUFFERS_WARNING  BUFFERS_CODE(1) /* 00222004 */
#define IOCTL_BUFFERS_ERROR    BUFFERS_CODE(2) /* 00222008 */
#define IOCTL_BUFFERS_TOO_MUCH BUFFERS_CODE(3) /* 0022200C */
#define IOCTL_BUFFERS_PENDING  BUFFERS_CODE(4) /* 00222010 */

#define BUFFERS_EXCESS 64
#define BUFFERS_SIZE   256
