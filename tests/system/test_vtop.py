"""vtop: the walk on the host, against a second walker over hostile tables, and over our own machine."""
from __future__ import annotations

import bisect
import json
import random
import re
import struct
import subprocess
import time
from pathlib import Path
from typing import Iterator

import pytest

from harness.walker import Walker
from harness.walker_pae import ABSENT, FORMATS, Setting, Walk
from vmachine import SHOWN, Machine, Product, table

ALL, UNMAPPED, USE, IMAGE = range(4)  # exit statuses
PAGE = 4096
MEMORY = 64  # MiB
TIME_LIMIT = 120  # seconds
PAGES = 48  # of a hostile image
ROUNDS, ADDRESSES = 50, 5000  # 4 formats x 50 images x 5000 addresses: a million


@pytest.fixture(scope="session")
def vtop(product: Product) -> Path:
    return built(product, "vtop")


@pytest.fixture(scope="session")
def checked(product: Product) -> Path:
    """The same with the sanitizers."""
    return built(product, "vtop-checked")


def built(product: Product, name: str) -> Path:
    path = product.out / name
    if not path.exists():
        pytest.fail(f"{path} is not built; `make vtop` first", pytrace=False)
    return path


def run(vtop: Path, *words: object, status: int = ALL, text: str | None = None) -> str:
    done = subprocess.run([vtop, *map(str, words)], input=text, capture_output=True, text=True, timeout=TIME_LIMIT)
    assert done.returncode == status, f"exit {done.returncode}\n{done.stderr}{done.stdout[-2000:]}"
    return done.stdout


# ---- Hostile tables ----

def hostile_entry(chance: random.Random, wide: bool) -> int:
    """Mostly a present entry that leads to another page of the image; broken, absent, outside now and then."""
    luck = chance.random()
    flags = chance.getrandbits(12) & ~0x1E6 | chance.choice((0, 2, 4, 6, 6, 6)) | (luck < 0.95)
    entry = chance.randrange(PAGES + 2) << 12 | flags
    if luck < 0.25:
        entry |= 0x80
    if luck < 0.02:
        return chance.getrandbits(64 if wide else 32)
    if luck > 0.9:
        entry ^= 1 << chance.randrange(64 if wide else 32)
    if wide and chance.random() < 0.15:
        entry |= 1 << 63
    return entry


