/*
 * Instructions that ring 3 must not execute, or that fault: each is written into a page, called, and
 * must be answered with the exception that it deserves; what may be executed must have no effect.
 */
#include "hostile/hostile.h"

#include <stddef.h>

enum {
    NONE = 0,
    ANY = 1, /* whatever it is */
    PRIVILEGED = (int)STATUS_PRIVILEGED_INSTRUCTION,
    ILLEGAL = (int)STATUS_ILLEGAL_INSTRUCTION,
    VIOLATION = (int)STATUS_ACCESS_VIOLATION,
    STEP = (int)STATUS_SINGLE_STEP,
    BREAK = (int)STATUS_BREAKPOINT,
    DIVIDE = (int)STATUS_INTEGER_DIVIDE_BY_ZERO,
    OVER = (int)STATUS_INTEGER_OVERFLOW,
    BOUNDS = (int)STATUS_ARRAY_BOUNDS_EXCEEDED,
};

enum { CODE_MAX = 15 };

struct trap {
    UCHAR category, bytes;
    UCHAR code[CODE_MAX];
    int expected; /* an NTSTATUS */
    ULONG eax, ecx, edx;
};

#define CODE(...)                                                                                  \
    sizeof((const UCHAR[]){__VA_ARGS__}),                                                          \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define P CATEGORY_privileged
#define G CATEGORY_segments
#define L CATEGORY_flags
#define F CATEGORY_faults

