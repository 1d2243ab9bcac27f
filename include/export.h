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
 * The Zw-name of a system service: the same routine, with the kernel as its caller (ke/zw.S).
 */
#define ZW_ALIAS(zw, nt)                                                                           \
    extern __typeof__(nt) zw;                                                                      \
    __asm__(".text\n\t.globl " #zw "\n" #zw ":\tpushl $" #nt "\n\tjmp ke_call_as_kernel\n")
