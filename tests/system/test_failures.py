"""Each of the five failures shows the tutorial's own text, and what was done before it is undone."""
from __future__ import annotations

from pathlib import Path

import pytest

from harness.namespace import Namespace
from harness.oracle import process_walker
from vmachine import Machine, Product, records
from vmachine.symbols import kernel_symbols

CONNECT = "Can't connect to Service Control Manager."
REGISTER = "Can't register driver."
START = "Can't start driver."
OPEN = "Device is not present."
CONTROL = "Can't send control code to device."
NTS_OWN = (r"\Device", r"\Driver", r"\??", r"\BaseNamedObjects", r"\ObjectTypes", r"\DosDevices",
           r"\??\C:", r"\Device\HarddiskVolume1")
OURS = (r"\Driver\VirtToPhys", r"\Device\devVirtToPhys", r"\??\slVirtToPhys")

UNDO = {"connect": "disconnect", "register": "delete", "start": "stop", "open": "close"}
FORWARD = ("connect", "register", "start", "open", "ioctl")
BACK = ("close", "stop", "delete", "disconnect")

CASES = {
    "no registry": ("registry=none", None, CONNECT, "connect", "C0000034"),
    "key taken": ("registry=taken", None, REGISTER, "register", "C0000035"),
    "no file": ("", "none", START, "start", "C0000034"),
    "empty file": ("", "empty", START, "start", "C000012F"),
    "bad import": ("", "badimport.sys", START, "start", "C0000263"),
    "entry fails": ("", "failentry.sys", START, "start", "C0000001"),
    "no link": ("", "nolink.sys", OPEN, "open", "C0000034"),
    "refusal": ("", "refuse.sys", CONTROL, "ioctl", "C0000001"),
}


def driver(product: Product, folder: Path, which: str | None) -> dict[str, Path | None]:
    """The boot module that stands for VirtToPhys.sys."""
    if which is None:
        return {}
    if which == "empty":
        (folder / "empty.sys").write_bytes(b"\0" * 512)
    path = {"none": None, "empty": folder / "empty.sys"}.get(which, product.fixture(which))
    return {"VirtToPhys.sys": path}


def names_at_the_end(machine: Machine, product: Product) -> list[str]:
    """Every name in the namespace once the client is done."""
    machine.press("ret")
    machine.wait_for(r"^\[box\] pressed=OK")
    machine.wait_for("Enter: show the table again")
    with machine.frozen() as memory:
        namespace = Namespace(process_walker(machine, memory.read), kernel_symbols(product.out))
        return list(namespace.paths())


@pytest.fixture(scope="module")
def names_after_success(product: Product) -> list[str]:
    """The names that are left after a run in which all went well."""
    with Machine(product.boot("")) as machine:
        machine.wait_for(r'^\[box\] title="Modules Base Address"')
        return names_at_the_end(machine, product)


def steps(lines: list[str]) -> list[str]:
    """The control program's steps in the log."""
    return [record["step"] for record in records(lines, "client")]


def test_steps_are_the_listings(product: Product) -> None:
    """`step for step as the listing does: register, start, open, IOCTL with the four bases, show, close,
    stop, delete`, and each of them with success."""
    with Machine(product.boot("exit")) as machine:
        machine.wait_for(r"^\[box\] title=")
        machine.press("ret")
        machine.wait_exit()
        assert steps(machine.lines) == [*FORWARD, "show", *BACK]
        assert {record["status"] for record in records(machine.lines, "client")} == {"00000000"}


def test_success_undoes_everything(names_after_success: list[str]) -> None:
    """After stop and delete the driver, its device and its link are gone; NT's own directories stay."""
    assert not set(OURS) & set(names_after_success)
    assert set(NTS_OWN) <= set(names_after_success)


@pytest.mark.parametrize("case", CASES)
def test_failure(product: Product, tmp_path: Path, names_after_success: list[str], case: str) -> None:
    """The tutorial's text in a message box, with a real cause. Then the namespace is as after success, and
    the service key is gone: a second run comes just as far."""
    append, which, text, step, status = CASES[case]
    with Machine(product.boot(append, driver(product, tmp_path, which))) as machine:
        for _ in range(2):
            before = len(machine.lines)
            machine.wait_for_record("client", step=step, status=status)
            box = machine.wait_for_record("box")
            assert (box["title"], box["text"]) == ("Error", text)
            screen = machine.screen().text
            assert text in screen and "OK" in screen and "Error" in screen
            assert names_at_the_end(machine, product) == names_after_success
            done = FORWARD[: FORWARD.index(step) + 1]
            undone = [UNDO[name] for name in reversed(done[:-1])]
            assert steps(machine.lines[before:]) == [*done, *undone]
            machine.press("ret")


def test_objects_while_the_box_is_shown(product: Product) -> None:
    """Figures 4-3 and 4-6: while the program runs, the three objects are there, the link leads to the device."""
    with Machine(product.boot("")) as machine:
        machine.wait_for(r'^\[box\] title="Modules Base Address"')
        with machine.frozen() as memory:
            namespace = Namespace(process_walker(machine, memory.read), kernel_symbols(product.out))
            kinds = {name: namespace.find(name).type for name in OURS}  # type: ignore[union-attr]
            target = namespace.target(r"\??\slVirtToPhys")
            link = namespace.find(r"\??\slVirtToPhys")
    assert kinds == dict(zip(OURS, ("Driver", "Device", "SymbolicLink")))
    assert target == r"\Device\devVirtToPhys"
    assert link and (link.pointers, link.handles, link.permanent) == (1, 0, True)
