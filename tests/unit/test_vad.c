/*
 * The ranges of a space (mm/vad.c, virtual.c, fault.c) against a model that knows nothing but an
 * array of pages. The page tables are an array too.
 */
#include "mm/backing.h"
#include "mm/commit.h"
#include "mm/fault.h"
#include "mm/pool.h"
#include "mm/vad.h"
#include "rtl/list.h"
#include "unit.h"

enum { PAGES = 256, FRAMES = 4096, BACKING_PAGES = 24, OPERATIONS = 20000, AROUND = 64 };

/* ---- What mm/space.c and mm/pool.c are in the kernel ---- */

static struct {
    frame_number frame;
    ULONG rights;
} table[PAGES + AROUND];
static ULONG contents[FRAMES];
static struct mm_space space;
static long blocks;

static size_t slot(ULONG address)
{
    size_t at = (address - USER_START) / PAGE_SIZE;

    assert_true(address >= USER_START && at < ARRAY_SIZE(table));
    return at;
}

NTSTATUS mm_map(struct mm_space *in, ULONG address, frame_number frame, ULONG rights)
{
    assert_ptr_equal(in, &space);
    assert_int_equal(table[slot(address)].frame, FRAME_NONE);
    table[slot(address)].frame = frame;
    table[slot(address)].rights = rights;
    return STATUS_SUCCESS;
}

frame_number mm_unmap(struct mm_space *in, ULONG address)
{
    frame_number frame = mm_frame_at(in, address);

    table[slot(address)].frame = FRAME_NONE;
    return frame;
}

frame_number mm_frame_at(const struct mm_space *in, ULONG address)
{
    assert_ptr_equal(in, &space);
    return table[slot(address)].frame;
}

void mm_protect(struct mm_space *in, ULONG address, ULONG rights)
{
    assert_int_not_equal(mm_frame_at(in, address), FRAME_NONE);
    table[slot(address)].rights = rights;
}

frame_number mm_zeroed_frame(void)
{
    frame_number frame = frame_alloc();

    assert_in_range(frame, 1, FRAMES - 1);
    contents[frame] = 0;
    return frame;
}

void mm_copy_frame(frame_number to, frame_number from)
{
    contents[to] = contents[from];
}

struct mm_space *mm_space_current(void)
{
    return &space;
}

PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T bytes, ULONG tag)
{
    (void)type, (void)tag;
    blocks++;
    return malloc(bytes);
}

void *pool_allocate_zeroed(SIZE_T bytes, ULONG tag)
{
    return memset(ExAllocatePoolWithTag(NonPagedPool, bytes, tag), 0, bytes);
}

VOID NTAPI ExFreePool(PVOID block)
{
    blocks--;
    free(block);
}

/* ---- The model ---- */

enum kind { FREE, PRIVATE, VIEW };

static struct page {
    enum kind kind;
    int range;     /* pages of one range have its number */
    int first;     /* the range's first page */
    ULONG protect; /* 0: reserved only */
    ULONG allocation_protect;
    bool touched; /* it has a frame of its own */
    ULONG value;
    int view_page; /* of the backing */
} model[PAGES];

static struct {
    bool present;
    ULONG value;
} shared[BACKING_PAGES];

static struct mm_backing backing;
static struct unit_random random_state;
static int ranges;

static ULONG pick(ULONG limit)
{
    return random_below(&random_state, limit);
}

static ULONG address_of(int page)
{
    return USER_START + (ULONG)page * PAGE_SIZE;
}

static bool is_free(int first, int count)
{
    for (int i = first; i < first + count; i++)
        if (i >= PAGES || model[i].kind != FREE)
            return false;
    return true;
}

/* TRUE if the pages are of one range. */
static bool is_one_range(int first, int count)
{
    for (int i = first; i < first + count; i++)
        if (i >= PAGES || model[i].kind == FREE || model[i].range != model[first].range)
            return false;
    return true;
}

static int range_length(int first)
{
    int count = 0;

    while (first + count < PAGES && model[first + count].kind != FREE &&
           model[first + count].range == model[first].range)
        count++;
    return count;
}

