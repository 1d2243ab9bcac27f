/*
 * hostile.exe: ring 3 as an enemy of the kernel. Run without words, or with a seed and a number of
 * calls, it is the supervisor; it starts itself as the others:
 *
 *   main.c        which of the roles this process has
 *   supervisor.c  starts children one after the other, some two at a time, until their calls are
 *                 enough; ends those that hang; compares what is alive before and behind
 *   tidy.c        what the children find, and what they leave behind
 *   witness.c     a process beside them, whose memory must stay as it is
 *   board.c       what a child tells
 *   child.c       a child's threads: the worker, who does the harm; the vandal, who takes its memory
 *                 away during the calls; the guardian, who makes another worker when one is lost
 *   calls.c       system calls with arguments made by chance       services.c  what each wants
 *   values.c      the arguments                                    arena.c     where they point to
 *   kept_out.c    what is left undone, and why
 *   checksum.c    of memory that should stay
 *   traps.c       instructions that must be answered with an exception
 *   processes.c   handles to processes that are not like others
 *   last_act.c    what ends a child
 *   enter.S       ways into the kernel, and where an exception goes on
 *
 * All chance comes from the master seed; only when threads are switched is up to the clock.
 */
#pragma once

#include "common/native.h"

/* ---- Chance ---- */

struct random {
    ULONG state; /* not 0 */
};

static inline ULONG random_next(struct random *random)
{
    random->state ^= random->state << 13;
    random->state ^= random->state >> 17;
    random->state ^= random->state << 5;
    return random->state * 0x9E3779B1;
}

/* A number below `limit`, which is not 0. */
static inline ULONG random_below(struct random *random, ULONG limit)
{
    return (ULONG)((ULONGLONG)random_next(random) * limit >> 32);
}

/* The worker's. */
extern struct random chance;

static inline ULONG any(void)
{
    return random_next(&chance);
}

static inline ULONG below(ULONG limit)
{
    return random_below(&chance, limit);
}

static inline BOOLEAN one_in(ULONG times)
{
    return below(times) == 0;
}

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))
#define PICK(array)     ((array)[below(COUNT_OF(array))])

#define SERVICE(number, name, arguments, letters) SERVICE_##name = (number),
enum {
#include "nt/services.h"
};
#undef SERVICE

/* ---- The board: what a child tells the supervisor ---- */

#define CATEGORIES(C)                                                                              \
    C(services, "calls with arguments that could be right")                                        \
    C(numbers, "numbers without a service")                                                        \
    C(boundary, "values at limits")                                                                \
    C(kernel, "addresses of the kernel")                                                           \
    C(unmapped, "buffers that are not there")                                                      \
    C(readonly, "buffers that must not be written, or not touched")                                \
    C(handles, "handles of nothing, or of the wrong thing")                                        \
    C(lengths, "lengths far beyond the buffer")                                                    \
    C(races, "memory taken away by another thread during a call")                                  \
    C(ways, "arguments, stack and flags at the entry")                                             \
    C(privileged, "privileged instructions")                                                       \
    C(segments, "selectors, far jumps, iret")                                                      \
    C(flags, "IOPL, TF, NT, AC and others")                                                        \
    C(interrupts, "int n")                                                                         \
    C(faults, "other exceptions, FPU and SSE included")                                            \
    C(memory, "loads and stores where there is nothing for ring 3")                                \
    C(jumps, "jumps there")                                                                        \
    C(stack, "the stack used up")                                                                  \
    C(contexts, "contexts and exceptions given to the kernel")                                     \
    C(processes, "processes that have no thread, have ended, or are the System process")           \
    C(images, "pages of images made writable, and written")                                        \
    C(last, "what ends a child")

enum category {
#define CATEGORY(name, what) CATEGORY_##name,
    CATEGORIES(CATEGORY)
#undef CATEGORY
        CATEGORY_COUNT
};

enum { SLOTS = 2, ARGUMENTS_MAX = 11 };

/* A page for each of the children that live at a time; the supervisor believes it only as far as it
 * is likely (supervisor.c), since the child's memory is not safe from itself. */
