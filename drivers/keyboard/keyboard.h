/* The PS/2 keyboard behind an 8042 controller: scan code set 1, interrupt line 1. */
#pragma once

#include "drivers/keyboard/scancode.h"

/* A key that was pressed: its set 1 make code, with 80h added for keys after E0h. */
enum keyboard_key {
    KEY_ESC = 0x01,
    KEY_ENTER = 0x1C,
    KEY_SPACE = 0x39,
    KEY_KEYPAD_ENTER = 0x9C,
};

/*
 * Empties the controller's buffer and lets the keyboard interrupt. Returns FALSE where no
 * controller answers.
 */
BOOLEAN keyboard_init(void);

/* What keyboard_init found. */
BOOLEAN keyboard_is_present(void);

/* From now on each key pressed or released is given to `sink`, in the interrupt. */
void keyboard_set_sink(void (*sink)(const struct console_key *key));

/* Takes the oldest key pressed and not yet read; 0 if there is none. */
UCHAR keyboard_poll(void);

/* Waits for a key; other threads run meanwhile. */
UCHAR keyboard_wait(void);
