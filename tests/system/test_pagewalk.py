"""pagewalk.exe and its driver: each figure against another walk over the memory of the same moment.

The machine stops where the driver completes its request: the tables are then those that were read."""
from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import pytest

from harness.checks import run_checks
from harness.shell import Shell
from harness.stub import Stub, with_stub
from harness.walker_pae import Setting, Walk
from vmachine import Product, Record, records
from vmachine.symbols import kernel_symbols

MEMORY = 32  # MiB: an image of it is taken at each question
PAGE = 4096
COLUMNS = 80
FORMATS = {"pse": ("", {}), "32": ("paging=32", {}), "pae": ("paging=pae", {}), "nx": ("paging=pae", {"cpu": "max"})}
NAMES = ("cmd.exe", "smss.exe", "System")
KINDS = ("read", "write", "fetch")
# Nothing, the program, ntdll's text, a TEB, shared data, the kernel and a page of its own, the tables, system PTEs.
ADDRESSES = (0, 0x400000, 0x401234, 0x77F41000, 0x7FFDE018, 0x7FFE0000, 0x80000FFF, 0x80100000, 0x801FFFFC,
             0x9FFFFFFF, 0xA0000000, 0xC0000000, 0xC0300C00, 0xE0001234, 0xF0000000, 0xFFDF0000, 0xFFFFFFFF)
NTDLL_TEXT = 0x77F41000
REASONS = {"absent": "not present", "broken": "a reserved bit", "not-user": "U/S=0", "read-only": "R/W=0", "not-execute": "XD=1",
           "smep": "SMEP: a user page", "smap": "SMAP: a user page"}


@dataclass(frozen=True)
class Page:
    """Where a page of any size leads, and what it allows."""

    physical: int
    size: int
    user: bool
    write: bool
    no_execute: bool
    is_global: bool
    cpl0: str
    cpl3: str

    def at(self, offset: int) -> Page:
        return Page(self.physical + offset, *list(vars(self).values())[1:])


class Moment:
    """The machine's memory and control registers, as they are now."""

    def __init__(self, shell: Shell):
        text = shell.qmp.monitor("info registers")
        self.cr0, self.cr4 = (int(re.search(rf"{name}=([0-9a-f]+)", text)[1], 16) for name in ("CR0", "CR4"))
        self.efer = int(re.search(r"EFER=([0-9a-f]+)", text)[1], 16)
        self.memory = shell.pmemsave(0, MEMORY << 20)

    @property
    def format(self) -> str:
        if not self.cr4 & 1 << 5:
            return "pse" if self.cr4 & 1 << 4 else "32"
        return "nx" if self.efer & 1 << 11 else "pae"

    def walk(self, cr3: int) -> Walk:
        return Walk(self.memory, Setting(self.format, cr3, 36, bool(self.cr0 & 1 << 16), bool(self.cr4 & 1 << 20),
                                         bool(self.cr4 & 1 << 21)))

    def pages(self, cr3: int) -> dict[int, Page]:
        """Every mapped page by its address; absent tables are skipped."""
        walk, found, at = self.walk(cr3), {}, 0
        spans = [level.shift for level in walk.levels]
        while at < 1 << 32:
            _, stop, size, physical, _, *rest = walk.line(at).split()
            entries = [int(word.split("=")[1], 16) for word in rest[6:]]
            if stop == "M":
                found[at] = self._page(int(size, 16), int(physical, 16), rest[:6], entries)
            at += int(size, 16) if stop == "M" else 1 << spans[len(entries) - 1]
        return found

    def _page(self, size: int, physical: int, words: list[str], entries: list[int]) -> Page:
        rights = entries[1:] if self.format in ("pae", "nx") else entries
        letters = ["".join(kind if word == "-" else "-" for kind, word in zip("rwx", words[at : at + 3])) for at in (0, 3)]
        return Page(physical, size, all(it & 4 for it in rights), all(it & 2 for it in rights),
                    any(it >> 63 for it in rights), bool(entries[-1] & 1 << 8 and self.cr4 & 1 << 7), *letters)


# ---- The guest ----

