/* The kernel from its first line of C to the table; each room is brought up by one call. */
#include "bootinfo.h"
#include "cm/cm.h"
#include "console/console.h"
#include "console/log.h"
#include "drivers/bootvol/bootvol.h"
#include "drivers/console/console_device.h"
#include "drivers/keyboard/keyboard.h"
#include "drivers/serial/serial.h"
#include "ex/ex.h"
#include "io/io.h"
#include "io/trace.h"
#include "ke/clock.h"
#include "kd/bugcheck.h"
#include "kd/crash.h"
#include "kd/machine.h"
#include "kd/selftest.h"
#include "ke/wait.h"
#include "lpc/lpc.h"
#include "mm/layout.h"
#include "mm/physical.h"
#include "mm/pool.h"
#include "mm/user.h"
#include "options.h"
#include "ps/exception.h"
#include "ps/place.h"
#include "ps/peb.h"
#include "ps/process.h"
#include "ps/report.h"
#include "ps/section.h"
#include "ps/start.h"
#include "rtl/rtl.h"
#include "syscall/syscall.h"
#include "x86/cpu.h"
#include "x86/pic.h"
#include "x86/segments.h"
#include "x86/trap.h"

void kernel_main(ULONG magic, ULONG info);

static struct options options;

static void report_unknown(const char *word)
{
    log_printf("[option] unknown=\"%s\"\n", word);
    console_printf("The kernel command line has a word that is not known: %s (ignored)\n", word);
}

static void init_cpu(void)
{
    mm_walk_init();                          /* CR4 says how the tables are read */
    gdt_init();                              /* flat segments, TSS, the double fault's stack */
    idt_init();                              /* 32 exceptions, 16 interrupt lines */
    trap_set_default_handler(bugcheck_trap); /* whatever nobody expects is reported */
    exception_init();                        /* page faults, and what ring 3 does wrong */
    syscall_init();                          /* int 2Eh, sysenter */
    pic_init();                              /* lines at 30h, all masked */
}

static void init_output(void)
{
    serial_init();
    console_init();
    log_printf("[boot] product=VirtToPhys\n");
    console_printf("VirtToPhys\n\n");
}

/* The boot code has chosen (boot/paging.c), and may have had to choose something else. */
static void report_paging(void)
{
    static const char *const names[] = {
        [WALK_32BIT] = "32", [WALK_32BIT_PSE] = "pse", [WALK_PAE] = "pae"};
    struct walk_registers registers = {.cr0 = read_cr0(), .cr4 = cpu_read_cr4()};
    const char *format = names[walk_format(&registers)];

    log_printf("[paging] format=%s nx=%s\n", format, cpu_read_efer() & EFER_NXE ? "yes" : "no");
    if (options.paging[0] && strcmp(options.paging, format) != 0)
        console_printf("paging=%s: this CPU does not have it; the format is %s.\n", options.paging,
                       format);
}

static void init_options(void)
{
    log_printf("[boot] cmdline=\"%s\"\n", boot_info.command_line);
    if (boot_info.graphics)
        log_printf(
            "[vga] problem=\"the loader left a graphics mode: the text screen is not seen\"\n");
    options_parse(boot_info.command_line, &options, report_unknown);
    machine_leave_at_end(options.exit);
    ps_shutdown = machine_end;
    trace_irps = !!options.trace[0];
    if (options.selftest || options.tests[0])
        selftest_take_arena();
    if (options.seeded)
        frame_shuffle(options.seed);
    report_paging();
    if (options.place[0] && !place_init()) {
        log_printf("[place] name=%s status=refused needs_mib=%u\n", options.place, PLACE_NEEDS_MIB);
        console_printf("place=%s needs %u MiB of memory with the figure's frames free in it.\n"
                       "The images lie anywhere.\n",
                       options.place, PLACE_NEEDS_MIB);
    }
}

