#include "mm/walk.h"

#include "control.h"
#include "paging_pae.h"

/* The error code's bits (SDM vol. 3A, figure 4-12). */
enum { ERROR_P = 1, ERROR_WRITE = 2, ERROR_RESERVED = 8, ERROR_FETCH = 16 };

enum walk_format walk_format(const struct walk_registers *registers)
{
    if (!(registers->cr0 & CR0_PG))
        return WALK_UNPAGED;
    if (registers->cr4 & CR4_PAE)
        return WALK_PAE;
    return registers->cr4 & CR4_PSE ? WALK_32BIT_PSE : WALK_32BIT;
}

/* Entries are aligned, and so is the end of what lies there directly: none crosses it. */
static inline BOOLEAN read_entry(const struct walk_memory *memory, ULONGLONG at, ULONG bytes,
                                 ULONGLONG *entry)
{
    const volatile ULONG *words;

    if (at >= memory->direct_bytes)
        return memory->read && memory->read(memory->context, at, bytes, entry);
    words = (const volatile ULONG *)((const char *)memory->direct + (uintptr_t)at);
    *entry = bytes == 4 ? words[0] : words[0] | (ULONGLONG)words[1] << 32;
    return TRUE;
}

BOOLEAN walk_read_entry(const struct walk_memory *memory, ULONGLONG at, ULONG bytes,
                        ULONGLONG *entry)
{
    return read_entry(memory, at, bytes, entry);
}

/*
 * Takes the entry of a level, `bytes` of it; 0, which is not present, and the stop's reason if it
 * cannot be read.
 */
static inline ULONGLONG take_entry(struct walk *walk, ULONG number,
                                   const struct walk_memory *memory, ULONGLONG at, ULONG bytes)
{
    struct walk_level *level = &walk->levels[number];
    ULONGLONG entry;

    level->entry_address = at;
    if (!read_entry(memory, at, bytes, &entry)) {
        walk->stop = WALK_UNREADABLE;
        entry = 0;
    }
    level->entry = entry;
    return entry;
}

/* `common` to all kinds; a fetch's own bit is there already. */
static inline void set_errors(struct walk *walk, UCHAR common)
{
    walk->errors[WALK_READ] = common;
    walk->errors[WALK_WRITE] = common | ERROR_WRITE;
    walk->errors[WALK_FETCH] |= common;
}

/* The walk ends after `levels` of them, by P=0, without memory, or by reserved bits. */
static __attribute__((noinline)) void end(struct walk *walk, ULONG levels, ULONGLONG reserved)
{
    if (reserved)
        walk->stop = WALK_RESERVED_BIT;
    set_errors(walk, reserved ? ERROR_P | ERROR_RESERVED : 0);
    walk->level_count = levels;
    walk->reserved = reserved;
    walk->physical = 0;
    walk->page_size = 0;
    walk->user = walk->write = walk->no_execute = walk->global = FALSE;
    walk->can[WALK_SUPERVISOR] = walk->can[WALK_USER] = 0;
}

/* Who may do what with the page (SDM vol. 3A, 4.6.1); `write` and `fetch` are 0 or that kind. */
static inline void grant(struct walk *walk, const struct walk_registers *registers, ULONG write,
                         ULONG fetch)
{
    ULONG data = WALK_CAN(WALK_READ) | write, supervisor = data;

    if (!(registers->cr0 & CR0_WP))
        supervisor |= WALK_CAN(WALK_WRITE);
    if (!walk->user) {
        walk->can[WALK_SUPERVISOR] = (UCHAR)(supervisor | fetch);
        walk->can[WALK_USER] = 0;
        return;
    }
    if (registers->cr4 & CR4_SMAP && !(registers->eflags & EFLAGS_AC))
        supervisor = 0;
    walk->can[WALK_SUPERVISOR] =
        (UCHAR)(registers->cr4 & CR4_SMEP ? supervisor : supervisor | fetch);
    walk->can[WALK_USER] = (UCHAR)(data | fetch);
}

/* R/W stands in an entry where WALK_CAN(WALK_WRITE) stands in a set of kinds. */
_Static_assert((ULONG)PAGE_WRITE == WALK_CAN(WALK_WRITE), "a right as a kind");

/*
 * The page of the last of `levels` entries. `allow` is the AND of the entries, as far as they have R/W
 * and U/S; `no_execute` the OR of their XD.
 */
static inline void finish(struct walk *walk, const struct walk_registers *registers, ULONG levels,
                          ULONGLONG physical, ULONG page_size, ULONG allow, BOOLEAN no_execute)
{
    walk->stop = WALK_MAPPED;
    set_errors(walk, ERROR_P);
    walk->level_count = levels;
    walk->reserved = 0;
    walk->page_size = page_size;
    walk->physical = physical;
    walk->user = !!(allow & PAGE_USER);
    walk->write = !!(allow & PAGE_WRITE);
    walk->no_execute = no_execute;
    walk->global = (ULONG)walk->levels[levels - 1].entry & PAGE_GLOBAL && registers->cr4 & CR4_PGE;
    grant(walk, registers, allow & PAGE_WRITE, no_execute ? 0 : WALK_CAN(WALK_FETCH));
}

