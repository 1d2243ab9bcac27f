/*
 * PE images made in memory, with what a loader can meet: relocations, imports by name and by
 * ordinal from two libraries, exports with a gap and a forwarder, uninitialised data. A test takes
 * a good image and breaks one thing.
 */
#pragma once

#include "ps/pe.h"

/* The normal image's sections, in their order. */
enum { TEXT, DATA, IDATA, EDATA, RELOC, BSS, SECTIONS };

#define IMAGE_BASE   0x00400000u
#define SIZE_HEADERS 0x400u

#define TEXT_RVA   0x1000u
#define DATA_RVA   0x2000u
#define IDATA_RVA  0x4000u
#define EDATA_RVA  0x5000u
#define RELOC_RVA  0x6000u
#define BSS_RVA    0x7000u
#define SIZE_IMAGE 0x8000u

#define ENTRY_RVA (TEXT_RVA + 0x10)

/* .data: words that hold DATA_RVA + their own index + IMAGE_BASE; the relocation targets. */
#define TARGETS 3
extern const uint32_t target_rvas[TARGETS];

/* .idata */
#define DESCRIPTORS   IDATA_RVA
#define ALPHA_LOOKUP  (IDATA_RVA + 0x40)
#define ALPHA_SLOTS   (IDATA_RVA + 0x60)
#define BETA_SLOTS    (IDATA_RVA + 0x80)
#define ALPHA_NAME    (IDATA_RVA + 0xA0)
#define BETA_NAME     (IDATA_RVA + 0xB0)
#define FIRST_HINT    (IDATA_RVA + 0xC0)
#define SECOND_HINT   (IDATA_RVA + 0xD0)
#define THIRD_HINT    (IDATA_RVA + 0xE0)
#define ALPHA_ORDINAL 7u

/* .edata: ordinals 5 Apple (code), 6 none, 7 Banana (forwarder), 8 Cherry (data), 9 no name */
#define EXPORT_BASE    5u
#define FUNCTIONS      (EDATA_RVA + 0x40)
#define FUNCTION_COUNT 5u
#define NAMES          (EDATA_RVA + 0x60)
#define NAME_COUNT     3u
#define NAME_ORDINALS  (EDATA_RVA + 0x70)
#define APPLE_TEXT     (EDATA_RVA + 0x80)
#define BANANA_TEXT    (EDATA_RVA + 0x88)
#define CHERRY_TEXT    (EDATA_RVA + 0x90)
#define FORWARD_TEXT   (EDATA_RVA + 0xA0)
#define EXPORT_SIZE    0x100u
#define APPLE_RVA      (TEXT_RVA + 0x20)
#define CHERRY_RVA     (DATA_RVA + 0x100)
#define NAMELESS_RVA   (TEXT_RVA + 0x40)

/* A file in memory, on the heap to the byte; the pointers lead to its own headers. */
struct built {
    uint8_t *bytes;
    uint32_t size;
    IMAGE_NT_HEADERS32 *nt;
    IMAGE_SECTION_HEADER *sections;
};

/* The good normal image: a DLL with all of the above. */
struct built build_image(void);

/* The good flat image, as the tutorial's driver is: alignments 20h, sections .text .data INIT. */
struct built build_flat(void);

void built_free(struct built *built);

/* Where the normal image keeps in its file what is at `rva` in memory. */
void *built_at(const struct built *built, uint32_t rva);

/* An opened and loaded image; its memory is on the heap, SizeOfImage bytes to the byte. */
struct loaded {
    struct pe_image image;
    struct pe_error error;
};

/* Loads a good file; ends the test where that fails. */
struct loaded load_built(const struct built *built);
void loaded_free(struct loaded *loaded);

/* Words in the image, in the machine's order. */
uint32_t image_word(const struct pe_image *image, uint32_t rva);
void set_image_word(struct pe_image *image, uint32_t rva, uint32_t value);
