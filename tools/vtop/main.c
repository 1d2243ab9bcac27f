/*
 * vtop: walks the page tables in an image of a machine's memory, with the kernel's own walk.
 * man tools/vtop/vtop.1 has the whole of it.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "image.h"
#include "print.h"
#include "qmp.h"

enum { EXIT_ALL, EXIT_UNMAPPED, EXIT_USE, EXIT_IMAGE };

#define DEFAULT_MAXPHYADDR 40 /* QEMU's for its 64-bit CPUs */

static struct image image;
static struct walk_registers registers;
static struct walk_memory memory;

/* The options, as written; NULL or 0 if absent. */
static struct {
    const char *cr0, *cr3, *cr4, *efer, *maxphyaddr, *format, *cpu;
    const char *qmp, *frame, *compare, *batch;
    int all, json, ac, help;
} given;

static const char usage[] =
    "Use: vtop [options] FILE [ADDRESS...]   FILE: raw physical memory, or an ELF core of QEMU's\n"
    "     vtop [options] --qmp SOCKET [ADDRESS...]\n"
    "  --all            the whole space as ranges\n"
    "  --frame PHYS     the addresses that map this physical one\n"
    "  --compare CR3    where the space of that CR3 differs\n"
    "  --batch FILE     addresses from a file (- is the standard input), one line of answer each\n"
    "  --json           answers as JSON\n"
    "  --cr3 HEX        the tables' address; a raw image needs it\n"
    "  --format F       32, pse, pae or nx (PAE with EFER.NXE); a raw image has pse\n"
    "  --cr0 --cr4 --efer HEX, --maxphyaddr N, --ac   other registers than the image's\n"
    "  --cpu N          the registers of this CPU of the core (0)\n"
    "Exit: 0 done, 1 an address is not mapped (or nothing maps the frame, or the spaces differ),\n"
    "      2 wrong use, 3 the image or socket cannot be read.\n";

static _Noreturn void end_of_use(const char *what, const char *which)
{
    fprintf(stderr, "vtop: %s%s%s\n%s", what, which ? ": " : "", which ? which : "", usage);
    exit(EXIT_USE);
}

/* A number of an option or operand, at most `most`; an h may end a hexadecimal one. */
static ULONGLONG number(const char *text, int base, ULONGLONG most, const char *what)
{
    char *end;
    ULONGLONG value;

    errno = 0;
    value = strtoull(text, &end, base);
    if (base == 16 && end != text && (*end == 'h' || *end == 'H'))
        end++;
    if (end == text || *end || *text == '-' || errno || value > most)
        end_of_use(what, text);
    return value;
}

static ULONG hex(const char *text, const char *what)
{
    return (ULONG)number(text, 16, 0xFFFFFFFF, what);
}

static void parse_options(int count, char **arguments)
{
    enum { CR0 = 1, CR3, CR4, EFER, MAXPHYADDR, FORMAT, CPU, QMP, FRAME, COMPARE, BATCH };
    const char **const texts[] = {
        [CR0] = &given.cr0,
        [CR3] = &given.cr3,
        [CR4] = &given.cr4,
        [EFER] = &given.efer,
        [MAXPHYADDR] = &given.maxphyaddr,
        [FORMAT] = &given.format,
        [CPU] = &given.cpu,
        [QMP] = &given.qmp,
        [FRAME] = &given.frame,
        [COMPARE] = &given.compare,
        [BATCH] = &given.batch,
    };
    const struct option options[] = {
        {"cr0", 1, NULL, CR0},
        {"cr3", 1, NULL, CR3},
        {"cr4", 1, NULL, CR4},
        {"efer", 1, NULL, EFER},
        {"maxphyaddr", 1, NULL, MAXPHYADDR},
        {"format", 1, NULL, FORMAT},
        {"cpu", 1, NULL, CPU},
        {"qmp", 1, NULL, QMP},
        {"frame", 1, NULL, FRAME},
        {"compare", 1, NULL, COMPARE},
        {"batch", 1, NULL, BATCH},
        {"all", 0, &given.all, 1},
        {"json", 0, &given.json, 1},
        {"ac", 0, &given.ac, 1},
        {"help", 0, &given.help, 1},
        {NULL, 0, NULL, 0},
    };
    int found;

    while ((found = getopt_long(count, arguments, "", options, NULL)) != -1) {
        if (found == '?')
            end_of_use("such an option there is not", NULL);
        if (found)
            *texts[found] = optarg;
    }
}

static void open_image(int count, char **arguments)
{
    const char *path = given.qmp, *wrong;

    if (!path) {
        if (optind == count)
            end_of_use("FILE is missing", NULL);
        path = arguments[optind++];
    }
    wrong = given.qmp ? qmp_open(&image, path) : image_open(&image, path);
    if (wrong) {
        fprintf(stderr, "vtop: %s: %s\n", path, wrong);
        exit(EXIT_IMAGE);
    }
    memory = image_memory(&image);
}

static void take_cpu(void)
{
    ULONG cpu = given.cpu ? (ULONG)number(given.cpu, 10, IMAGE_CPUS, "--cpu is no number") : 0;

    if (cpu < image.cpu_count)
        registers = image.cpus[cpu];
    else if (given.cpu || (!given.cr3 && image.cpu_count))
        end_of_use("the image has no such CPU", given.cpu);
    else if (!given.cr3)
        end_of_use("the image does not say where its tables are: --cr3 is needed", NULL);
    else
        registers = (struct walk_registers){.cr0 = CR0_PG | CR0_WP, .cr4 = CR4_PSE};
}

