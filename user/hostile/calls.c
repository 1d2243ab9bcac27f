/* System calls: chosen, made, and their answers judged. */
#include "hostile/hostile.h"

struct board *board;

/* Read by the vandal. */
volatile struct call *call_current;
extern HANDLE vandal_event;

void wrong(ULONG what, ULONG number, ULONG got, ULONG expected)
{
    if (!image_is_whole() || board->wrong++)
        return;
    board->wrong_what[0] = what;
    board->wrong_what[1] = number;
    board->wrong_what[2] = got;
    board->wrong_what[3] = expected;
}

/* ---- Making a call ---- */

static void note(const struct call *call)
{
    board->number = call->number;
    memcpy(board->arguments, call->arguments, sizeof board->arguments);
    board->calls++;
    board->check = board->calls ^ BOARD_CHECK;
}

/* By int 2Eh or as ntdll does; seldom with something odd at the entry. */
static NTSTATUS enter(struct call *call)
{
    static const ULONG flags[] = {0x202, 0x602, 0x4202, 0x40202, 0x200202, 0x3202, 0xAD7};
    ULONG *stack;

    switch (below(16)) {
    case 0:
        tried(CATEGORY_ways);
        return enter_with(call->number, call->arguments, PICK(flags),
                          one_in(2) ? value_boundary() : any());
    case 1:
        tried(CATEGORY_ways);
        stack = (ULONG *)(spare_stack() & ~3u);
        memcpy(stack + 2, call->arguments, sizeof call->arguments);
        return enter_sysenter(call->number, stack);
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
        return enter_fast(call->number, call->arguments);
    default:
        return enter_by_int(call->number, call->arguments);
    }
}

/* ---- Judging ---- */

static BOOLEAN is_ring_3s(ULONG address)
{
    return address < 0x7FFF0000;
}

/* An argument that the kernel writes or reads in any case, and must not accept there. */
static BOOLEAN is_needed(const char *letters, const struct call *call, ULONG i)
{
    switch (letters[i]) {
    case 'h':
    case 'm':
    case 'q':
    case 'r':
    case 's':
    case 'u':
    case 'a':
    case 'i':
        return TRUE;
    case 'H':
    case 'M':
    case 'Q':
    case 'R':
    case 'S':
    case 'A':
        return call->arguments[i] != 0;
    case 'b':
    case 'o':
        return call->arguments[i + 1] != 0;
    }
    return FALSE;
}

enum { WRONG_SERVICE = 1, WRONG_ACCEPTED };

/* What is wrong with the answer, and with which argument; 0: nothing. */
static ULONG find_wrong(const struct call *call, NTSTATUS status, ULONG *argument)
{
    const char *letters = service_letters(call->number);

    if (!letters)
        return status == STATUS_INVALID_SYSTEM_SERVICE ? 0 : WRONG_SERVICE;
    if (!NT_SUCCESS(status))
        return 0;
    for (ULONG i = 0; letters[i]; i++) {
        *argument = i;
        if (is_needed(letters, call, i) && !is_ring_3s(call->arguments[i]))
            return WRONG_ACCEPTED;
    }
    return 0;
}

/* A wrong answer is asked for again: calls may have changed what this one was judged by. */
static void judge(const struct call *call, NTSTATUS status)
{
    ULONG argument = 0, what = find_wrong(call, status, &argument);

    if (what) {
        status = enter_by_int(call->number, call->arguments);
        what = find_wrong(call, status, &argument);
    }
    if (what)
        wrong(what, call->number, (ULONG)status, argument);
}

/* The handle that a call has given. */
static void take_handle(const struct call *call)
{
    for (ULONG i = 0; i < call->count; i++)
        if (call->service->kinds[i] == 'H' && is_ring_3s(call->arguments[i]) && call->arguments[i])
            handle_keep(call->service->object, *(HANDLE *)call->arguments[i]);
}

NTSTATUS call_make(struct call *call)
{
    note(call);
    call_current = call;
    if (vandal_event && one_in(8))
        NtSetEvent(vandal_event, NULL);
    NTSTATUS status = enter(call);

    call_current = NULL;
    judge(call, status);
    if (call->service && NT_SUCCESS(status)) {
        board->succeeded[call->number / 32] |= 1u << call->number % 32;
        take_handle(call);
    }
    return status;
}

/* ---- Choosing ---- */

static ULONG total_weight(void)
{
    ULONG total = 0;

    for (ULONG i = 0; i < service_count; i++)
        total += services[i].weight;
    return total;
}

static const struct service *any_service(void)
{
    static ULONG total;
    ULONG at, i;

    total = total ? total : total_weight();
    at = below(total);
    for (i = 0; at >= services[i].weight; i++)
        at -= services[i].weight;
    return &services[i];
}

static void call_a_service(struct call *call)
{
    call->service = any_service();
    call->number = call->service->number;
    tried(CATEGORY_services);
    values_fill(call);
    keep_out(call);
    call_make(call);
}

static void call_no_service(struct call *call)
{
    ULONG number;

    do
        number = one_in(2) ? below(SERVICE_LIMIT + 16) : one_in(2) ? value_boundary() : any();
    while (service_letters(number));
    call->service = NULL;
    call->number = number;
    tried(CATEGORY_numbers);
    for (ULONG i = 0; i < ARGUMENTS_MAX; i++)
        call->arguments[i] = any();
    call_make(call);
}

/* Arguments that are where nobody can read all of them. */
static void call_from_nowhere(struct call *call)
{
    ULONG at;
    NTSTATUS status;

    call->service = any_service();
    call->number = call->service->number;
    memset(call->arguments, 0, sizeof call->arguments);
    tried(CATEGORY_ways);
    if (!call->service->kinds[0])
        return;
    switch (below(3)) {
    case 0:
        at = 0x7FFF0000 - below(2) * 2;
        break;
    case 1:
        at = 0x80000000 + (any() & 0x7FFFFFFF);
        break;
    default:
        at = below(0x10000);
    }
    note(call);
    status = enter_by_int(call->number, (const ULONG *)at);
    if (status != STATUS_ACCESS_VIOLATION && status != STATUS_INVALID_SYSTEM_SERVICE)
        wrong(WRONG_ACCEPTED, call->number, (ULONG)status, at);
}

void call_something(void)
{
    static struct call call;

    if (one_in(32))
        call_no_service(&call);
    else if (one_in(64))
        call_from_nowhere(&call);
    else
        call_a_service(&call);
}
