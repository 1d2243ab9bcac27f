/*
 * conform.exe asks Windows what a call does and compares the answer with what is known of NT. It is
 * an ordinary console program of stock headers, so that the same source runs here, on Wine and on
 * Windows. It prints TAP; its exit status is the number of checks that failed, at most 255.
 *
 * The comment at each check or table says where the expected value is from:
 *
 *   docs: NAME       Microsoft's page of the function or structure NAME
 *   tutorial 4.2.x   Four-F, "Kernel Mode Drivers, part 4", that section
 *   Wine: FILE       what Wine's public tests in that file assert of Windows
 *   ReactOS: FILE    what that file's reading shows NT to do
 *   SDM              Intel's manual, vol. 3A ch. 6: which exception an instruction raises
 */
#pragma once

#include <windows.h>
#include <winternl.h>

#define UNTOUCHED 0xBADC0DEu /* what the last error is before each call */
#define UNUSED    __attribute__((unused))
#define NOINLINE  __attribute__((noinline))
#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))

#define TEXT_SIZE 512 /* of the buffers that hold a name, a path or a line */

/* What a call returned, and the last error that it left. */
struct outcome {
    DWORD_PTR value;
    DWORD error;
};

#define CALL(expression) (SetLastError(UNTOUCHED), outcome_of((DWORD_PTR)(expression)))

/* One area of checks; the table of them is in main.c. */
struct area {
    const char *name;
    void (*run)(void);
};

/* tap.c: each of these is one check, except skip, which stands for checks that cannot be made. */
struct outcome outcome_of(DWORD_PTR value);
void tap_area(const char *name);
void expect(BOOL passed, const char *name);
void expect_value(DWORD_PTR got, DWORD_PTR expected, const char *name);
void expect_text(const char *got, const char *expected, const char *name);
/* Not zero, and the last error as it was before the call. */
void expect_success(struct outcome outcome, const char *name);
/* This value, which says that it failed, and this last error. */
void expect_failure(struct outcome outcome, DWORD_PTR value, DWORD error, const char *name);
void expect_error(struct outcome outcome, DWORD error, const char *name); /* FALSE and this error */
void skip(const char *name, const char *reason);
int tap_end(void); /* prints the plan; the number of failures, at most 255 */

/* text.c: what the C library would have. */
BOOL text_equal(const char *a, const char *b);
BOOL text_equal_caseless(const char *a, const char *b);
BOOL text_ends_with(const char *text, const char *end); /* letters' case aside */
const char *text_find(const char *text, const char *part);
char *text_append(char *end, const char *text); /* the new end */
char *text_append_number(char *end, DWORD_PTR number, unsigned base);

/* guard.c: runs a function that may raise an exception. */
struct caught {
    BOOL raised;
    EXCEPTION_RECORD record; /* of the exception, if one was raised */
    CONTEXT context;         /* as the filter got it */
};
struct caught guarded(void (*function)(void *), void *argument);

/* child.c: conform.exe starts itself again for what ends or changes a process. */
int child_main(const char *words); /* the exit status of `conform.exe child WORDS` */
HANDLE child_start(const char *words, DWORD flags, BOOL inherit, HANDLE *thread); /* NULL: failed */
DWORD child_run(const char *words); /* its exit status, once it has ended */
void own_path(char *path);          /* of TEXT_SIZE characters: the program's own file */

/* service.c: drivers by the service control manager, where the machine lets us. */
BOOL driver_start(const char *name,
                  const char *file); /* registered and started; FALSE: no such luck */
void driver_stop(const char *name);  /* stopped and deleted */

/* One a file. */
void check_status(void);
void check_errors(void);
void check_messages(void);
void check_handles(void);
void check_files(void);
void check_find(void);
void check_sharing(void);
void check_dos_devices(void);
void check_paths(void);
void check_environment(void);
void check_console(void);
void check_modules(void);
void check_loader(void);
void check_memory(void);
void check_protection(void);
void check_sections(void);
void check_heap(void);
void check_threads(void);
void check_processes(void);
void check_inheritance(void);
void check_events(void);
void check_mutexes(void);
void check_semaphores(void);
void check_waits(void);
void check_timers(void);
void check_critical_sections(void);
void check_tls(void);
void check_exceptions(void);
void check_frames(void);
void check_number_format(void);
void check_wsprintf(void);
void check_services(void);
void check_device(void);
void check_buffers(void);
void check_overlapped(void);

/* overlapped.c: what a child does for it; 7: its request was under way. */
int overlapped_child(void);