/* A 4 MiB page (SDM vol. 3A, table 4-4). */
static __attribute__((noinline)) void
finish_large(struct walk *walk, const struct walk_registers *registers, ULONG pde)
{
    ULONG reserved = pde & pde_large_reserved(registers->maxphyaddr);

    if (reserved)
        end(walk, 1, reserved);
    else
        finish(walk, registers, 1, pde_large_address(pde) | (walk->address & (LARGE_PAGE_SIZE - 1)),
               LARGE_PAGE_SIZE, pde, FALSE);
}

/* SDM vol. 3A, 4.3. */
static inline void walk_32bit(struct walk *walk, const struct walk_registers *registers,
                              const struct walk_memory *memory)
{
    ULONG address = walk->address, pde, pte;

    pde = (ULONG)take_entry(walk, 0, memory,
                            entry_frame_address(registers->cr3) + pde_index(address) * 4, 4);
    if (!(pde & PAGE_PRESENT)) {
        end(walk, 1, 0);
    } else if (pde & PAGE_LARGE && walk->format == WALK_32BIT_PSE) {
        finish_large(walk, registers, pde);
    } else {
        pte = (ULONG)take_entry(walk, 1, memory, entry_frame_address(pde) + pte_index(address) * 4,
                                4);
        if (pte & PAGE_PRESENT)
            finish(walk, registers, 2, entry_frame_address(pte) | (address & (PAGE_SIZE - 1)),
                   PAGE_SIZE, pde & pte, FALSE);
        else
            end(walk, 2, 0);
    }
}

/* SDM vol. 3A, 4.4; the error code tells fetches apart under SMEP, and with NX (4.7). */
static __attribute__((noinline)) void walk_pae(struct walk *walk,
                                               const struct walk_registers *registers,
                                               const struct walk_memory *memory)
{
    ULONG address = walk->address;
    ULONGLONG reserved = pae_reserved(registers->maxphyaddr, registers->efer & EFER_NXE), bad;
    ULONGLONG pointer, pde, pte;

    if (registers->efer & EFER_NXE)
        walk->errors[WALK_FETCH] = ERROR_FETCH;
    pointer = take_entry(walk, 0, memory,
                         pae_pointers_address(registers->cr3) + pae_pointer_index(address) * 8, 8);
    bad = pointer & (reserved | PAE_POINTER_RESERVED);
    if (!(pointer & PAGE_PRESENT) || bad) {
        end(walk, 1, pointer & PAGE_PRESENT ? bad : 0);
        return;
    }
    pde = take_entry(walk, 1, memory, pae_frame_address(pointer) + pae_pde_index(address) * 8, 8);
    bad = pde & (pde & PAGE_LARGE ? reserved | PAE_LARGE_RESERVED : reserved);
    if (!(pde & PAGE_PRESENT) || bad) {
        end(walk, 2, pde & PAGE_PRESENT ? bad : 0);
        return;
    }
    if (pde & PAGE_LARGE) {
        finish(walk, registers, 2, pae_large_address(pde) | (address & (PAE_LARGE_PAGE_SIZE - 1)),
               PAE_LARGE_PAGE_SIZE, (ULONG)pde, pde >> 63);
        return;
    }
    pte = take_entry(walk, 2, memory, pae_frame_address(pde) + pae_pte_index(address) * 8, 8);
    bad = pte & reserved;
    if (!(pte & PAGE_PRESENT) || bad)
        end(walk, 3, pte & PAGE_PRESENT ? bad : 0);
    else
        finish(walk, registers, 3, pae_frame_address(pte) | (address & (PAGE_SIZE - 1)), PAGE_SIZE,
               (ULONG)(pde & pte), (pde | pte) >> 63);
}

/* Without paging all is there, for all. */
static __attribute__((noinline)) void walk_unpaged(struct walk *walk)
{
    end(walk, 0, 0);
    walk->stop = WALK_MAPPED;
    walk->page_size = PAGE_SIZE;
    walk->physical = walk->address;
    walk->user = walk->write = TRUE;
    walk->can[WALK_SUPERVISOR] = walk->can[WALK_USER] =
        WALK_CAN(WALK_READ) | WALK_CAN(WALK_WRITE) | WALK_CAN(WALK_FETCH);
}

void walk_into(struct walk *walk, const struct walk_registers *registers, ULONG address,
               const struct walk_memory *memory)
{
    walk->address = address;
    walk->format = walk_format(registers);
    walk->stop = WALK_NOT_PRESENT; /* until something else is found */
    walk->errors[WALK_FETCH] = registers->cr4 & CR4_SMEP ? ERROR_FETCH : 0;
    if (walk->format == WALK_PAE)
        walk_pae(walk, registers, memory);
    else if (walk->format == WALK_UNPAGED)
        walk_unpaged(walk);
    else
        walk_32bit(walk, registers, memory);
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