static void set_range(int first, int count, struct page page)
{
    ranges++;
    for (int i = first; i < first + count; i++) {
        model[i] = page;
        model[i].range = ranges;
        model[i].first = first;
        model[i].view_page = page.view_page + i - first;
    }
}

static ULONG pick_private_protect(void)
{
    static const ULONG protects[] = {PAGE_READWRITE,    PAGE_READWRITE,
                                     PAGE_READONLY,     PAGE_NOACCESS,
                                     PAGE_EXECUTE_READ, PAGE_READWRITE | PAGE_GUARD};

    return protects[pick(ARRAY_SIZE(protects))];
}

/* ---- Operations: what the model expects, against what happens ---- */

static void do_reserve(void)
{
    int first = (int)pick(PAGES), count = 1 + (int)pick(20);
    ULONG type = MEM_RESERVE | (pick(2) ? MEM_COMMIT : 0), protect = pick_private_protect();
    struct mm_range range = {address_of(first), (ULONG)count * PAGE_SIZE - pick(PAGE_SIZE)};

    if (first + count > PAGES)
        return;
    bool fits = is_free(first, count);

    assert_status(mm_vad_reserve(&space, &range, 0, type, protect),
                  fits ? STATUS_SUCCESS : STATUS_CONFLICTING_ADDRESSES);
    if (!fits)
        return;
    assert_int_equal(range.bytes, (ULONG)count * PAGE_SIZE);
    set_range(first, count,
              (struct page){.kind = PRIVATE,
                            .allocation_protect = protect,
                            .protect = type & MEM_COMMIT ? protect : 0});
}

static void do_reserve_anywhere(void)
{
    int count = 1 + (int)pick(40), first = 0;
    struct mm_range range = {0, (ULONG)count * PAGE_SIZE};

    while (first < PAGES && !is_free(first, count < PAGES - first ? count : PAGES - first))
        first += 16;
    assert_status(mm_vad_reserve(&space, &range, 0, MEM_RESERVE, PAGE_READWRITE), STATUS_SUCCESS);
    assert_int_equal(range.base, address_of(first));
    if (first + count <= PAGES)
        set_range(first, count,
                  (struct page){.kind = PRIVATE, .allocation_protect = PAGE_READWRITE});
    else
        assert_status(mm_vad_free(&space, &range, MEM_RELEASE), STATUS_SUCCESS);
}

static void do_commit(void)
{
    int first = (int)pick(PAGES), count = 1 + (int)pick(6);
    ULONG protect = pick_private_protect();
    struct mm_range range = {address_of(first), (ULONG)count * PAGE_SIZE};
    NTSTATUS expected = !is_one_range(first, count) ? STATUS_CONFLICTING_ADDRESSES
                        : model[first].kind == VIEW ? STATUS_ALREADY_COMMITTED
                                                    : STATUS_SUCCESS;

    assert_status(mm_vad_commit(&space, &range, protect), expected);
    for (int i = first; NT_SUCCESS(expected) && i < first + count; i++)
        model[i].protect = protect;
}

/* Takes pages out: the part behind them becomes a range of its own. */
static void release(int first, int count)
{
    int end = first + count,
        behind = end < PAGES && model[end].kind != FREE && model[end].range == model[first].range
                     ? range_length(end)
                     : 0;

    memset(&model[first], 0, (size_t)count * sizeof *model);
    if (!behind)
        return;
    ranges++;
    for (int i = end; i < end + behind; i++) {
        model[i].range = ranges;
        model[i].first = end;
    }
}

static void decommit(int first, int count)
{
    for (int i = first; i < first + count; i++) {
        model[i].protect = model[i].value = 0;
        model[i].touched = false;
    }
}

static NTSTATUS expect_free(int first, int count)
{
    if (model[first].kind == FREE)
        return STATUS_MEMORY_NOT_ALLOCATED;
    if (!count && model[first].first != first)
        return STATUS_FREE_VM_NOT_AT_BASE;
    if (model[first].kind == VIEW)
        return STATUS_UNABLE_TO_DELETE_SECTION;
    return is_one_range(first, count) ? STATUS_SUCCESS : STATUS_UNABLE_TO_FREE_VM;
}

