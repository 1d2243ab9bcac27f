#!/usr/bin/env python3
"""One address space, as all say it who can, in each format of the page tables.

The machine is halted where pagewalk.sys answers what its program's own space has. `vtop --all` is the measure. What
the others say is held against it; the kinds of difference that docs/walk.md explains are counted apart, and any
other makes the exit status 1.
"""
from __future__ import annotations

import argparse
import bisect
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterable, Mapping

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]
from harness.shell import Shell  # noqa: E402
from harness.stub import Stub, with_stub  # noqa: E402
from harness.walker_pae import Walk, setting_of  # noqa: E402
from vmachine import Machine, MachineError, Product, Record, records  # noqa: E402
from vmachine.symbols import kernel_symbols  # noqa: E402

MEMORY = 64  # MiB
# The word for the kernel, and the processor.
FORMATS = {"32": ("paging=32", None), "pse": ("paging=pse", None), "pae": ("paging=pae", None), "nx": ("paging=pae", "max")}
QUESTION = "pagewalk ranges"
PAGE = 4096
SPACE = 1 << 32
MAPPED = "mapped"

# Why another may say something else of an address, and be no worse for it (docs/walk.md).
BROKEN = "it does not look at reserved bits"


@dataclass(frozen=True)
class Page:
    """What vtop says of an address: `stop` as in its JSON; the rest of what is mapped."""

    stop: str
    size: int
    physical: int
    user: bool
    write: bool
    no_execute: bool
    is_global: bool
    cpl0: str
    cpl3: str


class Space:
    """vtop's ranges, by address."""

    def __init__(self, ranges: list[dict]):
        self.ranges = ranges
        self.firsts = [it["first"] for it in ranges]

    def at(self, address: int) -> Page | None:
        found = bisect.bisect(self.firsts, address) - 1
        if found < 0 or address > self.ranges[found]["last"]:
            return None
        it = self.ranges[found]
        return Page(it["stop"], it["page"], it["physical"] + address - it["first"], it["user"], it["write"],
                    it["no_execute"], it["global"], it["cpl0"], it["cpl3"])

    def pages(self) -> Iterable[int]:
        """Where each page begins, and each 4 KiB of what is broken."""
        return (at for it in self.ranges for at in range(it["first"], it["last"] + 1, it["page"] or PAGE))

    def small_pages(self) -> Iterable[int]:
        """Each 4 KiB that is not absent."""
        return (at for it in self.ranges for at in range(it["first"], it["last"] + 1, PAGE))

    def absent_neighbours(self) -> set[int]:
        """The last address before each range and the first behind it, where nothing is."""
        ends = {at for it in self.ranges for at in (it["first"] - 1, it["last"] + 1)}
        return {at for at in ends if 0 <= at < SPACE and not self.at(at)}


@dataclass
class Verdict:
    """How far another agrees."""

    agree: int = 0
    explained: Counter[str] = field(default_factory=Counter)
    differ: list[int] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return self.agree + self.explained.total() + len(self.differ)


def explain(page: Page | None) -> str | None:
    """The kind of difference that is known, if it is one."""
    return BROKEN if page and page.stop == "reserved bit" else None


def compare(space: Space, said: Mapping[int, object], part: Callable[[Page], object]) -> Verdict:
    """Holds answers by address (None: nothing is there) against `part` of what vtop says."""
    verdict = Verdict()
    for address, answer in said.items():
        page = space.at(address)
        if answer == (part(page) if page and page.stop == MAPPED else None):
            verdict.agree += 1
        elif kind := explain(page):
            verdict.explained[kind] += 1
        else:
            verdict.differ.append(address)
    return verdict


def by_info_mem(machine: Machine, space: Space) -> Verdict:
    """The monitor's list: no frames, no sizes, and neighbours with the same U/S and R/W are one. Each 4 KiB that
    either of the two has."""
    found = re.findall(r"^([0-9a-f]{16})-([0-9a-f]{16}) [0-9a-f]{16} ([u-])r([w-])", machine.qmp.monitor("info mem"), re.M)
    said: dict[int, object] = dict.fromkeys(space.small_pages())
    for first, end, user, write in found:
        said |= dict.fromkeys(range(int(first, 16), int(end, 16), PAGE), (user == "u", write == "w"))
    return compare(space, said, lambda page: (page.user, page.write))


def by_gva2gpa(machine: Machine, space: Space) -> Verdict:
    """The monitor's translation: of a byte by chance in every page, small or large, and beside each range."""
    chance = random.Random(1)
    asked = {at + chance.randrange(space.at(at).size or PAGE) for at in space.pages()} | space.absent_neighbours()
    return compare(space, {at: machine.gva2gpa(at) for at in sorted(asked)}, lambda page: page.physical)


