#include "cm/cmp.h"

#include "nt/service.h"

#define CONTROL_SET u"\\Registry\\Machine\\System\\CurrentControlSet"
#define CONTROL     CONTROL_SET u"\\Control"
#define SERVICES    CONTROL_SET u"\\Services"

enum { MAX_COMMAND_LINE = 512 }; /* units of SystemStartOptions; more are cut */

/* A key of the first tree; the caller closes the handle. */
static HANDLE create_key(PCWSTR path)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&name, OBJ_CASE_INSENSITIVE);
    HANDLE key = NULL;

    RtlInitUnicodeString(&name, path);
    NtCreateKey(&key, KEY_ALL_ACCESS, &attributes, 0, NULL, REG_OPTION_NON_VOLATILE, NULL);
    ASSERT(key);
    return key;
}

static void set_value(HANDLE key, PCWSTR name, ULONG type, const void *data, ULONG bytes)
{
    UNICODE_STRING string;

    RtlInitUnicodeString(&string, name);
    NtSetValueKey(key, &string, 0, type, (PVOID)(uintptr_t)data, bytes);
}

static void set_number(HANDLE key, PCWSTR name, ULONG number)
{
    set_value(key, name, REG_DWORD, &number, sizeof(number));
}

static void register_service(ULONG start)
{
    static const WCHAR path[] = u"\\??\\C:\\VirtToPhys.sys";
    HANDLE key = create_key(SERVICES u"\\VirtToPhys");

    set_value(key, u"ImagePath", REG_EXPAND_SZ, path, sizeof(path));
    set_number(key, u"Type", SERVICE_KERNEL_DRIVER);
    set_number(key, u"Start", start);
    set_number(key, u"ErrorControl", SERVICE_ERROR_IGNORE);
    NtClose(key);
}

static void set_start_options(const char *command_line)
{
    WCHAR buffer[MAX_COMMAND_LINE];
    UNICODE_STRING text = {0, sizeof(buffer) - sizeof(WCHAR), buffer};
    HANDLE key = create_key(CONTROL);

    while (*command_line && text.Length < text.MaximumLength) {
        buffer[text.Length / 2] = (UCHAR)*command_line++;
        text.Length += sizeof(WCHAR);
    }
    buffer[text.Length / 2] = 0;
    set_value(key, u"SystemStartOptions", REG_SZ, buffer, text.Length + sizeof(WCHAR));
    NtClose(key);
}

void cm_init(const char *command_line, const char *mode)
{
    static const PCWSTR keys[] = {u"\\Registry\\Machine", u"\\Registry\\Machine\\System",
                                  CONTROL_SET};

    cm_create_root();
    for (ULONG i = 0; i < ARRAY_SIZE(keys); i++)
        NtClose(create_key(keys[i]));
    set_start_options(command_line);
    if (mode && rtl_equal_text(mode, "none"))
        return;
    NtClose(create_key(SERVICES));
    if (mode && rtl_equal_text(mode, "taken"))
        register_service(SERVICE_DEMAND_START);
    if (mode && rtl_equal_text(mode, "auto"))
        register_service(SERVICE_AUTO_START);
}
