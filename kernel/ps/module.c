#include "ps/module.h"

#include "mm/pool.h"
#include "ps/pe.h"
#include "rtl/rtl.h"

LIST_ENTRY module_drivers = {&module_drivers, &module_drivers};

struct module *module_create(const char *name)
{
    struct {
        struct module module;
        struct pe_image image;
    } *record = pool_allocate_zeroed(sizeof *record, POOL_TAG('M', 'o', 'd', 'l'));

    if (!record)
        return NULL;
    record->module.image = &record->image;
    rtl_copy_printable(record->module.name, name, sizeof record->module.name);
    return &record->module;
}

const struct module *module_at(ULONG address)
{
    LIST_FOR_EACH(module, &module_drivers, struct module, link)
    {
        if (address - module->base < module->size)
            return module;
    }
    return NULL;
}
