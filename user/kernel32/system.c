/* What kind of system it is. */
#include "base.h"

#include <cpuid.h>

/* ---- Version ---- */

DWORD WINAPI GetVersion(void)
{
    const struct nt_peb *peb = nt_peb();

    return peb->os_major | peb->os_minor << 8 | (DWORD)peb->os_build << 16;
}

/* The fields that both kinds of record have at the same place. */
static void tell_version(LPOSVERSIONINFOW info)
{
    const struct nt_peb *peb = nt_peb();

    info->dwMajorVersion = peb->os_major;
    info->dwMinorVersion = peb->os_minor;
    info->dwBuildNumber = peb->os_build;
    info->dwPlatformId = peb->os_platform;
}

BOOL WINAPI GetVersionExW(LPOSVERSIONINFOW info)
{
    LPOSVERSIONINFOEXW extended = (LPOSVERSIONINFOEXW)info;

    if (info->dwOSVersionInfoSize != sizeof(*info) &&
        info->dwOSVersionInfoSize != sizeof(*extended))
        return base_fail_with(ERROR_INSUFFICIENT_BUFFER);
    tell_version(info);
    info->szCSDVersion[0] = L'\0';
    if (info->dwOSVersionInfoSize == sizeof(*info))
        return TRUE;
    extended->wServicePackMajor = extended->wServicePackMinor = 0;
    extended->wSuiteMask = 0;
    extended->wProductType = VER_NT_WORKSTATION;
    extended->wReserved = 0;
    return TRUE;
}

BOOL WINAPI GetVersionExA(LPOSVERSIONINFOA info)
{
    LPOSVERSIONINFOEXA extended = (LPOSVERSIONINFOEXA)info;

    if (info->dwOSVersionInfoSize != sizeof(*info) &&
        info->dwOSVersionInfoSize != sizeof(*extended))
        return base_fail_with(ERROR_INSUFFICIENT_BUFFER);
    tell_version((LPOSVERSIONINFOW)info);
    info->szCSDVersion[0] = '\0';
    if (info->dwOSVersionInfoSize == sizeof(*info))
        return TRUE;
    extended->wServicePackMajor = extended->wServicePackMinor = 0;
    extended->wSuiteMask = 0;
    extended->wProductType = VER_NT_WORKSTATION;
    extended->wReserved = 0;
    return TRUE;
}

/* ---- The machine ---- */

/* The family that CPUID tells; a CPU without CPUID is an 80486. */
static WORD processor_level(WORD *revision)
{
    unsigned signature, other;

    *revision = 0;
    if (!__get_cpuid(1, &signature, &other, &other, &other))
        return 4;
    *revision = (WORD)((signature >> 4 & 0xF) << 8 | (signature & 0xF));
    return signature >> 8 & 0xF;
}

VOID WINAPI GetSystemInfo(LPSYSTEM_INFO info)
{
    struct nt_system_basic system = {0};

    NtQuerySystemInformation(SystemBasicInformation, &system, sizeof(system), NULL);
    *info = (SYSTEM_INFO){
        .wProcessorArchitecture = PROCESSOR_ARCHITECTURE_INTEL,
        .dwPageSize = system.page_size,
        .lpMinimumApplicationAddress = system.lowest_address,
        .lpMaximumApplicationAddress = system.highest_address,
        .dwActiveProcessorMask = system.processor_mask,
        .dwNumberOfProcessors = system.processors,
        .dwAllocationGranularity = system.allocation_granularity,
    };
    info->wProcessorLevel = processor_level(&info->wProcessorRevision);
    info->dwProcessorType =
        info->wProcessorLevel >= 5 ? PROCESSOR_INTEL_PENTIUM : PROCESSOR_INTEL_486;
}