static void do_free(void)
{
    int first = (int)pick(PAGES), count = pick(2) ? 0 : 1 + (int)pick(12);
    ULONG type = pick(2) ? MEM_DECOMMIT : MEM_RELEASE;
    struct mm_range range = {address_of(first), (ULONG)count * PAGE_SIZE};
    NTSTATUS expected = expect_free(first, count);

    assert_status(mm_vad_free(&space, &range, type), expected);
    if (!NT_SUCCESS(expected))
        return;
    if (!count)
        count = range_length(first);
    assert_int_equal(range.bytes, (ULONG)count * PAGE_SIZE);
    (type == MEM_RELEASE ? release : decommit)(first, count);
}

static NTSTATUS expect_protect(int first, int count, ULONG protect)
{
    if (!is_one_range(first, count))
        return STATUS_CONFLICTING_ADDRESSES;
    if (model[first].kind == PRIVATE && protect & PAGE_WRITECOPY)
        return STATUS_INVALID_PARAMETER_4;
    if (model[first].kind == VIEW) {
        ULONG may = model[first].allocation_protect == PAGE_READWRITE
                        ? PAGE_NOACCESS | PAGE_READONLY | PAGE_WRITECOPY | PAGE_READWRITE
                        : PAGE_NOACCESS | PAGE_READONLY | PAGE_WRITECOPY;

        if (!(protect & may))
            return STATUS_SECTION_PROTECTION;
    }
    for (int i = first; i < first + count; i++)
        if (!model[i].protect)
            return STATUS_NOT_COMMITTED;
    return STATUS_SUCCESS;
}

/* A page that was copied needs no copy any more; one of a write-copy view always does first. */
static ULONG protect_of(const struct page *page, ULONG protect)
{
    if (page->kind == VIEW && page->touched && protect == PAGE_WRITECOPY)
        return PAGE_READWRITE;
    return protect;
}

static void do_protect(void)
{
    int first = (int)pick(PAGES), count = 1 + (int)pick(8);
    ULONG protect = pick(8) ? pick_private_protect() : PAGE_WRITECOPY, old = 0;
    struct mm_range range = {address_of(first), (ULONG)count * PAGE_SIZE};
    NTSTATUS expected = expect_protect(first, count, protect);

    assert_status(mm_vad_protect(&space, &range, protect, &old), expected);
    if (!NT_SUCCESS(expected))
        return;
    assert_int_equal(old, model[first].protect);
    for (int i = first; i < first + count; i++)
        model[i].protect = protect_of(&model[i], protect);
}

static void do_map(void)
{
    static const ULONG protects[] = {PAGE_READWRITE, PAGE_READONLY, PAGE_WRITECOPY};
    int first = (int)pick(PAGES), from = (int)pick(BACKING_PAGES);
    int count = 1 + (int)pick((ULONG)(BACKING_PAGES - from));
    ULONG protect = protects[pick(3)];
    struct mm_range range = {address_of(first), (ULONG)count * PAGE_SIZE};

    if (first + count > PAGES)
        return;
    bool fits = is_free(first, count);

    assert_status(mm_vad_map(&space, &range, &backing, (ULONG)from, 0, MEM_MAPPED, protect),
                  fits ? STATUS_SUCCESS : STATUS_CONFLICTING_ADDRESSES);
    if (fits)
        set_range(first, count,
                  (struct page){.kind = VIEW,
                                .protect = protect,
                                .allocation_protect = protect,
                                .view_page = from});
}

static void do_unmap(void)
{
    int at = (int)pick(PAGES);
    bool view = model[at].kind == VIEW;

    assert_status(mm_vad_unmap(&space, address_of(at) + pick(PAGE_SIZE)),
                  view ? STATUS_SUCCESS : STATUS_NOT_MAPPED_VIEW);
    if (view)
        release(model[at].first, range_length(model[at].first));
}

/* What a page holds, and where the model keeps that. */
static ULONG *value_of(struct page *page)
{
    return page->kind == VIEW && !page->touched ? &shared[page->view_page].value : &page->value;
}

