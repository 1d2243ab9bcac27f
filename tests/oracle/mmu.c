/*
 * The MMU as a witness: which physical address the emulated processor really used for a virtual
 * one. Arguments: range=LOW-HIGH (hex, HIGH excluded; up to 16 of them) and out=FILE.
 *
 * The file gets a line `VVVVVVVV PPPPPPPP r|w SIZE` for a completed memory access in a range
 * whenever its page is used with another frame than at the access before: all translations of a
 * page in order, the last of them the one in force. Instruction fetches are not seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"

#define PAGE_SHIFT 12
#define PAGE_COUNT (1u << 20)
#define MAX_RANGES 16

EXPORTED int qemu_plugin_version = 1;

static struct {
    uint32_t low, high;
} ranges[MAX_RANGES];
static size_t range_count;
static uint64_t *last_frame; /* by virtual page number */
static FILE *out;

static bool in_ranges(uint64_t address)
{
    for (size_t i = 0; i < range_count; i++)
        if (address >= ranges[i].low && address < ranges[i].high)
            return true;
    return false;
}

static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
    (void)cpu, (void)data;
    if (!in_ranges(address))
        return;
    struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, address);
    if (!where || qemu_plugin_hwaddr_is_io(where))
        return;
    uint64_t physical = qemu_plugin_hwaddr_phys_addr(where);
    uint64_t *frame = &last_frame[address >> PAGE_SHIFT];
    if (*frame == physical >> PAGE_SHIFT)
        return;
    *frame = physical >> PAGE_SHIFT;
    fprintf(out, "%08llX %08llX %c %u\n", (unsigned long long)address, (unsigned long long)physical,
            qemu_plugin_mem_is_store(info) ? 'w' : 'r', 1u << qemu_plugin_mem_size_shift(info));
    fflush(out); /* the reader need not wait for the end of the machine */
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++)
        qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(block, i), on_access,
                                         QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
}

static bool take_argument(const char *argument)
{
    unsigned int low, high;

    if (sscanf(argument, "range=%x-%x", &low, &high) == 2 && range_count < MAX_RANGES) {
        ranges[range_count].low = low;
        ranges[range_count++].high = high;
        return true;
    }
    if (!strncmp(argument, "out=", 4))
        return (out = fopen(argument + 4, "w")) != NULL;
    return false;
}

EXPORTED int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int count,
                                 char **arguments)
{
    (void)info;
    for (int i = 0; i < count; i++) {
        if (!take_argument(arguments[i])) {
            fprintf(stderr, "mmu: cannot use the argument %s\n", arguments[i]);
            return -1;
        }
    }
    last_frame = malloc(PAGE_COUNT * sizeof(*last_frame));
    if (!out || !range_count || !last_frame) {
        fprintf(stderr, "mmu: needs range=LOW-HIGH and out=FILE\n");
        return -1;
    }
    memset(last_frame, 0xFF, PAGE_COUNT * sizeof(*last_frame)); /* no frame yet */
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    return 0;
}