def hostile_image(chance: random.Random, wide: bool, absent: float = 0) -> bytearray:
    """Any page may be a directory, a table or data, and its own table too. `absent` is the share that is not there."""
    size = 8 if wide else 4
    pool = [hostile_entry(chance, wide) & ~(chance.random() < absent) for _ in range(4096)]
    entries = chance.choices(pool, k=PAGES * PAGE // size)
    return bytearray(struct.pack(f"<{len(entries)}{'Q' if wide else 'I'}", *entries))


def hostile_cr3(chance: random.Random, image: bytearray, wide: bool) -> int:
    """A directory, or four PDPTEs that are mostly sound: else every walk would end at the first level."""
    if not wide:
        return chance.randrange(PAGES) << 12 | chance.getrandbits(12)
    at = chance.randrange(len(image) // 32) * 32
    for slot in range(4):
        if chance.random() < 0.9:
            struct.pack_into("<Q", image, at + slot * 8, chance.randrange(PAGES) << 12 | 1 | chance.getrandbits(3) << 9)
    return at | chance.getrandbits(5)


def setting_words(it: Setting) -> list[str]:
    cr4 = {"32": 0, "pse": 0x10, "pae": 0x20, "nx": 0x20}[it.format] | it.smep << 20 | it.smap << 21
    words = ["--cr0", f"{0x80000000 | it.wp << 16:X}", "--cr3", f"{it.cr3:X}", "--cr4", f"{cr4:X}",
             "--efer", "800" if it.format == "nx" else "0", "--maxphyaddr", str(it.maxphyaddr)]
    return words + ["--ac"] * it.ac


@pytest.mark.parametrize("format_", FORMATS)
def test_hostile_tables(vtop: Path, tmp_path: Path, format_: str) -> None:
    """250000 addresses a format, a million in all: every level, the offending bits, six verdicts, the level that
    denies; equal to the other walker's, and each way to stop was taken often."""
    wide, stops = format_ in ("pae", "nx"), dict.fromkeys("MNRU", 0)
    for number in range(ROUNDS):
        chance = random.Random(f"{format_} {number}")
        image = hostile_image(chance, wide)
        setting = Setting(format_, hostile_cr3(chance, image, wide), chance.choice((32, 36, 38, 40, 46, 52)),
                          *(chance.random() < 0.5 for _ in range(4)))
        file = tmp_path / "image"
        file.write_bytes(image)
        addresses = [chance.getrandbits(32) for _ in range(ADDRESSES)]
        done = subprocess.run([vtop, *setting_words(setting), "--batch", "-", file], capture_output=True, text=True,
                              input="".join(f"{it:X}\n" for it in addresses), timeout=TIME_LIMIT)
        assert done.returncode in (ALL, UNMAPPED), done.stderr
        said, walk = done.stdout.splitlines(), Walk(bytes(image), setting)
        expected = [walk.line(it) for it in addresses]
        if said != expected:
            wrong = [pair for pair in zip(said, expected) if pair[0] != pair[1]]
            pytest.fail(f"{setting}: {len(said)} lines, {len(wrong)} differ\n" + "\n".join(map(str, wrong[:3])))
        for it in expected:
            stops[it[9]] += 1
    assert sum(stops.values()) == ROUNDS * ADDRESSES
    assert min(stops["M"], stops["N"], stops["U"]) > 1000, stops
    assert stops["R"] > 1000 or format_ == "32" and not stops["R"], stops


def covers(ranges: list[dict], address: int) -> dict | None:
    """The one of the sorted ranges that holds the address."""
    at = bisect.bisect(ranges, address, key=lambda it: it["first"]) - 1
    return ranges[at] if at >= 0 and address <= ranges[at]["last"] else None


def edges(chance: random.Random, ranges: list[dict]) -> set[int]:
    """The addresses at and beside both ends of a thousand ranges, and three thousand others."""
    chosen = chance.sample(ranges, min(len(ranges), 1000))
    near = {end + more for it in chosen for end in (it["first"], it["last"]) for more in (-1, 0, 1)}
    return {it for it in near if 0 <= it < 1 << 32} | {chance.getrandbits(32) for _ in range(3000)}


def letters(words: list[str]) -> str:
    """What three verdicts allow, as vtop writes it."""
    return "".join(kind if word == "-" else "-" for kind, word in zip("rwx", words))


@pytest.mark.parametrize("format_", FORMATS)
def test_ranges_of_hostile_tables(checked: Path, tmp_path: Path, format_: str) -> None:
    """--all says of each address, at the edges and at random, what a walk says; and no two ranges are one."""
    chance = random.Random(format_)
    wide = format_ in ("pae", "nx")
    image = hostile_image(chance, wide, 0.85)
    # Runs of good entries, so that ranges grow: to the end of the frames, and what follows is broken, or frame 0.
    for page in range(0, PAGES, 3):
        size, base = (8, 0xFFFFF8) if wide else (4, 0xFFFF0)
        entries = [(base + at) % (1 << 52 if wide else 1 << 20) << 12 | 7 for at in range(PAGE // size)]
        image[page * PAGE : (page + 1) * PAGE] = struct.pack(f"<{len(entries)}{'Q' if wide else 'I'}", *entries)
    setting = Setting(format_, hostile_cr3(chance, image, wide), 36, wp=True, smep=True, smap=True)
    file = tmp_path / "image"
    file.write_bytes(image)
    ranges = json.loads(run(checked, *setting_words(setting), "--all", "--json", file))
    walk = Walk(bytes(image), setting)
    assert len(ranges) > 5
    for address in edges(chance, ranges):
        _, stop, size, physical, _, *words = walk.line(address).split()
        found = covers(ranges, address)
        assert (found is None) == (stop == ABSENT), f"{address:08X}"
        if not found:
            continue
        assert found["stop"] == {"M": "mapped", "R": "reserved bit", "U": "unreadable"}[stop]
        assert found["page"] == int(size, 16)
        if stop == "M":
            assert found["physical"] + address - found["first"] == int(physical, 16), f"{address:08X}"
            assert (found["cpl0"], found["cpl3"]) == (letters(words[:3]), letters(words[3:6]))
    for one, other in zip(ranges, ranges[1:]):
        assert one["last"] < other["first"]
        together = one["last"] + 1 == other["first"] and all(
            one[key] == other[key] for key in ("stop", "page", "user", "write", "no_execute", "global"))
        assert not together or one["physical"] + other["first"] - one["first"] != other["physical"]


@pytest.mark.parametrize("format_", FORMATS)
def test_reverse_and_comparison_of_hostile_tables(checked: Path, tmp_path: Path, format_: str) -> None:
    """--frame finds what --all has, and only that; --compare is silent of a space and itself, and else right."""
    chance = random.Random(f"reverse {format_}")
    wide = format_ in ("pae", "nx")
    image = hostile_image(chance, wide, 0.85)
    file = tmp_path / "image"
    setting = Setting(format_, hostile_cr3(chance, image, wide), 36)
    other = Setting(format_, hostile_cr3(chance, image, wide), 36)
    file.write_bytes(image)
    words = setting_words(setting)
    ranges = json.loads(run(checked, *words, "--all", "--json", file))
    mapped = [it for it in ranges if it["stop"] == "mapped"]
    for it in chance.sample(mapped, 10):
        frame = it["physical"] + 0x123
        expected = [r["first"] + frame - r["physical"] for r in mapped
                    if 0 <= frame - r["physical"] <= r["last"] - r["first"]]
        assert json.loads(run(checked, *words, "--frame", f"{frame:X}", "--json", file)) == expected
    run(checked, *words, "--compare", f"{setting.cr3:X}", file)
    differences = json.loads(run(checked, *words, "--compare", f"{other.cr3:X}", "--json", file, status=UNMAPPED))
    walks = [Walk(bytes(image), it) for it in (setting, other)]
    for address in edges(chance, differences):
        # stop, size, physical, and the rights of both askers
        lines = [line_facts(walk.line(address)) for walk in walks]
        assert (covers(differences, address) is not None) == (lines[0] != lines[1]), f"{address:08X} {lines}"


def line_facts(line: str) -> tuple[object, ...]:
    _, stop, size, physical, _, *rest = line.split()
    return (stop, size, physical, letters(rest[:3]), letters(rest[3:6]))


# ---- Our own machine ----

@pytest.fixture(scope="module")
def machine(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with the table on its screen, and a second QMP socket for vtop."""
    socket = tmp_path_factory.mktemp("qmp") / "qmp"
    extra = ("-qmp", f"unix:{socket},server=on,wait=off")
    with Machine(product.boot("", memory=MEMORY, extra=extra)) as machine:
        machine.socket = socket
        machine.wait_for(SHOWN)
        yield machine


def sources(machine: Machine, folder: Path) -> dict[str, list[object]]:
    """The machine's memory in three ways, as vtop's words. It must be halted."""
    raw, core = folder / "raw", folder / "core"
    machine.qmp.execute("pmemsave", val=0, size=MEMORY << 20, filename=str(raw))
    machine.qmp.execute("dump-guest-memory", paging=False, protocol=f"file:{core}")
    return {"raw": ["--cr3", f"{machine.registers()['CR3']:X}", raw], "core": [core], "live": ["--qmp", machine.socket]}


def test_our_machine(vtop: Path, machine: Machine, tmp_path: Path) -> None:
    """The modules' rows, by a raw image, a core and the live machine: as the screen says, and gva2gpa."""
    with machine.frozen():
        for name, words in sources(machine, tmp_path).items():
            rows = table(machine.lines)
            answers = json.loads(run(vtop, "--json", *words, *(f"{row.virtual:08X}h" for row in rows)))
            assert len(rows) >= 4
            for row, answer in zip(rows, answers):
                assert answer["physical"] == row.physical == machine.gva2gpa(row.virtual), name
                assert answer["cpl3"]["read"]["allowed"] and answer["page"] == PAGE
                assert answer["cpl3"]["write"] == {"allowed": False, "error": 7, "level": "PTE"}


def monitor_ranges(machine: Machine) -> list[tuple[int, int, str]]:
    """`info mem`: first, end, rights as u (or -), r, w; neighbours with equal rights are one."""
    found = re.findall(r"^([0-9a-f]{16})-([0-9a-f]{16}) [0-9a-f]{16} ([u-])r([w-])$",
                       machine.qmp.monitor("info mem"), re.M)
    return merged((int(first, 16), int(end, 16), user + write) for first, end, user, write in found)


def merged(ranges: Iterator[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    joined: list[tuple[int, int, str]] = []
    for first, end, rights in ranges:
        if joined and joined[-1][1:] == (first, rights):
            first = joined.pop()[0]
        joined.append((first, end, rights))
    return joined


def test_all_of_our_machine(vtop: Path, machine: Machine, tmp_path: Path) -> None:
    """--all, three ways, is what `info mem` says, and what the harness's 32-bit walker finds page by page."""
    with machine.frozen() as memory:
        walker = Walker(memory.read, machine.registers()["CR3"])
        pages = {it.virtual: it for it in walker.pages()}
        answers = []
        for words in sources(machine, tmp_path).values():
            ranges = json.loads(run(vtop, "--json", "--all", *words))
            answers.append([{k: v for k, v in it.items() if k != "global"} for it in ranges])
            assert merged((it["first"], it["last"] + 1, "u-"[not it["user"]] + "-w"[it["write"]])
                          for it in ranges) == monitor_ranges(machine)
        assert answers[0] == answers[1] == answers[2]
        for it in answers[0]:
            for at in range(it["first"], it["last"] + 1, it["page"]):
                page = pages.pop(at)
                assert page.physical == it["physical"] + at - it["first"]
                assert (page.user, page.writable, page.size) == (it["user"], it["write"], it["page"])
        assert not pages


def test_the_live_machine_goes_on(vtop: Path, machine: Machine) -> None:
    """vtop leaves a machine that ran running, and one that was halted halted."""
    run(vtop, "--qmp", machine.socket, "80100000")
    assert machine.qmp.execute("query-status")["running"]
    with machine.frozen():
        run(vtop, "--qmp", machine.socket, "80100000")
        assert not machine.qmp.execute("query-status")["running"]


def test_a_large_image_is_quick(vtop: Path, machine: Machine, tmp_path: Path) -> None:
    """--all over 256 MiB: under 50 ms where the host is idle; the test leaves a loaded one ten times that."""
    with machine.frozen():
        raw = sources(machine, tmp_path)["raw"]
        with Path(raw[2]).open("r+b") as file:
            file.truncate(256 << 20)
        begin = time.monotonic()
        run(vtop, "--all", *raw)
        assert time.monotonic() - begin < 0.5


# ---- What is not right ----

def failure(vtop: Path, *words: object, status: int) -> str:
    """The first line of what vtop says on the error output, for this exit status; on the output nothing."""
    done = subprocess.run([vtop, *map(str, words)], capture_output=True, text=True, timeout=TIME_LIMIT)
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    return done.stderr.splitlines()[0]


WRONG_USE = [
    ([], "FILE is missing"),
    (["{raw}", "0"], "the image does not say where its tables are: --cr3 is needed"),
    (["{raw}", "--cr3", "0"], "nothing is asked"),
    (["{raw}", "--cr3", "0", "--all", "77E40000"], "one question at a time"),
    (["{raw}", "--cr3", "0", "hello"], "no 32-bit address: hello"),
    (["{raw}", "--cr3", "0", "123456789"], "no 32-bit address: 123456789"),
    (["{raw}", "--cr3", "0x1FFFFFFFF", "0"], "--cr3 is no 32-bit number: 0x1FFFFFFFF"),
    (["{raw}", "--cr3", "0", "--format", "la57", "0"], "--format is 32, pse, pae or nx, not: la57"),
    (["{raw}", "--cr3", "0", "--maxphyaddr", "53", "0"], "--maxphyaddr is not 32 to 52: 53"),
    (["{raw}", "--cr3", "0", "--maxphyaddr", "31", "0"], "--maxphyaddr is not 32 to 52: 31"),
    (["{raw}", "--cr3", "0", "--cpu", "1", "0"], "the image has no such CPU: 1"),
]


@pytest.mark.parametrize("words, said", WRONG_USE)
def test_wrong_use(checked: Path, tmp_path: Path, words: list[str], said: str) -> None:
    raw = tmp_path / "raw"
    raw.write_bytes(bytes(PAGE))
    assert failure(checked, *(word.format(raw=raw) for word in words), status=USE) == f"vtop: {said}"


def test_files_that_are_none(checked: Path, tmp_path: Path) -> None:
    """What is missing, empty, short, a folder, an ELF file of another kind."""
    short, empty = tmp_path / "short", tmp_path / "empty"
    short.write_bytes(bytes(PAGE + 1))
    empty.write_bytes(b"")
    for path, said in [
        (tmp_path / "none", "No such file or directory"), (empty, "the file is empty"), (tmp_path, "it is no plain file"),
        (short, "it is neither an ELF core nor whole pages of raw memory"),
        (checked, "it is an ELF file, but no core of a machine's memory"),
    ]:
        assert failure(checked, "--cr3", "0", path, "0", status=IMAGE) == f"vtop: {path}: {said}"
    assert failure(checked, "--qmp", tmp_path / "none", "0", status=IMAGE).endswith("No such file or directory")


def test_cores_that_are_cut(checked: Path, machine: Machine, tmp_path: Path) -> None:
    """A core shortened anywhere in its memory or before is an error in words; changed bytes never end in a crash."""
    with machine.frozen():
        core = Path(sources(machine, tmp_path)["core"][0])
    data = core.read_bytes()
    for size in [*range(4, 1200, 13), len(data) // 2, len(data) - PAGE]:
        core.write_bytes(data[:size])
        assert failure(checked, core, "80100000", status=IMAGE).startswith(f"vtop: {core}: ")
    chance = random.Random(1)
    for _ in range(200):  # and with bytes of its head changed
        broken = bytearray(data[: 1 << 20])
        for _ in range(4):
            broken[chance.randrange(1500)] = chance.getrandbits(8)
        core.write_bytes(broken)
        done = subprocess.run([checked, core, "80100000"], capture_output=True, text=True, timeout=TIME_LIMIT)
        assert done.returncode in (ALL, UNMAPPED, USE, IMAGE) and "Sanitizer" not in done.stderr, done.stderr
