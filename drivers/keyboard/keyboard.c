#include "drivers/keyboard/keyboard.h"

#include "x86/cpu.h"
#include "x86/pic.h"
#include "x86/trap.h"

enum { DATA = 0x60, STATUS = 0x64, STATUS_OUTPUT_FULL = 0x01, NO_CONTROLLER = 0xFF };
enum { BUFFER_BYTES = 32 };

static BOOLEAN present;
static struct scancode_state state;
static void (*sink)(const struct console_key *key);

static void take(UCHAR code)
{
    struct console_key key;

    if (scancode_translate(&state, code, &key) && sink)
        sink(&key);
}

static void interrupt(struct trap_frame *frame)
{
    (void)frame;
    if (port_in8(STATUS) & STATUS_OUTPUT_FULL)
        take(port_in8(DATA));
    pic_end_of_interrupt(IRQ_KEYBOARD);
}

BOOLEAN keyboard_init(void)
{
    if (port_in8(STATUS) == NO_CONTROLLER)
        return FALSE;
    for (int i = 0; i < BUFFER_BYTES && port_in8(STATUS) & STATUS_OUTPUT_FULL; i++)
        port_in8(DATA);
    trap_set_handler(TRAP_IRQ_BASE + IRQ_KEYBOARD, interrupt);
    pic_unmask(IRQ_KEYBOARD);
    return present = TRUE;
}

BOOLEAN keyboard_is_present(void)
{
    return present;
}

void keyboard_set_sink(void (*new_sink)(const struct console_key *key))
{
    sink = new_sink;
}
