/* The services of events, mutants, semaphores and timers, and waiting for handles. */
#include "ex/ex.h"
#include "ke/clock.h"
#include "ke/wait.h"
#include "ps/thread.h"
#include "rtl/rtl.h"
#include "tests/kernel/ke_support.h"

static LARGE_INTEGER at_once = {.QuadPart = 0};

static HANDLE new_event(EVENT_TYPE type, BOOLEAN state)
{
    HANDLE handle = NULL;

    CHECK_STATUS(NtCreateEvent(&handle, EVENT_ALL_ACCESS, NULL, type, state), STATUS_SUCCESS);
    return handle;
}

static NTSTATUS look(HANDLE handle)
{
    return NtWaitForSingleObject(handle, FALSE, &at_once);
}

/* A service as ring 3 calls it. */
#define FROM_RING_3(call)                                                                          \
    ({                                                                                             \
        KPROCESSOR_MODE mode = ke_set_previous_mode(UserMode);                                     \
        NTSTATUS status_of_call = (call);                                                          \
                                                                                                   \
        ke_set_previous_mode(mode);                                                                \
        status_of_call;                                                                            \
    })

SELFTEST(ex_events_are_set_reset_pulsed_and_queried)
{
    struct test_mark mark = test_mark();
    HANDLE event = new_event(SynchronizationEvent, TRUE);
    struct nt_event_information information;
    LONG last = 77;
    ULONG returned = 0;

    CHECK_STATUS(NtQueryEvent(event, 0, &information, sizeof information, &returned),
                 STATUS_SUCCESS);
    CHECK_EQUAL(information.type, SynchronizationEvent);
    CHECK_EQUAL(information.state, 1);
    CHECK_EQUAL(returned, 8);
    CHECK_STATUS(look(event), STATUS_SUCCESS);
    CHECK_STATUS(look(event), STATUS_TIMEOUT);
    CHECK_STATUS(NtSetEvent(event, &last), STATUS_SUCCESS);
    CHECK_EQUAL(last, 0);
    CHECK_STATUS(NtResetEvent(event, &last), STATUS_SUCCESS);
    CHECK_EQUAL(last, 1);
    CHECK_STATUS(NtPulseEvent(event, &last), STATUS_SUCCESS);
    CHECK_EQUAL(last, 0);
    CHECK_STATUS(NtSetEvent(event, NULL), STATUS_SUCCESS);
    CHECK_STATUS(NtClearEvent(event), STATUS_SUCCESS);
    CHECK_STATUS(look(event), STATUS_TIMEOUT);
    NtClose(event);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ex_queries_check_class_and_length)
{
    HANDLE event = new_event(NotificationEvent, FALSE);
    struct nt_event_information information;

    CHECK_STATUS(NtQueryEvent(event, 1, &information, sizeof information, NULL),
                 STATUS_INVALID_INFO_CLASS);
    CHECK_STATUS(NtQueryEvent(event, 0, &information, sizeof information - 1, NULL),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(NtQueryMutant(event, 0, &information, sizeof(struct nt_mutant_information), NULL),
                 STATUS_OBJECT_TYPE_MISMATCH);
    NtClose(event);
    CHECK_STATUS(NtQueryEvent(event, 0, &information, sizeof information, NULL),
                 STATUS_INVALID_HANDLE);
}

SELFTEST(ex_names_give_the_same_object)
{
    struct test_mark mark = test_mark();
    UNICODE_STRING name = UNICODE_STRING_INIT(u"\\BaseNamedObjects\\exTest");
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&name, OBJ_OPENIF);
    HANDLE first = NULL, second = NULL, third = NULL;

    CHECK_STATUS(NtCreateEvent(&first, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtCreateEvent(&second, EVENT_ALL_ACCESS, &attributes, NotificationEvent, TRUE),
                 STATUS_OBJECT_NAME_EXISTS);
    CHECK_STATUS(look(second), STATUS_TIMEOUT);
    CHECK_STATUS(NtOpenEvent(&third, SYNCHRONIZE, &attributes), STATUS_SUCCESS);
    NtSetEvent(second, NULL);
    CHECK_STATUS(look(third), STATUS_SUCCESS);
    NtClose(second);
    CHECK_STATUS(NtOpenMutant(&second, SYNCHRONIZE, &attributes), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(NtCreateSemaphore(&second, SYNCHRONIZE, &attributes, 0, 1),
                 STATUS_OBJECT_TYPE_MISMATCH);
    NtClose(first);
    NtClose(third);
    CHECK_STATUS(NtOpenEvent(&third, SYNCHRONIZE, &attributes), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

/* A mutant that comes second under a name is gone again, and with it its owner's claim. */
SELFTEST(ex_a_mutant_that_exists_is_not_owned_by_who_opens_it)
{
    struct test_mark mark = test_mark();
    UNICODE_STRING name = UNICODE_STRING_INIT(u"\\BaseNamedObjects\\exTest");
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&name, OBJ_OPENIF);
    HANDLE first = NULL, second = NULL;

    CHECK_STATUS(NtCreateMutant(&first, MUTANT_ALL_ACCESS, &attributes, FALSE), STATUS_SUCCESS);
    CHECK_STATUS(NtCreateMutant(&second, MUTANT_ALL_ACCESS, &attributes, TRUE),
                 STATUS_OBJECT_NAME_EXISTS);
    CHECK(IsListEmpty(&ke_current_thread()->mutants));
    CHECK_STATUS(NtReleaseMutant(second, NULL), STATUS_MUTANT_NOT_OWNED);
    NtClose(first);
    NtClose(second);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ex_mutants_count_and_may_go_while_they_are_owned)
{
    struct test_mark mark = test_mark();
    struct nt_mutant_information information;
    HANDLE mutant = NULL;
    LONG last = 77;

    CHECK_STATUS(NtCreateMutant(&mutant, MUTANT_ALL_ACCESS, NULL, TRUE), STATUS_SUCCESS);
    CHECK_STATUS(look(mutant), STATUS_SUCCESS);
    CHECK_STATUS(NtQueryMutant(mutant, 0, &information, sizeof information, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(information.count, -1);
    CHECK(information.owned_by_caller && !information.abandoned);
    CHECK_STATUS(NtReleaseMutant(mutant, &last), STATUS_SUCCESS);
    CHECK_EQUAL(last, -1);
    NtClose(mutant);
    CHECK(IsListEmpty(&ke_current_thread()->mutants));
    CHECK_NO_LEAK(mark);
}

SELFTEST(ex_semaphores_check_their_counts)
{
    struct nt_semaphore_information information;
    HANDLE semaphore = NULL;
    LONG last = 77;

    CHECK_STATUS(NtCreateSemaphore(&semaphore, SEMAPHORE_ALL_ACCESS, NULL, 3, 2),
                 STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtCreateSemaphore(&semaphore, SEMAPHORE_ALL_ACCESS, NULL, 0, 0),
                 STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtCreateSemaphore(&semaphore, SEMAPHORE_ALL_ACCESS, NULL, 1, 2), STATUS_SUCCESS);
    CHECK_STATUS(NtReleaseSemaphore(semaphore, 0, &last), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtReleaseSemaphore(semaphore, 2, &last), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    CHECK_STATUS(NtReleaseSemaphore(semaphore, 1, &last), STATUS_SUCCESS);
    CHECK_EQUAL(last, 1);
    CHECK_STATUS(look(semaphore), STATUS_SUCCESS);
    CHECK_STATUS(NtQuerySemaphore(semaphore, 0, &information, sizeof information, NULL),
                 STATUS_SUCCESS);
    CHECK_EQUAL(information.count, 1);
    CHECK_EQUAL(information.limit, 2);
    NtClose(semaphore);
}

SELFTEST(ex_timers_are_set_queried_and_cancelled)
{
    struct test_mark mark = test_mark();
    struct nt_timer_information information;
    LARGE_INTEGER due = ke_test_in(20);
    HANDLE timer = NULL;
    BOOLEAN state = 77;

    CHECK_STATUS(NtCreateTimer(&timer, TIMER_ALL_ACCESS, NULL, 2), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtCreateTimer(&timer, TIMER_ALL_ACCESS, NULL, NotificationTimer), STATUS_SUCCESS);
    CHECK_STATUS(NtSetTimer(timer, &due, NULL, NULL, FALSE, -1, NULL), STATUS_INVALID_PARAMETER_6);
    CHECK_STATUS(NtSetTimer(timer, &due, NULL, NULL, FALSE, 0, &state), STATUS_SUCCESS);
    CHECK_EQUAL(state, FALSE);
    CHECK_STATUS(NtQueryTimer(timer, 0, &information, sizeof information, NULL), STATUS_SUCCESS);
    CHECK(information.remaining.QuadPart > 0 && !information.state);
    CHECK_STATUS(NtWaitForSingleObject(timer, FALSE, NULL), STATUS_SUCCESS);
    CHECK_STATUS(NtCancelTimer(timer, &state), STATUS_SUCCESS);
    CHECK_EQUAL(state, TRUE);
    CHECK_STATUS(NtSetTimer(timer, &due, NULL, NULL, FALSE, 10, &state), STATUS_SUCCESS);
    CHECK_EQUAL(state, TRUE);
    NtClose(timer); /* while it runs */
    CHECK_STATUS(NtDelayExecution(FALSE, &due), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ex_waits_want_the_right_the_type_and_a_handle)
{
    UNICODE_STRING name = UNICODE_STRING_INIT(u"\\Device");
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&name, 0);
    HANDLE directory = NULL, event = NULL;

    CHECK_STATUS(NtOpenDirectoryObject(&directory, DIRECTORY_ALL_ACCESS, &attributes),
                 STATUS_SUCCESS);
    CHECK_STATUS(look(directory), STATUS_OBJECT_TYPE_MISMATCH);
    NtClose(directory);
    CHECK_STATUS(look(directory), STATUS_INVALID_HANDLE);
    CHECK_STATUS(NtCreateEvent(&event, EVENT_MODIFY_STATE, NULL, NotificationEvent, TRUE),
                 STATUS_SUCCESS);
    CHECK_STATUS(look(event), STATUS_SUCCESS);
    CHECK_STATUS(FROM_RING_3(look(event)), STATUS_ACCESS_DENIED);
    CHECK_STATUS(FROM_RING_3(NtQueryEvent(event, 0, &name, 8, NULL)), STATUS_ACCESS_DENIED);
    NtClose(event);
}

static HANDLE many[MAXIMUM_WAIT_OBJECTS];

static NTSTATUS wait_many(ULONG count, WAIT_TYPE type)
{
    return NtWaitForMultipleObjects(count, many, type, FALSE, &at_once);
}

SELFTEST(ex_sixty_four_handles_can_be_waited_for)
{
    struct test_mark mark = test_mark();

    for (ULONG i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
        many[i] = new_event(SynchronizationEvent, i == 40);
    CHECK_STATUS(wait_many(64, WaitAny), STATUS_WAIT_0 + 40);
    CHECK_STATUS(wait_many(64, WaitAny), STATUS_TIMEOUT);
    for (ULONG i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
        NtSetEvent(many[i], NULL);
    CHECK_STATUS(wait_many(64, WaitAll), STATUS_SUCCESS);
    CHECK_STATUS(wait_many(64, WaitAll), STATUS_TIMEOUT);
    for (ULONG i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
        NtClose(many[i]);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ex_waits_for_several_check_what_they_get)
{
    struct test_mark mark = test_mark();

    many[0] = many[2] = new_event(NotificationEvent, FALSE);
    many[1] = new_event(NotificationEvent, TRUE);
    CHECK_STATUS(wait_many(0, WaitAny), STATUS_INVALID_PARAMETER_1);
    CHECK_STATUS(wait_many(65, WaitAny), STATUS_INVALID_PARAMETER_1);
    CHECK_STATUS(wait_many(2, 2), STATUS_INVALID_PARAMETER_3);
    CHECK_STATUS(wait_many(3, WaitAll), STATUS_INVALID_PARAMETER_MIX);
    CHECK_STATUS(wait_many(3, WaitAny), STATUS_WAIT_0 + 1);
    CHECK_STATUS(FROM_RING_3(wait_many(3, WaitAny)), STATUS_ACCESS_VIOLATION);
    NtClose(many[1]);
    CHECK_STATUS(wait_many(3, WaitAny), STATUS_INVALID_HANDLE);
    NtClose(many[0]);
    CHECK_NO_LEAK(mark);
}

static VOID NTAPI end(PVOID context)
{
    *(BOOLEAN *)context = TRUE;
}

SELFTEST(ex_a_thread_can_be_waited_for_by_its_handle)
{
    HANDLE thread = NULL;
    BOOLEAN ended = FALSE;

    CHECK_STATUS(PsCreateSystemThread(&thread, SYNCHRONIZE, NULL, NULL, NULL, end, &ended),
                 STATUS_SUCCESS);
    CHECK_STATUS(look(thread), STATUS_TIMEOUT);
    CHECK_STATUS(NtWaitForSingleObject(thread, FALSE, NULL), STATUS_SUCCESS);
    CHECK(ended);
    NtClose(thread);
}

SELFTEST(ex_times_are_the_clocks)
{
    LARGE_INTEGER time, counter, frequency;

    CHECK_STATUS(NtQuerySystemTime(&time), STATUS_SUCCESS);
    CHECK(time.QuadPart == ke_system_time());
    CHECK_EQUAL(NtGetTickCount(), KeTickCount.LowPart * 10);
    CHECK_STATUS(NtQueryPerformanceCounter(&counter, &frequency), STATUS_SUCCESS);
    CHECK(counter.QuadPart > 0 && frequency.QuadPart == 1193182);
    CHECK_STATUS(NtYieldExecution(), STATUS_NO_YIELD_PERFORMED);
}
