"""The tutorial's figures 4-2 to 4-8: what objdir, objinfo and handles print, held against a memory dump."""
from __future__ import annotations

import re
from contextlib import contextmanager
from typing import Iterator

import pytest

from harness.namespace import Namespace
from harness.shell import Shell
from harness.walker import Walker
from vmachine import Product, Record, records
from vmachine.symbols import Symbols


@pytest.fixture(scope="module")
def shell(product: Product) -> Iterator[Shell]:
    """The box of a second VirtToPhys.exe stays open on a console of its own; cmd's is on the screen."""
    with Shell(product) as machine:
        machine.start("VirtToPhys.exe", r'^\[box\] line="advapi32\.dll ')
        machine.switch()
        yield machine


@contextmanager
def frozen_namespace(shell: Shell, product: Product) -> Iterator[Namespace]:
    """The names in memory while the machine stands still."""
    with shell.frozen() as memory:
        registers = shell.registers()
        walker = Walker(memory.read, registers["CR3"], registers["CR4"])
        yield Namespace(walker, Symbols(product.kernel))


def fields(lines: list[str]) -> dict[str, str]:
    """`Name: value` lines."""
    return {key.strip(): value.strip() for key, value in (line.split(":", 1) for line in lines)}


def rows(lines: list[str]) -> dict[str, list[str]]:
    """objdir's rows by name: columns are two blanks apart or more."""
    return {cells[0]: cells[1:] for cells in (re.split(r"  +", line) for line in lines[1:-1])}


def pid_of(shell: Shell, name: str) -> str:
    return next(row.split()[0] for row in shell.run("tasklist") if row.endswith(name))


def test_figure_4_2(shell: Shell) -> None:
    assert rows(shell.run("objdir \\Device"))["devVirtToPhys"] == ["Device"]


def test_figure_4_3(shell: Shell) -> None:
    found = fields(shell.run("objinfo \\Device\\devVirtToPhys"))
    assert found["Name"] == "devVirtToPhys"
    assert found["Type"] == "Device"
    assert found["References"] == found["Handles"] == "?"


def test_figure_4_4(shell: Shell) -> None:
    found = rows(shell.run("objdir \\Driver"))["VirtToPhys"]
    assert found == ["Driver", "Virtual To Physical Address Converter"]


def test_figure_4_5(shell: Shell) -> None:
    found = rows(shell.run("objdir \\??"))
    assert found["slVirtToPhys"] == ["SymbolicLink", "\\Device\\devVirtToPhys"]
    assert found["C:"] == ["SymbolicLink", "\\Device\\HarddiskVolume1"]


def test_figure_4_6(shell: Shell) -> None:
    found = fields(shell.run("objinfo \\??\\slVirtToPhys"))
    assert found["Name"] == "slVirtToPhys"
    assert found["Type"] == "SymbolicLink"
    assert found["Attributes"] == "Permanent"
    assert found["References"] == "1"
    assert found["Handles"] == "0"
    assert found["Link To"] == "\\Device\\devVirtToPhys"
    assert re.fullmatch(r"\d\d:\d\d:\d\d, \d+ [A-Z][a-z]{2} 20\d\d", found["Creation Time"])


def test_figures_4_7_and_4_8(shell: Shell) -> None:
    """The handle of the device: access 0012019F; one reference and one handle, as the Russian text explains."""
    lines = shell.run(f"handles {pid_of(shell, 'VirtToPhys.exe')}")
    assert lines[0].split() == ["Handle", "Type", "Access", "Perm", "Refs", "Handles", "Name"]
    found = [line.split(None, 6) for line in lines[1:-1]]
    device = next(row for row in found if row[-1] == "\\Device\\devVirtToPhys")
    assert device[1:6] == ["File", "0x0012019F", "no", "1", "1"]
    assert all(len(line) <= 80 for line in lines if "devVirtToPhys" in line)
    assert f"{len(found)} handles" in lines[-1]


