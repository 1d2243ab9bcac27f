/*
 * Finds double fetches: bytes of ring 3 that ring 0 reads twice in one stay, between which another
 * thread or a device could change them. Arguments, all hex:
 *
 *   kernel=LOW-HIGH   code from LOW to HIGH is ring 0's, memory below LOW is ring 3's
 *   from=ADDRESS      nothing is looked at until this instruction runs: where ring 3 is first entered
 *   new=ADDRESS       a stay begins there too: where threads are switched
 *   skip=LOW-HIGH     instructions that touch memory but do not look at what is there
 *   out=FILE
 *
 * The file gets a line `twice VVVVVVVV PPPPPPPP QQQQQQQQ` for a byte at V that the instruction at P has read
 * and that at Q reads again, once for each such pair of instructions; and a line `reads` for every
 * READS_A_LINE reads of ring 3's memory by ring 0.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"

#define PAGE_SHIFT   12
#define PAGE_SIZE    (1u << PAGE_SHIFT)
#define PAGE_COUNT   (1u << 20)
#define MOST_PAIRS   64
#define READS_A_LINE 1000

EXPORTED int qemu_plugin_version = 1;

/* When each byte of a page was last read, and by which instruction. */
struct page {
    uint32_t stay[PAGE_SIZE], reader[PAGE_SIZE];
};

static uint32_t kernel, kernel_end, from, new, skip, skip_end;
static bool watching;
static size_t pair_count;
static struct {
    uint32_t first, second;
} pairs[MOST_PAIRS];
static struct page **pages;
static uint32_t stay = 1, reads;
static FILE *out;

static bool is_new_pair(uint32_t first, uint32_t second)
{
    for (size_t i = 0; i < pair_count; i++)
        if (pairs[i].first == first && pairs[i].second == second)
            return false;
    if (pair_count == MOST_PAIRS)
        return false;
    pairs[pair_count].first = first;
    pairs[pair_count++].second = second;
    return true;
}

static void note(uint32_t address, uint32_t reader)
{
    struct page **page = &pages[address >> PAGE_SHIFT];
    uint32_t at = address & (PAGE_SIZE - 1);

    if (!*page)
        *page = calloc(1, sizeof(**page));
    if ((*page)->stay[at] == stay && is_new_pair((*page)->reader[at], reader)) {
        fprintf(out, "twice %08X %08X %08X\n", address, (*page)->reader[at], reader);
        fflush(out);
    }
    (*page)->stay[at] = stay;
    (*page)->reader[at] = reader;
}

static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
    uint32_t size = 1u << qemu_plugin_mem_size_shift(info);

    (void)cpu;
    if (!watching || qemu_plugin_mem_is_store(info) || (uint32_t)address >= kernel)
        return;
    for (uint32_t i = 0; i < size; i++)
        note((uint32_t)address + i, (uint32_t)(uintptr_t)data);
    if (++reads % READS_A_LINE == 0) {
        fprintf(out, "reads\n");
        fflush(out);
    }
}

static void on_stay(unsigned int cpu, void *data)
{
    (void)cpu, (void)data;
    stay++;
}

static void on_begin(unsigned int cpu, void *data)
{
    (void)cpu, (void)data;
    watching = true;
}

static void watch(struct qemu_plugin_insn *instruction, execute_callback callback)
{
    qemu_plugin_register_vcpu_insn_exec_cb(instruction, callback, QEMU_PLUGIN_CB_NO_REGS, NULL);
}

/* Whatever ring 3 executes ends the stay before it. */
static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        uint32_t address = (uint32_t)qemu_plugin_insn_vaddr(instruction);

        if (address < kernel ? i == 0 : address == new)
            watch(instruction, on_stay);
        if (address == from)
            watch(instruction, on_begin);
        if (address >= kernel && address < kernel_end && (address < skip || address >= skip_end))
            qemu_plugin_register_vcpu_mem_cb(instruction, on_access, QEMU_PLUGIN_CB_NO_REGS,
                                             QEMU_PLUGIN_MEM_RW, (void *)(uintptr_t)address);
    }
}

static bool take_argument(const char *argument)
{
    if (sscanf(argument, "kernel=%x-%x", &kernel, &kernel_end) == 2 ||
        sscanf(argument, "from=%x", &from) == 1 || sscanf(argument, "new=%x", &new) == 1 ||
        sscanf(argument, "skip=%x-%x", &skip, &skip_end) == 2)
        return true;
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
            fprintf(stderr, "fetch: cannot use the argument %s\n", arguments[i]);
            return -1;
        }
    }
    pages = calloc(PAGE_COUNT, sizeof(*pages));
    if (!out || !kernel || !from || !pages) {
        fprintf(stderr, "fetch: needs kernel=LOW-HIGH, from=ADDRESS and out=FILE\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    return 0;
}
