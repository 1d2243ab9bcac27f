"""The services' numbers are Windows 2000's: the kernel's list, and the stubs in the bytes of ntdll.dll as it is built."""
from __future__ import annotations

from harness.pe import Image
from test_ntdll import SERVICES, zw
from vmachine import Product

# Number in decimal and name, of those services that are offered here: nt-facts, section 3.7, which has them from
# the table that j00ru publishes; all service packs of Windows 2000 agree.
TABLE = """
0 NtAcceptConnectPort         16 NtAllocateVirtualMemory    20 NtCancelIoFile
21 NtCancelTimer              23 NtClearEvent               24 NtClose
26 NtCompleteConnectPort      27 NtConnectPort              28 NtContinue
29 NtCreateDirectoryObject    30 NtCreateEvent              32 NtCreateFile
35 NtCreateKey                37 NtCreateMutant             40 NtCreatePort
41 NtCreateProcess            43 NtCreateSection            44 NtCreateSemaphore
45 NtCreateSymbolicLinkObject 46 NtCreateThread             47 NtCreateTimer
50 NtDelayExecution           53 NtDeleteKey                55 NtDeleteValueKey
56 NtDeviceIoControlFile      57 NtDisplayString            58 NtDuplicateObject
60 NtEnumerateKey             61 NtEnumerateValueKey        66 NtFlushInstructionCache
71 NtFreeVirtualMemory        72 NtFsControlFile            73 NtGetContextThread
76 NtGetTickCount             84 NtListenPort               85 NtLoadDriver
90 NtMakeTemporaryObject      93 NtMapViewOfSection         97 NtOpenDirectoryObject
98 NtOpenEvent                100 NtOpenFile                103 NtOpenKey
104 NtOpenMutant              106 NtOpenProcess             108 NtOpenSection
109 NtOpenSemaphore           110 NtOpenSymbolicLinkObject  111 NtOpenThread
113 NtOpenTimer               119 NtProtectVirtualMemory    120 NtPulseEvent
122 NtQueryAttributesFile     125 NtQueryDirectoryFile      126 NtQueryDirectoryObject
128 NtQueryEvent              130 NtQueryInformationFile    134 NtQueryInformationProcess
135 NtQueryInformationThread  139 NtQueryKey                141 NtQueryMutant
142 NtQueryObject             144 NtQueryPerformanceCounter 146 NtQuerySection
148 NtQuerySemaphore          149 NtQuerySymbolicLinkObject 151 NtQuerySystemInformation
152 NtQuerySystemTime         153 NtQueryTimer              155 NtQueryValueKey
156 NtQueryVirtualMemory      157 NtQueryVolumeInformationFile
159 NtRaiseException          160 NtRaiseHardError          161 NtReadFile
164 NtReadVirtualMemory       166 NtReleaseMutant           167 NtReleaseSemaphore
170 NtReplyPort               171 NtReplyWaitReceivePort    176 NtRequestWaitReplyPort
178 NtResetEvent              181 NtResumeThread            186 NtSetContextThread
191 NtSetEvent                194 NtSetInformationFile      197 NtSetInformationObject
199 NtSetInformationThread    208 NtSetSystemInformation    212 NtSetTimer
215 NtSetValueKey             217 NtShutdownSystem          221 NtSuspendThread
224 NtTerminateProcess        225 NtTerminateThread         226 NtTestAlert
227 NtUnloadDriver            231 NtUnmapViewOfSection      233 NtWaitForMultipleObjects
234 NtWaitForSingleObject     237 NtWriteFile               240 NtWriteVirtualMemory
247 NtYieldExecution
"""
WORDS = TABLE.split()
WINDOWS_2000 = {name: int(number) for number, name in zip(WORDS[0::2], WORDS[1::2])}
EXPORTS, MOV_EAX = 0, 0xB8


def text_at(image: Image, rva: int) -> str:
    """The text up to its NUL."""
    start = image.offset(rva)
    return image.data[start : image.data.index(0, start)].decode("ascii")


def entry_points(image: Image) -> dict[str, int]:
    """Where in the file each exported name's code begins."""
    at = image.offset(image.directory(EXPORTS)[0])
    count = image.u32(at + 24)
    functions, names, ordinals = (image.offset(image.u32(at + offset)) for offset in (28, 32, 36))
    return {text_at(image, image.u32(names + 4 * i)):
            image.offset(image.u32(functions + 4 * image.u16(ordinals + 2 * i))) for i in range(count)}


def test_the_list_has_windows_2000s_numbers() -> None:
    """Each service that is offered, and no other."""
    assert {name: number for number, name, _ in SERVICES} == WINDOWS_2000


def test_the_stubs_pass_them_on(product: Product) -> None:
    """The first instruction of either name of each service loads its number."""
    image = Image(product.image("ntdll.dll"))
    code = entry_points(image)
    for name, number in WINDOWS_2000.items():
        for at in (code[name], code[zw(name)]):
            assert (image.data[at], image.u32(at + 1)) == (MOV_EAX, number), name
