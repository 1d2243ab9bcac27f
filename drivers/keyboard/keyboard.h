/* The PS/2 keyboard behind an 8042 controller: scan code set 1, interrupt line 1. */
#pragma once

#include "drivers/keyboard/scancode.h"

/*
 * Empties the controller's buffer and lets the keyboard interrupt. Returns FALSE where no
 * controller answers.
 */
BOOLEAN keyboard_init(void);

/* What keyboard_init found. */
BOOLEAN keyboard_is_present(void);

/* From now on each key pressed or released is given to `sink`, in the interrupt. */
void keyboard_set_sink(void (*sink)(const struct console_key *key));