@pytest.fixture(scope="module", params=FORMATS)
def shell(request: pytest.FixtureRequest, product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A machine of each format of its page tables, at cmd's prompt."""
    words, settings = FORMATS[request.param]
    socket = tmp_path_factory.mktemp("gdb") / "gdb"
    shell = Shell(product, words, memory=MEMORY, **settings)
    shell.boot, shell.socket, shell.format = with_stub(shell.boot, socket), socket, request.param
    with shell:
        yield shell


def spaces(lines: list[str]) -> dict[int, tuple[str, int]]:
    """Name and CR3 of each process that lives, by id."""
    found = {8: ("System", next(records(lines, "mem")).hex("cr3"))}
    for it in records(lines, "process"):
        if it.get("event") == "create":
            found[int(it["id"])] = (it["name"], it.hex("cr3"))
        elif it.get("event") == "exit":
            found.pop(int(it["id"]), None)
    return found


def id_of(shell: Shell, name: str) -> int:
    return next(id_ for id_, (its, _) in spaces(shell.lines).items() if its == name)


@dataclass
class Answer:
    """What a command said, on the screen and in the log, and the moment of its answer."""

    shown: list[str]
    records: list[Record]
    moment: Moment
    spaces: dict[int, tuple[str, int]]


@contextmanager
def completed(shell: Shell, product: Product, export: str, command: str) -> Iterator[None]:
    """The machine stands where the driver completes the request for which it called this export."""
    symbols = kernel_symbols(product.out)
    with Stub(shell.socket) as stub:
        stub.begin(symbols.address(export))
        shell.send(command + "\n")
        stub.arrive()
        stub.run_to(symbols.address("IofCompleteRequest"))
        yield


def ask(shell: Shell, product: Product, export: str, words: str) -> Answer:
    """One question that one answer is enough for."""
    first, command = len(shell.lines), f"pagewalk {words}"
    with completed(shell, product, export, command):
        moment = Moment(shell)
    assert moment.format == shell.format
    shown = shell.output(command)
    log = shell.lines[first:]
    exits = next(at for at, line in enumerate(shell.lines) if at >= first and line.startswith("[walk]"))
    assert all(len(line) <= COLUMNS - 1 for line in shown)
    return Answer(shown, list(records(log, "walk")), moment, spaces(shell.lines[:exits]))


# ---- Records ----

def expected_line(record: Record, verdicts: dict[tuple[str, str], Record], levels: list[Record]) -> str:
    """The guest's record as the second walker writes its own."""
    stop = {"mapped": "M", "not present": "N", "reserved bit": "R", "unreadable": "U"}[record["stop"]]
    names = [it["level"] for it in levels]
    words = []
    for cpl in ("0", "3"):
        for kind in KINDS:
            it = verdicts[cpl, kind]
            words.append("-" if it["error"] == "-" else f"{it.hex('error'):X}@{names.index(it['level'])}")
    trail = "".join(f" {it.hex('at'):X}={it.hex('entry'):X}" for it in levels)
    return (f"{record['address']} {stop} {int(record['page']):X} {record.hex('physical'):X} {record.hex('broken'):X} "
            f"{' '.join(words)}{trail}")


def judge_record(answer: Answer, id_: int, address: int) -> None:
    """Every figure in the log is the second walker's; the screen has the same."""
    head = answer.records[0]
    levels = [it for it in answer.records if it.get("at")]
    verdicts = {(it["cpl"], it["access"]): it for it in answer.records if it.get("access")}
    assert (int(head["process"]), head.hex("address"), head.hex("cr3")) == (id_, address, answer.spaces[id_][1])
    assert {"32": "32", "pse": "pse", "pae": "pae", "nx": "pae"}[answer.moment.format] == head["format"]
    assert expected_line(head, verdicts, levels) == answer.moment.walk(head.hex("cr3")).line(address)
    shown = "\n".join(answer.shown)
    for it in levels:
        assert re.search(rf"^{it['level']} +{it['at']}  {it['entry']}  ", shown, re.M), shown
    for kind in KINDS:
        cells = re.search(rf"^{kind} +(yes|#PF .+?)  +(yes|#PF .+)$", shown, re.M)
        for cell, cpl in zip(cells.groups(), ("0", "3")):
            it = verdicts[cpl, kind]
            said = "yes" if it["error"] == "-" else f"#PF {it['error']}: {it['level']}, {REASONS[it['reason']]}"
            assert cell == said
    if head["stop"] == "mapped":
        assert f"Physical address {head['physical']}, in a " in shown


@pytest.mark.parametrize("name", NAMES)
def test_records(shell: Shell, product: Product, name: str) -> None:
    """`full record ... in any process`: levels, raw values, address, rights, six verdicts and the level that denies."""
    id_ = id_of(shell, name)
    for address in ADDRESSES:
        judge_record(ask(shell, product, "MmWalkAddress", f"{address:X} {id_}"), id_, address)


def test_the_callers_record(shell: Shell, product: Product) -> None:
    """Without PID it is pagewalk's own process, which maps its program."""
    answer = ask(shell, product, "MmWalkAddress", "0x00401000")
    id_ = max(answer.spaces)
    assert answer.spaces[id_][0] == "pagewalk.exe" and answer.records[0]["stop"] == "mapped"
    judge_record(answer, id_, 0x401000)


# ---- Ranges ----

def range_page(it: Record) -> Page:
    flags = [it[key] == "1" for key in ("user", "write", "no_execute", "global")]
    return Page(it.hex("physical"), int(it["page"]), *flags, it["cpl0"], it["cpl3"])


def expected_ranges(pages: dict[int, Page]) -> list[tuple[int, int, Page]]:
    """Pages that go on alike as one, in order."""
    joined: list[tuple[int, int, Page]] = []
    for at, page in sorted(pages.items()):
        if joined:
            first, last, begin = joined[-1]
            if last + 1 == at and begin.at(at - first) == page:
                joined[-1] = (first, at + page.size - 1, begin)
                continue
        joined.append((at, at + page.size - 1, page))
    return joined


@pytest.mark.parametrize("name", NAMES)
def test_ranges(shell: Shell, product: Product, name: str) -> None:
    """`the compressed scan of a space`: exactly what the second walker finds, page by page."""
    id_ = id_of(shell, name)
    answer = ask(shell, product, "MmScanRanges", f"ranges {id_}")
    found = [(it.hex("first"), it.hex("last"), range_page(it)) for it in answer.records if it.get("first")]
    expected = expected_ranges(answer.moment.pages(answer.spaces[id_][1]))
    assert found == expected and len(found) > 5
    assert answer.records[-1]["ranges"] == str(len(found)) and answer.shown[-1] == f"{len(found)} ranges"
    assert len(answer.shown) == len(found) + 2
    for line, (first, last, page) in zip(answer.shown[1:], found):
        size = f"{page.size >> 10} KiB" if page.size < 1 << 20 else f"{page.size >> 20} MiB"
        assert line.split() == [f"{first:08X}", f"{last:08X}", f"{page.physical:08X}", *size.split(),
                                "user" if page.user else "supervisor", page.cpl0, page.cpl3,
                                *["global"] * page.is_global]


# ---- Frames ----

def expected_mappings(answer: Answer, physical: int) -> set[tuple[int, int]]:
    found = set()
    for id_, (_, cr3) in answer.spaces.items():
        for at, page in answer.moment.pages(cr3).items():
            if 0 <= physical - page.physical < page.size:
                found.add((id_, at + physical - page.physical))
    return found


def test_a_shared_frame(shell: Shell, product: Product) -> None:
    """`which addresses in which processes map a frame`: ntdll's text is in every process of ring 3, and the
    kernel's own map has it too; a frame that nobody has is found in that alone."""
    cr3 = spaces(shell.lines)[id_of(shell, "cmd.exe")][1]
    with shell.frozen():
        physical = Moment(shell).pages(cr3)[NTDLL_TEXT].physical + 0x123
    for at in (physical, (MEMORY << 20) - 1):
        answer = ask(shell, product, "MmFindMappings", f"frame {at:X}")
        found = [(int(it["process"]), it.hex("maps")) for it in answer.records if it.get("maps")]
        assert set(found) == expected_mappings(answer, at) and len(found) == len(set(found))
        assert found == sorted(found)
        everybody = {(id_, NTDLL_TEXT + 0x123) for id_ in answer.spaces if id_ != 8}
        assert everybody <= set(found) if at == physical else not everybody & set(found)
        assert len(everybody) >= 4
        assert answer.shown[1:-1] == [f"{id_:7}  {address:08X}" for id_, address in found]


# ---- Comparison ----

def small_pages(pages: dict[int, Page], low: int, last: int) -> dict[int, Page]:
    """The pages of a stretch in pieces of 4 KiB."""
    return {at + offset: page.at(offset) for at, page in pages.items() if at <= last and at + page.size > low
            for offset in range(0, page.size, PAGE) if low <= at + offset <= last}


def expected_difference(one: dict[int, Page], other: dict[int, Page]) -> dict[int, tuple[Page | None, Page | None]]:
    """Each 4 KiB that is not the same in both."""
    unequal = {at for at in {*one, *other} if one.get(at) != other.get(at)}
    found = {}
    for at in unequal:
        last = at + max(it.size for it in (one.get(at), other.get(at)) if it) - 1
        sides = [small_pages(it, at, last) for it in (one, other)]
        found |= {page: (sides[0].get(page), sides[1].get(page)) for page in {*sides[0], *sides[1]}
                  if sides[0].get(page) != sides[1].get(page)}
    return found


@pytest.mark.parametrize("names", [("cmd.exe", "smss.exe"), ("smss.exe", "System"), ("cmd.exe", "cmd.exe")])
def test_comparison(shell: Shell, product: Product, names: tuple[str, str]) -> None:
    """`comparison of two processes' spaces`: page by page what the host finds, and nothing for a space and itself."""
    one, other = (id_of(shell, name) for name in names)
    answer = ask(shell, product, "MmCompareSpaces", f"compare {one} {other}")
    sides = [it for it in answer.records if it.get("side")]
    found: dict[int, tuple[Page | None, Page | None]] = {}
    last = -1
    for left, right in zip(sides[::2], sides[1::2]):
        assert (left["side"], right["side"]) == ("1", "2")
        assert (left["first"], left["last"]) == (right["first"], right["last"]) and left.hex("first") > last
        first, last = left.hex("first"), left.hex("last")
        pages = [None if it.get("absent") else range_page(it) for it in (left, right)]
        for at in range(first, last + 1, PAGE):
            found[at] = tuple(page and page.at(at - first) for page in pages)
    expected = expected_difference(*(answer.moment.pages(answer.spaces[id_][1]) for id_ in (one, other)))
    assert found == expected and bool(found) == (one != other)
    assert answer.shown[-1] == f"{len(sides) // 2} differences" and len(answer.shown) == len(sides) // 2 + 2


# ---- Bytes ----

@pytest.mark.parametrize("physical, count", [(0x100000, 256), (0x101FF7, 33), (0xB8000, 160), (0x1000, 16), (0x1FDFFF0, 16)])
def test_bytes(shell: Shell, product: Product, physical: int, count: int) -> None:
    """`read-only physical reads of RAM`, and of the screen's text."""
    answer = ask(shell, product, "MmReadPhysicalMemory", f"bytes {physical:X} {count}")
    rows = [it for it in answer.records if it.get("bytes")]
    data = b"".join(bytes.fromhex(it["bytes"]) for it in rows)
    assert [it.hex("at") for it in rows] == list(range(physical, physical + count, 16))
    assert data == answer.moment.memory[physical : physical + count]
    assert any(data) or physical in (0x1000, 0x1FDFFF0)  # where nobody has written
    for line, it in zip(answer.shown, rows):
        assert line.startswith(f"{it['at']}  {it['bytes']}")


NO_RAM = "pagewalk: not all of that is RAM or the screen's text."
NO_PROCESS = "pagewalk: there is no such process; tasklist lists them."


@pytest.mark.parametrize("words", [
    "bytes 0 1", "bytes A0000 1", "bytes B7FFF 2", "bytes B8FFF 2", "bytes B9000 1", "bytes F0000 16", "bytes FFFFF 1",
    "bytes 1FDFFF0 17", "bytes 1FFFFFF 1", "bytes 2000000 1", "bytes 20000000 4096", "bytes FEE00000 4", "bytes FFFFFFFF 2",
    "bytes 100000000 1", "bytes FFFFFFFFFFFFF 1", "400000 9999", "ranges 9999", "compare 8 9999", "compare 9999 8",
])
def test_refusals(shell: Shell, words: str) -> None:
    """`only usable RAM frames and the VGA text page, never MMIO`; and no process of that id."""
    assert shell.run(f"pagewalk {words}") == [NO_RAM if words.startswith("bytes") else NO_PROCESS]


@pytest.mark.parametrize("words", [
    "", "hello", "400000 x", "400000 0", "400000 8 8", "123456789", "ranges x", "ranges 8 8", "frame", "frame x",
    "frame 10000000000000", "compare 8", "compare 8 x", "compare 8 8 8", "bytes 100000", "bytes 100000 0",
    "bytes 100000 65537", "bytes x 1",
])
def test_wrong_words(shell: Shell, words: str) -> None:
    said = shell.run(f"pagewalk {words}".strip())
    assert said[0].startswith("Usage: pagewalk ADDRESS [PID]") and all(len(line) < COLUMNS for line in said)


def test_nothing_stays(shell: Shell) -> None:
    """The service, the driver and its device are gone; a service that was there stays, and runs if it did."""
    shell.run("pagewalk 400000")
    assert shell.run("sc query") == ["There are no services."]
    assert not any("agewalk" in line.lower() for line in shell.run("objdir \\Device") + shell.run("objdir \\Driver"))
    shell.run("sc create PageWalk binPath= C:\\pagewalk.sys")
    for state, before in (("STOPPED", None), ("RUNNING", "sc start PageWalk")):
        if before:
            shell.run(before)
        assert shell.run("pagewalk 400000")[0].startswith("Address 00400000 of process ")
        assert re.search(rf"PageWalk +\S+ +{state}", "\n".join(shell.run("sc query")))
    shell.run("sc stop PageWalk")
    shell.run("sc delete PageWalk")


# ---- The driver, as a careless or hostile program meets it ----

@pytest.mark.parametrize("words", sorted({words for words, _ in FORMATS.values()}))
def test_every_status(product: Product, words: str) -> None:
    """`all sizes checked`, and members, processes, pointers, rights: walks.exe knows what each must say. Answers
    that are taken record by record are those of one question."""
    run_checks(product, "walks.exe", 25, words)
