"""`make compare`: one space by vtop, QEMU's monitor, the tests' walker and the kernel; and what it says where they differ."""
from __future__ import annotations

import copy
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterator

import pytest

from bench.compare import BROKEN, FORMATS, MEMORY, Space, by_kernel, outside_verdicts, vtop_ranges
from harness.stub import Stub, with_stub
from vmachine import SHOWN, Machine, Product, parse

INFO_MEM, GVA2GPA, WALKER = range(3)


def test_all_agree(product: Product, root: Path) -> None:
    """The table of `make compare`: a thousand pages and more in each format, none of which differ."""
    done = subprocess.run([sys.executable, root / "tests" / "bench" / "compare.py", "--out", product.out],
                          capture_output=True, text=True)
    rows = [[int(it.replace(" ", "")) for it in re.split(r" {2,}", line)[-4:]] for line in done.stdout.splitlines()
            if re.match(r"(info mem|gva2gpa|the tests' walker|pagewalk ranges):", line)]
    assert (done.returncode, len(rows)) == (0, 4 * len(FORMATS)), done.stdout + done.stderr
    for asked, agree, explained, differ in rows:
        assert asked > 500 and agree == asked and explained == differ == 0, done.stdout


class Debugger(Stub):
    """Writes physical memory of a halted machine."""

    def write(self, address: int, word: int) -> None:
        assert self._ask("Qqemu.PhyMemMode:1") == "OK"
        assert self._ask(f"M{address:x},4:{struct.pack('<I', word).hex()}") == "OK"


@pytest.fixture(scope="module")
def machine(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Our kernel with the table on its screen, halted for good, with a door for the debugger."""
    path = tmp_path_factory.mktemp("gdb") / "gdb"
    with Machine(with_stub(product.boot("", memory=MEMORY), path)) as machine:
        machine.wait_for(SHOWN)
        machine.debugger = path
        with machine.frozen():
            yield machine


def verdicts(machine: Machine, ranges: list[dict]) -> list[object]:
    return list(outside_verdicts(machine, Space(ranges)).values())


def some(ranges: list[dict]) -> int:
    """A range that begins where another ends."""
    return next(at for at in range(1, len(ranges)) if ranges[at]["first"] == ranges[at - 1]["last"] + 1)


def move(ranges: list[dict]) -> None:
    ranges[some(ranges)]["physical"] += 4096


def flip(ranges: list[dict]) -> None:
    it = ranges[some(ranges)]
    it["write"] ^= True
    it["cpl3"] = "".join(sorted(set(it["cpl3"]) ^ {"w"}))


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


WORDS = ("first", "last", "stop", "physical", "page", "user", "write", "no_execute", "global", "cpl0", "cpl3")


def kernel_line(it: dict) -> str:
    """A range as pagewalk logs it."""
    words = {key: it[key] if isinstance(it[key], str) else f"{it[key]:d}" for key in WORDS}
    words |= {key: f"{it[key]:08X}" for key in ("first", "last", "physical")}
    return "[walk] " + " ".join(f'{key}="{word}"' for key, word in words.items())


@pytest.mark.parametrize("key", ("last", "physical", "user", "write", "no_execute", "global", "cpl0", "cpl3"))
def test_each_word_of_the_kernel_counts(product: Product, machine: Machine, key: str) -> None:
    """The kernel's ranges are compared in all that they have."""
    ranges = [it for it in vtop_ranges(product, machine) if it["stop"] == "mapped"]
    space, said = Space(ranges), copy.deepcopy(ranges)
    assert not by_kernel([parse(kernel_line(it)) for it in said], space).differ
    at = some(said)
    said[at][key] = {"last": said[at]["last"] + 4096, "physical": 0}.get(key, "-" if key[:3] == "cpl" else not said[at][key])
    assert by_kernel([parse(kernel_line(it)) for it in said], space).differ
