/* The course's common.inc: what the control program and the driver agree on. */
#ifndef COMMON_H
#define COMMON_H

#define NUM_DATA_ENTRY 4

/* Input: addresses in the caller's memory. Output: where they lie in physical memory, 0 for nowhere. */
typedef struct {
    ULONG Address[NUM_DATA_ENTRY];
} PHYS_ADDRESS_DATA;

#define IOCTL_GET_PHYS_ADDRESS                                                                     \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)

#endif
