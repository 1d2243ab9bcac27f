/* Scan code set 1, US layout: from the keyboard's bytes to keys. No hardware. */
#pragma once

#include "nt/io.h"
#include "ioctl/console.h"

/* What was sent so far that matters for the next byte; all zero at the beginning. */
struct scancode_state {
    UCHAR prefix;    /* E0h, E1h, or 0 */
    UCHAR to_skip;   /* bytes of a Pause that are still to come */
    ULONG modifiers; /* CONSOLE_STATE_ bits but ENHANCED */
    ULONG held;      /* lock keys that are down: their repeats switch nothing */
};

/*
 * Takes one byte. TRUE: *key is a key pressed or released, with the modifiers as they are after it.
 * FALSE: a prefix, a byte in the middle of a sequence, or a code that is no key.
 */
BOOLEAN scancode_translate(struct scancode_state *state, UCHAR code, struct console_key *key);
