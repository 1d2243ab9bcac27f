/* From a file's name to an image in memory that can be bound. */
#include "ntdll/ldr.h"

#include "rtl/unicode.h"

static NTSTATUS open_file(PCUNICODE_STRING name, HANDLE *file)
{
    WCHAR buffer[LDR_NAME_UNITS];
    UNICODE_STRING path = {0, sizeof buffer, buffer};
    OBJECT_ATTRIBUTES where = {sizeof where, NULL, &path, OBJ_CASE_INSENSITIVE, NULL, NULL};
    IO_STATUS_BLOCK io;
    NTSTATUS status;

    rtl_append_text(&path, "\\??\\C:\\");
    RtlAppendUnicodeStringToString(&path, name);
    status = NtOpenFile(file, FILE_EXECUTE | SYNCHRONIZE, &where, &io,
                        FILE_SHARE_READ | FILE_SHARE_DELETE,
                        FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE);
    if (status == STATUS_OBJECT_NAME_NOT_FOUND || status == STATUS_OBJECT_PATH_NOT_FOUND ||
        status == STATUS_OBJECT_NAME_INVALID) /* a name that no file has */
        return STATUS_DLL_NOT_FOUND;
    return status;
}

static NTSTATUS create_section(PCUNICODE_STRING name, HANDLE *section)
{
    HANDLE file;
    NTSTATUS status = open_file(name, &file);

    if (!NT_SUCCESS(status))
        return status;
    status = NtCreateSection(section, SECTION_MAP_READ | SECTION_MAP_WRITE | SECTION_MAP_EXECUTE,
                             NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, file);
    NtClose(file);
    return status;
}

static NTSTATUS map_view(PCUNICODE_STRING name, PVOID *base, SIZE_T *bytes)
{
    HANDLE section;
    NTSTATUS status = create_section(name, &section);

    if (!NT_SUCCESS(status))
        return status;
    *base = NULL;
    *bytes = 0;
    status = NtMapViewOfSection(section, NtCurrentProcess(), base, 0, 0, NULL, bytes, VIEW_SHARE, 0,
                                PAGE_READWRITE);
    NtClose(section);
    return status;
}

static NTSTATUS add_view(PCUNICODE_STRING name, PVOID base, SIZE_T bytes,
                         struct ldr_module **module, struct pe_error *error)
{
    WCHAR buffer[LDR_NAME_UNITS];
    UNICODE_STRING path = {0, sizeof buffer, buffer};

    rtl_append_text(&path, "C:\\");
    RtlAppendUnicodeStringToString(&path, name);
    return ldr_add(base, bytes, &path, module, error);
}

NTSTATUS ldr_map(PCUNICODE_STRING name, struct ldr_module **module, struct ldr_failure *failure)
{
    SIZE_T bytes;
    PVOID base;
    NTSTATUS status = map_view(name, &base, &bytes);

    if (!NT_SUCCESS(status))
        return status;
    status = add_view(name, base, bytes, module, &failure->error);
    if (!NT_SUCCESS(status))
        NtUnmapViewOfSection(NtCurrentProcess(), base);
    return status;
}