static const struct trap traps[] = {
    {P, CODE(0xF4), PRIVILEGED, 0, 0, 0},                    /* hlt */
    {P, CODE(0xFA), PRIVILEGED, 0, 0, 0},                    /* cli */
    {P, CODE(0xFB), PRIVILEGED, 0, 0, 0},                    /* sti */
    {P, CODE(0xEC), PRIVILEGED, 0, 0, 0x60},                 /* in al, dx */
    {P, CODE(0xED), PRIVILEGED, 0, 0, 0xCF8},                /* in eax, dx */
    {P, CODE(0xEE), PRIVILEGED, 0xFE, 0, 0x64},              /* out dx, al */
    {P, CODE(0x66, 0xEF), PRIVILEGED, 0x10, 0, 0xF4},        /* out dx, ax */
    {P, CODE(0xE4, 0x71), PRIVILEGED, 0, 0, 0},              /* in al, 71h */
    {P, CODE(0xE6, 0xF4), PRIVILEGED, 0x10, 0, 0},           /* out F4h, al */
    {P, CODE(0x6C), PRIVILEGED, 0, 0, 0x60},                 /* insb */
    {P, CODE(0xF3, 0x6E), PRIVILEGED, 0, 4, 0x3F8},          /* rep outsb */
    {P, CODE(0x0F, 0x00, 0xD0), PRIVILEGED, 0, 0, 0},        /* lldt ax */
    {P, CODE(0x0F, 0x00, 0xD8), PRIVILEGED, 0x28, 0, 0},     /* ltr ax */
    {P, CODE(0x0F, 0x01, 0x11), PRIVILEGED, 0, ARENA, 0},    /* lgdt [ecx] */
    {P, CODE(0x0F, 0x01, 0x19), PRIVILEGED, 0, ARENA, 0},    /* lidt [ecx] */
    {P, CODE(0x0F, 0x01, 0xF0), PRIVILEGED, 0, 0, 0},        /* lmsw ax */
    {P, CODE(0x0F, 0x01, 0x39), PRIVILEGED, 0, ARENA, 0},    /* invlpg [ecx] */
    {P, CODE(0x0F, 0x06), PRIVILEGED, 0, 0, 0},              /* clts */
    {P, CODE(0x0F, 0x08), PRIVILEGED, 0, 0, 0},              /* invd */
    {P, CODE(0x0F, 0x09), PRIVILEGED, 0, 0, 0},              /* wbinvd */
    {P, CODE(0x0F, 0x20, 0xC0), PRIVILEGED, 0, 0, 0},        /* mov eax, cr0 */
    {P, CODE(0x0F, 0x22, 0xC0), PRIVILEGED, 0, 0, 0},        /* mov cr0, eax */
    {P, CODE(0x0F, 0x22, 0xD8), PRIVILEGED, 0, 0, 0},        /* mov cr3, eax */
    {P, CODE(0x0F, 0x22, 0xE0), PRIVILEGED, 0, 0, 0},        /* mov cr4, eax */
    {P, CODE(0x0F, 0x21, 0xF8), PRIVILEGED, 0, 0, 0},        /* mov eax, dr7 */
    {P, CODE(0x0F, 0x23, 0xC0), PRIVILEGED, 0, 0, 0},        /* mov dr0, eax */
    {P, CODE(0x0F, 0x30), PRIVILEGED, 0, 0x176, 0},          /* wrmsr */
    {P, CODE(0x0F, 0x32), PRIVILEGED, 0, 0x174, 0},          /* rdmsr */
    {P, CODE(0x0F, 0x33), PRIVILEGED, 0, 0, 0},              /* rdpmc */
    {P, CODE(0x0F, 0x35), PRIVILEGED, 0, ARENA, 0x80100000}, /* sysexit */
    {P, CODE(0x0F, 0xAA), ILLEGAL, 0, 0, 0},                 /* rsm */

    {G, CODE(0x8E, 0xD8, 0xA1, 0, 0, 2, 0), VIOLATION, 0, 0, 0}, /* ds = 0; load */
    {G, CODE(0x8E, 0xD0), VIOLATION, 0, 0, 0},                   /* ss = 0 */
    {G, CODE(0x8E, 0xC8), ILLEGAL, 0x1B, 0, 0},                  /* mov cs, ax */
    {G, CODE(0x64, 0xA1, 0, 0x10, 0, 0), ANY, 0, 0, 0},          /* beyond FS's limit: QEMU reads */
    {G, CODE(0xEA, 0, 0, 0, 0, 0x08, 0), VIOLATION, 0, 0, 0},    /* jmp 8:0 */
    {G, CODE(0xEA, 0, 0, 0, 0, 0x28, 0), VIOLATION, 0, 0, 0},    /* jmp to the TSS */
    {G, CODE(0x9A, 0, 0, 0, 0, 0x53, 0), VIOLATION, 0, 0, 0},    /* call the other one */
    {G, CODE(0x6A, 0x08, 0x50, 0xCB), VIOLATION, 0, 0, 0},       /* retf to 8:eax */
    {G, CODE(0x6A, 0x10, 0x07), VIOLATION, 0, 0, 0},             /* pop es */
    {G, CODE(0xC5, 0x01), ANY, 0, ARENA, 0},                     /* lds eax, [ecx] */
    {G, CODE(0x0F, 0x02, 0xC1, 0x0F, 0x03, 0xC1, 0xC3), NONE, 0, 8, 0}, /* lar, lsl */
    {G, CODE(0x9C, 0x6A, 0x08, 0x50, 0xCF), VIOLATION, 0, 0, 0},        /* iret to 8:eax */
    {G, CODE(0x9C, 0x6A, 0x1A, 0x50, 0xCF), VIOLATION, 0, 0, 0},        /* to a CS of ring 2 */
    {G, CODE(0x9C, 0x6A, 0x23, 0x50, 0xCF), VIOLATION, 0, 0, 0},        /* to a data segment */

    {L, CODE(0x68, 0x02, 0x01, 0, 0, 0x9D, 0x90), STEP, 0, 0, 0},            /* TF; nop */
    {L, CODE(0x68, 2, 1, 0, 0, 0x9D, 0xCD, 0x2E, 0x90), STEP, 0xFFFF, 0, 0}, /* TF; int 2Eh */
    {L, CODE(0x68, 2, 0x42, 0, 0, 0x9D, 0xCF), VIOLATION, 0, 0, 0},          /* NT; iret */
    {L, CODE(0x68, 2, 0x32, 0, 0, 0x9D, 0xFA), PRIVILEGED, 0, 0, 0},         /* IOPL 3; cli */
    {L, CODE(0x68, 2, 0x32, 0, 0, 0x9D, 0xEC), PRIVILEGED, 0, 0, 0x60},      /* IOPL 3; in */
    {L, CODE(0x68, 2, 0x02, 0x1A, 0, 0x9D, 0xFB), PRIVILEGED, 0, 0, 0},      /* VM, VIF, VIP; sti */
    {L, CODE(0x68, 2, 2, 4, 0, 0x9D, 0x8B, 0x01, 0xC3), ANY, 0, ARENA + 1, 0},    /* AC; load */
    {L, CODE(0x68, 2, 2, 1, 0, 0x9D, 0x90, 0xC3), NONE, 0, 0, 0},                 /* RF */
    {L, CODE(0xFD, 0xC3), NONE, 0, 0, 0},                                         /* std */
    {L, CODE(0x68, 2, 0x43, 0, 0, 0x9D, 0x90), STEP, 0, 0, 0},                    /* TF and NT */
    {L, CODE(0x68, 2, 3, 0, 0, 0x9D, 0x89, 0xE2, 0x0F, 0x34), ANY, 0xFFFF, 0, 0}, /* sysenter */

    {F, CODE(0x0F, 0x0B), ILLEGAL, 0, 0, 0},                         /* ud2 */
    {F, CODE(0xF0, 0x90), ILLEGAL, 0, 0, 0},                         /* lock nop */
    {F, CODE(0xFF, 0xFF), ILLEGAL, 0, 0, 0},                         /* no such instruction */
    {F, CODE(0xCC), BREAK, 0, 0, 0},                                 /* int 3 */
    {F, CODE(0xF1), ANY, 0, 0, 0},                                   /* icebp: QEMU has none */
    {F, CODE(0xB0, 0x7F, 0x04, 1, 0xCE), OVER, 0, 0, 0},             /* into */
    {F, CODE(0x62, 0x01), BOUNDS, 0x7FFFFFFF, (ULONG)0x7FFE0000, 0}, /* bound */
    {F, CODE(0xF7, 0xF1), DIVIDE, 1, 0, 0},                          /* div by 0 */
    {F, CODE(0xF7, 0xF9), DIVIDE, 0, 0xFFFFFFFF,
     0x40000000},                           /* too large (with 80000000h QEMU ends) */
    {F, CODE(0xD4, 0x00), DIVIDE, 1, 0, 0}, /* aam 0 */
    {F, CODE(0xDB, 0xE3, 0xD9, 0x01, 0xD9, 0xE8, 0xD9, 0xEE, 0xDE, 0xF9, 0x9B), ANY, 0, ARENA,
     0}, /* some control word; 1.0 / 0.0 */
    {F, CODE(0xDD, 0x21, 0x9B, 0xD9, 0xE8, 0x9B), ANY, 0, ARENA, 0}, /* frstor; fld1 */
    {F, CODE(0x0F, 0xAE, 0x09), ANY, 0, ARENA, 0},                   /* fxrstor */
    {F, CODE(0x0F, 0xAE, 0x11, 0x0F, 0x5E, 0xC1), ANY, 0, ARENA, 0}, /* ldmxcsr; divps */
    {F, CODE(0x0F, 0x28, 0x01), ANY, 0, ARENA + 4, 0},               /* movaps, unaligned */
    {F,
     CODE(0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66),
     ANY, 0, 0, 0},                                      /* longer than an instruction */
    {F, CODE(0x0F, 0xA2, 0xC3), NONE, 0x80000000, 0, 0}, /* cpuid; EBX is attempt's */
};