struct board {
    ULONG calls, check; /* check: calls ^ BOARD_CHECK */
    ULONG wrong;        /* answers that were not allowed; the first: */
    ULONG wrong_what[4];
    ULONG category; /* of what is being tried */
    ULONG number, arguments[ARGUMENTS_MAX];
    ULONG done; /* the last act has begun */
    ULONG workers, exceptions;
    ULONG tries[CATEGORY_COUNT];
    ULONG succeeded[SERVICE_LIMIT / 32 + 1]; /* a bit for each service that has done so */
};

#define BOARD_CHECK 0x5AFEC0DEu

/* Maps the board of a slot, created if it is new; NULL on failure. */
struct board *board_open(ULONG slot);

/* The child's. */
extern struct board *board;

static inline void tried(enum category category)
{
    board->category = category;
    board->tries[category]++;
}

/* An answer that the kernel must not give. */
void wrong(ULONG what, ULONG number, ULONG got, ULONG expected);

/* ---- Checksums ---- */

/* CRC-32. */
ULONG checksum(const UCHAR *at, ULONG bytes);

/* Tells of each section of an image that is not to be written: whole pages. */
void each_constant_section(UCHAR *image, void (*tell)(const void *base, ULONG bytes));

/* The same for all images of the process. */
void each_constant(void (*tell)(const void *base, ULONG bytes));

/* TRUE if the code and constants of this program are as at the first call. A child's calls can change
 * them: then what it says is not believed. */
BOOLEAN image_is_whole(void);

/* ---- Roles ---- */

void supervise(ULONG seed, ULONG calls, BOOLEAN hold);
void witness_run(ULONG seed);
void child_run(ULONG slot, ULONG seed, ULONG calls);

/* The event that the witness sets when it is ready, and those on which it looks at its memory; the
 * last also at what nobody has touched yet. If it has changed, the witness ends. */
#define WITNESS_READY L"\\BaseNamedObjects\\WitnessReady"
#define WITNESS_CHECK L"\\BaseNamedObjects\\WitnessCheck"
#define WITNESS_FINAL L"\\BaseNamedObjects\\WitnessFinal"

/* Where the children's keys are, the driver that they load, and the event that outlives them; the
 * supervisor removes all three. */
#define HOSTILE_KEY       L"\\Registry\\Machine\\System\\Hostile"
#define HOSTILE_KEYS      HOSTILE_KEY L"\\Keys"
#define HOSTILE_SERVICE   L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\hostile"
#define HOSTILE_PORT      L"\\BaseNamedObjects\\HostilePort"
#define HOSTILE_PERMANENT L"\\BaseNamedObjects\\HostileForEver"

/* The driver whose requests end late, never, or not before they are released (ioctl/async.h). */
#define ASYNC_DEVICE L"\\Device\\async"

/* ---- Services of which ntdll's header has no declaration ---- */

NTSTATUS NTAPI NtDelayExecution(BOOLEAN alertable, PLARGE_INTEGER time);
NTSTATUS NTAPI NtMapViewOfSection(HANDLE section, HANDLE process, PVOID *base, ULONG zero_bits,
                                  SIZE_T commit, PLARGE_INTEGER offset, PSIZE_T bytes,
                                  ULONG inherit, ULONG type, ULONG protection);
NTSTATUS NTAPI NtSetInformationThread(HANDLE thread, ULONG class, PVOID buffer, ULONG bytes);
NTSTATUS NTAPI NtOpenEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);

/* A relative timeout in milliseconds. */
static inline LARGE_INTEGER milliseconds(ULONG count)
{
    return (LARGE_INTEGER){.QuadPart = (LONGLONG)count * -10000};
}

static inline void pause(ULONG count)
{
    LARGE_INTEGER time = milliseconds(count);

    NtDelayExecution(FALSE, &time);
}

/* ---- The arena: memory of every kind at known places ---- */

#define ARENA          0x20000000u
#define ARENA_STEP     0x10000u
#define ARENA_RW_BYTES 0x8000u

enum region {
    REGION_RW, /* ARENA_RW_BYTES, and nothing behind */
    REGION_READ_ONLY,
    REGION_NO_ACCESS,
    REGION_GUARD,
    REGION_RESERVED,
    REGION_VIEW,
    REGION_COPIED, /* a write-copy view */
    REGION_CODE,
    REGION_HOLE, /* never allocated by the arena */
    REGIONS
};

