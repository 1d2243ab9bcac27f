/*
 * Counts guest instructions. Arguments: interval=NAME:START:STOP (hex addresses; up to 8 of them)
 * and out=FILE. An interval opens when the instruction at START is about to run (it is counted)
 * and closes when the one at STOP is (it is not). STOP may be the word `return`: then the interval
 * closes at the instruction after the `ret` that leaves the function entered at START.
 *
 * The file gets a line `NAME COUNT` for each interval that closes. Counted as -icount does: each
 * repetition of a string instruction is one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"

#define MAX_INTERVALS 8
#define NAME_SIZE     32
#define ADDRESS_BITS  32

enum kind { OTHER, CALL, RETURN };

struct interval {
    char name[NAME_SIZE];
    uint32_t start, stop;
    bool until_return;
    bool open;
    bool returned;  /* the last instruction was the function's own ret */
    int64_t depth;  /* of calls below the function */
    uint64_t count; /* instructions since START */
};

EXPORTED int qemu_plugin_version = 1;

static struct interval intervals[MAX_INTERVALS];
static size_t interval_count;
static FILE *out;

static bool is_prefix(uint8_t byte)
{
    return byte && memchr("\x66\x67\xF2\xF3\xF0\x2E\x36\x3E\x26\x64\x65", byte, 11);
}

/* Whether an instruction is a near or far call, or a return from one (Intel SDM vol. 2). */
static enum kind classify(const uint8_t *code, size_t size)
{
    size_t i = 0;

    while (i < size && is_prefix(code[i]))
        i++;
    if (i >= size)
        return OTHER;
    if (code[i] == 0xE8 || code[i] == 0x9A)
        return CALL;
    if (code[i] == 0xFF && i + 1 < size)
        return (code[i + 1] >> 3 & 7) == 2 || (code[i + 1] >> 3 & 7) == 3 ? CALL : OTHER;
    return code[i] == 0xC2 || code[i] == 0xC3 || code[i] == 0xCA || code[i] == 0xCB ? RETURN
                                                                                    : OTHER;
}

static void close_interval(struct interval *interval)
{
    interval->open = false;
    fprintf(out, "%s %llu\n", interval->name, (unsigned long long)interval->count);
    fflush(out);
}

static void count(struct interval *interval, uint32_t address, enum kind kind)
{
    if (interval->open && (interval->until_return ? interval->returned : address == interval->stop))
        close_interval(interval);
    if (!interval->open && address == interval->start) {
        interval->open = true;
        interval->returned = false;
        interval->depth = 0;
        interval->count = 0;
    }
    if (!interval->open)
        return;
    interval->count++;
    interval->returned = kind == RETURN && interval->depth == 0;
    interval->depth += (kind == CALL) - (kind == RETURN);
}

static void on_execution(unsigned int cpu, void *data)
{
    (void)cpu;
    uint64_t packed = (uintptr_t)data;

    for (size_t i = 0; i < interval_count; i++)
        count(&intervals[i], (uint32_t)packed, (enum kind)(packed >> ADDRESS_BITS));
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        enum kind kind =
            classify(qemu_plugin_insn_data(instruction), qemu_plugin_insn_size(instruction));
        uint64_t address = qemu_plugin_insn_vaddr(instruction) & UINT32_MAX;
        void *packed = (void *)(uintptr_t)((uint64_t)kind << ADDRESS_BITS | address);

        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_execution, QEMU_PLUGIN_CB_NO_REGS,
                                               packed);
    }
}

static bool take_interval(const char *text)
{
    struct interval *interval = &intervals[interval_count];
    char stop[16];

    if (interval_count == MAX_INTERVALS ||
        sscanf(text, "%31[^:]:%x:%15s", interval->name, &interval->start, stop) != 3)
        return false;
    interval_count++;
    interval->until_return = !strcmp(stop, "return");
    return interval->until_return || sscanf(stop, "%x", &interval->stop) == 1;
}

static bool take_argument(const char *argument)
{
    if (!strncmp(argument, "interval=", 9))
        return take_interval(argument + 9);
    if (!strncmp(argument, "out=", 4))
        return (out = fopen(argument + 4, "w")) != NULL;
    return false;
}

EXPORTED int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
                                 int argument_count, char **arguments)
{
    (void)info;
    for (int i = 0; i < argument_count; i++) {
        if (!take_argument(arguments[i])) {
            fprintf(stderr, "count: cannot use the argument %s\n", arguments[i]);
            return -1;
        }
    }
    if (!out || !interval_count) {
        fprintf(stderr, "count: needs interval=NAME:START:STOP and out=FILE\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    return 0;
}