volatile ULONG last_exception;

extern ULONG guarded_esp, attempt_esp;
void attempt_failed(void);
void guarded_again(void);

/*
 * The worker's: goes on behind the attempt, or with the next call. It does not return to ntdll, which
 * would not go on from some exceptions that the calls have raised.
 */
EXCEPTION_DISPOSITION guarded_handler(PEXCEPTION_RECORD record, PVOID frame, PCONTEXT context,
                                      PVOID dispatcher)
{
    CONTEXT again = *context;

    (void)dispatcher;
    nt_teb()->exception_list = frame; /* ntdll has one of its own above */
    board->exceptions++;
    last_exception = record->ExceptionCode;
    again.ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER;
    again.Esp = attempt_esp ? attempt_esp : guarded_esp;
    again.Eip = (ULONG)(attempt_esp ? &attempt_failed : &guarded_again);
    again.EFlags = 0x202;
    NtContinue(&again, FALSE);
    return ExceptionContinueSearch;
}

/* ---- Executing ---- */

enum { CODE_BYTES = 0x1000, SPARE_BYTES = 0x4000 };

/* Not part of the arena: nobody spoils it on purpose. Behind the code lies a stack. */
static UCHAR *code_page(void)
{
    static PVOID page;
    SIZE_T bytes = CODE_BYTES + SPARE_BYTES;

    if (!page)
        NtAllocateVirtualMemory(NtCurrentProcess(), &page, 0, &bytes, MEM_RESERVE | MEM_COMMIT,
                                PAGE_EXECUTE_READWRITE);
    return page;
}

