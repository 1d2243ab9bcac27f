/* box TYPE TEXT [TITLE]: shows a message box; the exit code is what MessageBox returns. */
#include <windows.h>

#include "common/say.h"
#include "common/words.h"

void WINAPI start(void);

/* In the text "/n" is an end of line and "/t" a tab. */
static void unescape(char *text)
{
    char *to = text;

    for (; *text != '\0'; text++) {
        if (*text == '/' && (text[1] == 'n' || text[1] == 't'))
            *to++ = *++text == 'n' ? '\n' : '\t';
        else
            *to++ = *text;
    }
    *to = '\0';
}

void WINAPI start(void)
{
    char *words[3];
    int count = arguments(words, 3), pressed;
    unsigned type;

    if (count < 2 || !words_number(words[0], &type)) {
        say("Usage: box TYPE TEXT [TITLE]\r\n");
        ExitProcess(100);
    }
    unescape(words[1]);
    SetLastError(0);
    pressed = MessageBoxA(NULL, words[1], count > 2 ? words[2] : NULL, type);
    say("pressed %d, error %u\r\n", pressed, GetLastError());
    ExitProcess((UINT)pressed);
}
