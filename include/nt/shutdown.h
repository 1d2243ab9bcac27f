/* What NtShutdownSystem takes. */
#pragma once

enum {
    NT_SHUTDOWN_NO_REBOOT = 0, /* Windows 2000's three values; there is no reboot here */
    NT_SHUTDOWN_REBOOT = 1,
    NT_SHUTDOWN_POWER_OFF = 2,
    NT_SHUTDOWN_FAILED = 0x100, /* ours: as NO_REBOOT, and the run reads as a failure */
};