ULONG spare_stack(void)
{
    return (ULONG)code_page() + CODE_BYTES + SPARE_BYTES / 2 + below(SPARE_BYTES / 2 - 128);
}

/* The code, with a return behind it where it does not end before. */
static PVOID prepare(const UCHAR *code, ULONG bytes)
{
    UCHAR *page = code_page();

    memcpy(page, code, bytes);
    page[bytes] = 0xC3;
    return page;
}

/* The last exception in the code; 0 if there was none. */
static ULONG execute(PVOID code, ULONG eax, ULONG ecx, ULONG edx)
{
    last_exception = 0;
    attempt(code, eax, ecx, edx);
    return last_exception;
}

/* The same for code that is not there yet. A wrong answer is asked for again: some call may have
 * changed the code or its page. */
static ULONG provoke(const struct trap *trap)
{
    ULONG got = 0;

    for (ULONG i = 0; i < 2; i++) {
        got = execute(prepare(trap->code, trap->bytes), trap->eax, trap->ecx, trap->edx);
        if (got == (ULONG)trap->expected)
            break;
    }
    return got;
}

enum { WRONG_TRAP = 3, WRONG_FLAGS, WRONG_INTERRUPT, WRONG_SELECTOR, WRONG_ACCESS };

static void try_listed(void)
{
    const struct trap *trap = &PICK(traps);

    tried(trap->category);
    board->number = (ULONG)(trap - traps);
    ULONG got = provoke(trap);

    if (trap->expected != ANY && got != (ULONG)trap->expected)
        wrong(WRONG_TRAP, (ULONG)(trap - traps), got, (ULONG)trap->expected);
}

static BOOLEAN are_allowed(ULONG flags)
{
    return (flags & 0x3200) == 0x200;
}

/* popf with any flags: IOPL stays 0 and IF stays set. */
static void try_flags(void)
{
    static const UCHAR code[] = {0x50, 0x9D, 0x9C, 0x58}; /* push eax; popf; pushf; pop eax */
    ULONG flags = any() & ~0x100u, got;

    tried(CATEGORY_flags);
    got = attempt(prepare(code, sizeof code), flags, 0, 0);
    if (!are_allowed(got))
        got = attempt(prepare(code, sizeof code), flags, 0, 0);
    if (!are_allowed(got))
        wrong(WRONG_FLAGS, flags, got, 0x200);
}

