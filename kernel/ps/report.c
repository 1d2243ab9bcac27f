#include "ps/report.h"

#include "console/console.h"
#include "console/log.h"
#include "ke/caller.h"
#include "nt/system.h"
#include "ps/process.h"
#include "rtl/rtl.h"

enum { TEXT_SIZE = 64, PARAMETERS_MAX = 4 };

void (*ps_shutdown)(BOOLEAN success);

/* What is printable of a string, cut to TEXT_SIZE. */
static void printable(char text[TEXT_SIZE], PCUNICODE_STRING string)
{
    char raw[TEXT_SIZE];

    rtl_unicode_to_text(string, raw, sizeof raw);
    rtl_copy_printable(text, raw, TEXT_SIZE);
}

NTSTATUS NTAPI NtDisplayString(PUNICODE_STRING text)
{
    for (ULONG i = 0; i < text->Length / sizeof(WCHAR); i++) {
        WCHAR unit = text->Buffer[i];

        if (unit != '\r')
            console_printf("%c", unit == '\n' || (unit >= ' ' && unit <= '~') ? unit : '?');
    }
    return STATUS_SUCCESS;
}

/* One parameter as text: the string that it points to, or its number. */
static NTSTATUS parameter_text(ULONG_PTR parameter, BOOLEAN is_string, char text[TEXT_SIZE])
{
    WCHAR buffer[TEXT_SIZE];
    UNICODE_STRING string;
    NTSTATUS status = STATUS_SUCCESS;

    if (!is_string) {
        rtl_snprintf(text, TEXT_SIZE, "%u", parameter);
        return STATUS_SUCCESS;
    }
    status = ke_copy_from_caller(&string, (void *)parameter, sizeof string);
    if (!NT_SUCCESS(status))
        return status;
    if (string.Length > sizeof buffer)
        string.Length = sizeof buffer;
    status = ke_copy_from_caller(buffer, string.Buffer, string.Length);
    string.Buffer = buffer;
    if (NT_SUCCESS(status))
        printable(text, &string);
    return status;
}

static const struct {
    NTSTATUS status;
    const char *what;
    UCHAR library, symbol; /* which parameter, from 1; 0: none */
} errors[] = {
    {STATUS_DLL_NOT_FOUND, "a library is missing", 1, 0},
    {STATUS_ENTRYPOINT_NOT_FOUND, "a function is missing in a library", 2, 1},
    {STATUS_ORDINAL_NOT_FOUND, "an ordinal is missing in a library", 2, 1},
    {STATUS_DLL_INIT_FAILED, "a library refused to start", 1, 0},
    {STATUS_INVALID_IMAGE_FORMAT, "a library is broken", 1, 0},
};

static void say(NTSTATUS status, char texts[PARAMETERS_MAX + 1][TEXT_SIZE])
{
    const char *what = "a hard error", *library = texts[1], *symbol = texts[2];
    const char *name = ps_current()->name;

    for (ULONG i = 0; i < ARRAY_SIZE(errors); i++)
        if (errors[i].status == status) {
            what = errors[i].what;
            library = texts[errors[i].library];
            symbol = texts[errors[i].symbol];
        }
    log_printf("[image] name=\"%s\" status=%08X what=\"%s\" library=\"%s\" symbol=\"%s\"\n", name,
               status, what, library, symbol);
    console_printf("%s cannot be started (%08X): %s: %s %s\n", name, status, what, library, symbol);
}

NTSTATUS NTAPI NtRaiseHardError(NTSTATUS error, ULONG count, ULONG unicode_mask,
                                ULONG_PTR *parameters, ULONG options, PULONG response)
{
    char texts[PARAMETERS_MAX + 1][TEXT_SIZE] = {{0}};
    ULONG_PTR words[PARAMETERS_MAX];
    NTSTATUS status;

    (void)options;
    if (count > PARAMETERS_MAX)
        return STATUS_INVALID_PARAMETER;
    status = ke_copy_from_caller(words, parameters, count * sizeof *words);
    for (ULONG i = 0; i < count && NT_SUCCESS(status); i++)
        status = parameter_text(words[i], unicode_mask >> i & 1, texts[i + 1]);
    if (!NT_SUCCESS(status))
        return status;
    say(error, texts);
    *response = 0; /* ResponseReturnToCaller */
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtShutdownSystem(ULONG action)
{
    if (action > ShutdownPowerOff && action != ShutdownFailed)
        return STATUS_INVALID_PARAMETER;
    ps_shutdown(action != ShutdownFailed);
    return STATUS_SUCCESS;
}
