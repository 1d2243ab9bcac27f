/*
 * VirtToPhys.exe in assembler, as the tutorial's listing has it for MASM: the same calls in the same
 * order, in GNU as with macros of that style. tests/system/test_outside.py runs it.
 */
#include "masm.inc"

/* ---- the constants ---- */

        CTA0    "%u", szDecimal
        CTA0    ".", szPoint
        CTA0    " ", szBlank
        CTA0    "VirtToPhys.sys", szFile
        CTA0    "VirtToPhys", szService
        CTA0    "Virtual To Physical Address Converter", szDisplay
        CTA0    "\\\\.\\slVirtToPhys", szDevice
        CTA0    "kernel32.dll", szKernel32
        CTA0    "user32.dll", szUser32
        CTA0    "advapi32.dll", szAdvapi32
        CTA0    "%s \t%08Xh\t%08Xh ( %s )\n", szFmtMod
        CTA0    "Module:\t\tVirtual:\t\tPhysical:\n\n%s\n%s%s%s", szFmtTable
        CTA0    "Modules Base Address", szTitle
        CTA0    "Can't connect to Service Control Manager.", szCantConnect
        CTA0    "Can't register driver.", szCantRegister
        CTA0    "Can't start driver.", szCantStart
        CTA0    "Device is not present.", szNotPresent
        CTA0    "Can't send control code to device.", szCantSend

/* ---- the code ---- */

        .text

/* BigNumToString(uNum, pszBuf): a number as a text with its thousands apart. */
        .equ    uNum, 8
        .equ    pszBuf, 12
        local   acNum, 32
        local   nf, 24
        .equ    nf.NumDigits, nf
        .equ    nf.LeadingZero, nf + 4
        .equ    nf.Grouping, nf + 8
        .equ    nf.lpDecimalSep, nf + 12
        .equ    nf.lpThousandSep, nf + 16
        .equ    nf.NegativeOrder, nf + 20
_BigNumToString@8:
        push    ebp
        mov     ebp, esp
        sub     esp, locals_end
        invoke_wsprintf "addr acNum", "offset szDecimal", "dword ptr [ebp + uNum]"
        and     dword ptr [ebp + nf.NumDigits], 0
        and     dword ptr [ebp + nf.LeadingZero], FALSE
        mov     dword ptr [ebp + nf.Grouping], 3
        mov     dword ptr [ebp + nf.lpDecimalSep], offset szPoint
        mov     dword ptr [ebp + nf.lpThousandSep], offset szBlank
        and     dword ptr [ebp + nf.NegativeOrder], 0
        invoke  GetNumberFormatA, LOCALE_USER_DEFAULT, 0, "addr acNum", "addr nf", \
                "dword ptr [ebp + pszBuf]", 32
        leave
        ret     8

/* start */
        .set    locals_end, 0
        local   hSCManager, 4
        local   hService, 4
        local   acModulePath, MAX_PATH
        local   _ss, 28
        local   hDevice, 4
        local   adwInBuffer, DATA_SIZE
        local   adwOutBuffer, DATA_SIZE
        local   dwBytesReturned, 4
        local   acBuffer, 256 + 64
        local   acThis, 64
        local   acKernel, 64
        local   acUser, 64
        local   acAdvapi, 64
        local   acNumber, 32

/* module_line buffer, name, number: one module's line of the table. */
        .macro  module_line buffer, name, number
        invoke  BigNumToString, "dword ptr [edi + \number * 4]", "addr acNumber"
        invoke_wsprintf "addr \buffer", "offset szFmtMod", "offset \name", \
                "dword ptr [esi + \number * 4]", "dword ptr [edi + \number * 4]", "addr acNumber"
        .endm

        .globl  _start@0
