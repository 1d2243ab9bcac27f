#include "ps/peb.h"

#include "ke/clock.h"
#include "mm/layout.h"
#include "mm/table.h"
#include "mm/vad.h"
#include "ps/pe.h"
#include "ps/thread.h"
#include "rtl/rtl.h"
#include "syscall/syscall.h"
#include "x86/cpu.h"

#if defined(__i386__)
#define AT(type, member, offset)                                                                   \
    _Static_assert(offsetof(struct type, member) == (offset), "NT's layout")
AT(nt_teb, self, 0x18);
AT(nt_teb, client_id, 0x20);
AT(nt_teb, peb, 0x30);
AT(nt_teb, current_locale, 0xC4);
AT(nt_teb, deallocation_stack, 0xE0C);
AT(nt_teb, tls_links, 0xF10);
AT(nt_peb, process_heap, 0x18);
AT(nt_peb, tls_bitmap, 0x40);
AT(nt_peb, processors, 0x64);
AT(nt_peb, heap_count, 0x88);
AT(nt_peb, loader_lock, 0xA0);
AT(nt_peb, image_subsystem, 0xB4);
AT(nt_process_parameters, command_line, 0x40);
AT(nt_process_parameters, window_title, 0x70);
AT(nt_loader_entry, load_count, 0x38);
AT(nt_shared_data, system_root, 0x30);
AT(nt_shared_data, product_type, 0x264);
AT(nt_shared_data, system_call, 0x300);
#endif

/* ---- ntdll ---- */

static const char *const names[NTDLL_ROUTINES] = {
    [NTDLL_LDR_INITIALIZE_THUNK] = "LdrInitializeThunk",
    [NTDLL_KI_USER_EXCEPTION_DISPATCHER] = "KiUserExceptionDispatcher",
    [NTDLL_KI_FAST_SYSTEM_CALL] = "KiFastSystemCall",
    [NTDLL_KI_INT_SYSTEM_CALL] = "KiIntSystemCall",
    [NTDLL_KI_FAST_SYSTEM_CALL_RET] = "KiFastSystemCallRet",
};

static ULONG base, addresses[NTDLL_ROUTINES];

ULONG ntdll_address(enum ntdll_routine routine)
{
    return addresses[routine];
}

ULONG ntdll_base(void)
{
    return base;
}

/* Every process has the same ntdll at the same place: the first one's tells where its routines are. */
static NTSTATUS find_routines(ULONG at)
{
    struct pe_error error;
    struct pe_export export;
    struct pe_image image;
    struct pe_file file;
    NTSTATUS status = pe_describe((void *)at, PE_IMAGE_MAX, &file, &image, &error);

    for (ULONG i = 0; i < NTDLL_ROUTINES && NT_SUCCESS(status); i++) {
        status = pe_export_by_name(&image, names[i], &export);
        addresses[i] = at + export.rva;
    }
    if (NT_SUCCESS(status))
        base = at;
    return status;
}

/* ---- Shared user data ---- */

static struct nt_shared_data *shared;
static frame_number shared_frame;

/* One frame for all: each space that maps it owns it too. */
static NTSTATUS map_shared_page(struct mm_space *space, ULONG address, ULONG rights)
{
    return frame_share(shared_frame) ? mm_map(space, address, shared_frame, rights)
                                     : STATUS_NO_MEMORY;
}

/* What can be used, as the CPU has it and the kernel has switched it on (SDK, winnt.h: PF_). */
static void set_processor_features(void)
{
    enum { COMPARE_EXCHANGE_8 = 2, MMX = 3, SSE = 6, TIME_STAMP = 8, PAE = 9, SSE2 = 10, NX = 12 };
    ULONG features = cpu_features();
    BOOLEAN sse = !!(cpu_read_cr4() & CR4_OSFXSR);

    shared->processor_features[COMPARE_EXCHANGE_8] = !!(features & CPUID_CX8);
    shared->processor_features[MMX] = !!(features & CPUID_MMX);
    shared->processor_features[SSE] = sse && features & CPUID_SSE;
    shared->processor_features[SSE2] = sse && features & CPUID_SSE2;
    shared->processor_features[TIME_STAMP] = !!(features & CPUID_TSC);
    shared->processor_features[PAE] = !!(cpu_read_cr4() & CR4_PAE);
    shared->processor_features[NX] = table_has_no_execute;
}