def test_the_directories_are_what_memory_holds(shell: Shell, product: Product) -> None:
    """Every directory that objdir shows has the names, types and link targets of a memory dump."""
    shown = {path: rows(shell.run(f"objdir {path}")) for path in ("\\", "\\Device", "\\Driver", "\\??")}
    with frozen_namespace(shell, product) as namespace:
        for path, found in shown.items():
            held = namespace.list(path)
            assert {name: cells[0] for name, cells in found.items()} == {
                name: child.type for name, child in held.items()
            }
            for name, child in held.items():
                if child.type == "SymbolicLink":
                    assert found[name][1] == namespace.target(f"{path}\\{name}".replace("\\\\", "\\"))


def test_the_counts_are_what_memory_holds(shell: Shell, product: Product) -> None:
    paths = ["\\??\\slVirtToPhys", "\\Device", "\\Driver", "\\BaseNamedObjects", "\\??\\C:"]
    shown = {path: fields(shell.run(f"objinfo {path}")) for path in paths}
    with frozen_namespace(shell, product) as namespace:
        for path, found in shown.items():
            held = namespace.find(path)
            assert held
            assert (int(found["References"]), int(found["Handles"])) == (held.pointers, held.handles), path
            assert (found["Attributes"] == "Permanent") == held.permanent, path


def test_what_is_not_there(shell: Shell) -> None:
    assert shell.run("objdir \\Nowhere") == ["\\Nowhere: The system cannot find the file specified."]
    assert shell.run("objdir \\??\\C:")[0].startswith("\\??\\C:: ")
    assert shell.run("objdir a b")[0] == "Usage: objdir [DIRECTORY]"
    assert shell.run("objinfo")[0] == "Usage: objinfo NAME"
    assert shell.run("objinfo nothing")[0].startswith("nothing: ")
    assert shell.run("handles VirtToPhys.exe")[0] == "Usage: handles PID"
    assert shell.run("handles 999999") == ["999999: The parameter is incorrect."]


def test_irptrace(product: Product) -> None:
    """`irptrace on` in a running system: the way of VirtToPhys.exe's IRPs; `off` ends it."""
    with Shell(product) as shell:
        assert shell.run("irptrace perhaps")[0] == "Usage: irptrace on|off"
        assert shell.run("dir *.sys") and not list(records(shell.lines, "irp"))
        shell.send("irptrace on\n")
        shell.wait_for("^The trace of IRPs is on")
        shell.send("VirtToPhys.exe\n")
        shell.wait_for_record("box", title="Modules Base Address")
        shell.press("ret")
        shell.wait_for(r"^\[process\] event=exit id=\d+ name=VirtToPhys.exe")
        shell.send("irptrace off\n")
        shell.wait_for("^The trace of IRPs is off")
        shell.prompt()
        check_way([r for r in records(shell.lines, "irp") if r["device"] == "devVirtToPhys"])
        before = len(shell.lines)
        shell.run("dir *.sys")
        assert not list(records(shell.lines[before:], "irp"))


def check_way(way: list[Record]) -> None:
    """Each IRP goes down to the driver and comes back before the next; who called, and how it ended."""
    calls, completions = way[::2], way[1::2]
    assert [r["event"] for r in way] == ["call", "complete"] * 4
    assert [r["major"] for r in calls] == ["CREATE", "DEVICE_CONTROL", "CLEANUP", "CLOSE"]
    assert [(r["irp"], r["major"]) for r in calls] == [(r["irp"], r["major"]) for r in completions]
    assert {(r["process"], r["driver"], r["location"]) for r in way} == {
        ("VirtToPhys.exe", "\\Driver\\VirtToPhys", "1/1")
    }
    assert [(r["status"], r["information"]) for r in completions] == [
        ("00000000", "0"), ("00000000", "16"), ("C0000010", "0"), ("00000000", "0")
    ]
    times = [int(r["us"]) for r in way]
    assert times == sorted(times) and times[0] < times[-1]