_start@0:
        push    ebp
        mov     ebp, esp
        sub     esp, locals_end
        push    esi
        push    edi
        invoke  OpenSCManagerA, NULL, NULL, SC_MANAGER_ALL_ACCESS
        test    eax, eax
        jz      cant_connect
        mov     [ebp + hSCManager], eax
        push    eax                     /* the pointer to the file's name in the path */
        invoke  GetFullPathNameA, "offset szFile", MAX_PATH, "addr acModulePath", esp
        pop     eax
        invoke  CreateServiceA, "dword ptr [ebp + hSCManager]", "offset szService", \
                "offset szDisplay", SERVICE_START+SERVICE_STOP+DELETE, SERVICE_KERNEL_DRIVER, \
                SERVICE_DEMAND_START, SERVICE_ERROR_IGNORE, "addr acModulePath", \
                NULL, NULL, NULL, NULL, NULL
        test    eax, eax
        jz      cant_register
        mov     [ebp + hService], eax
        invoke  StartServiceA, "dword ptr [ebp + hService]", 0, NULL
        test    eax, eax
        jz      cant_start
        invoke  CreateFileA, "offset szDevice", GENERIC_READ+GENERIC_WRITE, 0, NULL, \
                OPEN_EXISTING, 0, NULL
        cmp     eax, INVALID_HANDLE_VALUE
        je      not_present
        mov     [ebp + hDevice], eax

        lea     esi, [ebp + adwInBuffer]
        invoke  GetModuleHandleA, NULL
        mov     [esi + 0 * 4], eax
        invoke  GetModuleHandleA, "offset szKernel32"
        mov     [esi + 1 * 4], eax
        invoke  GetModuleHandleA, "offset szUser32"
        mov     [esi + 2 * 4], eax
        invoke  GetModuleHandleA, "offset szAdvapi32"
        mov     [esi + 3 * 4], eax
        lea     edi, [ebp + adwOutBuffer]
        invoke  DeviceIoControl, "dword ptr [ebp + hDevice]", IOCTL_GET_PHYS_ADDRESS, \
                esi, DATA_SIZE, edi, DATA_SIZE, "addr dwBytesReturned", NULL
        test    eax, eax
        jz      cant_send
        cmp     dword ptr [ebp + dwBytesReturned], 0
        je      cant_send

        invoke  GetModuleFileNameA, "dword ptr [esi + 0 * 4]", "addr acModulePath", MAX_PATH
        lea     ecx, [ebp + acModulePath + eax - 5]
1:      dec     ecx                     /* back to the last backslash */
        cmp     byte ptr [ecx], '\\'
        jne     1b
        inc     ecx
        push    ecx
        invoke  BigNumToString, "dword ptr [edi + 0 * 4]", "addr acNumber"
        pop     ecx
        invoke_wsprintf "addr acThis", "offset szFmtMod", ecx, "dword ptr [esi + 0 * 4]", \
                "dword ptr [edi + 0 * 4]", "addr acNumber"
        module_line acKernel, szKernel32, 1
        module_line acUser, szUser32, 2
        module_line acAdvapi, szAdvapi32, 3
        invoke_wsprintf "addr acBuffer", "offset szFmtTable", "addr acThis", "addr acKernel", \
                "addr acUser", "addr acAdvapi"
        invoke  MessageBoxA, NULL, "addr acBuffer", "offset szTitle", MB_OK+MB_ICONINFORMATION
        jmp     close_device
cant_send:
        invoke  MessageBoxA, NULL, "offset szCantSend", NULL, MB_OK+MB_ICONSTOP
close_device:
        invoke  CloseHandle, "dword ptr [ebp + hDevice]"
        jmp     stop_driver
not_present:
        invoke  MessageBoxA, NULL, "offset szNotPresent", NULL, MB_ICONSTOP
stop_driver:
        invoke  ControlService, "dword ptr [ebp + hService]", SERVICE_CONTROL_STOP, "addr _ss"
        jmp     delete_service
cant_start:
        invoke  MessageBoxA, NULL, "offset szCantStart", NULL, MB_OK+MB_ICONSTOP
delete_service:
        invoke  DeleteService, "dword ptr [ebp + hService]"
        invoke  CloseServiceHandle, "dword ptr [ebp + hService]"
        jmp     close_manager
cant_register:
        invoke  MessageBoxA, NULL, "offset szCantRegister", NULL, MB_OK+MB_ICONSTOP
close_manager:
        invoke  CloseServiceHandle, "dword ptr [ebp + hSCManager]"
        jmp     done
cant_connect:
        invoke  MessageBoxA, NULL, "offset szCantConnect", NULL, MB_OK+MB_ICONSTOP
done:
        invoke  ExitProcess, 0