void shared_data_init(void)
{
    static const UNICODE_STRING root = UNICODE_STRING_INIT(u"C:\\");

    shared_frame = frame_alloc();
    ASSERT(shared_frame);
    shared = direct_map(frame_address(shared_frame));
    memset(shared, 0, PAGE_SIZE);
    memcpy(shared->system_root, root.Buffer, root.Length);
    shared->image_number_low = shared->image_number_high = 0x14C; /* IMAGE_FILE_MACHINE_I386 */
    shared->product_type = 1;                                     /* a workstation */
    shared->product_type_is_valid = TRUE;
    shared->major_version = 5;
    set_processor_features();
    NTSTATUS status = map_shared_page(&mm_system_space, SHARED_DATA_ALIAS, PAGE_WRITE);

    ASSERT(NT_SUCCESS(status));
    ke_set_shared_data(shared);
}

static void set_system_call(void)
{
    shared->system_call = ntdll_address(syscall_has_sysenter() ? NTDLL_KI_FAST_SYSTEM_CALL
                                                               : NTDLL_KI_INT_SYSTEM_CALL);
    shared->system_call_return = syscall_return_address =
        ntdll_address(NTDLL_KI_FAST_SYSTEM_CALL_RET);
}

/* ---- Pages of the process ---- */

/* A page that ring 3 may write, but neither free nor protect; *page is where the kernel reaches it. */
static NTSTATUS create_page(struct process *process, ULONG address, void **page)
{
    struct mm_space *space = process->ke.space;
    struct mm_range range = {address, PAGE_SIZE};
    NTSTATUS status = mm_vad_reserve(space, &range, 0, MEM_COMMIT, PAGE_READWRITE);
    struct mm_vad *vad;

    if (!NT_SUCCESS(status))
        return status;
    vad = mm_vad_find(space, address);
    vad->secured = TRUE;
    status = mm_vad_bring(space, vad, 0);
    if (NT_SUCCESS(status))
        *page = direct_map(frame_address(mm_frame_at(space, address)));
    else
        mm_vad_free(space, &range, MEM_RELEASE);
    return status;
}

NTSTATUS peb_create(struct process *process, ULONG ntdll)
{
    struct nt_peb *peb;
    NTSTATUS status = base ? STATUS_SUCCESS : find_routines(ntdll);

    if (!NT_SUCCESS(status))
        return status;
    set_system_call();
    status = map_shared_page(process->ke.space, NT_SHARED_DATA, PAGE_USER);
    if (NT_SUCCESS(status))
        status = create_page(process, NT_PEB, (void **)&peb);
    if (!NT_SUCCESS(status))
        return status;
    peb->image_base = (PVOID)process->image_base;
    peb->processors = 1;
    peb->os_major = 5;
    peb->os_build = 2195;
    peb->os_platform = 2; /* VER_PLATFORM_WIN32_NT */
    return STATUS_SUCCESS;
}

/* The highest page below the PEB that has no TEB; TEBs come one below the other. */
static ULONG find_teb_place(const struct process *process)
{
    for (ULONG at = NT_FIRST_TEB; at > NT_FIRST_TEB - 0x100000; at -= PAGE_SIZE)
        if (mm_vad_is_free(process->ke.space, at, at + PAGE_SIZE - 1))
            return at;
    return 0;
}

NTSTATUS teb_create(struct thread *thread, const struct ps_initial_teb *stack)
{
    ULONG address = find_teb_place(thread->process);
    struct nt_teb *teb;
    NTSTATUS status =
        address ? create_page(thread->process, address, (void **)&teb) : STATUS_NO_MEMORY;

    if (!NT_SUCCESS(status))
        return status;
    teb->exception_list = (PVOID)0xFFFFFFFF;
    teb->stack_base = stack->stack_base;
    teb->stack_limit = stack->stack_limit;
    teb->deallocation_stack = stack->allocation_base;
    teb->self = (struct nt_teb *)address;
    teb->client_id = (struct nt_client_id){(HANDLE)thread->process->id, (HANDLE)thread->id};
    teb->peb = (struct nt_peb *)NT_PEB;
    teb->current_locale = 0x409; /* en-US */
    thread->ke.teb = address;
    return STATUS_SUCCESS;
}

void teb_free(struct process *process, ULONG teb)
{
    struct mm_range range = {teb, PAGE_SIZE};

    mm_vad_free(process->ke.space, &range, MEM_RELEASE);
}
