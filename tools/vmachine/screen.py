"""The VGA text screen as characters and attributes."""
from __future__ import annotations

from dataclasses import dataclass

COLUMNS, ROWS = 80, 25
VGA_TEXT = 0xB8000
VGA_BYTES = COLUMNS * ROWS * 2
# The glyphs of the control codes in code page 437; Python's codec leaves these as controls.
CONTROL_GLYPHS = " ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼"


def decode(codes: bytes) -> str:
    """Code page 437, as the VGA draws it."""
    return "".join(
        CONTROL_GLYPHS[code] if code < 32 else "⌂" if code == 127 else bytes([code]).decode("cp437")
        for code in codes
    )


@dataclass(frozen=True)
class Screen:
    """A copy of the text memory: character and attribute bytes in turn, row by row."""

    memory: bytes

    @property
    def rows(self) -> list[str]:
        """The 25 rows of 80 characters."""
        codes = decode(self.memory[0::2])
        return [codes[row * COLUMNS : (row + 1) * COLUMNS] for row in range(ROWS)]

    @property
    def text(self) -> str:
        """The rows without the blanks at their ends."""
        return "\n".join(row.rstrip() for row in self.rows)

    def attribute(self, row: int, column: int) -> int:
        """The colours of one cell: background in bits 7:4, foreground in bits 3:0."""
        return self.memory[(row * COLUMNS + column) * 2 + 1]
