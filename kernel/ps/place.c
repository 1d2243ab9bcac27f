#include "ps/place.h"

#include "rtl/rtl.h"

static const struct {
    const char *image;
    ULONG physical;
} figure_4_10[] = {
    {"VirtToPhys.exe", 0x0EC67000},
    {"kernel32.dll", 0x043F3000},
    {"user32.dll", 0x043F9000},
    {"advapi32.dll", 0x043E7000},
};

BOOLEAN place_init(void)
{
    for (ULONG i = 0; i < ARRAY_SIZE(figure_4_10); i++) {
        if (frame_hold(frame_of(figure_4_10[i].physical)))
            continue;
        while (i--)
            frame_unhold(frame_of(figure_4_10[i].physical));
        return FALSE;
    }
    return TRUE;
}

frame_number place_first_frame(const char *name)
{
    for (ULONG i = 0; i < ARRAY_SIZE(figure_4_10); i++) {
        frame_number frame = frame_of(figure_4_10[i].physical);

        if (rtl_equal_text(figure_4_10[i].image, name) && frame_take(frame))
            return frame;
    }
    return frame_alloc();
}
