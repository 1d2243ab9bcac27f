#include "drivers/keyboard/keyboard.h"

#include "ke/event.h"
#include "ke/wait.h"
#include "x86/cpu.h"
#include "x86/pic.h"
#include "x86/trap.h"

enum { DATA = 0x60, STATUS = 0x64, STATUS_OUTPUT_FULL = 0x01, NO_CONTROLLER = 0xFF };
enum { PREFIX_E0 = 0xE0, PREFIX_E1 = 0xE1, RELEASED = 0x80, EXTENDED = 0x80 };
enum { BUFFER_KEYS = 16, BUFFER_BYTES = 32 };

/* Keys between the interrupt and the reader. */
static volatile UCHAR buffer[BUFFER_KEYS];
static volatile unsigned head, tail;
static BOOLEAN extended, present;
static KEVENT key_pressed;

static struct scancode_state state;
static void (*sink)(const struct console_key *key);

static void buffer_put(UCHAR key)
{
    if (tail - head < BUFFER_KEYS)
        buffer[tail++ % BUFFER_KEYS] = key;
    KeSetEvent(&key_pressed, 0, FALSE);
}

static void handle_code(UCHAR code)
{
    if (code == PREFIX_E0 || code == PREFIX_E1) {
        extended = TRUE;
        return;
    }
    if (!(code & RELEASED))
        buffer_put(extended ? code | EXTENDED : code);
    extended = FALSE;
}

static void take(UCHAR code)
{
    struct console_key key;

    handle_code(code);
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
    KeInitializeEvent(&key_pressed, SynchronizationEvent, FALSE);
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

UCHAR keyboard_poll(void)
{
    return head == tail ? 0 : buffer[head++ % BUFFER_KEYS];
}

UCHAR keyboard_wait(void)
{
    UCHAR key;

    while (!(key = keyboard_poll()))
        KeWaitForSingleObject(&key_pressed, UserRequest, KernelMode, FALSE, NULL);
    return key;
}
