#include "ob/obp.h"

POBJECT_DIRECTORY ob_root_directory;

static void create_root(void)
{
    PVOID root;
    NTSTATUS status = ob_create_object(ob_directory_type, NULL, sizeof(OBJECT_DIRECTORY), &root);

    ASSERT(NT_SUCCESS(status));
    ob_root_directory = root;
}

static void create_directory(PCWSTR path)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&name, OBJ_PERMANENT);
    HANDLE handle = NULL;

    RtlInitUnicodeString(&name, path);
    NtCreateDirectoryObject(&handle, DIRECTORY_ALL_ACCESS, &attributes);
    ASSERT(handle);
    NtClose(handle);
}

static void create_dos_devices(void)
{
    UNICODE_STRING name = UNICODE_STRING_INIT(u"\\DosDevices");
    UNICODE_STRING target = UNICODE_STRING_INIT(u"\\??");
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&name, OBJ_PERMANENT);
    HANDLE handle = NULL;

    NtCreateSymbolicLinkObject(&handle, SYMBOLIC_LINK_ALL_ACCESS, &attributes, &target);
    ASSERT(handle);
    NtClose(handle);
}

void ob_init(void)
{
    static const PCWSTR directories[] = {u"\\ObjectTypes", u"\\Device", u"\\Driver", u"\\??",
                                         u"\\BaseNamedObjects"};
    UNICODE_STRING types = UNICODE_STRING_INIT(u"ObjectTypes");

    ob_set_current_handles(ob_handle_table_create());
    ob_create_first_types();
    create_root();
    for (ULONG i = 0; i < ARRAY_SIZE(directories); i++)
        create_directory(directories[i]);
    ob_types_directory = ob_directory_find(ob_root_directory, &types, 0);
    ob_name_first_types();
    create_dos_devices();
}
