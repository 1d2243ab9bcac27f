"""The table on the screen: what a person sees, read from VGA memory, against the log and the figure."""
from __future__ import annotations

import re
from typing import Iterator

import pytest

from harness.box import as_written, box, module_rows
from harness.oracle import FIGURE
from harness.shell import PROMPT
from vmachine import SHOWN, Machine, Product, records, table
from vmachine.machine import EXIT_SUCCESS



@pytest.fixture
def machine(product: Product) -> Iterator[Machine]:
    """A machine with the box on its screen, which leaves QEMU after OK."""
    with Machine(product.boot("place=fig4-10 exit", memory=256)) as machine:
        machine.wait_for(SHOWN)
        yield machine


def test_screen_shows_what_the_log_says(machine: Machine) -> None:
    """`each row as [module] ... in the log`, and `the VGA memory's text with the log`: hexadecimal with `h`,
    the decimal with its thousands separated by blanks, and all three the same number."""
    shown = module_rows(machine.screen())
    assert shown == [as_written(row.name, row.virtual, row.physical) for row in table(machine.lines)]
    assert shown == [as_written(*row) for row in FIGURE]


def test_layout_is_the_figures(machine: Machine) -> None:
    """`Title, three columns, ... laid out as figure 4-10 in a text-mode message box (CP437 frame,
    information sign, OK)`: columns begin below their headings, a blank row sets the program apart."""
    rows = box(machine.screen())
    assert re.fullmatch(r".═+ Modules Base Address ═+.", rows[0])
    assert abs(rows[0].index("Modules") - (len(rows[0]) - len("Modules Base Address")) // 2) <= 1
    heading = next(at for at, row in enumerate(rows) if "Module:" in row)
    columns = [rows[heading].index(word) for word in ("Module:", "Virtual:", "Physical:")]
    lines = [next(at for at, row in enumerate(rows) if name in row) for name, _, _ in FIGURE]
    assert lines == [heading + 2, heading + 4, heading + 5, heading + 6]
    for at, (name, virtual, physical) in zip(lines, FIGURE):
        assert [rows[at].index(text) for text in (name, f"{virtual:08X}h", f"{physical:08X}h")] == columns
    assert any(re.search(r" i ", row[: columns[0]]) for row in rows[1:-1])
    button, = (row for row in rows if re.search(r"\bOK\b", row))
    assert abs(button.index("OK") + 1 - len(button) / 2) <= 1


@pytest.mark.parametrize("key", ["ret", "kp_enter", "esc", "spc"])
def test_ok_is_pressed(product: Product, key: str) -> None:
    """`Enter or Esc presses OK`; with `exit` QEMU then ends with the value for success."""
    with Machine(product.boot("exit")) as machine:
        machine.wait_for(SHOWN)
        machine.press(key)
        machine.wait_for(r"^\[box\] pressed=OK$")
        assert machine.wait_exit() == EXIT_SUCCESS
        assert machine.lines[-1] == "[exit] status=success"


def test_other_keys_do_not_press_ok(product: Product) -> None:
    """Letters, arrows, shift and function keys leave the box as it is: the one Enter after them closes it,
    and is no empty line for the command line behind it."""
    with Machine(product.boot("")) as machine:
        machine.wait_for(SHOWN)
        for key in ("a", "k", "tab", "up", "f1", "shift", "ctrl", "delete"):
            machine.press(key)
        machine.press("ctrl", "alt", "x")
        machine.press("ret")
        machine.wait_for_unfinished(PROMPT)
        assert [record["pressed"] for record in records(machine.lines, "box") if record.get("pressed")] == ["OK"]
        assert not any(re.match(PROMPT, line) for line in machine.lines)


def test_without_exit_a_command_line_follows(product: Product) -> None:
    """`the boot ends in cmd after VirtToPhys.exe when no exit was asked for`: there the program runs again, for
    real, and `exit` ends the machine."""
    with Machine(product.boot("")) as machine:
        machine.wait_for(SHOWN)
        first = table(machine.lines)
        machine.press("ret")
        machine.wait_for_unfinished(PROMPT)
        assert "Type help for a list of commands." in machine.screen().text
        machine.type("VirtToPhys\n")
        machine.wait_for(SHOWN)
        again = table(machine.lines)[len(first) :]
        assert [row.name for row in again] == [row.name for row in first]
        machine.press("esc")
        machine.wait_for(r"^\[box\] pressed=OK$")
        machine.wait_for_unfinished(PROMPT)
        machine.type("exit\n")
        machine.wait_for(r"^\[exit\] status=success$")
