/* A service key's values for a driver (WDK: wdm.h; HKLM\SYSTEM\CurrentControlSet\Services). */
#pragma once

#define SERVICE_KERNEL_DRIVER 0x00000001u
#define SERVICE_AUTO_START    0x00000002u
#define SERVICE_DEMAND_START  0x00000003u
#define SERVICE_ERROR_IGNORE  0x00000000u
