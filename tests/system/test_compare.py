"""`make compare`: one space by vtop, QEMU's monitor and the tests' walker; and what it says where they differ."""
from __future__ import annotations

import copy
import re
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterator

import pytest

from bench.compare import BROKEN, MEMORY, Space, all_verdicts, vtop_ranges
from vmachine import SHOWN, Machine, Product
from vmachine.machine import PhysicalMemory

INFO_MEM, GVA2GPA, WALKER = range(3)


def test_all_agree(product: Product, root: Path) -> None:
    """The table of `make compare`: thousands of pages, none of which differ."""
    done = subprocess.run([sys.executable, root / "tests" / "bench" / "compare.py", "--out", product.out],
                          capture_output=True, text=True)
    rows = [[int(it.replace(" ", "")) for it in re.split(r" {2,}", line)[-4:]]
            for line in done.stdout.splitlines() if re.match(r"(info mem|gva2gpa|the tests' walker):", line)]
    assert (done.returncode, len(rows)) == (0, 3), done.stdout + done.stderr
    for asked, agree, explained, differ in rows:
        assert asked > 1000 and agree == asked and explained == differ == 0, done.stdout


class Debugger:
    """Writes physical memory of a halted machine, by QEMU's gdb stub."""

    def __init__(self, path: Path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.ask("Qqemu.PhyMemMode:1")

    def ask(self, command: str) -> None:
        self.socket.sendall(f"${command}#{sum(command.encode()) % 256:02x}".encode())
        answer = b""
        while not re.search(rb"\$[^#]*#..", answer):
            answer += self.socket.recv(4096)
        self.socket.sendall(b"+")
        assert b"$OK#" in answer, f"{command}: {answer!r}"

    def write(self, address: int, word: int) -> None:
        self.ask(f"M{address:x},4:{struct.pack('<I', word).hex()}")


@pytest.fixture(scope="module")
def machine(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Our kernel with the table on its screen, halted for good, with a door for the debugger."""
    path = tmp_path_factory.mktemp("gdb") / "gdb"
    extra = ("-gdb", f"unix:{path},server=on,wait=off")
    with Machine(product.boot("", memory=MEMORY, extra=extra)) as machine:
        machine.wait_for(SHOWN)
        machine.debugger = path
        with machine.frozen():
            yield machine


def verdicts(machine: Machine, ranges: list[dict]) -> list[object]:
    return list(all_verdicts(machine, PhysicalMemory(machine), Space(ranges)).values())


def some(ranges: list[dict]) -> int:
    """A range that begins where another ends."""
    return next(at for at in range(1, len(ranges)) if ranges[at]["first"] == ranges[at - 1]["last"] + 1)


def move(ranges: list[dict]) -> None:
    ranges[some(ranges)]["physical"] += 4096


def flip(ranges: list[dict]) -> None:
    ranges[some(ranges)]["write"] ^= True


def drop(ranges: list[dict]) -> None:
    del ranges[some(ranges)]


def invent(ranges: list[dict]) -> None:
    ranges.append(dict(ranges[-1], first=0xFFFFF000, last=0xFFFFFFFF))


# What is changed, and who sees it.
@pytest.mark.parametrize("change, seen", [
    (move, {GVA2GPA, WALKER}), (flip, {INFO_MEM, WALKER}), (drop, {INFO_MEM, GVA2GPA, WALKER}),
    (invent, {INFO_MEM, GVA2GPA, WALKER}),
])
def test_a_wrong_range_is_seen(product: Product, machine: Machine, change: Callable[[list[dict]], None], seen: set[int]) -> None:
    """A frame, a right, a range too few and one too many: each is a difference to whoever knows of it."""
    ranges = copy.deepcopy(vtop_ranges(product, machine))
    change(ranges)
    found = verdicts(machine, ranges)
    assert {at for at, it in enumerate(found) if it.differ} == seen


def test_what_is_explained(product: Product, machine: Machine) -> None:
    """A large page with a reserved bit is mapped to the monitor alone, which is counted with its reason; and where a
    table lies outside the memory, no one maps anything."""
    directory = machine.registers()["CR3"] & 0xFFFFF000
    debugger = Debugger(machine.debugger)
    debugger.write(directory + 0x40 * 4, 0x00A00087)  # bit 21
    debugger.write(directory + 0x41 * 4, 0x70000007)
    ranges = vtop_ranges(product, machine)
    stops = {it["first"]: it["stop"] for it in ranges if it["stop"] != "mapped"}
    assert stops == {0x10000000: "reserved bit", 0x10400000: "unreadable"}
    found = verdicts(machine, ranges)
    assert not any(it.differ for it in found)
    assert [it.explained for it in found] == [{BROKEN: 1024}, {BROKEN: 1024}, {}]
