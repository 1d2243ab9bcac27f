"""Images built by nothing but mingw-w64, outside this tree (tests/outside): they run as the shipped ones do."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Iterator

import pytest

from harness.box import as_written, box, module_rows
from harness.oracle import FIGURE, PAGE, first_page
from harness.walker import Walker
from vmachine import DRIVER, Machine, Product, records
from vmachine.machine import EXIT_SUCCESS

ROOT = Path(__file__).resolve().parents[2]
MINGW = os.environ.get("MINGW", "i686-w64-mingw32-")
WORDS = "exit"
BOX = r'^\[box\] title="'
PROGRAM = "VirtToPhys.exe"

# What stands in for the shipped images, by the folder it was built in.
EXE, ASM, SYS = {PROGRAM: "exe"}, {PROGRAM: "asm"}, {DRIVER: "sys"}
COMBINATIONS = {"exe": EXE, "sys": SYS, "exe and sys": EXE | SYS, "asm": ASM, "asm and sys": ASM | SYS}
PROGRAMS = {"exe": EXE, "asm": ASM}

# The tutorial's texts for failures; words for the kernel, and boot modules that are another or absent.
FAILURES: dict[str, tuple[str, dict[str, str | None]]] = {
    "Can't connect to Service Control Manager.": ("", {"services.exe": None}),
    "Can't register driver.": ("registry=taken", {}),
    "Can't start driver.": ("", {DRIVER: None}),
    "Device is not present.": ("", {DRIVER: "nolink.sys"}),
    "Can't send control code to device.": ("", {DRIVER: "refuse.sys"}),
}


def run(*command: str, **settings: object) -> str:
    """What a command prints. Nothing in the environment may lead a compiler to this tree."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, **settings)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout + done.stderr)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources outside the tree, with the images that `make` builds there."""
    folder = tmp_path_factory.mktemp("outside") / "course"
    shutil.copytree(ROOT / "tests" / "outside", folder)
    assert ROOT not in folder.resolve().parents
    run("make", f"MINGW={MINGW}", cwd=folder)
    return folder


@dataclass(frozen=True)
class Run:
    """A boot to the table and its OK: the log, and what stood in memory while the table was shown."""

    lines: list[str]
    box: list[str]  # its rows in VGA memory
    shown: list[tuple[str, ...]]  # the modules in them
    walked: list[tuple[str, ...]]  # the same by a walk of the process's page tables
    pages: dict[str, bytes]  # each image's first page, where the box says that it lies


def process_cr3(lines: list[str], program: str) -> int:
    """The page directory of the process that runs a program, once it was mapped."""
    return next(record.hex("cr3") for record in records(lines, "image") if record["name"] == program)


def look(machine: Machine) -> Run:
    """What is in memory while the box is on the screen."""
    with machine.frozen() as memory:
        walker = Walker(memory.read, process_cr3(machine.lines, PROGRAM), machine.registers()["CR4"])
        screen = machine.screen()
        shown = module_rows(screen)
        found = [(name, base, walker.translate(base)) for name, base, _ in FIGURE]
        walked = [as_written(name, base, it.physical) for name, base, it in found if it]
        pages = {name: memory.read(int(physical, 16), PAGE) for name, _, physical, _ in shown}
        return Run([], box(screen), shown, walked, pages)


def boot(product: Product, folder: Path, images: dict[str, str]) -> Run:
    """Boots with some images from outside, presses OK, and waits for the end."""
    instead: dict[str, Path | None] = {name: folder / which / name for name, which in images.items()}
    with Machine(product.boot(f"{WORDS} trace=irp", instead)) as machine:
        machine.wait_for(BOX + "Modules Base Address")
        seen = look(machine)
        machine.press("ret")
        assert machine.wait_exit() == EXIT_SUCCESS
        return replace(seen, lines=machine.lines)


@pytest.fixture(scope="module")
def ran(product: Product, outside: Path) -> Callable[[str], Run]:
    """A run of each combination, made once."""
    runs: dict[str, Run] = {}

    def of(which: str) -> Run:
        if which not in runs:
            runs[which] = boot(product, outside, COMBINATIONS.get(which, {}))
        return runs[which]

    return of


def inputs(folder: Path) -> Iterator[Path]:
    """Every file that a compiler or linker read there, by their own word."""
    for listing in folder.glob("*.d"):
        yield from (Path(word) for word in listing.read_text().replace("\\\n", " ").split(": ", 1)[1].split())
    for listing in folder.glob("*/*.inputs"):
        yield from (Path(line) for line in listing.read_text().splitlines() if line)


def toolchain() -> list[Path]:
    """The folders that the compiler searches by itself for headers and import libraries."""
    said = run(f"{MINGW}gcc", "-E", "-v", "-x", "c", "/dev/null")
    listed = said.split("search starts here:\n")[-1].split("End of search list")[0]
    headers = [Path(line.strip()) for line in listed.splitlines()]
    linked = [(folder / "windows.h").resolve().parent for folder in headers]  # Debian's are links to one place
    library = Path(run(f"{MINGW}gcc", "-print-file-name=libkernel32.a").strip())
    return [*linked, *(folder.resolve() for folder in [*headers, library.parent])]


