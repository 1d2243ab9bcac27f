/*
 * A terminal's bytes as keys: printable ASCII and control characters, and the escape sequences of
 * VT100 and xterm for the keys that have no character. No hardware.
 */
#pragma once

#include "nt/io.h"
#include "ioctl/console.h"

/* What was received so far of a sequence; all zero at the beginning. */
struct serial_keys {
    UCHAR length; /* of the sequence, ESC included */
    char sequence[8];
    BOOLEAN after_cr; /* a LF that follows belongs to it */
};

/*
 * Takes one byte. TRUE: *key is a key that was pressed (a line reports no releases).
 *
 *   CR, LF, CR LF  Enter           ESC [ or ESC O, then A B C D H F P Q R S
 *   BS, DEL        Backspace                       arrows, Home, End, F1..F4
 *   01h..1Ah       Ctrl+letter     ESC [ N ~       Home Insert Delete End PgUp PgDn F1..F12
 *   ESC ESC        Esc             ESC character   Alt with the character's key
 *
 * What is no such sequence is dropped.
 */
BOOLEAN serial_keys_take(struct serial_keys *state, UCHAR byte, struct console_key *key);
