"""Broken boot modules end to end: the right message and NTSTATUS, never a crash."""
from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

from harness.pe import Image
from vmachine import DRIVER, Machine, Product, records, table
from vmachine.machine import EXIT_FAILURE, EXIT_SUCCESS

PROGRAM, LIBRARY = "VirtToPhys.exe", "user32.dll"
INVALID_IMAGE, NOT_MZ, NO_FILE = "C000007B", "C000012F", "C0000034"
NO_ENTRY_POINT, NO_DLL = "C0000139", "C0000135"
NO_DRIVER_ENTRY_POINT, NO_DRIVER_LIBRARY = "C0000263", "C000026C"
# RtlNtStatusToDosError
ERRORS = {INVALID_IMAGE: "193", NOT_MZ: "193", NO_FILE: "2", NO_DRIVER_ENTRY_POINT: "127", NO_DRIVER_LIBRARY: "2001"}
EXPORTS, IMPORTS, RELOCATIONS = 0, 1, 5  # data directories

Change = Callable[[Image], bytes]


def relocation_outside(image: Image) -> bytes:
    """The first relocation block moved beyond the image."""
    return image.changed(image.offset(image.directory(RELOCATIONS)[0]), "<I", image.size + 0x1000)


def overlapping_sections(image: Image) -> bytes:
    """The second section put where the first one is."""
    return image.changed(image.sections[1].header_offset + 12, "<I", image.sections[0].address)


def section_outside_file(image: Image) -> bytes:
    """The last section's bytes moved behind the file's end."""
    last = [section for section in image.sections if section.raw_size][-1]
    return image.changed(last.header_offset + 20, "<I", (len(image.data) + 0x1FF) & ~0x1FF)


def near_4_gib(image: Image) -> bytes:
    """The first section's size wraps around 32 bits."""
    return image.changed(image.sections[0].header_offset + 8, "<I", 0xFFFFF000)


def image_near_4_gib(image: Image) -> bytes:
    """SizeOfImage just below 4 GiB."""
    return image.changed(image.optional + 56, "<I", 0xFFFFF000)


def missing_import(image: Image) -> bytes:
    """One letter of the first imported name changed."""
    descriptor = image.offset(image.directory(IMPORTS)[0])
    names = image.offset(image.u32(descriptor))
    return image.changed(image.offset(image.u32(names)) + 2, "<c", b"?")


def missing_library(image: Image) -> bytes:
    """The first library's name changed."""
    descriptor = image.offset(image.directory(IMPORTS)[0])
    return image.changed(image.offset(image.u32(descriptor + 12)), "<c", b"?")


CHANGES: dict[str, tuple[Change, str]] = {
    "an empty file": (lambda image: b"", INVALID_IMAGE),
    "not MZ": (lambda image: image.changed(0, "<2s", b"ZM"), NOT_MZ),
    "truncated header": (lambda image: image.data[: image.nt + 40], INVALID_IMAGE),
    "truncated section": (lambda image: image.data[:-0x100], INVALID_IMAGE),
    "wrong machine": (lambda image: image.changed(image.nt + 4, "<H", 0x8664), INVALID_IMAGE),
    "section outside the file": (section_outside_file, INVALID_IMAGE),
    "overlapping sections": (overlapping_sections, INVALID_IMAGE),
    "size near 4 GiB": (near_4_gib, INVALID_IMAGE),
    "image size near 4 GiB": (image_near_4_gib, INVALID_IMAGE),
    "entry outside": (lambda image: image.changed(image.optional + 16, "<I", 0x7FFFFFFF), INVALID_IMAGE),
}
DRIVER_CHANGES = CHANGES | {
    "missing import": (missing_import, NO_DRIVER_ENTRY_POINT),
    "missing library": (missing_library, NO_DRIVER_LIBRARY),
    "relocation outside": (relocation_outside, INVALID_IMAGE),
}


def broken(product: Product, folder: Path, name: str, change: Change) -> dict[str, Path | None]:
    """The boot modules with one of them changed."""
    path = folder / name
    path.write_bytes(change(Image(product.image(name))))
    return {name: path}


def run(product: Product, instead: dict[str, Path | None]) -> list[str]:
    """The log of a boot that must fail in order: no table, no crash. The machine's success is the program's,
    which ends with 0 once it has said why it cannot go on."""
    with Machine(product.boot("exit", instead)) as machine:
        boxes = []
        for line in machine.follow():
            if line.startswith("[box] title="):
                boxes.append(line)
                machine.press("ret")
        assert machine.wait_exit() == (EXIT_SUCCESS if boxes else EXIT_FAILURE)
        assert not [line for line in machine.lines if line.startswith(("[bugcheck]", "[exception]"))]
        assert not table(machine.lines)
        return machine.lines


