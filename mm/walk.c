#include "mm/walk.h"

#include "control.h"
#include "paging_pae.h"

/* The error code's bits (SDM vol. 3A, figure 4-12). */
enum { ERROR_P = 1, ERROR_WRITE = 2, ERROR_USER = 4, ERROR_RESERVED = 8, ERROR_FETCH = 16 };

enum walk_format walk_format(const struct walk_registers *registers)
{
    if (!(registers->cr0 & CR0_PG))
        return WALK_UNPAGED;
    if (registers->cr4 & CR4_PAE)
        return WALK_PAE;
    return registers->cr4 & CR4_PSE ? WALK_32BIT_PSE : WALK_32BIT;
}

BOOLEAN walk_read_entry(const struct walk_memory *memory, ULONGLONG at, ULONG bytes,
                        ULONGLONG *entry)
{
    const volatile ULONG *words;

    if (at + bytes > memory->direct_bytes)
        return memory->read && memory->read(memory->context, at, bytes, entry);
    words = (const volatile ULONG *)((const char *)memory->direct + (uintptr_t)at);
    *entry = bytes == 4 ? words[0] : words[0] | (ULONGLONG)words[1] << 32;
    return TRUE;
}

/* Takes the entry of the next level; FALSE and the reason in `stop` if the walk ends there. */
static BOOLEAN descend(struct walk *walk, const struct walk_memory *memory, ULONGLONG at,
                       ULONG bytes, ULONGLONG *entry)
{
    struct walk_level *level = &walk->levels[walk->level_count++];

    *entry = 0;
    walk->stop = walk_read_entry(memory, at, bytes, entry) ? WALK_NOT_PRESENT : WALK_UNREADABLE;
    level->entry_address = at;
    level->entry = *entry;
    return !!(*entry & PAGE_PRESENT);
}

/* FALSE, and the walk ends, if the entry has one of these bits. */
static BOOLEAN is_sound(struct walk *walk, ULONGLONG entry, ULONGLONG reserved)
{
    walk->reserved = entry & reserved;
    if (!walk->reserved)
        return TRUE;
    walk->stop = WALK_RESERVED_BIT;
    return FALSE;
}

/* Who may do what with the page (SDM vol. 3A, 4.6.1). */
static void grant(struct walk *walk, const struct walk_registers *registers)
{
    ULONG fetch = walk->no_execute ? 0 : WALK_CAN(WALK_FETCH);
    ULONG user = WALK_CAN(WALK_READ) | (walk->write ? WALK_CAN(WALK_WRITE) : 0) | fetch;
    ULONG data = WALK_CAN(WALK_READ) | WALK_CAN(WALK_WRITE), supervisor;

    if (registers->cr0 & CR0_WP)
        data &= user;
    if (walk->user && registers->cr4 & CR4_SMAP && !(registers->eflags & EFLAGS_AC))
        data = 0;
    if (walk->user && registers->cr4 & CR4_SMEP)
        fetch = 0;
    supervisor = data | fetch;
    walk->can[WALK_SUPERVISOR] = (UCHAR)supervisor;
    walk->can[WALK_USER] = (UCHAR)(walk->user ? user : 0);
}

/* `allow` is the AND of the entries and `deny` their OR, as far as they hold rights. */
static void finish(struct walk *walk, const struct walk_registers *registers, ULONGLONG frame,
                   ULONG page_size, ULONGLONG allow, ULONGLONG deny)
{
    ULONGLONG last = walk->levels[walk->level_count - 1].entry;

    walk->stop = WALK_MAPPED;
    walk->page_size = page_size;
    walk->physical = frame | (walk->address & (page_size - 1));
    walk->user = !!(allow & PAGE_USER);
    walk->write = !!(allow & PAGE_WRITE);
    walk->no_execute = !!(deny & PAE_NO_EXECUTE);
    walk->global = last & PAGE_GLOBAL && registers->cr4 & CR4_PGE;
    grant(walk, registers);
}

/* SDM vol. 3A, 4.3. */
static void walk_32bit(struct walk *walk, const struct walk_registers *registers,
                       const struct walk_memory *memory)
{
    ULONG address = walk->address;
    ULONGLONG pde, pte;

    if (!descend(walk, memory, entry_frame_address(registers->cr3) + pde_index(address) * 4ull, 4,
                 &pde))
        return;
    if (walk->format == WALK_32BIT_PSE && pde & PAGE_LARGE) {
        if (is_sound(walk, pde, pde_large_reserved(registers->maxphyaddr)))
            finish(walk, registers, pde_large_address((ULONG)pde), LARGE_PAGE_SIZE, pde, 0);
        return;
    }
    if (descend(walk, memory, entry_frame_address((ULONG)pde) + pte_index(address) * 4ull, 4, &pte))
        finish(walk, registers, entry_frame_address((ULONG)pte), PAGE_SIZE, pde & pte, 0);
}

/* SDM vol. 3A, 4.4. */
static void walk_pae(struct walk *walk, const struct walk_registers *registers,
                     const struct walk_memory *memory)
{
    ULONG address = walk->address;
    ULONGLONG reserved = pae_reserved(registers->maxphyaddr, registers->efer & EFER_NXE);
    ULONGLONG pointer, pde, pte;

    if (!descend(walk, memory,
                 pae_pointers_address(registers->cr3) + pae_pointer_index(address) * 8ull, 8,
                 &pointer) ||
        !is_sound(walk, pointer, reserved | PAE_POINTER_RESERVED) ||
        !descend(walk, memory, pae_frame_address(pointer) + pae_pde_index(address) * 8, 8, &pde))
        return;
    if (pde & PAGE_LARGE) {
        if (is_sound(walk, pde, reserved | PAE_LARGE_RESERVED))
            finish(walk, registers, pae_large_address(pde), PAE_LARGE_PAGE_SIZE, pde, pde);
        return;
    }
    if (is_sound(walk, pde, reserved) &&
        descend(walk, memory, pae_frame_address(pde) + pae_pte_index(address) * 8, 8, &pte) &&
        is_sound(walk, pte, reserved))
        finish(walk, registers, pae_frame_address(pte), PAGE_SIZE, pde & pte, pde | pte);
}

