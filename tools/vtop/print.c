#include "print.h"

#include <stdio.h>

#include "paging_pae.h"

static const char *const formats[] = {"unpaged", "32-bit", "32-bit with PSE", "PAE"};
static const char *const stops[] = {"mapped", "not present", "reserved bit", "unreadable"};
static const char *const kinds[] = {"read", "write", "fetch"};

/* The letters of a set of kinds, for reading in place: r, w, x or dashes. */
static const char *letters(ULONG can)
{
    static const char *const sets[] = {"---", "r--", "-w-", "rw-", "--x", "r-x", "-wx", "rwx"};

    return sets[can & 7];
}

static const char *size_name(ULONG bytes)
{
    return bytes == LARGE_PAGE_SIZE       ? "4M"
           : bytes == PAE_LARGE_PAGE_SIZE ? "2M"
           : bytes                        ? "4K"
                                          : "-";
}

static int digits(const struct walk *walk)
{
    return walk->format == WALK_PAE ? 16 : 8;
}

static void print_flags(ULONGLONG entry)
{
    static const char *const names[] = {"P", "RW", "US", "PWT", "PCD", "A", "D", "b7", "G"};

    for (int bit = 0; bit < 9; bit++)
        if (entry >> bit & 1)
            printf(" %s", names[bit]);
    if (entry & PAE_NO_EXECUTE)
        printf(" XD");
}

static void print_reason(const struct walk *walk, struct walk_denial denial)
{
    static const char *const words[] = {
        "",          "is not present", "has a reserved bit",   "has U/S=0",
        "has R/W=0", "has XD=1",       "is a user page: SMEP", "is a user page: SMAP"};

    printf(" (%s %s)", walk_level_name(walk->format, denial.level), words[denial.reason]);
}

static void print_asker(const struct walk *walk, ULONG cpl)
{
    printf("  CPL %u:", (unsigned)cpl);
    for (int kind = WALK_READ; kind <= WALK_FETCH; kind++) {
        LONG error = walk_access(walk, cpl, kind);

        printf("%s %s ", kind ? "," : "", kinds[kind]);
        if (error == WALK_ALLOWED) {
            printf("yes");
            continue;
        }
        printf("#PF %02X", (unsigned)error);
        print_reason(walk, walk_denial(walk, cpl, kind));
    }
    putchar('\n');
}

void print_walk(const struct walk *walk, const struct walk_registers *registers)
{
    printf("%08X: %s paging, CR3 %08X\n", walk->address, formats[walk->format], registers->cr3);
    for (ULONG i = 0; i < walk->level_count; i++) {
        printf("  %-5s at %09llX = %0*llX ", walk_level_name(walk->format, i),
               (unsigned long long)walk->levels[i].entry_address, digits(walk),
               (unsigned long long)walk->levels[i].entry);
        print_flags(walk->levels[i].entry);
        putchar('\n');
    }
    if (walk->stop == WALK_MAPPED)
        printf("  physical %09llX, page of %s%s\n", (unsigned long long)walk->physical,
               size_name(walk->page_size), walk->global ? ", global" : "");
    else if (walk->stop == WALK_RESERVED_BIT)
        printf("  stops here: reserved bits %llX\n", (unsigned long long)walk->reserved);
    else
        printf("  stops here: %s\n",
               walk->stop == WALK_NOT_PRESENT ? "not present" : "the image has no memory there");
    if (walk->stop == WALK_UNREADABLE)
        return;
    print_asker(walk, 3);
    print_asker(walk, 0);
}

static void print_verdict_json(const struct walk *walk, ULONG cpl, int kind)
{
    LONG error = walk_access(walk, cpl, kind);
    struct walk_denial denial = walk_denial(walk, cpl, kind);

    if (error == WALK_ALLOWED)
        printf("\"%s\": {\"allowed\": true}", kinds[kind]);
    else
        printf("\"%s\": {\"allowed\": false, \"error\": %d, \"level\": \"%s\"}", kinds[kind], error,
               walk_level_name(walk->format, denial.level));
}

static void print_asker_json(const struct walk *walk, ULONG cpl)
{
    printf(", \"cpl%u\": {", (unsigned)cpl);
    for (int kind = WALK_READ; kind <= WALK_FETCH; kind++) {
        printf("%s", kind ? ", " : "");
        print_verdict_json(walk, cpl, kind);
    }
    putchar('}');
}

