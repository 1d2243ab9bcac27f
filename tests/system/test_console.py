"""Consoles: the keyboard and the serial line as input, several consoles, what each shows."""
from __future__ import annotations

from typing import Iterator

import pytest

from harness.shell import Shell
from vmachine import Product


@pytest.fixture(scope="module")
def shell(product: Product) -> Iterator[Shell]:
    with Shell(product, instead={name: product.fixture(name) for name in ("box.exe", "reads.exe")}) as machine:
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
    shell.prompt()


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
    new = shell.start("cmd", "^Type help for a list of commands")
    shell.prompt()
    assert "here" not in shell.screen().text
    type_line(shell, "echo there")
    assert shell.output("echo there") == ["there"]
    shell.switch()
    assert "here" in shell.screen().text and "there" not in shell.screen().text
    shell.run("echo here too")
    shell.send("\x1b\t")
    shell.wait_for(rf"^\[console\] event=shown id={new}$")
    shell.prompt()
    assert "there" in shell.screen().text and "here too" not in shell.screen().text
    type_line(shell, "exit")
    shell.wait_for(rf"^\[console\] event=gone id={new}$")
    shell.wait_for(r"^\[console\] event=shown id=1$")
    shell.wait_for(r"^\[process\] event=exit id=\d+ name=cmd.exe")
    assert "here too" in shell.screen().text
    shell.fresh_prompt()


def test_alt_tab_goes_round(shell: Shell) -> None:
    """A new console comes behind the one that was shown; when one goes, the one before it is shown."""
    first = shell.start("cmd", "^Type help for a list of commands")
    shell.prompt()
    shell.switch("1")
    second = shell.start("cmd", "^Type help for a list of commands")
    shell.prompt()
    for console in (first, "1", second):
        shell.switch(console)
    shell.send("exit\n")
    shell.wait_for(r"^\[console\] event=shown id=1$")
    shell.wait_for(r"^\[process\] event=exit id=\d+ name=cmd.exe")
    shell.fresh_prompt()
    close_other(shell, first)


def test_the_line_typed_so_far_is_mirrored_after_a_switch(shell: Shell) -> None:
    new = shell.start("cmd", "^Type help for a list of commands")
    shell.prompt()
    shell.switch()
    shell.send("echo ha")
    shell.wait_for_unfinished(r"^C:\\>echo ha$")
    shell.switch(new)
    shell.press("alt", "tab")
    shell.wait_for(r"^\[console\] event=shown id=1$")
    shell.wait_for_unfinished(r"^C:\\>echo ha$")
    shell.send("lf\n")
    assert shell.output("echo half") == ["half"]
    close_other(shell, new)


def close_other(shell: Shell, console: str) -> None:
    """Ends the cmd of a console behind; the first one is shown then."""
    shell.switch(console)
    shell.send("exit\n")
    shell.wait_for(r"^\[process\] event=exit id=\d+ name=cmd.exe")
    shell.fresh_prompt()


def test_the_console_behind_goes_on_writing(shell: Shell) -> None:
    """cmd in a console behind writes its prompt when the program that it waits for is ended from here."""
    shell.run("cls")
    new = shell.start("cmd", "^Type help for a list of commands")
    shell.prompt()
    shell.send("box 0 text\n")
    shell.wait_for(r'^\[box\] line="text"')
    shell.switch()
    pid = next(row.split()[0] for row in shell.run("tasklist") if row.endswith("box.exe"))
    shell.send(f"taskkill {pid}\n")
    shell.wait_for(rf"^\[process\] event=exit id={pid}")
    assert "box 0 text" not in shell.screen().text
    shell.switch(new)
    assert "C:\\>box 0 text" in shell.screen().text
    assert shell.run("echo still here") == ["still here"]
    assert "still here" in shell.screen().text
    shell.switch()
    assert "still here" not in shell.screen().text
    close_other(shell, new)


def begin(shell: Shell, how: str) -> None:
    """Runs reads.exe, which says that it is about to read."""
    shell.send(f"reads {how}\n")
    shell.wait_for(f"^reads {how.split()[0]}$")


def rest(shell: Shell) -> list[str]:
    """What the program writes to its end."""
    first = shell._seen
    shell.prompt()
    return [line for line in shell.lines[first:] if not line.startswith("[")]


def test_read_console_gives_lines(shell: Shell) -> None:
    """The line is edited and shown; what the buffer cannot hold comes with the next read."""
    begin(shell, "line")
    shell.send("hellx\bo\n")
    assert rest(shell)[1:] == ["read 7:hello^M^J"]
    begin(shell, "line 4")
    shell.send("abcdef\n")
    assert rest(shell) == ["abcdef", "read 4:abcd", "read 4:ef^M^J"]


def test_read_console_without_an_echo(shell: Shell) -> None:
    """The next program finds the mode that was there before: cmd sees to it."""
    begin(shell, "hidden")
    shell.send("secret\n")
    assert rest(shell) == ["read 8:secret^M^J"]
    assert "secret" not in shell.screen().text.replace("read 8:secret^M^J", "")
    begin(shell, "line")
    shell.send("shown\n")
    assert rest(shell)[0] == "shown"


def test_read_console_gives_characters(shell: Shell) -> None:
    begin(shell, "characters 1")
    shell.send("a\x03\n.")
    assert rest(shell) == ["read 1:a", "read 1:^C", "read 1:^M", "read 1:."]


def test_read_console_input_gives_keys(shell: Shell) -> None:
    """Presses and releases from the keyboard, with virtual key, character and the modifiers' state."""
    begin(shell, "keys")
    for keys in (("shift", "a"), ("ctrl", "c"), ("f1",), ("esc",)):
        shell.press(*keys)
    found = [line for line in rest(shell) if " down " in line]
    assert found == [
        "key down vk=10 character=00 state=010",
        "key down vk=41 character=41 state=010",
        "key down vk=11 character=00 state=008",
        "key down vk=43 character=03 state=008",
        "key down vk=70 character=00 state=000",
        "key down vk=1B character=1B state=000",
    ]


def test_keys_are_looked_at_and_forgotten(shell: Shell) -> None:
    begin(shell, "peek 3")
    shell.send("xyz")
    assert rest(shell) == ["peeked 3, the first x"] * 2 + ["left 0"]


@pytest.mark.parametrize("how", ["nothing", "line", "hidden"])
def test_ctrl_c_ends_a_program(shell: Shell, how: str) -> None:
    """One that works, and one that reads a line."""
    begin(shell, how)
    shell.send("\x03")
    assert rest(shell)[-1] == "^C"
    assert shell.run("errorlevel") == [str(-0x3FFFFEC6)]  # STATUS_CONTROL_C_EXIT
    assert shell.run("echo on") == ["on"]
