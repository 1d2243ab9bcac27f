#include "drivers/vga/vga.h"

#include "mm/layout.h"
#include "rtl/string.h"
#include "x86/cpu.h"

enum { CRTC_INDEX = 0x3D4, CRTC_DATA = 0x3D5, CURSOR_HIGH = 0x0E, CURSOR_LOW = 0x0F };

static USHORT *const cells = (USHORT *)(VGA_TEXT_PHYSICAL + KERNEL_BASE);

void vga_write_row(int row, const USHORT row_cells[VGA_COLUMNS])
{
    memcpy(cells + row * VGA_COLUMNS, row_cells, VGA_COLUMNS * sizeof *cells);
}

static void write_crtc(uint8_t index, uint8_t value)
{
    port_out8(CRTC_INDEX, index);
    port_out8(CRTC_DATA, value);
}

void vga_move_cursor(int column, int row)
{
    BOOLEAN on_screen = column >= 0 && column < VGA_COLUMNS && row >= 0 && row < VGA_ROWS;
    int cell = on_screen ? row * VGA_COLUMNS + column : VGA_COLUMNS * VGA_ROWS;

    write_crtc(CURSOR_HIGH, (uint8_t)(cell >> 8));
    write_crtc(CURSOR_LOW, (uint8_t)cell);
}
