"""MessageBox: every set of buttons and icon, what keys do, how it looks."""
from __future__ import annotations

import time
from typing import Iterator

import pytest

from harness.box import box
from harness.shell import Shell
from vmachine import Product

OK, CANCEL, ABORT, RETRY, IGNORE, YES, NO, TRY_AGAIN, CONTINUE = 1, 2, 3, 4, 5, 6, 7, 10, 11
SETS = [
    (0, "OK", [OK], OK),
    (1, "OKCANCEL", [OK, CANCEL], CANCEL),
    (2, "ABORTRETRYIGNORE", [ABORT, RETRY, IGNORE], None),
    (3, "YESNOCANCEL", [YES, NO, CANCEL], CANCEL),
    (4, "YESNO", [YES, NO], None),
    (5, "RETRYCANCEL", [RETRY, CANCEL], CANCEL),
    (6, "CANCELTRYCONTINUE", [CANCEL, TRY_AGAIN, CONTINUE], CANCEL),
]
ICONS = {0x00: "none", 0x10: "stop", 0x20: "question", 0x30: "exclamation", 0x40: "information"}
FOCUSED = 0x2F  # white on green


@pytest.fixture(scope="module")
def shell(product: Product) -> Iterator[Shell]:
    with Shell(product, instead={"box.exe": product.fixture("box.exe")}) as machine:
        yield machine


def open_box(shell: Shell, arguments: str) -> dict[str, str]:
    """Runs box; the fields of its first line in the log. The box stands on the screen before it."""
    shell.send(f"box {arguments}\n")
    return shell.wait_for_record("box").fields


def pressed(shell: Shell) -> int:
    """What MessageBox returned."""
    found = shell.wait_for(r"^pressed (\d+), error (\d+)$")
    shell.prompt()
    return int(found[1])


@pytest.mark.parametrize("kind, name, buttons, escape", SETS)
def test_buttons(shell: Shell, kind: int, name: str, buttons: list[int], escape: int | None) -> None:
    """Each button is reached by Tab and pressed by Enter; Esc presses the button that it should."""
    for steps, button in enumerate(buttons):
        assert open_box(shell, f"{kind} text Title")["buttons"] == name
        for _ in range(steps):
            shell.press("tab")
        shell.press("ret")
        assert pressed(shell) == button
    open_box(shell, f"{kind} text Title")
    shell.press("esc")
    if not escape:
        shell.press("right")
        shell.press("spc")
    assert pressed(shell) == (escape or buttons[1])


@pytest.mark.parametrize("icon", ICONS)
def test_icons(shell: Shell, icon: int) -> None:
    assert open_box(shell, f"{icon} text Title")["icon"] == ICONS[icon]
    shell.send("\n")
    assert pressed(shell) == OK


def test_default_buttons_and_hot_letters(shell: Shell) -> None:
    open_box(shell, "0x103 text")
    shell.press("ret")
    assert pressed(shell) == NO
    open_box(shell, "0x203 text")
    shell.press("ret")
    assert pressed(shell) == CANCEL
    open_box(shell, "0x104 text")
    shell.press("shift", "y")
    assert pressed(shell) == YES
    open_box(shell, "2 text")
    shell.press("i")
    assert pressed(shell) == IGNORE


def test_a_wrong_type_is_refused(shell: Shell) -> None:
    assert shell.run("box 7 text") == ["pressed 0, error 1438"]


def test_the_box_stands_in_the_middle_and_goes_again(shell: Shell) -> None:
    shell.run("cls")
    shell.run("echo above")
    arguments = '0x24 "Really/nformat/tthe disk?"'
    assert open_box(shell, arguments)["title"] == "Error"
    shell.wait_for(r'^\[box\] line="format  the disk\?"')
    screen = shell.screen()
    rows = box(screen)
    top = next(i for i, row in enumerate(screen.rows) if rows[0] in row)
    left = screen.rows[top].index(rows[0])
    assert abs(left - (80 - left - len(rows[0]))) <= 1
    assert abs(top - (25 - top - len(rows))) <= 1
    assert " Error " in rows[0]
    assert any("Really" in row for row in rows) and any("format  the disk?" in row for row in rows)
    buttons = next(row for row in rows if "Yes" in row)
    assert "►  Yes  ◄      No   " in buttons
    row = next(i for i, text in enumerate(screen.rows) if "► " in text)
    assert screen.attribute(row, screen.rows[row].index("►")) == FOCUSED
    shell.press("n")
    assert pressed(shell) == NO
    shown = [row.rstrip() for row in shell.screen().rows if row.strip()]
    assert shown == ["C:\\>echo above", "above", f"C:\\>box {arguments}", "pressed 7, error 0", "C:\\>"]


def shown_within(shell: Shell, text: str) -> None:
    """Waits until a row of the box has the text: a key has been taken then."""
    deadline = time.monotonic() + 30
    while not any(text in row for row in box(shell.screen())):
        assert time.monotonic() < deadline, shell.screen().text


def test_long_texts_are_wrapped_and_scrolled(shell: Shell) -> None:
    words = "/n".join(f"row{i}" for i in range(30))
    open_box(shell, f"0 {words}")
    shell.wait_for(r'^\[box\] line="row29"')
    assert any("row0 " in row for row in box(shell.screen()))
    for _ in range(3):
        shell.send("\x1b[6~")
    shell.send("\x1b[B")
    shell.send("\x1b[A")
    shell.send("\x1b[6~")
    shell.send("x")
    shown_within(shell, "row29 ")
    shell.send("\n")
    assert pressed(shell) == OK
    open_box(shell, '0 "' + "word " * 30 + '"')
    rows = box(shell.screen())
    assert sum(row.count("word") for row in rows) == 30
    shell.send("\n")
    assert pressed(shell) == OK