def test_nothing_of_this_tree_was_read(outside: Path) -> None:
    """`built only with mingw and stock headers from outside this tree's headers`: by the compiler's lists of
    headers and the linker's of its inputs, in a folder that is not in the tree."""
    files = {(outside / path).resolve() for path in inputs(outside)}
    allowed = [outside.resolve(), *toolchain()]
    names = {path.name for path in files}
    assert {"windows.h", "winioctl.h", "winsvc.h", "ntddk.h", "libkernel32.a", "libntoskrnl.a"} <= names
    assert {"control.c", "driver.c", "virttophys.S"} <= names
    assert [path for path in files if not set(allowed) & set(path.parents)] == []
    assert [path for path in files if ROOT in path.parents] == []


def test_they_are_other_images(product: Product, outside: Path) -> None:
    """None is the shipped one under another path."""
    images = [*(outside / which / name for combination in (EXE, ASM, SYS) for name, which in combination.items()),
              product.image(PROGRAM), product.image(DRIVER)]
    assert len({path.read_bytes() for path in images}) == 5


@pytest.mark.parametrize("which", ["shipped", *COMBINATIONS])
def test_the_table_is_true(product: Product, outside: Path, ran: Callable[[str], Run], which: str) -> None:
    """The box in VGA memory has the addresses that the page tables have, and each image's first page lies
    there: of the file that was built outside, where it stands in."""
    run_ = ran(which)
    assert len(run_.walked) == 4 and run_.shown == run_.walked
    for name, page in run_.pages.items():
        folder = COMBINATIONS.get(which, {}).get(name)
        assert page == first_page(outside / folder / name if folder else product.image(name)), name


def without_addresses(rows: list[str]) -> list[str]:
    """A box's rows with an x for each digit of an address."""
    return [re.sub(r"[0-9A-F]{8}h( +\( [0-9 ]+ \))?", "x", row).replace(" ", "") for row in rows]


@pytest.mark.parametrize("which", COMBINATIONS)
def test_the_box_is_the_same(ran: Callable[[str], Run], which: str) -> None:
    """Title, headings, names and layout as the shipped program's."""
    assert without_addresses(ran(which).box) == without_addresses(ran("shipped").box)


IRP_FIELDS = ("event", "major", "driver", "location", "process", "code", "in", "out", "status", "information")


def irps(run_: Run) -> list[tuple[str | None, ...]]:
    """The requests to the driver's device, without what differs from run to run: addresses and times."""
    return [tuple(map(record.get, IRP_FIELDS)) for record in records(run_.lines, "irp")
            if record["device"] == "devVirtToPhys"]


@pytest.mark.parametrize("which", COMBINATIONS)
def test_the_same_irps(ran: Callable[[str], Run], which: str) -> None:
    """CREATE, DEVICE_CONTROL, CLEANUP and CLOSE, each down and up again, with the same parameters."""
    majors = [irp[1] for irp in irps(ran(which)) if irp[0] == "call"]
    assert majors == ["CREATE", "DEVICE_CONTROL", "CLEANUP", "CLOSE"]
    assert irps(ran(which)) == irps(ran("shipped"))


@pytest.mark.parametrize("which", COMBINATIONS)
def test_the_same_services(ran: Callable[[str], Run], which: str) -> None:
    """Register, start, stop, delete: the service control manager is asked the same and answers the same."""
    calls = [record.fields for record in records(ran(which).lines, "scm")]
    assert [call["call"] for call in calls] == ["open", "create", "start", "control", "delete"]
    assert calls == [record.fields for record in records(ran("shipped").lines, "scm")]


@pytest.mark.parametrize("which", [name for name, images in COMBINATIONS.items() if DRIVER in images])
def test_the_driver_ran(ran: Callable[[str], Run], which: str) -> None:
    """The driver from outside says the key that it was loaded for, as DriverEntry got it."""
    key = r"\Registry\Machine\System\CurrentControlSet\Services\VirtToPhys"
    assert [line for line in ran(which).lines if line.startswith("VirtToPhys: loaded for ")] == [
        f"VirtToPhys: loaded for {key}"]


def failure(product: Product, outside: Path, text: str, program: dict[str, str]) -> list[str]:
    """The [box] lines of a run that must fail with this text, which must stand on the screen as well."""
    words, modules = FAILURES[text]
    instead = {name: product.fixture(file) if file else None for name, file in modules.items()}
    instead |= {name: outside / which / name for name, which in program.items()}
    with Machine(product.boot(f"{WORDS} {words}", instead)) as machine:
        machine.wait_for(BOX)
        assert any(text in row for row in box(machine.screen()))
        machine.press("ret")
        assert machine.wait_exit() == EXIT_SUCCESS
        return [line for line in machine.lines if line.startswith("[box]")]


@pytest.mark.parametrize("which", PROGRAMS)
@pytest.mark.parametrize("text", FAILURES)
def test_failures_alike(product: Product, outside: Path, text: str, which: str) -> None:
    """Each of the five boxes, with its icon and button, as the shipped program shows it."""
    shown = failure(product, outside, text, PROGRAMS[which])
    assert f'[box] line="{text}"' in shown
    assert shown == failure(product, outside, text, {})