/* Without paging all is there, for all. */
static void walk_unpaged(struct walk *walk)
{
    walk->stop = WALK_MAPPED;
    walk->page_size = PAGE_SIZE;
    walk->physical = walk->address;
    walk->user = walk->write = TRUE;
    walk->can[WALK_SUPERVISOR] = walk->can[WALK_USER] =
        WALK_CAN(WALK_READ) | WALK_CAN(WALK_WRITE) | WALK_CAN(WALK_FETCH);
}

/* The error code tells fetches apart under SMEP, or PAE with NX (SDM vol. 3A, 4.7). */
static UCHAR fetch_error(const struct walk_registers *registers)
{
    BOOLEAN nx = registers->cr4 & CR4_PAE && registers->efer & EFER_NXE;

    return nx || registers->cr4 & CR4_SMEP ? ERROR_FETCH : 0;
}

/* All but the levels, which descend() fills: the walk is short, and would pay for zeroing them. */
static void begin(struct walk *walk, const struct walk_registers *registers, ULONG address)
{
    walk->address = address;
    walk->format = walk_format(registers);
    walk->level_count = 0;
    walk->reserved = walk->physical = 0;
    walk->page_size = 0;
    walk->user = walk->write = walk->no_execute = walk->global = FALSE;
    walk->can[WALK_SUPERVISOR] = walk->can[WALK_USER] = 0;
    walk->fetch_error = fetch_error(registers);
}

struct walk walk_address(const struct walk_registers *registers, ULONG address,
                         const struct walk_memory *memory)
{
    struct walk walk;

    begin(&walk, registers, address);
    if (walk.format == WALK_PAE)
        walk_pae(&walk, registers, memory);
    else if (walk.format == WALK_UNPAGED)
        walk_unpaged(&walk);
    else
        walk_32bit(&walk, registers, memory);
    return walk;
}

LONG walk_access(const struct walk *walk, ULONG cpl, enum walk_kind kind)
{
    LONG error;

    if (walk->can[cpl == 3] & WALK_CAN(kind))
        return WALK_ALLOWED;
    error = cpl == 3 ? ERROR_USER : 0;
    if (kind == WALK_WRITE)
        error |= ERROR_WRITE;
    if (kind == WALK_FETCH)
        error |= walk->fetch_error;
    if (walk->stop == WALK_MAPPED)
        error |= ERROR_P;
    if (walk->stop == WALK_RESERVED_BIT)
        error |= ERROR_P | ERROR_RESERVED;
    return error;
}

/* The first level with rights whose entry, XORed with `flip`, has `bit` set. */
static BOOLEAN find_level(const struct walk *walk, ULONGLONG bit, ULONGLONG flip, ULONG *level)
{
    for (*level = walk->format == WALK_PAE; *level < walk->level_count; ++*level)
        if ((walk->levels[*level].entry ^ flip) & bit)
            return TRUE;
    return FALSE;
}

static ULONG why_rights_deny(const struct walk *walk, ULONG cpl, enum walk_kind kind, ULONG *level)
{
    if (cpl == 3 && find_level(walk, PAGE_USER, PAGE_USER, level))
        return WALK_NOT_USER;
    if (kind == WALK_FETCH && find_level(walk, PAE_NO_EXECUTE, 0, level))
        return WALK_NOT_EXECUTE;
    if (kind == WALK_WRITE && (cpl == 3 || walk->can[WALK_SUPERVISOR] & WALK_CAN(WALK_READ)) &&
        find_level(walk, PAGE_WRITE, PAGE_WRITE, level))
        return WALK_READ_ONLY;
    *level = walk->level_count - 1;
    return kind == WALK_FETCH ? WALK_SMEP_FORBIDS : WALK_SMAP_FORBIDS;
}

struct walk_denial walk_denial(const struct walk *walk, ULONG cpl, enum walk_kind kind)
{
    struct walk_denial denial = {WALK_GRANTED, 0};

    if (walk_access(walk, cpl, kind) == WALK_ALLOWED)
        return denial;
    denial.level = walk->level_count - 1;
    if (walk->stop == WALK_MAPPED)
        denial.reason = why_rights_deny(walk, cpl, kind, &denial.level);
    else
        denial.reason = walk->stop == WALK_RESERVED_BIT ? WALK_BROKEN : WALK_ABSENT;
    return denial;
}

const char *walk_reason_words(ULONG reason)
{
    static const char *const words[] = {
        [WALK_GRANTED] = "nothing denies it",
        [WALK_ABSENT] = "not present",
        [WALK_BROKEN] = "reserved bits are set",
        [WALK_NOT_USER] = "U/S=0: not for ring 3",
        [WALK_READ_ONLY] = "R/W=0: read-only",
        [WALK_NOT_EXECUTE] = "XD=1: no code",
        [WALK_SMEP_FORBIDS] = "a user page, and SMEP is on",
        [WALK_SMAP_FORBIDS] = "a user page, and SMAP is on",
    };

    return words[reason];
}

const char *walk_level_name(enum walk_format format, ULONG level)
{
    static const char *const names[] = {"PDPTE", "PDE", "PTE"};

    return names[level + (format != WALK_PAE)];
}
