"""Each of the five failures shows the tutorial's own text, and what was done before it is undone."""
from __future__ import annotations

from pathlib import Path

import pytest

from harness.namespace import Namespace
from harness.oracle import process_walker
from harness.shell import PROMPT
from vmachine import SHOWN, Machine, Product, Record, parse
from vmachine.machine import EXIT_SUCCESS
from vmachine.symbols import kernel_symbols

CONNECT = "Can't connect to Service Control Manager."
REGISTER = "Can't register driver."
START = "Can't start driver."
OPEN = "Device is not present."
CONTROL = "Can't send control code to device."
NTS_OWN = (r"\Device", r"\Driver", r"\??", r"\BaseNamedObjects", r"\ObjectTypes", r"\DosDevices",
           r"\??\C:", r"\Device\HarddiskVolume1")
DEVICE = "devVirtToPhys"
OURS = (r"\Driver\VirtToPhys", r"\Device\devVirtToPhys", r"\??\slVirtToPhys")

# Command line, driver, box, and what the log has before the box: a call of the service control manager with
# its error (nt-facts 3.6), or an IRP with its status.
SCM, IRP = "scm", "irp"
CASES = {
    "no registry": ("registry=none", None, CONNECT, (SCM, "open", "1065")),
    "key taken": ("registry=taken", None, REGISTER, (SCM, "create", "1073")),
    "no file": ("", "none", START, (SCM, "start", "2")),
    "empty file": ("", "empty", START, (SCM, "start", "193")),
    "bad import": ("", "badimport.sys", START, (SCM, "start", "127")),
    "entry fails": ("", "failentry.sys", START, (SCM, "start", "31")),
    "no link": ("", "nolink.sys", OPEN, (SCM, "start", "0")),
    "refusal": ("trace=irp", "refuse.sys", CONTROL, (IRP, "DEVICE_CONTROL", "C0000001")),
}
# What the listing does, in its order, and what undoes it.
FORWARD = [(SCM, "open", "0"), (SCM, "create", "0"), (SCM, "start", "0")]
BACK = [(SCM, "control", "0"), (SCM, "delete", "0")]
OPENED, CLOSED = [(IRP, "CREATE"), (IRP, "DEVICE_CONTROL")], [(IRP, "CLEANUP"), (IRP, "CLOSE")]


def driver(product: Product, folder: Path, which: str | None) -> dict[str, Path | None]:
    """The boot module that stands for VirtToPhys.sys."""
    if which is None:
        return {}
    if which == "empty":
        (folder / "empty.sys").write_bytes(b"\0" * 512)
    path = {"none": None, "empty": folder / "empty.sys"}.get(which, product.fixture(which))
    return {"VirtToPhys.sys": path}


def names_at_the_end(machine: Machine, product: Product) -> list[str]:
    """Every name in the namespace once the program has ended and cmd.exe waits for a line."""
    machine.press("ret")
    machine.wait_for(r"^\[process\] event=exit .* name=VirtToPhys\.exe status=00000000$")
    if "trace" in machine.boot.append:
        machine.wait_for(PROMPT)  # what cmd asks the console for is traced, which ends the line
    else:
        machine.wait_for_unfinished(PROMPT)
    with machine.frozen() as memory:
        namespace = Namespace(process_walker(machine, memory.read), kernel_symbols(product.out))
        return list(namespace.paths())


@pytest.fixture(scope="module")
def names_after_success(product: Product) -> list[str]:
    """The names that are left after a run in which all went well."""
    with Machine(product.boot("")) as machine:
        machine.wait_for(SHOWN)
        return names_at_the_end(machine, product)


def step(record: Record) -> tuple[str, ...]:
    """A record of the log as CASES has it."""
    if record.tag == SCM:
        return SCM, record["call"], record["error"]
    return IRP, record["major"], record["status"]


def steps(lines: list[str]) -> list[tuple[str, ...]]:
    """What the program did, as the service control manager and the driver's IRPs have it."""
    found = (record for line in lines if (record := parse(line)) and record.tag in (SCM, IRP))
    return [step(it) for it in found if it.tag == SCM or it["event"] == "complete" and it["device"] == DEVICE]


def test_steps_are_the_listings(product: Product) -> None:
    """`the tutorial's listing in C, call for call`: connect, register, start, open, ask, and after the box
    close, stop, delete, each with success but CLEANUP, which the driver does not know."""
    with Machine(product.boot("trace=irp exit")) as machine:
        machine.wait_for(SHOWN)
        before = steps(machine.lines)
        machine.press("ret")
        assert machine.wait_exit() == EXIT_SUCCESS
        after = steps(machine.lines)[len(before) :]
    done = [(*irp, "00000000") for irp in OPENED]
    undone = [(*CLOSED[0], "C0000010"), (*CLOSED[1], "00000000")]
    assert before == [*FORWARD, *done]
    assert after == [*undone, *BACK]


def test_success_undoes_everything(names_after_success: list[str]) -> None:
    """After stop and delete the driver, its device and its link are gone; NT's own directories stay."""
    assert not set(OURS) & set(names_after_success)
    assert set(NTS_OWN) <= set(names_after_success)


@pytest.mark.parametrize("case", CASES)
def test_failure(product: Product, tmp_path: Path, names_after_success: list[str], case: str) -> None:
    """The tutorial's text in a message box, with a real cause. Then the namespace is as after success, and
    the service is gone: a second run, from the command line, comes just as far."""
    append, which, text, cause = CASES[case]
    with Machine(product.boot(append, driver(product, tmp_path, which))) as machine:
        for _ in range(2):
            before = len(machine.lines)
            box = machine.wait_for_record("box")
            assert (box["title"], box["icon"], box["buttons"]) == ("Error", "stop", "OK")
            assert machine.wait_for_record("box")["line"] == text
            assert steps(machine.lines[before:])[-1] == cause
            screen = machine.screen().text
            assert text in screen and "OK" in screen and "Error" in screen
            assert names_at_the_end(machine, product) == names_after_success
            machine.type("VirtToPhys\n")


def test_objects_while_the_box_is_shown(product: Product) -> None:
    """Figures 4-3 and 4-6: while the program runs, the three objects are there, the link leads to the device."""
    with Machine(product.boot("")) as machine:
        machine.wait_for(SHOWN)
        with machine.frozen() as memory:
            namespace = Namespace(process_walker(machine, memory.read), kernel_symbols(product.out))
            kinds = {name: namespace.find(name).type for name in OURS}  # type: ignore[union-attr]
            target = namespace.target(r"\??\slVirtToPhys")
            link = namespace.find(r"\??\slVirtToPhys")
    assert kinds == dict(zip(OURS, ("Driver", "Device", "SymbolicLink")))
    assert target == r"\Device\devVirtToPhys"
    assert link and (link.pointers, link.handles, link.permanent) == (1, 0, True)