BOOLEAN table_has_no_execute; /* mm/table.c */

/* Without NX a fetch is a read: the error code's I/D then comes from SMEP alone. */
static NTSTATUS expect_touch(const struct page *page, bool write, bool fetch)
{
    if (fetch && table_has_no_execute && !(page->protect & PAGE_EXECUTE_READ))
        return STATUS_ACCESS_VIOLATION;

    ULONG writable = PAGE_READWRITE | PAGE_WRITECOPY;

    if (page->kind == FREE || !page->protect || page->protect & PAGE_NOACCESS ||
        (write && !(page->protect & writable)))
        return STATUS_ACCESS_VIOLATION;
    return page->protect & PAGE_GUARD ? STATUS_GUARD_PAGE_VIOLATION : STATUS_SUCCESS;
}

/* The page has a frame now; writing to a copied page gives it one of its own. */
static void bring(struct page *page, bool write)
{
    if (page->kind == PRIVATE) {
        page->touched = true;
    } else if (write && page->protect == PAGE_WRITECOPY) {
        page->value = shared[page->view_page].value;
        page->touched = true;
        page->protect = PAGE_READWRITE;
    } else if (!page->touched) {
        shared[page->view_page].present = true;
    }
}

static void do_touch(void)
{
    int at = (int)pick(PAGES);
    bool write = pick(2), fetch = !write && pick(4) == 0;
    struct page *page = &model[at];
    NTSTATUS expected;

    table_has_no_execute = (BOOLEAN)pick(2);
    expected = expect_touch(page, write, fetch);
    assert_status(mm_fault(address_of(at) + pick(PAGE_SIZE), write   ? MM_FAULT_WRITE
                                                             : fetch ? MM_FAULT_FETCH
                                                                     : 0),
                  expected);
    if (expected == STATUS_GUARD_PAGE_VIOLATION)
        page->protect &= ~PAGE_GUARD;
    if (expected != STATUS_SUCCESS)
        return;
    bring(page, write);
    frame_number frame = table[at].frame;

    assert_int_equal(contents[frame], *value_of(page));
    assert_true(table[at].rights & PAGE_USER && (!write || table[at].rights & PAGE_WRITE));
    assert_int_equal(!!(table[at].rights & PAGE_CODE), page->protect == PAGE_EXECUTE_READ);
    if (write)
        contents[frame] = *value_of(page) = (ULONG)random_next(&random_state);
}

/* ---- Everything at once ---- */

static void check_page(int at)
{
    const struct page *page = &model[at];
    MEMORY_BASIC_INFORMATION info;

    mm_vad_query(&space, address_of(at), &info);
    assert_int_equal(info.State, page->kind == FREE ? MEM_FREE
                                 : page->protect    ? MEM_COMMIT
                                                    : MEM_RESERVE);
    assert_int_equal(info.Protect, page->kind == FREE ? PAGE_NOACCESS : page->protect);
    if (page->kind != FREE) {
        assert_int_equal((uintptr_t)info.AllocationBase, address_of(page->first));
        assert_int_equal(info.AllocationProtect, page->allocation_protect);
        assert_int_equal(info.Type, page->kind == VIEW ? MEM_MAPPED : MEM_PRIVATE);
    }
    /* What ring 3 reaches is what the page may do. */
    if (table[at].frame && !(table[at].rights & PAGE_HELD)) {
        assert_true(!(page->protect & (PAGE_NOACCESS | PAGE_GUARD)));
        assert_int_equal(!!(table[at].rights & PAGE_WRITE), page->protect == PAGE_READWRITE);
    }
}

/* Frames and promises: each committed page has one of the two, and nothing else has any. */
static void check_counts(void)
{
    ULONG used = 0, promised = 0;

    for (int i = 0; i < PAGES; i++) {
        used += model[i].touched;
        promised += model[i].kind == PRIVATE && model[i].protect && !model[i].touched;
    }
    for (int i = 0; i < BACKING_PAGES; i++)
        *(shared[i].present ? &used : &promised) += 1;
    assert_int_equal(frame_counts().usable - frame_counts().free, used);
    assert_int_equal(commit_promised(), promised);
}

