"""Consoles: the keyboard and the serial line as input, several consoles, what each shows."""
from __future__ import annotations

from typing import Iterator

import pytest

from harness.shell import PROMPT, Shell
from vmachine import Product


@pytest.fixture(scope="module")
def shell(product: Product) -> Iterator[Shell]:
    with Shell(product, instead={"box.exe": product.fixture("box.exe")}) as machine:
        yield machine


def type_line(shell: Shell, text: str) -> None:
    shell.type(text + "\n")


def test_the_keyboard_types_every_character(shell: Shell) -> None:
    """All printable ASCII by the emulated keyboard, with and without Shift."""
    text = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"%')
    type_line(shell, f"echo {text}")
    assert shell.output(f"echo {text}") == [text]


def test_caps_lock_and_the_keypad(shell: Shell) -> None:
    shell.type("echo ")
    shell.press("caps_lock")
    shell.type("ab1")
    shell.press("shift", "c")
    shell.press("caps_lock")
    shell.press("num_lock")
    for key in ("kp_7", "kp_decimal", "kp_add", "kp_divide"):
        shell.press(key)
    shell.press("num_lock")
    shell.press("kp_enter")
    assert shell.output("echo AB1c7.+/") == ["AB1c7.+/"]


def test_keys_edit_a_line(shell: Shell) -> None:
    shell.type("exho")
    for key in ("left", "left", "backspace"):
        shell.press(key)
    shell.type("c")
    for key in ("end", "spc", "1", "home", "x", "backspace", "right", "end", "2"):
        shell.press(key)
    shell.press("ret")
    shell.wait_for("^12$")
    shell.wait_for_unfinished(PROMPT)


def test_the_screen_shows_what_the_line_does(shell: Shell) -> None:
    shell.run("cls")
    shell.run("echo on both")
    rows = shell.screen().rows
    shown = [row.rstrip() for row in rows if row.strip()]
    assert shown == ["C:\\>echo on both", "on both", "C:\\>"]


def test_long_output_scrolls(shell: Shell) -> None:
    shell.run("cls")
    for number in range(30):
        shell.run(f"echo number {number}")
    text = shell.screen().text
    assert "number 29" in text and "number 0\n" not in text
    assert shell.screen().rows[24].startswith("C:\\>")


def test_a_line_longer_than_a_row(shell: Shell) -> None:
    shell.run("cls")
    text = "x" * 100
    type_line(shell, f"echo {text}")
    assert shell.output(f"echo {text}") == [text]
    rows = [row.rstrip() for row in shell.screen().rows]
    assert rows[0] == "C:\\>echo " + "x" * 71
    assert rows[1] == "x" * 29
    assert rows[2] == "x" * 80


def test_consoles_come_switch_and_go(shell: Shell) -> None:
    """`start` makes a console; Alt+Tab goes round; each keeps what it shows; the last handle ends it."""
    shell.run("cls")
    shell.run("echo here")
    shell.send("start cmd\n")
    new = shell.wait_for(r"^\[console\] event=new id=(\d+)")[1]
    shell.wait_for(rf"^\[console\] event=shown id={new}$")
    shell.wait_for("^Type help for a list of commands")
    shell.wait_for_unfinished(PROMPT)
    assert "here" not in shell.screen().text
    type_line(shell, "echo there")
    assert shell.output("echo there") == ["there"]
    shell.press("alt", "tab")
    shell.wait_for(r"^\[console\] event=shown id=1$")
    assert "here" in shell.screen().text and "there" not in shell.screen().text
    shell.run("echo here too")
    shell.send("\x1b\t")
    shell.wait_for(rf"^\[console\] event=shown id={new}$")
    assert "there" in shell.screen().text and "here too" not in shell.screen().text
    type_line(shell, "exit")
    shell.wait_for(r"^\[console\] event=shown id=1$")
    shell.wait_for(rf"^\[console\] event=gone id={new}$")
    assert "here too" in shell.screen().text


def test_the_console_behind_goes_on_writing(shell: Shell) -> None:
    shell.run("cls")
    shell.send("start cmd\n")
    shell.wait_for("^Type help for a list of commands")
    shell.wait_for_unfinished(PROMPT)
    shell.press("alt", "tab")
    shell.wait_for(r"^\[console\] event=shown id=1$")
    pid = next(row.split()[0] for row in reversed(shell.run("tasklist")) if row.endswith("cmd.exe"))
    shell.send(f"taskkill {pid}\n")
    shell.wait_for(r"^\[console\] event=gone id=")
    assert shell.run("echo still here") == ["still here"]
    assert "still here" in shell.screen().text
