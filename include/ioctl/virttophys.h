/*
 * What VirtToPhys.exe and VirtToPhys.sys agree on (the tutorial's common.inc).
 *
 * The request carries NUM_DATA_ENTRY virtual addresses in, and as many physical ones out, each a
 * 32-bit word; 0 stands for "not present". Whoever includes this brings CTL_CODE along: winioctl.h
 * in a program, ntddk.h in a driver.
 */
#pragma once

#define NUM_DATA_ENTRY 4
#define DATA_SIZE      (NUM_DATA_ENTRY * 4) /* bytes, of either buffer */

/* 0022E000 in figure 4-9's fields. Access 3 asks for a handle opened to read and to write. */
#define IOCTL_GET_PHYS_ADDRESS                                                                     \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS + FILE_WRITE_ACCESS)