static void destroy_nothing(struct mm_backing *which)
{
    assert_ptr_equal(which, &backing);
}

static void begin(unsigned stream)
{
    frame_init();
    frame_add_range(0, (ULONGLONG)FRAMES * PAGE_SIZE);
    memset(table, 0, sizeof table);
    memset(model, 0, sizeof model);
    memset(shared, 0, sizeof shared);
    InitializeListHead(&space.vads);
    random_state = unit_random(stream);
    assert_status(backing_init(&backing, BACKING_PAGES, destroy_nothing), STATUS_SUCCESS);
}

/* Whatever is left goes, and all memory is back. */
static void end(void)
{
    mm_vad_release_all(&space);
    backing_release(&backing);
    assert_int_equal(frame_counts().free, frame_counts().usable);
    assert_int_equal(commit_promised(), 0);
    assert_int_equal(blocks, 0);
}

static void ranges_do_what_the_model_does(void **state)
{
    static void (*const operations[])(void) = {
        do_reserve, do_reserve_anywhere,
        do_commit,  do_commit,
        do_free,    do_protect,
        do_protect, do_map,
        do_unmap,   do_touch,
        do_touch,   do_touch,
    };

    (void)state;
    begin(1);
    for (int i = 0; i < OPERATIONS; i++) {
        operations[pick(ARRAY_SIZE(operations))]();
        check_counts();
        for (int at = 0; i % 8 == 0 && at < PAGES; at++)
            check_page(at);
    }
    end();
}

static void gaps_are_found_from_both_ends(void **state)
{
    struct mm_range range = {USER_START + 0x30000, 0x10000};

    (void)state;
    begin(2);
    assert_status(mm_vad_reserve(&space, &range, 0, MEM_RESERVE, PAGE_READWRITE), STATUS_SUCCESS);
    assert_int_equal(mm_vad_gap(&space, 0x30000, 0, FALSE), USER_START);
    assert_int_equal(mm_vad_gap(&space, 0x30001, 0, FALSE), USER_START + 0x40000);
    assert_int_equal(mm_vad_gap(&space, 0x1000, 0, TRUE), 0x7FFD0000);
    assert_int_equal(mm_vad_gap(&space, 0x10001, 0, TRUE), 0x7FFC0000);
    assert_int_equal(mm_vad_gap(&space, 0x1000, 12, TRUE), 0x000F0000); /* below 1 MiB */
    assert_int_equal(mm_vad_gap(&space, 0x100000, 12, FALSE), 0);
    assert_int_equal(mm_vad_gap(&space, 0x7FFE0000, 0, FALSE), 0);
    end();
}

static void protections_are_one_base_and_a_modifier(void **state)
{
    (void)state;
    for (ULONG protect = 0; protect < 0x1000; protect++) {
        bool base = false;

        for (ULONG bit = 1; bit <= 0x80; bit <<= 1)
            base |= (protect & 0xFF) == bit;
        bool sound = base && protect >> 8 < 3 && !(protect & PAGE_NOACCESS && protect >> 8);

        assert_int_equal(!!vad_is_protection(protect), sound);
        if (sound)
            assert_int_equal(vad_page_protect(vad_page_state(protect)), protect);
    }
    assert_int_equal(vad_page_protect(0), 0);
}

static void promises_leave_a_margin(void **state)
{
    (void)state;
    begin(3);
    ULONG free = frame_counts().free - commit_promised();

    assert_status(commit_promise(free - COMMIT_MARGIN + 1), STATUS_COMMITMENT_LIMIT);
    assert_status(commit_promise(0xFFFFFFFF), STATUS_COMMITMENT_LIMIT);
    assert_status(commit_promise(free - COMMIT_MARGIN), STATUS_SUCCESS);
    assert_status(commit_promise(1), STATUS_COMMITMENT_LIMIT);
    commit_settle(free - COMMIT_MARGIN);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ranges_do_what_the_model_does),
        TEST(gaps_are_found_from_both_ends),
        TEST(protections_are_one_base_and_a_modifier),
        TEST(promises_leave_a_margin),
    };

    return RUN_TESTS(tests);
}
