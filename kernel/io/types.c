#include "io/iop.h"

#include "rtl/rtl.h"
#include "mm/pool.h"

POBJECT_TYPE io_device_type, io_driver_type, io_file_type;

/* WDK, ACCESS_MASK: what generic rights mean for files, and so for devices and drivers here. */
#define FILE_MAPPING                                                                               \
    {                                                                                              \
        FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS               \
    }

static void create_type(PCWSTR name, const struct ob_type_info *info, POBJECT_TYPE *type)
{
    NTSTATUS status = ob_create_type(name, info, type);

    ASSERT(NT_SUCCESS(status));
}

void io_init(void)
{
    static const struct ob_type_info device = {
        .mapping = FILE_MAPPING,
        .valid_access = FILE_ALL_ACCESS,
        .pool_tag = POOL_TAG('D', 'e', 'v', 'i'),
        .parse = io_parse_device,
    };
    static const struct ob_type_info driver = {
        .mapping = FILE_MAPPING,
        .valid_access = FILE_ALL_ACCESS,
        .pool_tag = POOL_TAG('D', 'r', 'i', 'v'),
        .delete = io_delete_driver,
    };
    static const struct ob_type_info file = {
        .mapping = FILE_MAPPING,
        .valid_access = FILE_ALL_ACCESS,
        .pool_tag = POOL_TAG('F', 'i', 'l', 'e'),
        .waitable = TRUE,
        .dispatcher_offset = offsetof(FILE_OBJECT, Event),
        .close = io_close_file,
        .delete = io_delete_file,
        .name = io_file_name,
    };

    create_type(u"Device", &device, &io_device_type);
    create_type(u"Driver", &driver, &io_driver_type);
    create_type(u"File", &file, &io_file_type);
}
