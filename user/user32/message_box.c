#include "common/needs_kernel.h"

NEEDS_KERNEL(int, MessageBoxA, 0, HWND owner, LPCSTR text, LPCSTR title, UINT type)
