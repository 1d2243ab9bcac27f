/*
 * What each service wants, a letter for an argument (values.c), and how often it is called. Those
 * that are likely to end the worker or its process are rare.
 */
#include "hostile/hostile.h"

#define S(name, weight, kinds)                                                                     \
    {                                                                                              \
        SERVICE_Nt##name, weight, kinds, "Nt" #name                                                \
    }

const struct service services[] = {
    S(AcceptConnectPort, 12, "Hwkfvv"),
    S(AllocateVirtualMemory, 20, "hPwZmr"),
    S(CancelIoFile, 8, "hi"),
    S(CancelTimer, 8, "hd"),
    S(ClearEvent, 8, "h"),
    S(Close, 16, "h"),
    S(CompleteConnectPort, 8, "h"),
    S(ConnectPort, 12, "HusvvdBd"),
    S(Continue, 3, "cf"),
    S(CreateDirectoryObject, 8, "Hao"),
    S(CreateEvent, 12, "Haonf"),
    S(CreateFile, 16, "HaoiQnnnnbl"),
    S(CreateKey, 12, "Haonund"),
    S(CreateMutant, 12, "Haof"),
    S(CreatePort, 12, "Honnn"),
    S(CreateProcess, 1, "Haohfhzz"),
    S(CreateSection, 16, "HaoQrMh"),
    S(CreateSemaphore, 12, "Haonn"),
    S(CreateSymbolicLinkObject, 8, "Haou"),
    S(CreateThread, 2, "Haohqcjf"),
    S(CreateTimer, 12, "Haon"),
    S(DelayExecution, 6, "ft"),
    S(DeleteKey, 8, "h"),
    S(DeleteValueKey, 8, "hu"),
    S(DeviceIoControlFile, 32, "hhwwiyblBl"),
    S(DisplayString, 4, "u"),
    S(DuplicateObject, 16, "hhhHann"),
    S(EnumerateKey, 12, "hnnBld"),
    S(EnumerateValueKey, 12, "hnnBld"),
    S(FlushInstructionCache, 4, "hAl"),
    S(FreeVirtualMemory, 16, "hPZm"),
    S(FsControlFile, 8, "hhwwiyblBl"),
    S(GetContextThread, 8, "hc"),
    S(GetTickCount, 4, ""),
    S(ListenPort, 2, "hk"),
    S(LoadDriver, 4, "u"),
    S(MakeTemporaryObject, 8, "h"),
    S(MapViewOfSection, 24, "hhPwlQZnmr"),
    S(OpenDirectoryObject, 8, "Hao"),
    S(OpenEvent, 8, "Hao"),
    S(OpenFile, 16, "Haoinn"),
    S(OpenKey, 8, "Hao"),
    S(OpenMutant, 8, "Hao"),
    S(OpenProcess, 8, "Haoq"),
    S(OpenSection, 8, "Hao"),
    S(OpenSemaphore, 8, "Hao"),
    S(OpenSymbolicLinkObject, 8, "Hao"),
    S(OpenThread, 8, "Haoq"),
    S(OpenTimer, 8, "Hao"),
    S(ProtectVirtualMemory, 16, "hPZrd"),
    S(PulseEvent, 8, "hd"),
    S(QueryAttributesFile, 8, "oB"),
    S(QueryDirectoryFile, 12, "hhwwiBlnfuf"),
    S(QueryDirectoryObject, 12, "hBlffdd"),
    S(QueryEvent, 8, "hnBld"),
    S(QueryInformationFile, 12, "hiBln"),
    S(QueryInformationProcess, 8, "hnBld"),
    S(QueryInformationThread, 8, "hnBld"),
    S(QueryKey, 8, "hnBld"),
    S(QueryMutant, 8, "hnBld"),
    S(QueryObject, 12, "hnBld"),
    S(QueryPerformanceCounter, 4, "BB"),
    S(QuerySection, 8, "hnBld"),
    S(QuerySemaphore, 8, "hnBld"),
    S(QuerySymbolicLinkObject, 8, "hUd"),
    S(QuerySystemInformation, 12, "nBld"),
    S(QuerySystemTime, 4, "B"),
    S(QueryTimer, 8, "hnBld"),
    S(QueryValueKey, 12, "hunBld"),
    S(QueryVirtualMemory, 16, "hAnBld"),
    S(QueryVolumeInformationFile, 12, "hiBln"),
    S(RaiseException, 3, "xcf"),
    S(RaiseHardError, 2, "ennBnd"),
    S(ReadFile, 24, "hhwwiBlQd"),
    S(ReadVirtualMemory, 16, "hABld"),
    S(ReleaseMutant, 8, "hd"),
    S(ReleaseSemaphore, 8, "hnd"),
    S(ReplyPort, 8, "hk"),
    S(ReplyWaitReceivePort, 3, "hdkk"),
    S(RequestWaitReplyPort, 3, "hkk"),
    S(ResetEvent, 8, "hd"),
    S(ResumeThread, 4, "hd"),
    S(SetContextThread, 2, "hc"),
    S(SetEvent, 12, "hd"),
    S(SetInformationFile, 12, "hiBln"),
    S(SetInformationObject, 8, "hnbl"),
    S(SetInformationThread, 8, "hnbl"),
    S(SetSystemInformation, 4, "nbl"),
    S(SetTimer, 12, "htwwfnd"),
    S(SetValueKey, 12, "hunnbl"),
    S(ShutdownSystem, 1, "n"),
    S(SuspendThread, 1, "hd"),
    S(TerminateProcess, 1, "he"),
    S(TerminateThread, 1, "he"),
    S(TestAlert, 4, ""),
    S(UnloadDriver, 4, "u"),
    S(UnmapViewOfSection, 12, "hA"),
    S(WaitForMultipleObjects, 8, "GgnfT"),
    S(WaitForSingleObject, 8, "hfT"),
    S(WriteFile, 16, "hhwwiblQd"),
    S(WriteVirtualMemory, 16, "hAbld"),
    S(YieldExecution, 4, ""),
};

const ULONG service_count = COUNT_OF(services);

#define SERVICE(number, name, arguments, letters) [number] = letters,
static const char *const letters_of[SERVICE_LIMIT] = {
#include "nt/services.h"
};
#undef SERVICE

const char *service_letters(ULONG number)
{
    return number < SERVICE_LIMIT ? letters_of[number] : NULL;
}

/* A letter for each argument, and no service left out. */
BOOLEAN services_are_complete(void)
{
    ULONG missing = 0;

    for (ULONG number = 0; number < SERVICE_LIMIT; number++)
        missing += letters_of[number] != NULL;
    for (ULONG i = 0; i < service_count; i++)
        missing -= letters_of[services[i].number] &&
                   strlen(letters_of[services[i].number]) == strlen(services[i].kinds);
    return missing == 0;
}
