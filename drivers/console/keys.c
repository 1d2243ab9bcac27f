#include "drivers/console/private.h"
#include "drivers/keyboard/keyboard.h"
#include "drivers/keyboard/virtual_keys.h"
#include "drivers/serial/serial.h"
#include "drivers/serial/serial_keys.h"
#include "ke/dpc.h"

enum { RING_KEYS = 64, ALT = CONSOLE_STATE_LEFT_ALT | CONSOLE_STATE_RIGHT_ALT };

/* Keys between the interrupts and the DPC; interrupts are off in both. */
static struct console_key ring[RING_KEYS];
static ULONG ring_first, ring_count;

static struct serial_keys serial_state;
static BOOLEAN serial_was_used;
static KDPC dpc;

static void deliver(const struct console_key *key)
{
    if (key->virtual_key != VK_TAB || !(key->state & ALT))
        input_key(consoles_shown(), key);
    else if (key->pressed)
        consoles_switch();
}

static VOID NTAPI deliver_all(PKDPC this, PVOID context, PVOID argument1, PVOID argument2)
{
    (void)this, (void)context, (void)argument1, (void)argument2;
    while (ring_count) {
        struct console_key key = ring[ring_first++ % RING_KEYS];

        ring_count--;
        deliver(&key);
    }
}

/* A key that is typed without room is lost, as on any keyboard: Alt+Tab and Ctrl+C must get by. */
static void take_key(const struct console_key *key)
{
    if (ring_count == RING_KEYS)
        return;
    ring[(ring_first + ring_count++) % RING_KEYS] = *key;
    KeInsertQueueDpc(&dpc, NULL, NULL);
}

/* Each key in the ring may need a place in the queue of the console. */
static BOOLEAN has_room(void)
{
    return ring_count < RING_KEYS && ring_count < input_room(consoles_shown());
}

static void take_byte(UCHAR byte)
{
    struct console_key key;

    serial_was_used = TRUE;
    if (serial_keys_take(&serial_state, byte, &key))
        take_key(&key);
}

void keys_init(void)
{
    KeInitializeDpc(&dpc, deliver_all, NULL);
    keyboard_set_sink(take_key);
    serial_receive(has_room, take_byte);
}

void keys_have_room(void)
{
    if (has_room())
        serial_resume();
}

BOOLEAN keys_can_come(void)
{
    return keyboard_is_present() || serial_was_used;
}
