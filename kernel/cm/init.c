#include "cm/cmp.h"

#define SERVICES u"\\Registry\\Machine\\System\\CurrentControlSet\\Services"

static const WCHAR image_path[] = u"\\??\\C:\\VirtToPhys.sys";

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

static void register_service(void)
{
    UNICODE_STRING name = UNICODE_STRING_INIT(u"ImagePath");
    HANDLE key = create_key(SERVICES u"\\VirtToPhys");

    NtSetValueKey(key, &name, 0, REG_EXPAND_SZ, (PVOID)image_path, sizeof(image_path));
    NtClose(key);
}

void cm_init(const char *mode)
{
    static const PCWSTR keys[] = {u"\\Registry\\Machine", u"\\Registry\\Machine\\System",
                                  u"\\Registry\\Machine\\System\\CurrentControlSet"};

    cm_create_root();
    for (ULONG i = 0; i < ARRAY_SIZE(keys); i++)
        NtClose(create_key(keys[i]));
    if (mode && rtl_equal_text(mode, "none"))
        return;
    NtClose(create_key(SERVICES));
    if (mode && rtl_equal_text(mode, "taken"))
        register_service();
}