void print_walk_json(const struct walk *walk)
{
    printf("{\"address\": %u, \"format\": \"%s\", \"stop\": \"%s\", \"levels\": [", walk->address,
           formats[walk->format], stops[walk->stop]);
    for (ULONG i = 0; i < walk->level_count; i++)
        printf("%s{\"name\": \"%s\", \"at\": %llu, \"entry\": %llu}", i ? ", " : "",
               walk_level_name(walk->format, i), (unsigned long long)walk->levels[i].entry_address,
               (unsigned long long)walk->levels[i].entry);
    printf("], \"reserved\": %llu", (unsigned long long)walk->reserved);
    if (walk->stop == WALK_MAPPED)
        printf(", \"physical\": %llu, \"page\": %u, \"global\": %s",
               (unsigned long long)walk->physical, walk->page_size,
               walk->global ? "true" : "false");
    if (walk->stop != WALK_UNREADABLE) {
        print_asker_json(walk, 0);
        print_asker_json(walk, 3);
    }
    putchar('}');
}

static void print_verdict_code(const struct walk *walk, ULONG cpl, int kind)
{
    struct walk_denial denial = walk_denial(walk, cpl, kind);

    if (denial.reason == WALK_GRANTED)
        printf(" -");
    else
        printf(" %X@%u", (unsigned)walk_access(walk, cpl, kind), denial.level);
}

void print_walk_line(const struct walk *walk)
{
    static const char letter[] = "MNRU";

    printf("%08X %c %X %llX %llX", walk->address, letter[walk->stop], walk->page_size,
           (unsigned long long)walk->physical, (unsigned long long)walk->reserved);
    for (int asker = 0; asker < 6; asker++)
        print_verdict_code(walk, asker < 3 ? 0 : 3, asker % 3);
    for (ULONG i = 0; i < walk->level_count; i++)
        printf(" %llX=%llX", (unsigned long long)walk->levels[i].entry_address,
               (unsigned long long)walk->levels[i].entry);
    putchar('\n');
}

static void print_side(const struct scan_range *range)
{
    if (range->stop == WALK_MAPPED)
        printf("%09llX  %s  user %s  kernel %s%s", (unsigned long long)range->physical,
               size_name(range->page_size), letters(range->can[WALK_USER]),
               letters(range->can[WALK_SUPERVISOR]), range->global ? "  global" : "");
    else
        printf("%s", stops[range->stop]);
}

void print_range(const struct scan_range *range)
{
    printf("%08X-%08X  ", range->first, range->last);
    print_side(range);
    putchar('\n');
}

static void print_side_json(const struct scan_range *range)
{
    printf("\"stop\": \"%s\", \"physical\": %llu, \"page\": %u, \"cpl3\": \"%s\", \"cpl0\": "
           "\"%s\", \"user\": %s, \"write\": %s, \"no_execute\": %s, \"global\": %s",
           stops[range->stop], (unsigned long long)range->physical, range->page_size,
           letters(range->can[WALK_USER]), letters(range->can[WALK_SUPERVISOR]),
           range->user ? "true" : "false", range->write ? "true" : "false",
           range->no_execute ? "true" : "false", range->global ? "true" : "false");
}

void print_range_json(const struct scan_range *range)
{
    printf("{\"first\": %u, \"last\": %u, ", range->first, range->last);
    print_side_json(range);
    putchar('}');
}

void print_difference(const struct scan_difference *difference)
{
    for (int i = 0; i < 2; i++) {
        printf("%c %08X-%08X  ", i ? '+' : '-', difference->first, difference->last);
        if (difference->mapped[i])
            print_side(&difference->sides[i]);
        else
            printf("absent");
        putchar('\n');
    }
}

void print_difference_json(const struct scan_difference *difference)
{
    printf("{\"first\": %u, \"last\": %u, \"sides\": [", difference->first, difference->last);
    for (int i = 0; i < 2; i++) {
        printf("%s", i ? ", " : "");
        if (!difference->mapped[i]) {
            printf("null");
            continue;
        }
        putchar('{');
        print_side_json(&difference->sides[i]);
        putchar('}');
    }
    printf("]}");
}
