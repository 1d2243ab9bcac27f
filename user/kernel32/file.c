/* CreateFile, and what there is to know about a file. */
#include "console.h"
#include "path.h"

/* ---- Opening ---- */

/* NT's disposition of each of Win32's, which count from CREATE_NEW. */
static const ULONG dispositions[] = {
    [CREATE_NEW] = FILE_CREATE,   [CREATE_ALWAYS] = FILE_OVERWRITE_IF,  [OPEN_EXISTING] = FILE_OPEN,
    [OPEN_ALWAYS] = FILE_OPEN_IF, [TRUNCATE_EXISTING] = FILE_OVERWRITE,
};

/* What of the flags are the file's attributes. */
#define ATTRIBUTE_FLAGS 0xFFFFu

static const struct {
    DWORD flag;
    ULONG option;
} flag_options[] = {
    {FILE_FLAG_WRITE_THROUGH, FILE_WRITE_THROUGH},
    {FILE_FLAG_NO_BUFFERING, FILE_NO_INTERMEDIATE_BUFFERING},
    {FILE_FLAG_RANDOM_ACCESS, FILE_RANDOM_ACCESS},
    {FILE_FLAG_SEQUENTIAL_SCAN, FILE_SEQUENTIAL_ONLY},
    {FILE_FLAG_DELETE_ON_CLOSE, FILE_DELETE_ON_CLOSE},
};

static ULONG create_options(DWORD flags)
{
    ULONG options = flags & FILE_FLAG_OVERLAPPED ? 0 : FILE_SYNCHRONOUS_IO_NONALERT;

    options |=
        flags & FILE_FLAG_BACKUP_SEMANTICS ? FILE_OPEN_FOR_BACKUP_INTENT : FILE_NON_DIRECTORY_FILE;
    for (SIZE_T i = 0; i < ARRAYSIZE(flag_options); i++)
        if (flags & flag_options[i].flag)
            options |= flag_options[i].option;
    return options;
}

static ACCESS_MASK create_access(DWORD access, DWORD flags)
{
    return access | SYNCHRONIZE | FILE_READ_ATTRIBUTES |
           (flags & FILE_FLAG_DELETE_ON_CLOSE ? DELETE : 0);
}

/* Where Win32 tells a failed creation apart from what the status alone would say. */
static HANDLE create_failed(NTSTATUS status)
{
    if (status == STATUS_OBJECT_NAME_COLLISION)
        base_fail_with(ERROR_FILE_EXISTS);
    else
        base_fail(status);
    return INVALID_HANDLE_VALUE;
}

