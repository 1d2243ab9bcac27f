/* What the self-tests of the dispatcher share: threads that write down in which order they ran. */
#pragma once

#include "ke/scheduler.h"
#include "tests/kernel/ob_support.h"

enum { KE_TEST_THREADS = 8 };

extern struct ke_thread ke_test_threads[KE_TEST_THREADS];

/* A letter each time a thread has something to say. */
extern char ke_test_order[64];
void ke_test_say(char letter);

/* Forgets what was said. */
void ke_test_begin(void);

/* Starts test thread number `index` of the System process. */
struct ke_thread *ke_test_start(ULONG index, UCHAR priority, void (*start)(void *), void *argument);

/* The same in another process. */
struct ke_thread *ke_test_start_in(struct ke_process *process, ULONG index, UCHAR priority,
                                   void (*start)(void *));

/* Waits until the first `count` test threads have ended, and their stacks are gone. */
void ke_test_join(ULONG count);

/* For ever, unless a test is wrong: fails a check after 5 seconds. */
void ke_test_wait(PVOID object);

/* What is in use, to find leaks; frames as well as pool and objects. */
struct ke_test_usage {
    struct test_mark mark;
    ULONG frames;
};
struct ke_test_usage ke_test_usage(void);
#define CHECK_NO_USAGE(usage)                                                                      \
    do {                                                                                           \
        CHECK_NO_LEAK((usage).mark);                                                               \
        CHECK_EQUAL(ke_test_usage().frames, (usage).frames);                                       \
    } while (0)

/* `milliseconds` from now, as waits and timers take it. */
static inline LARGE_INTEGER ke_test_in(LONG milliseconds)
{
    return (LARGE_INTEGER){.QuadPart = -10000ll * milliseconds};
}
