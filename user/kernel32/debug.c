/* Words to a debugger. */
#include "base.h"

/* DbgPrint's longest line takes as much of a text at a time. */
#define PIECE 400

VOID WINAPI OutputDebugStringA(LPCSTR text)
{
    char piece[PIECE + 1];

    for (int left = lstrlenA(text); left > 0; left -= PIECE, text += PIECE) {
        lstrcpynA(piece, text, sizeof(piece));
        DbgPrint("%s", piece);
    }
}

VOID WINAPI OutputDebugStringW(LPCWSTR text)
{
    int size = text == NULL ? 0 : WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
    LPSTR ansi = size == 0 ? NULL : base_allocate((SIZE_T)size);

    if (ansi == NULL)
        return;
    WideCharToMultiByte(CP_ACP, 0, text, -1, ansi, size, NULL, NULL);
    OutputDebugStringA(ansi);
    base_free(ansi);
}

BOOL WINAPI IsDebuggerPresent(void)
{
    return nt_peb()->being_debugged;
}
