#include "kd/symbols.h"

#include "ps/module.h"
#include "rtl/rtl.h"

/*
 * The functions' table, sorted by address: the Makefile makes it out of the linked kernel's
 * symbols (tools/symbols.awk) and links again. It is empty in the first of the two links.
 */
struct symbol {
    ULONG address;
    const char *name;
};
extern const struct symbol kernel_symbols[];
extern const ULONG kernel_symbol_count;

/* Bytes: what lies further behind a symbol belongs to no function. */
#define LONGEST_FUNCTION 0x4000u

static const struct symbol *find(ULONG address)
{
    ULONG low = 0, high = kernel_symbol_count;

    while (low < high) {
        ULONG middle = (low + high) / 2;

        if (kernel_symbols[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &kernel_symbols[low - 1] : NULL;
}

void symbols_describe(ULONG address, enum symbols_kind kind, char *to, ULONG size)
{
    const struct symbol *symbol = find(address - (kind == SYMBOLS_RETURN_ADDRESS));
    const struct module *module = module_at(address);

    if (symbol && address - symbol->address < LONGEST_FUNCTION)
        rtl_snprintf(to, size, "%s+0x%x", symbol->name, address - symbol->address);
    else if (module)
        rtl_snprintf(to, size, "%s+0x%x", module->name, address - module->base);
    else
        rtl_copy_text(to, "?", size);
}
