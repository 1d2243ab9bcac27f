/*
 * The kernel's export table, against which drivers are linked at load: by name, undecorated.
 * Each exported function says so behind its definition; the linker collects and sorts the entries.
 */
#pragma once

struct kernel_export {
    const char *name;
    const void *address;
};

#define KERNEL_EXPORT(library, symbol)                                                             \
    static const struct kernel_export export_##symbol                                              \
        __attribute__((used, section(".export." library "." #symbol))) = {#symbol,                 \
                                                                          (const void *)(symbol)}

/* A variable: what is bound to its name is its address. */
#define EXPORT_NTOSKRNL_DATA(symbol)                                                               \
    static const struct kernel_export export_##symbol                                              \
        __attribute__((used, section(".export.ntoskrnl." #symbol))) = {#symbol,                    \
                                                                       (const void *)&(symbol)}

#define EXPORT_NTOSKRNL(symbol) KERNEL_EXPORT("ntoskrnl", symbol)
#define EXPORT_HAL(symbol)      KERNEL_EXPORT("hal", symbol)

/*
 * Zw-name of a system service: the same routine, called from kernel mode. (A trap from ring 3
 * reaches the Nt-name.)
 */
#define ZW_ALIAS(zw, nt) extern __typeof__(nt) zw __attribute__((alias(#nt)))