static inline ULONG region_address(enum region region)
{
    return ARENA + (ULONG)region * ARENA_STEP;
}

/* Makes all regions what they should be, whatever they have become. FALSE: there is no memory. */
BOOLEAN arena_heal(void);

/* `bytes` somewhere in the region that may be written, filled with anything. */
PVOID arena_slot(ULONG bytes);

/* Does something to the region that holds `address`, or to any. */
void arena_spoil(struct random *random, ULONG address);

/* ---- Calls ---- */

struct service {
    USHORT number;
    UCHAR weight;      /* how often, to the others' */
    char object;       /* services.c: which kind it makes or takes; 0: any */
    const char *kinds; /* of its arguments: values.c */
    const char *name;
};

extern const struct service services[];
extern const ULONG service_count;
BOOLEAN services_are_complete(void);

/* The letters of include/nt/services.h; NULL if the number has no service. */
const char *service_letters(ULONG number);

struct call {
    const struct service *service; /* NULL: a number without */
    ULONG number;
    ULONG count; /* of arguments */
    ULONG arguments[ARGUMENTS_MAX];
    BOOLEAN shared_name; /* it names an object that is not ours alone */
};

/* One call by chance. */
void call_something(void);

/* A call as the child makes all of them: counted, noted on the board, and its answer judged. */
NTSTATUS call_make(struct call *call);

/* ---- Values ---- */

void values_fill(struct call *call);

/* Any value at a limit. */
ULONG value_boundary(void);

/* Handles that calls have given, to objects of a kind (services.c); the one that `handle` takes the
 * place of is closed. */
void handle_keep(char object, HANDLE handle);
HANDLE handle_any(void);

/* ---- What is left undone ---- */

/* Changes arguments that would reach others or end the machine. */
void keep_out(struct call *call);
void keep_out_report(void);

/* ---- Order (tidy.c) ---- */

/* async.sys, for requests that do not end, and pagewalk.sys, for one more that is asked wrongly. */
NTSTATUS load_drivers(void);

/* Ends the requests that only this ends: their threads and processes wait for them. */
void release_requests(void);

/* Keys that are there from now on are not the children's. */
void remember_keys(void);

/* Makes what the children use by name; takes it away with all that they have left. */
void set_out(void);
void tidy(void);

/* ---- Traps ---- */

/* Some instruction that must be answered with an exception; the answer is judged. */
void trap_something(void);

/* A stack pointer, aligned or not, to memory that stays, with enough of it below. */
ULONG spare_stack(void);

/* What the last exception was; 0: there was none. */
extern volatile ULONG last_exception;

/* ---- The end ---- */

void last_act(void);

/* Processes that are no longer, or not yet, or not at all like others. */
void try_processes(void);

/* Some of it, each alone: TRUE if the kernel answers as it should. */
BOOLEAN case_context_of_ended_thread(void);
BOOLEAN case_end_without_threads(void);
BOOLEAN case_child_of_ended_process(void);
BOOLEAN case_thread_in_system_process(void);
void cases_end(void);

/* ---- enter.S ---- */

/* The two ways into the kernel, for one thread at a time. `arguments` may be any address for the
 * first. */
NTSTATUS enter_by_int(ULONG number, const ULONG *arguments);
NTSTATUS enter_fast(ULONG number, const ULONG arguments[ARGUMENTS_MAX]);

/* The first with flags and ESP as given; the second with EDX as given, where stack[0] is written. */
NTSTATUS enter_with(ULONG number, const ULONG *arguments, ULONG flags, ULONG esp);
NTSTATUS enter_sysenter(ULONG number, ULONG *stack);

/* Calls routine(), and again after each exception in it, until it returns. */
void guarded(void (*routine)(void));

/* Calls code with registers set; returns what EAX was, or behind an exception its code. */
ULONG attempt(const void *code, ULONG eax, ULONG ecx, ULONG edx);

/* A thread's first instruction that ends the thread. */
void stray_thread(void);