/* The address space by its table (mm/layout.c). */
static void log_regions(void)
{
    for (ULONG i = 0; i < mm_region_count; i++)
        log_printf("[region] start=%08X last=%08X mapped=%s purpose=\"%s\"\n", mm_regions[i].start,
                   mm_regions[i].last, mm_regions[i].mapped ? "yes" : "no", mm_regions[i].purpose);
}

static void init_memory(void)
{
    struct frame_counts frames = frame_counts();

    mm_space_init(); /* the boot page directory becomes the System process's */
    pool_init();
    log_printf("[mem] usable_frames=%u usable_kib=%u above_direct_map_kib=%u cr0=%08X cr3=%08X "
               "cr4=%08X\n",
               frames.usable, boot_info.memory_kib, boot_info.memory_above_kib, read_cr0(),
               read_cr3(), cpu_read_cr4());
    log_regions();
    console_printf("Memory: %u KiB in %u free frames\n", frames.usable * 4, frames.usable);
}

/* From here on the boot code is a thread, and there is time. */
static void init_threads(void)
{
    ke_init(&ps_system_process.ke);
    ke_clock_init();
}

/* A driver that is linked into the kernel. */
static void init_driver(PCWSTR name, PDRIVER_INITIALIZE entry)
{
    UNICODE_STRING service;

    RtlInitUnicodeString(&service, name);
    NTSTATUS status = io_create_driver(&service, NULL, entry, NULL, NULL);

    ASSERT(NT_SUCCESS(status));
}

static void init_objects(void)
{
    bootinfo_map_modules();
    ob_init();
    ex_init();
    ps_init();
    shared_data_init();
    cm_init(boot_info.command_line, options.registry);
    io_init();
    section_init();
    io_set_cleanup_veto(!!options.cleanup[0]);
    lpc_init();
    init_driver(u"bootvol", bootvol_entry);
    init_driver(u"console", console_entry);
    if (boot_info.modules_left_out)
        console_printf("%u boot modules are too many: the last %u are left out.\n",
                       boot_info.module_count + boot_info.modules_left_out,
                       boot_info.modules_left_out);
    for (ULONG i = 0; i < boot_info.module_count; i++)
        log_printf("[file] name=%s physical=%08X size=%u\n", boot_info.modules[i].name,
                   boot_info.modules[i].physical, boot_info.modules[i].size);
}

static void init_keyboard(void)
{
    BOOLEAN present = keyboard_init();

    log_printf("[keyboard] present=%s\n", present ? "yes" : "no");
    if (!present)
        console_printf("There is no PS/2 keyboard: OK is pressed without you.\n");
}

static __attribute__((noreturn)) void fail_without_process(const char *program, NTSTATUS status,
                                                           const char *what)
{
    log_printf("[init] name=%s status=%08X\n", program, status);
    console_show(&console_screen);
    console_printf("\n%s %s: status %08X.\n", program, what, status);
    machine_end(FALSE);
}

/* The first process starts the others and says how the machine ends; it is not to end by itself. */
static void run_first_process(const char *program)
{
    struct process *process;
    NTSTATUS status = ps_start_program(program, &process);

    if (!NT_SUCCESS(status))
        fail_without_process(program, status, "cannot be started");
    KeWaitForSingleObject(process, Executive, KernelMode, FALSE, NULL);
    if (process->exit_status != STATUS_SUCCESS)
        fail_without_process(program, process->exit_status, "has ended, and no other one is left");
    machine_end(TRUE);
}

void kernel_main(ULONG magic, ULONG info)
{
    init_output();
    init_cpu();
    bootinfo_init(magic, info);
    init_options();
    init_memory();
    init_threads();
    init_objects();
    init_keyboard();
    if (options.crash[0])
        crash(options.crash);
    if (options.selftest || options.tests[0])
        machine_end(selftest_run(options.tests, options.seeded ? options.seed : 1) == 0);
    run_first_process(options.init[0] ? options.init : "smss.exe");
}
