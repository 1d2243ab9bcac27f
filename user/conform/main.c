/* All areas in order, or those that the command line names: conform.exe files paths. */
#include "conform.h"

void WINAPI start(void);

static const struct area areas[] = {
    {"status", check_status},
    {"errors", check_errors},
    {"messages", check_messages},
    {"handles", check_handles},
    {"files", check_files},
    {"find", check_find},
    {"sharing", check_sharing},
    {"dosdevices", check_dos_devices},
    {"paths", check_paths},
    {"environment", check_environment},
    {"console", check_console},
    {"modules", check_modules},
    {"loader", check_loader},
    {"memory", check_memory},
    {"protection", check_protection},
    {"sections", check_sections},
    {"heap", check_heap},
    {"threads", check_threads},
    {"processes", check_processes},
    {"inheritance", check_inheritance},
    {"events", check_events},
    {"mutexes", check_mutexes},
    {"semaphores", check_semaphores},
    {"waits", check_waits},
    {"timers", check_timers},
    {"critical", check_critical_sections},
    {"tls", check_tls},
    {"exceptions", check_exceptions},
    {"frames", check_frames},
    {"numbers", check_number_format},
    {"wsprintf", check_wsprintf},
    {"services", check_services},
    {"device", check_device},
    {"buffers", check_buffers},
    {"overlapped", check_overlapped},
};

/* What follows the program's name, which may stand in quotes. */
static const char *arguments(void)
{
    const char *line = GetCommandLineA();
    char end = *line == '"' ? '"' : ' ';

    if (end == '"')
        line++;
    while (*line != '\0' && *line != end)
        line++;
    if (*line == '"')
        line++;
    while (*line == ' ')
        line++;
    return line;
}

/* A thread of its own: kernel32 stands below it, whoever started the process. */
static DWORD WINAPI run(void *words)
{
    const char *wanted = words;
    unsigned i;

    for (i = 0; i < COUNT(areas); i++) {
        if (*wanted != '\0' && text_find(wanted, areas[i].name) == NULL)
            continue;
        tap_area(areas[i].name);
        areas[i].run();
    }
    return 0;
}

void WINAPI start(void)
{
    const char *words = arguments();

    if (text_find(words, "child ") == words)
        ExitProcess(child_main(words + 6));
    WaitForSingleObject(CreateThread(NULL, 0, run, (void *)words, 0, NULL), INFINITE);
    ExitProcess(tap_end());
}
