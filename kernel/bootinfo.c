#include "bootinfo.h"

#include "boot/boot.h"
#include "boot/multiboot.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "mm/physical.h"
#include "mm/system_pte.h"
#include "rtl/bugcheck.h"
#include "rtl/rtl.h"

enum { FIRST_MIB = 0x100000, KIB = 1024 };

struct boot_info boot_info;

/* The loader's bytes at a physical address; they must lie in the mapped memory. */
static const void *loader_data(ULONG physical, ULONG bytes)
{
    ULONG last = physical + (bytes ? bytes - 1 : 0);

    if (last < physical || last >= DIRECT_MAP_BYTES || !mm_is_readable(KERNEL_BASE + physical) ||
        !mm_is_readable(KERNEL_BASE + last))
        bugcheck(INVALID_BOOT_INFORMATION, physical, bytes, 0, 0,
                 "the boot loader's tables lie outside of usable memory");
    return direct_map(physical);
}

/* Copies the loader's text; it ends within the mapped memory or is cut. */
static void copy_text(ULONG physical, char *to, ULONG size)
{
    ULONG length = 0;

    while (length < size - 1) {
        char c = *(const char *)loader_data(physical + length, 1);

        if (!c)
            break;
        to[length++] = c;
    }
    to[length] = 0;
}

static void copy_command_line(ULONG physical)
{
    char text[sizeof boot_info.command_line];

    copy_text(physical, text, sizeof text);
    rtl_copy_printable(boot_info.command_line, text, sizeof text);
}

/* "path/to/VirtToPhys.exe VirtToPhys.exe" names VirtToPhys.exe. */
static void copy_module_name(ULONG physical, char *to, ULONG size)
{
    char text[256];
    const char *name = text;

    copy_text(physical, text, sizeof text);
    for (char *at = text + strlen(text); at > text && at[-1] == ' ';)
        *--at = 0;
    for (const char *at = text; *at; at++)
        if (*at == ' ' || *at == '/' || *at == '\\')
            name = at + 1;
    rtl_copy_printable(to, name, size);
}

static void copy_modules(const struct multiboot_info *info)
{
    ULONG count = info->mods_count < BOOT_MODULES_LIMIT ? info->mods_count : BOOT_MODULES_LIMIT;
    const struct multiboot_module *modules = loader_data(info->mods_addr, count * sizeof *modules);

    boot_info.modules_left_out = info->mods_count - count;
    for (ULONG i = 0; i < count; i++) {
        struct boot_module *module = &boot_info.modules[boot_info.module_count++];

        copy_module_name(modules[i].string, module->name, sizeof module->name);
        module->physical = modules[i].start;
        module->size = modules[i].end > modules[i].start ? modules[i].end - modules[i].start : 0;
    }
}

typedef void (*range_visitor)(ULONGLONG base, ULONGLONG length);

/* Visits the entries of the memory map whose availability is `available`. */
static void for_each_range(const struct multiboot_info *info, BOOLEAN available,
                           range_visitor visit)
{
    const char *map = loader_data(info->mmap_addr, info->mmap_length);

    for (ULONG at = 0; at + sizeof(struct multiboot_mmap_entry) <= info->mmap_length;) {
        const struct multiboot_mmap_entry *entry = (const void *)(map + at);

        if ((entry->type == MULTIBOOT_MEMORY_AVAILABLE) == available)
            visit(entry->base, entry->length);
        if (entry->size > info->mmap_length)
            break;
        at += entry->size + sizeof entry->size;
    }
}

/* The KiB of [base, end) that lie in [from, to). */
static ULONG overlap_kib(ULONGLONG base, ULONGLONG end, ULONGLONG from, ULONGLONG to)
{
    ULONGLONG first = base > from ? base : from, behind = end < to ? end : to;

    return behind > first ? (ULONG)((behind - first) >> 10) : 0;
}

static void count_range(ULONGLONG base, ULONGLONG length)
{
    ULONGLONG end = frame_range_end(base, length);

    boot_info.memory_kib += overlap_kib(base, end, 0, 1ull << 32);
    boot_info.memory_above_kib += overlap_kib(base, end, DIRECT_MAP_BYTES, ~0ull);
}

static void add_usable_memory(const struct multiboot_info *info)
{
    if (info->flags & MULTIBOOT_INFO_MMAP) {
        for_each_range(info, TRUE, count_range);
        for_each_range(info, TRUE, frame_add_range);
        for_each_range(info, FALSE, frame_reserve_range); /* where entries overlap */
    } else if (info->flags & MULTIBOOT_INFO_MEMORY) {
        count_range(FIRST_MIB, (ULONGLONG)info->mem_upper * KIB);
        frame_add_range(FIRST_MIB, (ULONGLONG)info->mem_upper * KIB);
    } else {
        bugcheck(INVALID_BOOT_INFORMATION, info->flags, 0, 0, 0,
                 "the boot loader tells nothing about memory");
    }
    frame_keep_ram();
}

/*
 * The first MiB belongs to firmware and VGA; the spare page tables that boot did not use are free.
 */
static void reserve_what_is_used(void)
{
    ULONG kernel = (ULONG)kernel_physical_start;

    frame_reserve_range(0, FIRST_MIB);
    frame_reserve_range(kernel, direct_physical(boot_spare_tables_next) - kernel);
    for (ULONG i = 0; i < boot_info.module_count; i++)
        frame_reserve_range(boot_info.modules[i].physical, boot_info.modules[i].size);
}

void bootinfo_init(ULONG magic, ULONG physical)
{
    if (magic != MULTIBOOT_LOADER_MAGIC)
        bugcheck(INVALID_BOOT_INFORMATION, magic, MULTIBOOT_LOADER_MAGIC, 0, 0,
                 "the boot loader does not speak Multiboot 1");
    const struct multiboot_info *info = loader_data(physical, sizeof *info);

    if (info->flags & MULTIBOOT_INFO_CMDLINE)
        copy_command_line(info->cmdline);
    boot_info.graphics = info->flags & MULTIBOOT_INFO_FRAMEBUFFER &&
                         info->framebuffer_type != MULTIBOOT_FRAMEBUFFER_TEXT;
    if (info->flags & MULTIBOOT_INFO_MODULES)
        copy_modules(info);
    frame_init();
    add_usable_memory(info);
    reserve_what_is_used();
}

void bootinfo_map_modules(void)
{
    for (ULONG i = 0; i < boot_info.module_count; i++) {
        struct boot_module *module = &boot_info.modules[i];

        if (module->size)
            module->bytes = mm_map_physical(module->physical, module->size);
        if (!module->bytes)
            module->size = 0;
    }
}

static BOOLEAN is_named(const struct boot_module *module, PCUNICODE_STRING name)
{
    ULONG units = name->Length / 2;

    if (strlen(module->name) != units)
        return FALSE;
    for (ULONG i = 0; i < units; i++)
        if (RtlUpcaseUnicodeChar((UCHAR)module->name[i]) != RtlUpcaseUnicodeChar(name->Buffer[i]))
            return FALSE;
    return TRUE;
}

const struct boot_module *bootinfo_find(PCUNICODE_STRING name)
{
    for (ULONG i = 0; i < boot_info.module_count; i++)
        if (is_named(&boot_info.modules[i], name))
            return &boot_info.modules[i];
    return NULL;
}
