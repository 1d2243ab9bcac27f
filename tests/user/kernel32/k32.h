/* k32.exe: what its files share. */
#pragma once

#include "../check.h"

/* scheduler.c; how many of its checks failed. */
ULONG check_scheduler(void);
