/*
 * What the drivers share that are loaded in the place of VirtToPhys.sys: its names, and how it comes
 * and goes. What each of them does to a control request is its own.
 */
#pragma once

#include "stub.h"

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\devVirtToPhys");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\??\\slVirtToPhys");

static inline VOID NTAPI StandInUnload(PDRIVER_OBJECT DriverObject)
{
    StubDelete(DriverObject, &LinkName);
}

/* The device and its link, control requests to a routine, and StandInUnload. */
static inline NTSTATUS StandInCreate(PDRIVER_OBJECT DriverObject, PDRIVER_DISPATCH DispatchControl)
{
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchControl;
    DriverObject->DriverUnload = StandInUnload;
    return StubCreate(DriverObject, &DeviceName, &LinkName);
}