/* All 256; EAX is no service and no debug print. */
static void try_interrupt(void)
{
    struct trap trap = {
        CATEGORY_interrupts, CODE(0xCD, (UCHAR)below(256)), VIOLATION, 0xFFFF0000, any(), any()};
    ULONG number = trap.code[1];

    tried(CATEGORY_interrupts);
    if (number == 3)
        trap.expected = BREAK;
    else if (number == 4)
        trap.expected = OVER;
    else if (number == 0x2D || number == 0x2E)
        trap.expected = NONE;
    ULONG got = provoke(&trap);

    if (got != (ULONG)trap.expected)
        wrong(WRONG_INTERRUPT, number, got, (ULONG)trap.expected);
}

/* Any selector into a segment register; those that ring 3 has are left out. */
static void try_selector(void)
{
    static const UCHAR registers[] = {0xD8, 0xC0, 0xE0, 0xE8, 0xD0}; /* ds es fs gs ss */
    ULONG selector = one_in(2) ? below(0x80) : any() & 0xFFFF;

    if (selector < 4 || (selector & ~3u) == 0x18 || (selector & ~3u) == 0x20 ||
        (selector & ~3u) == 0x38)
        return;
    const struct trap trap = {
        CATEGORY_segments, CODE(0x8E, PICK(registers)), VIOLATION, selector, 0, 0};

    tried(CATEGORY_segments);
    ULONG got = provoke(&trap);

    if (got != (ULONG)VIOLATION)
        wrong(WRONG_SELECTOR, selector, got, (ULONG)VIOLATION);
}

/* Addresses that are never ring 3's. */
static ULONG nowhere(void)
{
    switch (below(3)) {
    case 0:
        return below(0x10000);
    case 1:
        return 0x7FFF0000 + below(0x10000);
    default:
        return 0x80000000 | any();
    }
}

static void try_nowhere(struct trap trap)
{
    trap.ecx = nowhere();
    tried(trap.category);
    ULONG got = provoke(&trap);

    if (got != (ULONG)trap.expected)
        wrong(WRONG_ACCESS, trap.ecx, got, (ULONG)trap.expected);
}

static void try_memory(void)
{
    static const struct trap accesses[] = {
        {CATEGORY_memory, CODE(0x8B, 0x01), VIOLATION, 0, 0, 0},       /* mov eax, [ecx] */
        {CATEGORY_memory, CODE(0x89, 0x01), VIOLATION, 0, 0, 0},       /* mov [ecx], eax */
        {CATEGORY_memory, CODE(0xFF, 0x01), VIOLATION, 0, 0, 0},       /* inc dword [ecx] */
        {CATEGORY_memory, CODE(0xF0, 0x87, 0x01), VIOLATION, 0, 0, 0}, /* lock xchg */
        {CATEGORY_memory, CODE(0x0F, 0x18, 0x01), NONE, 0, 0, 0},      /* prefetch */
    };

    try_nowhere(PICK(accesses));
}

static void try_jump(void)
{
    static const struct trap jump = {CATEGORY_jumps, CODE(0xFF, 0xE1), VIOLATION, 0, 0, 0};

    try_nowhere(jump);
}

/* What may lie in the arena, as code. */
static void try_arena(void)
{
    tried(CATEGORY_jumps);
    execute((PVOID)(ARENA + below(REGIONS) * ARENA_STEP + below(0x1000)), any(), any(), any());
}

/* An exception while the stack pointer is where it cannot be told would end the process: one that
 * can be told is enough here. */
static void try_stack(void)
{
    static const UCHAR code[] = {0x89, 0xCC, 0x50, 0x0F, 0x0B}; /* mov esp, ecx; push eax; ud2 */

    tried(CATEGORY_stack);
    execute(prepare(code, sizeof code), any(), spare_stack(), 0);
}

void trap_something(void)
{
    static void (*const tries[])(void) = {
        try_listed, try_listed, try_listed,   try_flags, try_interrupt, try_interrupt,
        try_memory, try_memory, try_selector, try_jump,  try_stack,
    };

    if (one_in(512))
        try_arena();
    else
        PICK(tries)();
}
