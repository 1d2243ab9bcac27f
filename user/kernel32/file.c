/* Handles, files and devices. */
#include "common/needs_kernel.h"

NEEDS_KERNEL(BOOL, CloseHandle, FALSE, HANDLE handle)

NEEDS_KERNEL(HANDLE, CreateFileA, INVALID_HANDLE_VALUE, LPCSTR name, DWORD access, DWORD share,
             LPSECURITY_ATTRIBUTES security, DWORD disposition, DWORD flags, HANDLE template)

NEEDS_KERNEL(BOOL, DeviceIoControl, FALSE, HANDLE device, DWORD code, LPVOID input,
             DWORD input_size, LPVOID output, DWORD output_size, LPDWORD returned,
             LPOVERLAPPED overlapped)

NEEDS_KERNEL(DWORD, GetFullPathNameA, 0, LPCSTR name, DWORD size, LPSTR buffer, LPSTR *file_part)
