/*
 * The kernel command line: words separated by blanks.
 *
 *   place=fig4-10   the first page of each of the four images lies on figure 4-10's frame
 *   seed=N          shuffles the frame allocator
 *   exit            ends the machine, and QEMU, with the program; no command line follows it
 *   selftest        runs the self-tests instead of the program
 *   selftest=PREFIX those whose names begin so; mmu: the walk against the CPU, at length
 *   registry=none   no Services key: "connect" fails; =taken: the service's key is there; =auto:
 *                   so it is, and its driver starts with the system
 *   paging=FORMAT   32, pse or pae: the page tables' format, chosen by the boot code; without it,
 *                   or if the CPU lacks it, 4 MiB pages where the CPU has them
 *   trace=irp       a log line for each step of each IRP
 *   run=PROGRAM     smss.exe starts this program instead of VirtToPhys.exe; commas separate its
 *                   arguments
 *   init=PROGRAM    the first process, instead of smss.exe
 *   cleanup=veto    a driver that fails IRP_MJ_CLEANUP keeps the handle open, as the tutorial says
 *   crash=WHAT      ends with a real fault, to see its report (kd/crash.h)
 */
#pragma once

#include "nt/ntdef.h"

struct options {
    BOOLEAN exit, selftest, seeded;
    ULONG seed;
    char place[16], registry[16], crash[16], trace[16], paging[4], cleanup[16], init[32],
        tests[32]; /* empty: not given */
};

/*
 * Fills `options` from the command line. A word that is not known, or has a value that is not, is
 * given to `unknown` (cut to 63 characters) and ignored. A first word with a slash or a
 * dot in front of any '=' is the loader's name of the kernel and skipped.
 */
void options_parse(const char *command_line, struct options *options,
                   void (*unknown)(const char *word));
