/*
 * The processor control region: where FS points in ring 0 (wdm.h: KPCR). Drivers look at three of its
 * words: the chain of exception frames, the IRQL's neighbour SelfPcr, and the current thread.
 */
#pragma once

#include "nt/ntdef.h"

struct ke_thread;

struct ke_pcr {
    PVOID exception_list; /* 0: the current thread's; FFFFFFFFh ends it */
    UCHAR unused_4[0x1C - 4];
    struct ke_pcr *self; /* 1Ch */
    PVOID processor;     /* 20h: what follows from 120h on */
    UCHAR unused_24[0x124 - 0x24];
    struct ke_thread *current_thread; /* 124h */
};

/* Maps it and lets FS point to it. The pool must be up. */
void ke_pcr_init(struct ke_thread *first);

/* A thread switch: each thread has its own chain of exception frames. */
void ke_pcr_switch(struct ke_thread *last, struct ke_thread *next);
