/* Words for exceptions and their error codes (Intel SDM vol. 3A, chapter 6). */
#pragma once

#include "nt/ntdef.h"

/* The name of vector 0..31, as "page fault". */
const char *exception_name(ULONG vector);

/*
 * Writes the bits of an error code in words into `to` of `size` bytes: for a page fault
 * "not present, write, kernel", for the selector kind "GDT entry 0x50, external"; empty where the
 * vector has no error code.
 */
void exception_describe_error(ULONG vector, ULONG error, char *to, ULONG size);
