/*
 * Figure 4-10's frames (`place=fig4-10`): the four images' first pages lie where the tutorial's
 * machine had them. All other pages lie anywhere, as on a real system.
 */
#pragma once

#include "mm/frame.h"

/* The memory that the figure's highest frame needs, MiB. */
#define PLACE_NEEDS_MIB 256u

/*
 * Holds the figure's frames. FALSE if one of them is no free memory here: then none is held and
 * images lie anywhere.
 */
BOOLEAN place_init(void);

/* A frame for the first page of the image `name`: the figure's if it is held, else any. */
frame_number place_first_frame(const char *name);
