#include "kd/bugcheck.h"

#include "console/console.h"
#include "console/log.h"
#include "drivers/vga/vga.h"
#include "export.h"
#include "kd/exception.h"
#include "kd/machine.h"
#include "kd/symbols.h"
#include "mm/fault.h"
#include "mm/layout.h"
#include "mm/physical.h"
#include "mm/space.h"
#include "rtl/rtl.h"
#include "x86/backtrace.h"
#include "x86/cpu.h"

enum { REPORT_COLOR = VGA_ATTRIBUTE(VGA_BLUE, VGA_WHITE), SYMBOL_SIZE = 64 };

/* A fault inside a report must not report for ever. */
static BOOLEAN reporting;

static void begin_report(void)
{
    cpu_disable_interrupts();
    if (reporting)
        machine_end(FALSE);
    reporting = TRUE;
    console_set_attribute(REPORT_COLOR);
    console_init();
    console_printf("*** The system was stopped to show what went wrong. ***\n\n");
}

static void show_address(ULONG number, ULONG address, enum symbols_kind kind)
{
    char symbol[SYMBOL_SIZE];

    symbols_describe(address, kind, symbol, sizeof symbol);
    log_printf("[backtrace] frame=%u eip=%08X symbol=%s\n", number, address, symbol);
    if (number < 8)
        console_printf("  %08X  %s\n", address, symbol);
}

static void show_backtrace(ULONG eip, ULONG ebp)
{
    ULONG addresses[BACKTRACE_DEPTH];
    ULONG count = backtrace_walk(ebp, mm_is_readable, addresses);

    console_printf("\nHow the code got there:\n");
    if (eip)
        show_address(0, eip, SYMBOLS_INSTRUCTION);
    for (ULONG i = 0; i < count; i++)
        show_address(i + !!eip, addresses[i], SYMBOLS_RETURN_ADDRESS);
}

static void show_code(ULONG code, ULONG p1, ULONG p2, ULONG p3, ULONG p4, const char *why)
{
    log_printf("[bugcheck] code=%08X p1=%08X p2=%08X p3=%08X p4=%08X why=\"%s\"\n", code, p1, p2,
               p3, p4, why);
    console_printf("Bugcheck %08X (%08X, %08X, %08X, %08X)\n%s\n", code, p1, p2, p3, p4, why);
}

void bugcheck(ULONG code, ULONG p1, ULONG p2, ULONG p3, ULONG p4, const char *why)
{
    begin_report();
    show_code(code, p1, p2, p3, p4, why);
    show_backtrace(0, (ULONG)__builtin_frame_address(0));
    machine_end(FALSE);
}

VOID NTAPI KeBugCheckEx(ULONG code, ULONG_PTR p1, ULONG_PTR p2, ULONG_PTR p3, ULONG_PTR p4)
{
    bugcheck(code, p1, p2, p3, p4, "KeBugCheckEx was called");
}
EXPORT_NTOSKRNL(KeBugCheckEx);

void assert_failed(const char *file, int line, const char *expression)
{
    char why[160];

    rtl_snprintf(why, sizeof why, "%s:%d: ASSERT(%s)", file, line, expression);
    for (char *at = why; *at; at++)
        if (*at == '"') /* the log puts the whole in double quotes */
            *at = '\'';
    bugcheck(ASSERTION_FAILED, 0, (ULONG)line, 0, 0, why);
}

static void show_registers(const struct trap_frame *frame)
{
    ULONG esp = trap_stack_pointer(frame);

    log_printf("[registers] eax=%08X ebx=%08X ecx=%08X edx=%08X esi=%08X edi=%08X ebp=%08X "
               "esp=%08X eflags=%08X cs=%04X ds=%04X cr0=%08X cr2=%08X cr3=%08X cr4=%08X\n",
               frame->eax, frame->ebx, frame->ecx, frame->edx, frame->esi, frame->edi, frame->ebp,
               esp, frame->eflags, frame->cs & 0xFFFF, frame->ds & 0xFFFF, read_cr0(), read_cr2(),
               read_cr3(), cpu_read_cr4());
    console_printf("EAX %08X  EBX %08X  ECX %08X  EDX %08X\nESI %08X  EDI %08X  EBP %08X  "
                   "ESP %08X\nEIP %08X  EFL %08X  CS  %04X      DS  %04X\n"
                   "CR0 %08X  CR2 %08X  CR3 %08X  CR4 %08X\n",
                   frame->eax, frame->ebx, frame->ecx, frame->edx, frame->esi, frame->edi,
                   frame->ebp, esp, frame->eip, frame->eflags, frame->cs & 0xFFFF,
                   frame->ds & 0xFFFF, read_cr0(), read_cr2(), read_cr3(), cpu_read_cr4());
}

