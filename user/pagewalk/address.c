#include "pagewalk.h"

static const char *const kinds[PAGEWALK_KINDS] = {"read", "write", "fetch"};

/* What people read, and what the log has. */
static const struct {
    const char *words, *key;
} formats[] =
    {
        {"no paging", "unpaged"},
        {"32-bit paging", "32"},
        {"32-bit paging with 4 MiB pages", "pse"},
        {"PAE paging", "pae"},
},
  reasons[] = {
      {"allowed", "granted"},        {"not present", "absent"},     {"a reserved bit", "broken"},
      {"U/S=0", "not-user"},         {"R/W=0", "read-only"},        {"XD=1", "not-execute"},
      {"SMEP: a user page", "smep"}, {"SMAP: a user page", "smap"},
};

static const char *level_name(const struct pagewalk_record *record, DWORD level)
{
    static const char *const names[] = {"PDPTE", "PDE", "PTE"};

    return names[level + (record->format != PAGEWALK_PAE)];
}

static int entry_digits(const struct pagewalk_record *record)
{
    return record->format == PAGEWALK_PAE ? 16 : 8;
}

/* P, R/W ... of a present entry, the highest bit first. */
static const char *flags_text(ULONGLONG entry, char text[16])
{
    static const char letters[] = "PWUTNADLG"; /* bits 0 to 8 */
    int length = 0;

    text[length++] = entry >> 63 ? 'X' : '-';
    for (int bit = sizeof(letters) - 2; bit >= 0; bit--)
        text[length++] = entry >> bit & 1 ? letters[bit] : '-';
    text[length] = '\0';
    return text;
}

static void show_levels(const struct pagewalk_record *record)
{
    int digits = entry_digits(record);
    char flags[16];

    say(digits == 8 ? "Level  Entry at  %-8s  Flags\r\n" : "Level  Entry at  %-16s  Flags\r\n",
        "Value");
    for (DWORD i = 0; i < record->level_count; i++) {
        const struct pagewalk_level *level = &record->levels[i];

        say("%-5s  %8s  %s  %s\r\n", level_name(record, i), hex_text(level->address, 8),
            hex_text(level->entry, digits), flags_text(level->entry, flags));
        DbgPrint("[walk] level=%s at=%s entry=%s\n", level_name(record, i),
                 hex_text(level->address, 8), hex_text(level->entry, digits));
    }
}

static void show_page(const struct pagewalk_record *record)
{
    if (record->stop != PAGEWALK_MAPPED) {
        say("Nothing is mapped there: the %s", level_name(record, record->level_count - 1));
        if (record->stop == PAGEWALK_RESERVED_BIT)
            say(" has reserved bits set, %s.\r\n", hex_text(record->broken, 1));
        else
            say(record->stop == PAGEWALK_NOT_PRESENT ? " is not present.\r\n"
                                                     : " cannot be read.\r\n");
        return;
    }
    say("Physical address %s, in a %s %s page%s\r\n", hex_text(record->physical, 8),
        record->user ? "user" : "supervisor", size_text(record->page_size),
        record->is_global ? ", global" : "");
}

/* "yes", or the error code and who denies it. */
static void verdict_text(const struct pagewalk_record *record, int asker, int kind, char text[64])
{
    const struct pagewalk_verdict *verdict = &record->verdicts[asker][kind];

    if (verdict->error == PAGEWALK_ALLOWED)
        lstrcpyA(text, "yes");
    else
        wsprintfA(text, "#PF %02X: %s, %s", verdict->error, level_name(record, verdict->level),
                  reasons[verdict->reason].words);
}

static void log_verdict(const struct pagewalk_record *record, int asker, int kind)
{
    const struct pagewalk_verdict *verdict = &record->verdicts[asker][kind];
    BOOL allowed = verdict->error == PAGEWALK_ALLOWED;

    DbgPrint("[walk] cpl=%d access=%s error=%s level=%s reason=%s\n",
             asker == PAGEWALK_CPL3 ? 3 : 0, kinds[kind],
             allowed ? "-" : hex_text((DWORD)verdict->error, 2),
             allowed ? "-" : level_name(record, verdict->level), reasons[verdict->reason].key);
}

static void show_verdicts(const struct pagewalk_record *record)
{
    char texts[PAGEWALK_ASKERS][64];

    say("Access  %-34s  %s\r\n", "CPL 0", "CPL 3");
    for (int kind = 0; kind < PAGEWALK_KINDS; kind++) {
        for (int asker = 0; asker < PAGEWALK_ASKERS; asker++) {
            verdict_text(record, asker, kind, texts[asker]);
            log_verdict(record, asker, kind);
        }
        say("%-6s  %-34s  %s\r\n", kinds[kind], texts[PAGEWALK_CPL0], texts[PAGEWALK_CPL3]);
    }
}

BOOL show_address(DWORD address, DWORD process)
{
    struct pagewalk_question question = {.process = process, .address = address};
    struct pagewalk_record record;
    DWORD returned;

    if (!device_ask(IOCTL_PAGEWALK_ADDRESS, &question, &record, sizeof(record), &returned))
        return FALSE;
    say("Address %08X of process %u: %s, CR3 %08X\r\n\r\n", record.address, record.process,
        formats[record.format].words, record.cr3);
    DbgPrint(
        "[walk] process=%lu address=%08lX format=%s cr3=%08lX stop=\"%s\" physical=%s page=%lu "
        "broken=%s user=%d write=%d no_execute=%d global=%d\n",
        record.process, record.address, formats[record.format].key, record.cr3,
        stop_text(record.stop), hex_text(record.physical, 8), record.page_size,
        hex_text(record.broken, 1), record.user, record.write, record.no_execute, record.is_global);
    show_levels(&record);
    say("\r\n");
    show_page(&record);
    say("\r\n");
    show_verdicts(&record);
    return TRUE;
}