def by_second_walker(machine: Machine, space: Space) -> Verdict:
    """The tests' own walk of the whole space, over the same memory."""
    said: dict[int, object] = dict.fromkeys(space.pages())
    for line in Walk(machine.pmemsave(0, MEMORY << 20), setting_of(machine)).pages():
        address, stop, size, physical, _, *words = line.split()
        rights = ["".join(kind if word == "-" else "-" for kind, word in zip("rwx", words[at:])) for at in (0, 3)]
        said[int(address, 16)] = (int(physical, 16), int(size, 16), *rights) if stop == "M" else None
    return compare(space, said, lambda page: (page.physical, page.size, page.cpl0, page.cpl3))


def by_kernel(found: Iterable[Record], space: Space) -> Verdict:
    """The kernel's own scan, as pagewalk's log has it: all that a range has."""
    said: dict[int, object] = dict.fromkeys(space.pages())
    for it in found:
        size, first, flags = int(it["page"]), it.hex("first"), ("user", "write", "no_execute", "global")
        for at in range(first, it.hex("last") + 1, size or PAGE):
            page = Page(it["stop"], size, it.hex("physical") + at - first, *(it[flag] == "1" for flag in flags),
                        it["cpl0"], it["cpl3"])
            said[at] = "twice" if said.get(at) else page
    return compare(space, said, lambda page: page)


def vtop_ranges(product: Product, machine: Machine) -> list[dict]:
    """What vtop says of an ELF core, which has all registers but EFER."""
    efer = "800" if setting_of(machine).format == "nx" else "0"
    with tempfile.TemporaryDirectory(prefix="compare-") as folder:
        core = Path(folder) / "core"
        machine.qmp.execute("dump-guest-memory", paging=False, protocol=f"file:{core}")
        command = [product.out / "vtop", "--all", "--json", "--efer", efer, core]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise ValueError(done.stderr.strip())
    return json.loads(done.stdout)


def outside_verdicts(machine: Machine, space: Space) -> dict[str, Verdict]:
    """By who answers from without, and of what."""
    return {
        "info mem: U/S and R/W of each 4 KiB": by_info_mem(machine, space),
        "gva2gpa: the frame of every page": by_gva2gpa(machine, space),
        "the tests' walker: frame, size, rights": by_second_walker(machine, space),
    }


def all_verdicts(product: Product, format_: str) -> tuple[Space, dict[str, Verdict]]:
    """The same, and what the kernel says of that moment, in a machine with this format."""
    words, cpu = FORMATS[format_]
    symbols = kernel_symbols(product.out)
    with tempfile.TemporaryDirectory(prefix="compare-") as folder:
        shell = Shell(product, words, memory=MEMORY, cpu=cpu)
        shell.boot = with_stub(shell.boot, Path(folder) / "gdb")
        with shell:
            with Stub(Path(folder) / "gdb") as stub:
                stub.begin(symbols.address("MmScanRanges"))
                shell.send(QUESTION + "\n")
                stub.arrive()
                stub.run_to(symbols.address("IofCompleteRequest"))
                space = Space(vtop_ranges(product, shell))
                verdicts = outside_verdicts(shell, space)
            shell.output(QUESTION)
            found = [it for it in records(shell.lines, "walk") if it.get("first")]
    return space, {**verdicts, "pagewalk ranges: all that a range has": by_kernel(found, space)}


def row(name: str, verdict: Verdict) -> str:
    counts = (verdict.asked, verdict.agree, verdict.explained.total(), len(verdict.differ))
    return f"{name:<42}" + "".join(f"{count:>11,}".replace(",", " ") for count in counts)


def report(format_: str, space: Space, verdicts: Mapping[str, Verdict]) -> str:
    title = f"{format_}: vtop --all, {len(space.ranges)} ranges, {sum(1 for _ in space.pages())} pages"
    lines = [f"{title:<42}{'asked':>11}{'agree':>11}{'explained':>11}{'differ':>11}"]
    for name, verdict in verdicts.items():
        lines.append(row(name, verdict))
        lines += [f"  explained: {kind} ({times})" for kind, times in verdict.explained.items()]
        lines += [f"  differs at {at:08X}: vtop says {space.at(at)}" for at in verdict.differ[:5]]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="build", help="the build's output folder (%(default)s)")
    product = Product(parser.parse_args().out)
    differ = 0
    for format_ in FORMATS:
        try:
            space, verdicts = all_verdicts(product, format_)
        except (FileNotFoundError, MachineError, ValueError) as error:
            print(f"compare: {error}", file=sys.stderr)
            return 1
        print(report(format_, space, verdicts), flush=True)
        differ += sum(len(it.differ) for it in verdicts.values())
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