/* A file that was there is worth a word to those who would have made one. */
static void tell_existing(DWORD disposition, ULONG_PTR information)
{
    BOOL existed = (disposition == CREATE_ALWAYS && information == FILE_OVERWRITTEN) ||
                   (disposition == OPEN_ALWAYS && information == FILE_OPENED);

    base_fail_with(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
}

static HANDLE create(PUNICODE_STRING name, DWORD access, DWORD share,
                     const SECURITY_ATTRIBUTES *security, DWORD disposition, DWORD flags)
{
    ULONG inherit = security != NULL && security->bInheritHandle ? OBJ_INHERIT : 0;
    OBJECT_ATTRIBUTES where;
    IO_STATUS_BLOCK io;
    HANDLE handle;
    NTSTATUS status;

    InitializeObjectAttributes(&where, name, OBJ_CASE_INSENSITIVE | inherit, NULL, NULL);
    status = NtCreateFile(&handle, create_access(access, flags), &where, &io, NULL,
                          flags & ATTRIBUTE_FLAGS, share, dispositions[disposition],
                          create_options(flags), NULL, 0);
    if (!NT_SUCCESS(status))
        return create_failed(status);
    tell_existing(disposition, io.Information);
    return handle;
}

/* ---- The console by name ---- */

enum console_side { CONSOLE_NONE, CONSOLE_IN, CONSOLE_OUT, CONSOLE_BOTH };

/*
 * CON in whatever form is a DOS device's name: "con", "CON:", "C:\con.txt". No other one of three
 * letters begins with C.
 */
static BOOL is_con(LPCWSTR path)
{
    size_t length;
    const WCHAR *device = path_dos_device(path, &length);

    return device != NULL && length == 3 && (device[0] == 'C' || device[0] == 'c');
}

/* What of the console a path names; CON is what the access asks for, and cannot be both. */
static enum console_side console_side(LPCWSTR path, DWORD access)
{
    if (path == NULL)
        return CONSOLE_NONE;
    if (lstrcmpiW(path, L"CONIN$") == 0)
        return CONSOLE_IN;
    if (lstrcmpiW(path, L"CONOUT$") == 0)
        return CONSOLE_OUT;
    if (!is_con(path))
        return CONSOLE_NONE;
    switch (access & (GENERIC_READ | GENERIC_WRITE)) {
    case GENERIC_READ:
        return CONSOLE_IN;
    case GENERIC_WRITE:
        return CONSOLE_OUT;
    default:
        return CONSOLE_BOTH;
    }
}

/* The process's own console, which need not be the one on the screen. */
static HANDLE open_console(enum console_side side, DWORD access, DWORD share,
                           SECURITY_ATTRIBUTES *security, DWORD flags)
{
    HANDLE console = nt_peb()->parameters->console, handle = INVALID_HANDLE_VALUE;
    char name[CONSOLE_NAME_SIZE];

    if (side == CONSOLE_BOTH)
        base_fail_with(ERROR_FILE_NOT_FOUND);
    else if (console == NULL)
        base_fail_with(ERROR_INVALID_HANDLE);
    else if (console_name(console, name))
        handle = CreateFileA(name, access, share, security, OPEN_EXISTING, flags, NULL);
    return side == CONSOLE_OUT ? console_as_output(handle) : handle;
}

/* ---- CreateFile ---- */

static BOOL are_create_arguments_valid(DWORD access, DWORD disposition)
{
    return disposition >= CREATE_NEW && disposition <= TRUNCATE_EXISTING &&
           (disposition != TRUNCATE_EXISTING || access & GENERIC_WRITE);
}

HANDLE WINAPI CreateFileW(LPCWSTR path, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security,
                          DWORD disposition, DWORD flags, HANDLE template)
{
    enum console_side side = console_side(path, access);
    UNICODE_STRING name;
    HANDLE handle;

    UNREFERENCED_PARAMETER(template);
    if (!are_create_arguments_valid(access, disposition)) {
        base_fail_with(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (side != CONSOLE_NONE)
        return open_console(side, access, share, security, flags);
    if (!base_nt_path(path, &name))
        return INVALID_HANDLE_VALUE;
    handle = create(&name, access, share, security, disposition, flags);
    base_free(name.Buffer);
    return handle;
}

HANDLE WINAPI CreateFileA(LPCSTR path, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security,
                          DWORD disposition, DWORD flags, HANDLE template)
{
    HANDLE handle;
    LPWSTR wide;

    if (!base_widen(path, &wide))
        return INVALID_HANDLE_VALUE;
    handle = CreateFileW(wide, access, share, security, disposition, flags, template);
    base_free(wide);
    return handle;
}

/* ---- Attributes ---- */

DWORD WINAPI GetFileAttributesW(LPCWSTR path)
{
    FILE_BASIC_INFORMATION data;
    OBJECT_ATTRIBUTES where;
    UNICODE_STRING name;
    NTSTATUS status;

    if (!base_nt_path(path, &name))
        return INVALID_FILE_ATTRIBUTES;
    InitializeObjectAttributes(&where, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtQueryAttributesFile(&where, &data);
    base_free(name.Buffer);
    if (NT_SUCCESS(status))
        return data.FileAttributes;
    base_fail(status);
    return INVALID_FILE_ATTRIBUTES;
}

DWORD WINAPI GetFileAttributesA(LPCSTR path)
{
    DWORD attributes;
    LPWSTR wide;

    if (!base_widen(path, &wide))
        return INVALID_FILE_ATTRIBUTES;
    attributes = GetFileAttributesW(wide);
    base_free(wide);
    return attributes;
}

/* ---- Size and position ---- */

static NTSTATUS query_size(HANDLE file, LONGLONG *size)
{
    FILE_STANDARD_INFORMATION data;
    IO_STATUS_BLOCK io;
    NTSTATUS status =
        NtQueryInformationFile(file, &io, &data, sizeof(data), FileStandardInformation);

    *size = data.EndOfFile.QuadPart;
    return status;
}

/* FFFFFFFFh is a possible low half: the last error 0 tells it from a failure. */
static DWORD return_halves(LONGLONG value, LPDWORD high)
{
    if (high != NULL)
        *high = (DWORD)(value >> 32);
    if ((DWORD)value == INVALID_SET_FILE_POINTER)
        base_fail_with(ERROR_SUCCESS);
    return (DWORD)value;
}

DWORD WINAPI GetFileSize(HANDLE file, LPDWORD high)
{
    LONGLONG size;
    NTSTATUS status = query_size(base_handle(file), &size);

    if (NT_SUCCESS(status))
        return return_halves(size, high);
    base_fail(status);
    return INVALID_FILE_SIZE;
}

/* Where a move begins. */
static NTSTATUS query_origin(HANDLE file, DWORD method, LONGLONG *origin)
{
    FILE_POSITION_INFORMATION data = {.CurrentByteOffset = {.QuadPart = 0}};
    IO_STATUS_BLOCK io;
    NTSTATUS status = STATUS_SUCCESS;

    if (method == FILE_END)
        return query_size(file, origin);
    if (method == FILE_CURRENT)
        status = NtQueryInformationFile(file, &io, &data, sizeof(data), FilePositionInformation);
    else if (method != FILE_BEGIN)
        status = STATUS_INVALID_PARAMETER;
    *origin = data.CurrentByteOffset.QuadPart;
    return status;
}

static BOOL move(HANDLE file, LONGLONG distance, DWORD method, LONGLONG limit, LONGLONG *position)
{
    FILE_POSITION_INFORMATION data;
    IO_STATUS_BLOCK io;
    NTSTATUS status = query_origin(file, method, position);

    if (!NT_SUCCESS(status))
        return base_fail(status);
    *position += distance;
    if (*position < 0)
        return base_fail_with(ERROR_NEGATIVE_SEEK);
    if (*position > limit)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    data.CurrentByteOffset.QuadPart = *position;
    return base_result(
        NtSetInformationFile(file, &io, &data, sizeof(data), FilePositionInformation));
}

DWORD WINAPI SetFilePointer(HANDLE file, LONG low, PLONG high, DWORD method)
{
    LONGLONG distance = high == NULL ? low : (LONGLONG)*high << 32 | (DWORD)low, position;

    if (!move(base_handle(file), distance, method, high == NULL ? MAXDWORD : MAXLONGLONG,
              &position))
        return INVALID_SET_FILE_POINTER;
    return return_halves(position, (LPDWORD)high);
}

BOOL WINAPI SetFilePointerEx(HANDLE file, LARGE_INTEGER distance, PLARGE_INTEGER new_position,
                             DWORD method)
{
    LONGLONG position;

    if (!move(base_handle(file), distance.QuadPart, method, MAXLONGLONG, &position))
        return FALSE;
    if (new_position != NULL)
        new_position->QuadPart = position;
    return TRUE;
}

/* ---- Kind ---- */

static DWORD type_of_device(DEVICE_TYPE type)
{
    switch (type) {
    case FILE_DEVICE_CD_ROM:
    case FILE_DEVICE_CD_ROM_FILE_SYSTEM:
    case FILE_DEVICE_DISK:
    case FILE_DEVICE_DISK_FILE_SYSTEM:
    case FILE_DEVICE_FILE_SYSTEM:
    case FILE_DEVICE_VIRTUAL_DISK:
        return FILE_TYPE_DISK;
    case FILE_DEVICE_CONSOLE:
    case FILE_DEVICE_KEYBOARD:
    case FILE_DEVICE_MOUSE:
    case FILE_DEVICE_NULL:
    case FILE_DEVICE_PARALLEL_PORT:
    case FILE_DEVICE_PRINTER:
    case FILE_DEVICE_SCREEN:
    case FILE_DEVICE_SERIAL_PORT:
    case FILE_DEVICE_SOUND:
        return FILE_TYPE_CHAR;
    case FILE_DEVICE_NAMED_PIPE:
        return FILE_TYPE_PIPE;
    default:
        return FILE_TYPE_UNKNOWN;
    }
}

DWORD WINAPI GetFileType(HANDLE file)
{
    FILE_FS_DEVICE_INFORMATION data;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtQueryVolumeInformationFile(base_handle(file), &io, &data, sizeof(data),
                                                   FileFsDeviceInformation);
    DWORD type;

    if (!NT_SUCCESS(status)) {
        base_fail(status);
        return FILE_TYPE_UNKNOWN;
    }
    type = type_of_device(data.DeviceType);
    if (type == FILE_TYPE_UNKNOWN)
        base_fail_with(ERROR_SUCCESS);
    return type;
}