static void take_format(void)
{
    static const struct {
        const char *name;
        ULONG cr4, efer;
    } formats[] = {
        {"32", 0, 0}, {"pse", CR4_PSE, 0}, {"pae", CR4_PAE, 0}, {"nx", CR4_PAE, EFER_NXE}};

    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        if (strcmp(given.format, formats[i].name))
            continue;
        registers.cr0 |= CR0_PG;
        registers.cr4 = (registers.cr4 & ~(CR4_PSE | CR4_PAE)) | formats[i].cr4;
        registers.efer = formats[i].efer;
        return;
    }
    end_of_use("--format is 32, pse, pae or nx, not", given.format);
}

static void take_registers(void)
{
    take_cpu();
    if (!registers.maxphyaddr) { /* no core has these two: the usual is taken */
        registers.maxphyaddr = DEFAULT_MAXPHYADDR;
        registers.efer = registers.cr4 & CR4_PAE ? EFER_NXE : 0;
    }
    if (given.format)
        take_format();
    if (given.cr0)
        registers.cr0 = hex(given.cr0, "--cr0 is no 32-bit number");
    if (given.cr3)
        registers.cr3 = hex(given.cr3, "--cr3 is no 32-bit number");
    if (given.cr4)
        registers.cr4 = hex(given.cr4, "--cr4 is no 32-bit number");
    if (given.efer)
        registers.efer = hex(given.efer, "--efer is no 32-bit number");
    if (given.maxphyaddr)
        registers.maxphyaddr =
            (ULONG)number(given.maxphyaddr, 10, 52, "--maxphyaddr is not 32 to 52");
    if (registers.maxphyaddr < 32)
        end_of_use("--maxphyaddr is not 32 to 52", given.maxphyaddr);
    if (given.ac)
        registers.eflags |= EFLAGS_AC;
    if (registers.efer & EFER_LMA) {
        fprintf(stderr, "vtop: the CPU is in long mode, whose tables have another format\n");
        exit(EXIT_IMAGE);
    }
}

static int show_addresses(int count, char **arguments)
{
    int result = EXIT_ALL;

    printf("%s", given.json ? "[" : "");
    for (int i = 0; i < count; i++) {
        struct walk walk =
            walk_address(&registers, hex(arguments[i], "no 32-bit address"), &memory);

        if (walk.stop != WALK_MAPPED)
            result = EXIT_UNMAPPED;
        if (!given.json) {
            print_walk(&walk, &registers);
            continue;
        }
        printf("%s", i ? ",\n " : "");
        print_walk_json(&walk);
    }
    printf("%s", given.json ? "]\n" : "");
    return result;
}

static int run_batch(void)
{
    FILE *in = strcmp(given.batch, "-") ? fopen(given.batch, "r") : stdin;
    char line[64];
    int result = EXIT_ALL;

    if (!in) {
        fprintf(stderr, "vtop: %s: %s\n", given.batch, strerror(errno));
        return EXIT_IMAGE;
    }
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\r\n")] = 0;
        struct walk walk = walk_address(&registers, hex(line, "no 32-bit address"), &memory);

        if (walk.stop != WALK_MAPPED)
            result = EXIT_UNMAPPED;
        print_walk_line(&walk);
    }
    if (in != stdin)
        fclose(in);
    return result;
}

static int show_all(void)
{
    struct scan scan;
    struct scan_range range;
    const char *between = "[";

    scan_begin(&scan, &registers, &memory, 0);
    while (scan_next(&scan, &range)) {
        if (!given.json) {
            print_range(&range);
            continue;
        }
        printf("%s", between);
        print_range_json(&range);
        between = ",\n ";
    }
    if (given.json)
        printf("%s]\n", *between == '[' ? "[" : "");
    return EXIT_ALL;
}

static int show_frame(void)
{
    ULONGLONG physical = number(given.frame, 16, (1ull << 52) - 1, "--frame is no address");
    struct scan scan;
    ULONG address;
    const char *between = "[";

    scan_begin(&scan, &registers, &memory, 0);
    while (scan_find(&scan, physical, &address)) {
        if (given.json)
            printf("%s%u", between, address);
        else
            printf("%08X\n", address);
        between = ", ";
    }
    if (given.json)
        printf("%s]\n", *between == '[' ? "[" : "");
    return *between == '[' ? EXIT_UNMAPPED : EXIT_ALL;
}

static int show_comparison(void)
{
    struct walk_registers other = registers;
    struct scan_comparison comparison;
    struct scan_difference difference;
    const char *between = "[";

    other.cr3 = hex(given.compare, "--compare is no 32-bit number");
    scan_compare_begin(&comparison, &registers, &other, &memory, 0);
    while (scan_compare_next(&comparison, &difference)) {
        if (given.json) {
            printf("%s", between);
            print_difference_json(&difference);
        } else {
            print_difference(&difference);
        }
        between = ",\n ";
    }
    if (given.json)
        printf("%s]\n", *between == '[' ? "[" : "");
    return *between == '[' ? EXIT_ALL : EXIT_UNMAPPED;
}

static int run(int count, char **arguments)
{
    int ways = !!count + given.all + !!given.frame + !!given.compare + !!given.batch;

    if (ways != 1)
        end_of_use(ways ? "one question at a time" : "nothing is asked", NULL);
    if (given.all)
        return show_all();
    if (given.frame)
        return show_frame();
    if (given.compare)
        return show_comparison();
    return given.batch ? run_batch() : show_addresses(count, arguments);
}

int main(int count, char **arguments)
{
    int result;

    parse_options(count, arguments);
    if (given.help) {
        printf("%s", usage);
        return EXIT_ALL;
    }
    open_image(count, arguments);
    take_registers();
    result = run(count - optind, arguments + optind);
    image_close(&image);
    if (fflush(stdout)) {
        fprintf(stderr, "vtop: the answer cannot be written: %s\n", strerror(errno));
        return EXIT_IMAGE;
    }
    return result;
}
