/* The program as its own child: what it is told to do, and how it is started. */
#include "conform.h"

static DWORD number_in(const char *words)
{
    DWORD number = 0;

    while (*words >= '0' && *words <= '9')
        number = number * 10 + (DWORD)(*words++ - '0');
    return number;
}

static int child_exit(const char *words)
{
    ExitProcess(number_in(words));
}

static int child_return(const char *words)
{
    return (int)number_in(words);
}

static int child_wait(const char *words UNUSED)
{
    Sleep(INFINITE);
    return 0;
}

static int child_set(const char *words)
{
    return SetEvent((HANDLE)(DWORD_PTR)number_in(words)) ? 0 : (int)GetLastError();
}

static int child_environment(const char *words)
{
    char value[TEXT_SIZE] = "";

    GetEnvironmentVariableA("CONFORM_CHILD", value, sizeof(value));
    return text_equal(value, words) ? 0 : 1;
}

static int child_folder(const char *words)
{
    char folder[TEXT_SIZE] = "";

    GetCurrentDirectoryA(sizeof(folder), folder);
    return text_equal(folder, words) ? 0 : 1;
}

static int child_standard(const char *words)
{
    return GetStdHandle(STD_ERROR_HANDLE) == (HANDLE)(DWORD_PTR)number_in(words) ? 0 : 1;
}

static int child_abandon(const char *words)
{
    HANDLE mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, words);

    return mutex != NULL && WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 ? 0 : 1;
}

/* An exception that nobody handles ends the process with its code. */
static int child_raise(const char *words)
{
    RaiseException(number_in(words), 0, 0, NULL);
    return 0;
}

static int child_fault(const char *words)
{
    *(volatile char *)(DWORD_PTR)number_in(words) = 1;
    return 0;
}

static int child_pending(const char *words UNUSED)
{
    return overlapped_child();
}

static const struct {
    const char *word;
    int (*run)(const char *words);
} children[] = {
    {"exit ", child_exit},         {"return ", child_return},  {"wait", child_wait},
    {"set ", child_set},           {"folder ", child_folder},  {"environment ", child_environment},
    {"standard ", child_standard}, {"raise ", child_raise},    {"fault ", child_fault},
    {"abandon ", child_abandon},   {"pending", child_pending},
};

int child_main(const char *words)
{
    unsigned i;
    const char *rest = words;

    for (i = 0; i < COUNT(children); i++) {
        if (text_find(words, children[i].word) != words)
            continue;
        for (rest = children[i].word; *rest != '\0'; rest++)
            words++;
        return children[i].run(words);
    }
    return 255;
}

void own_path(char *path)
{
    path[GetModuleFileNameA(NULL, path, TEXT_SIZE - 1)] = '\0';
}

HANDLE child_start(const char *words, DWORD flags, BOOL inherit, HANDLE *thread)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION information = {NULL, NULL, 0, 0};
    char path[TEXT_SIZE], line[2 * TEXT_SIZE], *end = text_append(line, "\"");

    own_path(path);
    text_append(text_append(text_append(end, path), "\" child "), words);
    if (!CreateProcessA(path, line, NULL, NULL, inherit, flags, NULL, NULL, &startup, &information))
        return NULL;
    *thread = information.hThread;
    return information.hProcess;
}

DWORD child_run(const char *words)
{
    HANDLE thread = NULL, process = child_start(words, 0, FALSE, &thread);
    DWORD code = UNTOUCHED;

    WaitForSingleObject(process, 20000);
    GetExitCodeProcess(process, &code);
    CloseHandle(thread);
    CloseHandle(process);
    return code;
}
