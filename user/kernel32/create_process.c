/*
 * CreateProcess, as NT does it: an image section becomes a process without threads; its parameters
 * and a stack are written into it from outside; then its first thread begins.
 */
#include "base.h"

#include "parameters.h"
#include "program.h"
#include "stack.h"
#include "start.h"
#include "variables.h"

/* A process on its way into the world. */
struct birth {
    HANDLE section, process, thread;
    struct nt_peb *peb;
    char *image_base;
    IMAGE_NT_HEADERS32 headers;
    CLIENT_ID id;
};

/* What it is born from; the texts are the caller's. */
struct request {
    LPCWSTR path, command_line, environment, directory;
    const SECURITY_ATTRIBUTES *process_security, *thread_security;
    const STARTUPINFOW *startup;
    BOOL inherit;
    DWORD flags;
};

/* ---- The image ---- */

static NTSTATUS open_section(LPCWSTR path, PHANDLE section)
{
    OBJECT_ATTRIBUTES where;
    UNICODE_STRING name;
    IO_STATUS_BLOCK io;
    NTSTATUS status;
    HANDLE file;

    if (!base_nt_path(path, &name))
        return STATUS_NO_MEMORY;
    InitializeObjectAttributes(&where, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtOpenFile(&file, SYNCHRONIZE | FILE_EXECUTE | FILE_READ_DATA, &where, &io,
                        FILE_SHARE_READ | FILE_SHARE_DELETE,
                        FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE);
    base_free(name.Buffer);
    if (!NT_SUCCESS(status))
        return status;
    status =
        NtCreateSection(section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, file);
    NtClose(file);
    return status;
}

static NTSTATUS read(const struct birth *birth, const void *address, PVOID buffer, SIZE_T bytes)
{
    return NtReadVirtualMemory(birth->process, (PVOID)address, buffer, bytes, NULL);
}

/* The headers of the program as it lies in the process. */
static NTSTATUS read_headers(struct birth *birth)
{
    IMAGE_DOS_HEADER dos;
    NTSTATUS status =
        read(birth, &birth->peb->image_base, &birth->image_base, sizeof(birth->image_base));

    if (NT_SUCCESS(status))
        status = read(birth, birth->image_base, &dos, sizeof(dos));
    if (NT_SUCCESS(status))
        status =
            read(birth, birth->image_base + dos.e_lfanew, &birth->headers, sizeof(birth->headers));
    return status;
}

/* Programs of Win32 only: no libraries, and nothing of another subsystem. */
static BOOL check_headers(const struct birth *birth)
{
    WORD subsystem = birth->headers.OptionalHeader.Subsystem;

    if (birth->headers.FileHeader.Characteristics & IMAGE_FILE_DLL)
        return base_fail_with(ERROR_BAD_EXE_FORMAT);
    return subsystem == IMAGE_SUBSYSTEM_WINDOWS_GUI || subsystem == IMAGE_SUBSYSTEM_WINDOWS_CUI ||
           base_fail_with(ERROR_CHILD_NOT_COMPLETE);
}

/* The process, with the program and ntdll in it. */
static BOOL create_empty(struct birth *birth, const struct request *request)
{
    struct base_attributes attributes;
    struct nt_process_basic data;
    NTSTATUS status = open_section(request->path, &birth->section);

    if (NT_SUCCESS(status))
        status =
            NtCreateProcess(&birth->process, PROCESS_ALL_ACCESS,
                            base_attributes(&attributes, NULL, request->process_security),
                            NtCurrentProcess(), request->inherit != 0, birth->section, NULL, NULL);
    if (NT_SUCCESS(status))
        status =
            NtQueryInformationProcess(birth->process, PROCESS_BASIC, &data, sizeof(data), NULL);
    if (!NT_SUCCESS(status))
        return base_fail(status);
    birth->peb = data.peb;
    return base_result(read_headers(birth)) && check_headers(birth);
}

/* ---- Handles ---- */

static NTSTATUS open_new_console(PHANDLE console)
{
    static WCHAR path[] = L"\\Device\\Console\\New";
    OBJECT_ATTRIBUTES where;
    UNICODE_STRING name;
    IO_STATUS_BLOCK io;

    RtlInitUnicodeString(&name, path);
    InitializeObjectAttributes(&where, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(console, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &where, &io,
                      FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT);
}

/* A handle of this process in the other, inheritable there; NULL stays NULL. */
static NTSTATUS hand_over(HANDLE process, HANDLE handle, DWORD options, PHANDLE given)
{
    *given = NULL;
    if (handle == NULL)
        return STATUS_SUCCESS;
    return NtDuplicateObject(NtCurrentProcess(), handle, process, given, 0, OBJ_INHERIT,
                             DUPLICATE_SAME_ACCESS | options);
}

/* A console of its own, which is its three standard handles too. */
static NTSTATUS give_new_console(const struct birth *birth, struct parameters *parameters)
{
    HANDLE console;
    NTSTATUS status = open_new_console(&console);

    if (NT_SUCCESS(status))
        status = hand_over(birth->process, console, DUPLICATE_CLOSE_SOURCE, &parameters->console);
    parameters->std_input = parameters->std_output = parameters->std_error = parameters->console;
    return status;
}

/*
 * This process's console and standard handles. Where handles are inherited the others have the same
 * numbers there. A standard handle that is no longer open here is none there.
 */
static NTSTATUS give_own_console(const struct birth *birth, const struct request *request,
                                 struct parameters *parameters)
{
    const struct nt_process_parameters *own = nt_peb()->parameters;

    if (request->inherit) {
        parameters->console = own->console;
        parameters->std_input = own->std_input;
        parameters->std_output = own->std_output;
        parameters->std_error = own->std_error;
        return STATUS_SUCCESS;
    }
    hand_over(birth->process, own->std_input, 0, &parameters->std_input);
    hand_over(birth->process, own->std_output, 0, &parameters->std_output);
    hand_over(birth->process, own->std_error, 0, &parameters->std_error);
    return hand_over(birth->process, own->console, 0, &parameters->console);
}

static NTSTATUS give_handles(const struct birth *birth, const struct request *request,
                             struct parameters *parameters)
{
    NTSTATUS status = STATUS_SUCCESS;

    if (request->flags & CREATE_NEW_CONSOLE)
        status = give_new_console(birth, parameters);
    else if (!(request->flags & DETACHED_PROCESS))
        status = give_own_console(birth, request, parameters);
    if (request->startup->dwFlags & STARTF_USESTDHANDLES) {
        parameters->std_input = request->startup->hStdInput;
        parameters->std_output = request->startup->hStdOutput;
        parameters->std_error = request->startup->hStdError;
    }
    return status;
}

/* ---- The first thread ---- */

static BOOL write_parameters(const struct birth *birth, const struct request *request)
{
    struct parameters parameters = {
        .image_path = request->path,
        .command_line = request->command_line,
        .current_directory = request->directory,
        .environment = request->environment,
        .startup = request->startup,
    };
    NTSTATUS status = give_handles(birth, request, &parameters);

    if (NT_SUCCESS(status))
        status = parameters_write(birth->process, birth->peb, &parameters);
    return base_result(status);
}

static BOOL create_thread(struct birth *birth, const struct request *request)
{
    const IMAGE_OPTIONAL_HEADER32 *header = &birth->headers.OptionalHeader;
    struct base_attributes attributes;
    struct nt_initial_teb stack;
    CONTEXT context;
    NTSTATUS status =
        stack_create(birth->process, header->SizeOfStackCommit, header->SizeOfStackReserve, &stack);

    if (!NT_SUCCESS(status))
        return base_fail(status);
    stack_context(&stack, base_process_start, birth->image_base + header->AddressOfEntryPoint,
                  birth->peb, &context);
    status = NtCreateThread(&birth->thread, THREAD_ALL_ACCESS,
                            base_attributes(&attributes, NULL, request->thread_security),
                            birth->process, &birth->id, &context, &stack, TRUE);
    return base_result(status);
}

static void close(HANDLE handle)
{
    if (handle != NULL)
        NtClose(handle);
}

static BOOL create(struct birth *birth, const struct request *request)
{
    if (create_empty(birth, request) && write_parameters(birth, request) &&
        create_thread(birth, request))
        return TRUE;
    if (birth->process != NULL)
        NtTerminateProcess(birth->process, STATUS_UNSUCCESSFUL);
    close(birth->process);
    return FALSE;
}

static BOOL run(const struct request *request, LPPROCESS_INFORMATION information)
{
    struct birth birth = {0};
    BOOL created = create(&birth, request);

    close(birth.section);
    if (!created)
        return FALSE;
    *information = (PROCESS_INFORMATION){
        .hProcess = birth.process,
        .hThread = birth.thread,
        .dwProcessId = (DWORD)(ULONG_PTR)birth.id.UniqueProcess,
        .dwThreadId = (DWORD)(ULONG_PTR)birth.id.UniqueThread,
    };
    if (!(request->flags & CREATE_SUSPENDED))
        NtResumeThread(birth.thread, NULL);
    return TRUE;
}

/* ---- The texts that it is born from ---- */

/* The directory in full, ending with a backslash, for base_free; NULL, last error set: it is none. */
static LPWSTR make_directory(LPCWSTR directory)
{
    DWORD size = GetFullPathNameW(directory, 0, NULL, NULL), attributes;
    LPWSTR full = size == 0 ? NULL : base_allocate((size + 1) * sizeof(WCHAR));

    if (full == NULL)
        return NULL;
    size = GetFullPathNameW(directory, size, full, NULL);
    attributes = GetFileAttributesW(full);
    if (attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        base_fail_with(ERROR_DIRECTORY);
        base_free(full);
        return NULL;
    }
    if (full[size - 1] != L'\\')
        lstrcatW(full, L"\\");
    return full;
}

/* A block of ANSI strings as UTF-16, for base_free. */
static LPWSTR widen_environment(LPCSTR block)
{
    LPCSTR end = block;
    LPWSTR wide;
    int bytes;

    while (*end != '\0')
        end += lstrlenA(end) + 1;
    bytes = (int)(end - block) + 1;
    wide = base_allocate((SIZE_T)bytes * sizeof(WCHAR));
    if (wide != NULL)
        MultiByteToWideChar(CP_ACP, 0, block, bytes, wide, bytes);
    return wide;
}

static LPWSTR make_environment(LPVOID block, DWORD flags)
{
    LPWSTR copy;
    SIZE_T bytes;

    if (block == NULL)
        return GetEnvironmentStringsW();
    if (!(flags & CREATE_UNICODE_ENVIRONMENT))
        return widen_environment(block);
    bytes = variables_size(block) * sizeof(WCHAR);
    copy = base_allocate(bytes);
    if (copy != NULL)
        memcpy(copy, block, bytes);
    return copy;
}

/* Finds or makes the texts, runs the program and frees them. */
static BOOL run_with_texts(struct request *request, LPCWSTR application, LPVOID environment,
                           LPCWSTR directory, LPPROCESS_INFORMATION information)
{
    LPWSTR path = program_find(application, request->command_line);
    LPWSTR block = path == NULL ? NULL : make_environment(environment, request->flags);
    LPWSTR where = block == NULL ? NULL : make_directory(directory == NULL ? L"." : directory);
    BOOL done = FALSE;

    if (where != NULL) {
        request->path = path;
        request->environment = block;
        request->directory = where;
        done = run(request, information);
    }
    base_free(where);
    base_free(block);
    base_free(path);
    return done;
}

BOOL WINAPI CreateProcessW(LPCWSTR application, LPWSTR command_line,
                           LPSECURITY_ATTRIBUTES process_security,
                           LPSECURITY_ATTRIBUTES thread_security, BOOL inherit, DWORD flags,
                           LPVOID environment, LPCWSTR directory, LPSTARTUPINFOW startup,
                           LPPROCESS_INFORMATION information)
{
    struct request request = {
        .command_line = command_line == NULL ? application : command_line,
        .process_security = process_security,
        .thread_security = thread_security,
        .startup = startup,
        .inherit = inherit,
        .flags = flags,
    };

    if (request.command_line == NULL || (flags & (CREATE_NEW_CONSOLE | DETACHED_PROCESS)) ==
                                            (CREATE_NEW_CONSOLE | DETACHED_PROCESS))
        return base_fail_with(ERROR_INVALID_PARAMETER);
    return run_with_texts(&request, application, environment, directory, information);
}

/* ---- In ANSI ---- */

/* The texts of the ANSI call as UTF-16. */
struct wide_texts {
    LPWSTR application, command_line, directory, title, desktop;
};

static BOOL widen_all(struct wide_texts *wide, LPCSTR application, LPCSTR command_line,
                      LPCSTR directory, const STARTUPINFOA *startup)
{
    return base_widen(application, &wide->application) &&
           base_widen(command_line, &wide->command_line) &&
           base_widen(directory, &wide->directory) && base_widen(startup->lpTitle, &wide->title) &&
           base_widen(startup->lpDesktop, &wide->desktop);
}

static void free_all(const struct wide_texts *wide)
{
    base_free(wide->application);
    base_free(wide->command_line);
    base_free(wide->directory);
    base_free(wide->title);
    base_free(wide->desktop);
}

BOOL WINAPI CreateProcessA(LPCSTR application, LPSTR command_line,
                           LPSECURITY_ATTRIBUTES process_security,
                           LPSECURITY_ATTRIBUTES thread_security, BOOL inherit, DWORD flags,
                           LPVOID environment, LPCSTR directory, LPSTARTUPINFOA startup,
                           LPPROCESS_INFORMATION information)
{
    struct wide_texts wide = {0};
    STARTUPINFOW wide_startup;
    BOOL done = FALSE;

    memcpy(&wide_startup, startup, sizeof(wide_startup));
    if (widen_all(&wide, application, command_line, directory, startup)) {
        wide_startup.lpTitle = wide.title;
        wide_startup.lpDesktop = wide.desktop;
        done =
            CreateProcessW(wide.application, wide.command_line, process_security, thread_security,
                           inherit, flags, environment, wide.directory, &wide_startup, information);
    }
    free_all(&wide);
    return done;
}
