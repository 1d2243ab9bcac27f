/* irptrace on|off: from now on the log shows each IRP's way, or no longer does. */
#include "common/objects.h"
#include "common/say.h"
#include "common/words.h"

#define IRP_TRACE 0x8001u /* SystemIrpTrace (nt/system.h) */

void WINAPI start(void);

/* 1, 0, or -1 for another word. */
static int state_of(const char *word)
{
    if (words_compare(word, "on") == 0)
        return 1;
    return words_compare(word, "off") == 0 ? 0 : -1;
}

void WINAPI start(void)
{
    NTSTATUS status;
    ULONG traced;
    char *word;

    if (arguments(&word, 1) != 1 || state_of(word) < 0) {
        say("Usage: irptrace on|off\r\nThe log on COM1 shows each IRP's way while it is on.\r\n");
        ExitProcess(1);
    }
    traced = (ULONG)state_of(word);
    status = NtSetSystemInformation(IRP_TRACE, &traced, sizeof(traced));
    if (!NT_SUCCESS(status)) {
        say_status("irptrace", status);
        ExitProcess(RtlNtStatusToDosError(status));
    }
    say("The trace of IRPs is %s.\r\n", traced ? "on" : "off");
    ExitProcess(0);
}
