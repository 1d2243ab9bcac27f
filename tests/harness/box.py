"""The message box as it stands in VGA memory, read back into what it says."""
from __future__ import annotations

from vmachine.screen import ROWS, Screen
from vmachine.table import ROW

FRAMES = ("╔═╗║╝═╚║", "┌─┐│┘─└│")  # corners and lines, clockwise from the top left


class NoBox(ValueError):
    """The screen has no box, or one whose frame is not closed."""


def box(screen: Screen) -> list[str]:
    """The rows between the frame's corners, both included. Raises NoBox."""
    for frame in FRAMES:
        tops = [(row, text.index(frame[0])) for row, text in enumerate(screen.rows) if frame[0] in text]
        if len(tops) == 1:
            return _framed(screen, frame, *tops[0])
    raise NoBox(f"no frame on the screen:\n{screen.text}")


def _framed(screen: Screen, frame: str, top: int, left: int) -> list[str]:
    """The box whose top left corner is known; every cell of its frame is looked at."""
    right = screen.rows[top].find(frame[2])
    bottoms = [row for row in range(top + 1, ROWS) if screen.rows[row][left] == frame[6]]
    if right < left or not bottoms:
        raise NoBox(f"the frame is not closed:\n{screen.text}")
    rows = [text[left : right + 1] for text in screen.rows[top : bottoms[0] + 1]]
    sides = {row[0] + row[-1] for row in rows[1:-1]}
    if rows[-1] != frame[6] + frame[5] * (right - left - 1) + frame[4] or sides != {frame[7] + frame[3]}:
        raise NoBox(f"the frame is broken:\n{screen.text}")
    return rows


def module_rows(screen: Screen) -> list[tuple[str, ...]]:
    """The box's rows of modules: name, virtual and physical address in hexadecimal, the latter in decimal;
    each as it is written. Raises NoBox."""
    return [match.groups() for row in box(screen)[1:-1] if (match := ROW.search(row))]


def as_written(name: str, virtual: int, physical: int) -> tuple[str, ...]:
    """A row of module_rows as it must be."""
    return name, f"{virtual:08X}", f"{physical:08X}", f"{physical:,}".replace(",", " ")