def statuses(lines: list[str], tag: str, **fields: str) -> list[str]:
    """The statuses of the records with this tag and these fields."""
    return [record["status"] for record in records(lines, tag)
            if all(record.get(key) == value for key, value in fields.items()) and "status" in record.fields]


def assert_driver_not_started(lines: list[str], status: str) -> None:
    """The image's own record, StartService's error and the tutorial's words, all for this status."""
    assert statuses(lines, "image", name=DRIVER) == [status]
    assert [it["error"] for it in records(lines, "scm") if it["call"] == "start"] == [ERRORS[status]]
    assert [box["line"] for box in records(lines, "box") if "line" in box.fields] == ["Can't start driver."]


@pytest.mark.parametrize("case", DRIVER_CHANGES)
def test_broken_driver(product: Product, tmp_path: Path, case: str) -> None:
    """`loading a broken image fails with the right NTSTATUS, never a crash`: the driver does not start."""
    change, status = DRIVER_CHANGES[case]
    assert_driver_not_started(run(product, broken(product, tmp_path, DRIVER, change)), status)


@pytest.mark.parametrize("case", CHANGES)
def test_broken_program(product: Product, tmp_path: Path, case: str) -> None:
    """A program that is no image: CreateProcess says ERROR_BAD_EXE_FORMAT."""
    change, status = CHANGES[case]
    lines = run(product, broken(product, tmp_path, PROGRAM, change))
    assert statuses(lines, "image", name=PROGRAM) == [status]
    assert [it["error"] for it in records(lines, "smss")] == [ERRORS[status]]
    assert f"{PROGRAM} cannot be started: error 193: {PROGRAM} is not a valid Win32 application." in lines


@pytest.mark.parametrize("case", CHANGES)
def test_broken_library(product: Product, tmp_path: Path, case: str) -> None:
    """A DLL that is no image: the program that needs it ends with the status of what is broken."""
    change, status = CHANGES[case]
    assert ends(run(product, broken(product, tmp_path, LIBRARY, change))) == [status]


@pytest.mark.parametrize("change, status", [(missing_import, NO_ENTRY_POINT), (missing_library, NO_DLL)])
def test_missing_import(product: Product, tmp_path: Path, change: Change, status: str) -> None:
    """A program that needs a function or a library that is not there ends with NT's status for that."""
    assert ends(run(product, broken(product, tmp_path, PROGRAM, change))) == [status]


def ends(lines: list[str]) -> list[str]:
    """The exit statuses of the program's processes."""
    return statuses(lines, "process", event="exit", name=PROGRAM)


def test_no_driver_file(product: Product) -> None:
    """No boot module of that name: STATUS_OBJECT_NAME_NOT_FOUND."""
    assert_driver_not_started(run(product, {DRIVER: None}), NO_FILE)


def test_no_program_file(product: Product) -> None:
    """No boot module of that name: ERROR_FILE_NOT_FOUND for who starts it."""
    lines = run(product, {PROGRAM: None})
    assert [it["error"] for it in records(lines, "smss")] == ["2"]
    assert f"{PROGRAM} cannot be started: error 2: The system cannot find the file specified." in lines


@pytest.mark.parametrize("name", ["user32.dll", "advapi32.dll"])
def test_no_library_file(product: Product, name: str) -> None:
    """The program that needs it ends with STATUS_DLL_NOT_FOUND, and the screen names the library."""
    lines = run(product, {name: None})
    assert ends(lines) == [NO_DLL]
    assert any(name.lower() in line.lower() and "cannot be started" in line for line in lines)


@pytest.mark.parametrize("name", ["kernel32.dll", "ntdll.dll", "smss.exe"])
def test_nothing_starts_without_it(product: Product, name: str) -> None:
    """What the first process needs: the screen says what is missing, and the machine ends as a failure."""
    lines = run(product, {name: None})
    assert any(name.lower() in line.lower() and "cannot be" in line for line in lines), lines[-6:]


@pytest.mark.parametrize("name, said", [
    ("nosuch.exe", ["nosuch.exe cannot be loaded (C0000034): there is no such file",
                    "nosuch.exe cannot be started: status C0000034."]),
    ("kernel32.dll", ["kernel32.dll cannot be loaded (C000007B): it is a library, not a program",
                      "kernel32.dll cannot be started: status C000007B."]),
    ("box.exe", ["box.exe has ended, and no other one is left: status 00000064."]),
])
def test_the_first_process_fails_in_words(product: Product, name: str, said: list[str]) -> None:
    """`init=` with what is missing, is no program, or ends with an error at once: the screen has its name, what
    failed and the status."""
    with Machine(product.boot(f"init={name}", {"box.exe": product.fixture("box.exe")})) as machine:
        machine.wait_for(r"^\[exit\] status=failure$")
        machine.wait_for("^It is now safe to switch off the computer")
        rows = machine.screen().text.splitlines()
    assert [text for text in said if not any(row.startswith(text) for row in rows)] == []
