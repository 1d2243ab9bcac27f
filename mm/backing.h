/*
 * What a view shows: the pages of a section, shared by all its views. A page's frame comes with the
 * image's bytes or at the first touch through any view; it is one owner of the frame, each page
 * table entry another.
 */
#pragma once

#include "mm/frame.h"
#include "nt/ntstatus.h"

struct mm_backing {
    LONG references;
    ULONG pages;
    frame_number *frames; /* FRAME_NONE: zeroes, not there yet */
    const UCHAR *rights;  /* an image's: a VAD page state for each; or NULL */
    void (*destroy)(struct mm_backing *backing); /* frees the record that this is part of */
};

/*
 * Prepares the record, part of the caller's, with one reference; all pages are promised.
 * STATUS_SUCCESS, STATUS_COMMITMENT_LIMIT, STATUS_NO_MEMORY (both leave nothing behind).
 */
NTSTATUS backing_init(struct mm_backing *backing, ULONG pages,
                      void (*destroy)(struct mm_backing *));

/* One reference more; the last one less frees frames and record. */
void backing_reference(struct mm_backing *backing);
void backing_release(struct mm_backing *backing);

/* The page's frame, taken and zeroed if there was none; FRAME_NONE without memory. */
frame_number backing_frame(struct mm_backing *backing, ULONG page);

/* Gives a page without frame this one, whose owner the backing becomes. */
void backing_put_frame(struct mm_backing *backing, ULONG page, frame_number frame);
