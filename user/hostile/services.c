/*
 * What each service wants, a letter for an argument (values.c), how often it is called, and the kind of
 * object that it makes or takes:
 *
 *   E event  M mutant  S semaphore  T timer  F file  K key  D directory  L symbolic link  P process
 *   H thread  Q port  X section  0 any
 *
 * Those
 * that are likely to end the worker or its process are rare.
 */
#include "hostile/hostile.h"

#define S(name, weight, object, kinds)                                                             \
    {                                                                                              \
        SERVICE_Nt##name, weight, object, kinds, "Nt" #name                                        \
    }

const struct service services[] = {
    S(AcceptConnectPort, 12, 'Q', "Hwkfvv"),
    S(AllocateVirtualMemory, 20, 0, "pPwZmr"),
    S(CancelIoFile, 8, 'F', "hi"),
    S(CancelTimer, 8, 'T', "hd"),
    S(ClearEvent, 8, 'E', "h"),
    S(Close, 16, 0, "h"),
    S(CompleteConnectPort, 8, 'Q', "h"),
    S(ConnectPort, 12, 'Q', "HusvvdBd"),
    S(Continue, 3, 0, "cf"),
    S(CreateDirectoryObject, 8, 'D', "Hao"),
    S(CreateEvent, 12, 'E', "Haonf"),
    S(CreateFile, 16, 'F', "HaoiQnnnnzz"),
    S(CreateKey, 12, 'K', "Haonund"),
    S(CreateMutant, 12, 'M', "Haof"),
    S(CreatePort, 12, 'Q', "Honnn"),
    S(CreateProcess, 1, 'P', "HaopfXzz"),
    S(CreateSection, 16, 'X', "HaoCrMO"),
    S(CreateSemaphore, 12, 'S', "Haonn"),
    S(CreateSymbolicLinkObject, 8, 'L', "Haou"),
    S(CreateThread, 2, 'H', "Haopqcjf"),
    S(CreateTimer, 12, 'T', "Haon"),
    S(DelayExecution, 6, 0, "ft"),
    S(DeleteKey, 8, 'K', "h"),
    S(DeleteValueKey, 8, 'K', "hu"),
    S(DeviceIoControlFile, 32, 'F', "hOzwiyILBl"),
    S(DisplayString, 4, 0, "u"),
    S(DuplicateObject, 16, 0, "phpHann"),
    S(EnumerateKey, 12, 'K', "hnnBld"),
    S(EnumerateValueKey, 12, 'K', "hnnBld"),
    S(FlushInstructionCache, 4, 0, "pAl"),
    S(FreeVirtualMemory, 16, 0, "pPZm"),
    S(FsControlFile, 8, 'F', "hOzwiyblBl"),
    S(GetContextThread, 8, 'H', "hc"),
    S(GetTickCount, 4, 0, ""),
    S(ListenPort, 2, 'Q', "hk"),
    S(LoadDriver, 4, 0, "u"),
    S(MakeTemporaryObject, 8, 0, "h"),
    S(MapViewOfSection, 24, 'X', "hpPwzQZnzr"),
    S(OpenDirectoryObject, 8, 'D', "Hao"),
    S(OpenEvent, 8, 'E', "Hao"),
    S(OpenFile, 16, 'F', "Haoinn"),
    S(OpenKey, 8, 'K', "Hao"),
    S(OpenMutant, 8, 'M', "Hao"),
    S(OpenProcess, 8, 'P', "Haoq"),
    S(OpenSection, 8, 'X', "Hao"),
    S(OpenSemaphore, 8, 'S', "Hao"),
    S(OpenSymbolicLinkObject, 8, 'L', "Hao"),
    S(OpenThread, 8, 'H', "Haoq"),
    S(OpenTimer, 8, 'T', "Hao"),
    S(ProtectVirtualMemory, 16, 0, "pPZrd"),
    S(PulseEvent, 8, 'E', "hd"),
    S(QueryAttributesFile, 8, 0, "oB"),
    S(QueryDirectoryFile, 12, 'F', "hOzwiBlnfuf"),
    S(QueryDirectoryObject, 12, 'D', "hBlffdd"),
    S(QueryEvent, 8, 'E', "hnBld"),
    S(QueryInformationFile, 12, 'F', "hiBln"),
    S(QueryInformationProcess, 8, 'P', "pnBld"),
    S(QueryInformationThread, 8, 'H', "hnBld"),
    S(QueryKey, 8, 'K', "hnBld"),
    S(QueryMutant, 8, 'M', "hnBld"),
    S(QueryObject, 12, 0, "hnBld"),
    S(QueryPerformanceCounter, 4, 0, "BB"),
    S(QuerySection, 8, 'X', "hnBld"),
    S(QuerySemaphore, 8, 'S', "hnBld"),
    S(QuerySymbolicLinkObject, 8, 'L', "hUd"),
    S(QuerySystemInformation, 12, 0, "nBld"),
    S(QuerySystemTime, 4, 0, "B"),
    S(QueryTimer, 8, 'T', "hnBld"),
    S(QueryValueKey, 12, 'K', "hunBld"),
    S(QueryVirtualMemory, 16, 0, "pAnBld"),
    S(QueryVolumeInformationFile, 12, 'F', "hiBln"),
    S(RaiseException, 3, 0, "xcf"),
    S(RaiseHardError, 2, 0, "ennBnd"),
    S(ReadFile, 24, 'F', "hOzwiBlQd"),
    S(ReadVirtualMemory, 16, 0, "pABld"),
    S(ReleaseMutant, 8, 'M', "hd"),
    S(ReleaseSemaphore, 8, 'S', "hnd"),
    S(ReplyPort, 8, 'Q', "hk"),
    S(ReplyWaitReceivePort, 3, 'Q', "hdkk"),
    S(RequestWaitReplyPort, 3, 'Q', "hkk"),
    S(ResetEvent, 8, 'E', "hd"),
    S(ResumeThread, 4, 'H', "hd"),
    S(SetContextThread, 2, 'H', "hc"),
    S(SetEvent, 12, 'E', "hd"),
    S(SetInformationFile, 12, 'F', "hiBln"),
    S(SetInformationObject, 8, 0, "hnbl"),
    S(SetInformationThread, 8, 'H', "hnbl"),
    S(SetSystemInformation, 4, 0, "nbl"),
    S(SetTimer, 12, 'T', "htwwfnd"),
    S(SetValueKey, 12, 'K', "hunnbl"),
    S(ShutdownSystem, 1, 0, "n"),
    S(SuspendThread, 1, 'H', "hd"),
    S(TerminateProcess, 1, 'P', "he"),
    S(TerminateThread, 1, 'H', "he"),
    S(TestAlert, 4, 0, ""),
    S(UnloadDriver, 4, 0, "u"),
    S(UnmapViewOfSection, 12, 0, "pA"),
    S(WaitForMultipleObjects, 8, 0, "GgnfT"),
    S(WaitForSingleObject, 8, 0, "hfT"),
    S(WriteFile, 16, 'F', "hOzwiblQd"),
    S(WriteVirtualMemory, 16, 0, "pAbld"),
    S(YieldExecution, 4, 0, ""),
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
