#include "pagewalk.h"

static DWORD count;

/* What the log has of a range, behind its addresses; `side` ends each key. */
static void log_range(const struct pagewalk_range *range, const char *side)
{
    DbgPrint("[walk] %sfirst=%08lX last=%08lX stop=\"%s\" physical=%s page=%lu user=%d write=%d "
             "no_execute=%d global=%d cpl0=%s cpl3=%s\n",
             side, range->first, range->last, stop_text(range->stop), hex_text(range->physical, 8),
             range->page_size, range->user, range->write, range->no_execute, range->is_global,
             rights_text(range->can[PAGEWALK_CPL0]), rights_text(range->can[PAGEWALK_CPL3]));
}

/* ---- Ranges ---- */

static void show_range(const void *record)
{
    const struct pagewalk_range *range = record;

    count++;
    log_range(range, "");
    if (range->stop != PAGEWALK_MAPPED) {
        say("%08X  %08X  %s\r\n", range->first, range->last, stop_text(range->stop));
        return;
    }
    say("%08X  %08X  %13s  %s  %-10s  %s    %s%s\r\n", range->first, range->last,
        hex_text(range->physical, 8), size_text(range->page_size),
        range->user ? "user" : "supervisor", rights_text(range->can[PAGEWALK_CPL0]),
        rights_text(range->can[PAGEWALK_CPL3]), range->is_global ? "    global" : "");
}

BOOL show_ranges(DWORD process)
{
    static const char heading[] =
        "First     Last           Physical  Page   Owner       CPL 0  CPL 3\r\n";
    struct pagewalk_question question = {.process = process};

    if (!device_list(IOCTL_PAGEWALK_RANGES, question, sizeof(struct pagewalk_range), heading,
                     show_range))
        return FALSE;
    say("%u ranges\r\n", count);
    DbgPrint("[walk] ranges=%lu\n", count);
    return TRUE;
}

/* ---- Two processes ---- */

/* "001A3000 4 KiB rwx/r--g", or what else is there. */
static const char *side_text(const struct pagewalk_range *side, char text[32])
{
    if (!side->is_there)
        return "-";
    if (side->stop != PAGEWALK_MAPPED)
        return stop_text(side->stop);
    wsprintfA(text, "%13s %s %s/%s%s", hex_text(side->physical, 8), size_text(side->page_size),
              rights_text(side->can[PAGEWALK_CPL0]), rights_text(side->can[PAGEWALK_CPL3]),
              side->is_global ? "g" : "");
    return text;
}

static void show_stretch(const void *record)
{
    const struct pagewalk_difference *difference = record;
    const struct pagewalk_range *sides = difference->sides;
    char texts[2][32];

    count++;
    for (int i = 0; i < 2; i++)
        log_range(&sides[i], sides[i].is_there ? i ? "side=2 " : "side=1 "
                             : i               ? "side=2 absent=1 "
                                               : "side=1 absent=1 ");
    say("%08X  %08X  %-28s  %s\r\n", sides[0].first, sides[0].last, side_text(&sides[0], texts[0]),
        side_text(&sides[1], texts[1]));
}

BOOL show_difference(DWORD process, DWORD other)
{
    struct pagewalk_question question = {.process = process, .other = other};
    char title[32], heading[80];

    wsprintfA(title, "Process %u", process);
    wsprintfA(heading, "First     Last      %-28s  Process %u\r\n", title, other);
    if (!device_list(IOCTL_PAGEWALK_COMPARE, question, sizeof(struct pagewalk_difference), heading,
                     show_stretch))
        return FALSE;
    say("%u differences\r\n", count);
    DbgPrint("[walk] differences=%lu\n", count);
    return TRUE;
}
