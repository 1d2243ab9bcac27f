/* KiServiceTable and what belongs to each entry, made of include/nt/services.h. */
#pragma once

#include "nt/ntdef.h"
#include "syscall/numbers.h"

#define SERVICE_ARGUMENTS_MAX 11

/* The routine of a number, NULL if there is none. */
extern const void *const KiServiceTable[];

/* Bytes of arguments; with SERVICE_CAPTURED added, some of them are captured (numbers.h). */
extern const UCHAR KiArgumentTable[];

/* A letter for each argument. */
extern const char *const service_letters[];