static void show_walk(const struct walk *walk)
{
    ULONG address = walk->address;

    for (ULONG i = 0; i < walk->level_count; i++) {
        const char *level = walk_level_name(walk->format, i);
        char entry[17];

        rtl_snprintf(entry, sizeof entry, walk->format == WALK_PAE ? "%016llX" : "%08llX",
                     walk->levels[i].entry);
        log_printf("[walk] address=%08X level=%s at=%08llX entry=%s\n", address, level,
                   walk->levels[i].entry_address, entry);
        console_printf("%s of %08X at %08llX = %s%s\n", level, address,
                       walk->levels[i].entry_address, entry,
                       walk->levels[i].entry & PAGE_PRESENT ? "" : " (not present)");
    }
}

/*
 * What the tables say to the access that the error code tells of; nothing, if the TLB holds something
 * else than they do.
 */
static void show_denial(const struct walk *walk, ULONG error)
{
    ULONG cpl = error & MM_FAULT_USER ? 3 : 0;
    enum walk_kind kind = error & MM_FAULT_FETCH   ? WALK_FETCH
                          : error & MM_FAULT_WRITE ? WALK_WRITE
                                                   : WALK_READ;
    struct walk_denial denial = walk_denial(walk, cpl, kind);
    const char *reason = walk_reason_words(denial.reason);

    if (denial.reason == WALK_GRANTED) {
        log_printf("[denied] level=none reason=\"%s\"\n", reason);
        console_printf("The tables allow it now: the processor's TLB held something else.\n");
        return;
    }
    log_printf("[denied] level=%s reason=\"%s\" error=%08X\n",
               walk_level_name(walk->format, denial.level), reason,
               (ULONG)walk_access(walk, cpl, kind));
    console_printf("The %s denies it: %s.\n", walk_level_name(walk->format, denial.level), reason);
}

/* Where the address lies: its region, and in the kernel or a driver the symbol before it. */
static void show_place(ULONG address)
{
    const struct mm_region *region = mm_region_at(address);
    char symbol[SYMBOL_SIZE];

    symbols_describe(address, SYMBOLS_INSTRUCTION, symbol, sizeof symbol);
    log_printf("[where] address=%08X region=\"%s\" start=%08X last=%08X symbol=%s\n", address,
               region->purpose, region->start, region->last, symbol);
    console_printf("%08X lies in %08X-%08X, %s%s%s\n", address, region->start, region->last,
                   region->purpose, strcmp(symbol, "?") ? ", at " : "",
                   strcmp(symbol, "?") ? symbol : "");
}

static void show_page_fault(ULONG address, ULONG error)
{
    struct walk walk = mm_walk(address);

    show_walk(&walk);
    show_denial(&walk, error);
    show_place(address);
}

void bugcheck_trap(struct trap_frame *frame)
{
    char error[64], where[SYMBOL_SIZE];
    BOOLEAN page_fault = frame->vector == TRAP_PAGE_FAULT;

    if (frame->vector == TRAP_DOUBLE_FAULT && mm_space_current())
        write_cr3(mm_space_current()->cr3); /* the task's own is the System process's */
    begin_report();
    exception_describe_error(frame->vector, frame->error, error, sizeof error);
    symbols_describe(frame->eip, SYMBOLS_INSTRUCTION, where, sizeof where);
    log_printf("[exception] vector=%02X name=\"%s\" error=%08X bits=\"%s\" eip=%08X cr2=%08X "
               "symbol=%s\n",
               frame->vector, exception_name(frame->vector), frame->error, error, frame->eip,
               read_cr2(), where);
    console_printf("Exception %02X, %s, at %08X (%s)\n", frame->vector,
                   exception_name(frame->vector), frame->eip, where);
    if (error[0])
        console_printf("Error code %08X: %s\n", frame->error, error);
    show_registers(frame);
    if (page_fault)
        show_page_fault(read_cr2(), frame->error);
    show_backtrace(frame->eip, frame->ebp);
    machine_end(FALSE);
}
