/* Checksums: CRC-32 as Ethernet's and zlib's; and what of an image stays as it is. */
#include "hostile/hostile.h"

static ULONG table[256];

static void make_table(void)
{
    for (ULONG i = 0; i < 256; i++) {
        ULONG value = i;

        for (ULONG bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xEDB88320 : 0);
        table[i] = value;
    }
}

ULONG checksum(const UCHAR *at, ULONG bytes)
{
    ULONG crc = 0xFFFFFFFF;

    if (!table[1])
        make_table();
    while (bytes--)
        crc = crc >> 8 ^ table[(crc ^ *at++) & 0xFF];
    return ~crc;
}

void each_constant_section(UCHAR *image, void (*tell)(const void *base, ULONG bytes))
{
    const IMAGE_NT_HEADERS *nt =
        (const IMAGE_NT_HEADERS *)(image + ((const IMAGE_DOS_HEADER *)image)->e_lfanew);
    const IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt);

    for (ULONG i = 0; i < nt->FileHeader.NumberOfSections; i++)
        if (!(section[i].Characteristics & IMAGE_SCN_MEM_WRITE))
            tell(image + section[i].VirtualAddress,
                 (section[i].Misc.VirtualSize + 0xFFF) & ~0xFFFul);
}

void each_constant(void (*tell)(const void *base, ULONG bytes))
{
    LIST_ENTRY *head = &nt_peb()->loader->in_load_order;

    for (LIST_ENTRY *link = head->Flink; link != head; link = link->Flink)
        each_constant_section(CONTAINING_RECORD(link, struct nt_loader_entry, in_load_order)->base,
                              tell);
}

/* ---- A child's own image ---- */

static ULONG sum;

static void add(const void *base, ULONG bytes)
{
    sum ^= checksum(base, bytes);
}

BOOLEAN image_is_whole(void)
{
    static ULONG first;

    sum = 0;
    each_constant_section(nt_peb()->image_base, add);
    first = first ? first : sum;
    return sum == first;
}
