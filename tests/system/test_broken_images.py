"""Broken boot modules end to end: the right message and NTSTATUS, never a crash."""
from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

from harness.pe import Image
from vmachine import DRIVER, PROGRAM_IMAGES, Machine, Product, records
from vmachine.machine import EXIT_FAILURE

INVALID_IMAGE, NOT_MZ, NO_FILE = "C000007B", "C000012F", "C0000034"
NO_ENTRY_POINT, NO_DLL = "C0000139", "C0000135"
NO_DRIVER_ENTRY_POINT, NO_DRIVER_LIBRARY = "C0000263", "C000026C"
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
PROGRAM_CHANGES = CHANGES | {
    "missing import": (missing_import, NO_ENTRY_POINT),
    "missing library": (missing_library, NO_DLL),
}


def broken(product: Product, folder: Path, name: str, change: Change) -> dict[str, Path | None]:
    """The boot modules with one of them changed."""
    path = folder / name
    path.write_bytes(change(Image(product.image(name))))
    return {name: path}


def run(product: Product, instead: dict[str, Path | None]) -> list[str]:
    """The log of a boot that must fail in order: no table, no crash, the status for failure."""
    with Machine(product.boot("exit", instead)) as machine:
        if machine.wait_for(r"^\[(box|exit)\]")[1] == "box":
            machine.press("ret")
        assert machine.wait_exit() == EXIT_FAILURE
        never = ("[bugcheck]", "[exception]", "[module]")
        assert not [line for line in machine.lines if line.startswith(never)]
        return machine.lines


def statuses(lines: list[str], tag: str, **fields: str) -> list[str]:
    """The statuses of the records with this tag and these fields."""
    return [record["status"] for record in records(lines, tag)
            if all(record.get(key) == value for key, value in fields.items()) and "status" in record.fields]


def assert_driver_not_started(lines: list[str], status: str) -> None:
    """The image's own record, the step `start` and the tutorial's words, all for this status."""
    assert statuses(lines, "image", name=DRIVER) == [status]
    assert statuses(lines, "client", step="start") == [status]
    assert [box.get("text") for box in records(lines, "box") if "text" in box.fields] == ["Can't start driver."]


@pytest.mark.parametrize("case", DRIVER_CHANGES)
def test_broken_driver(product: Product, tmp_path: Path, case: str) -> None:
    """`loading a broken image fails with the right NTSTATUS, never a crash`: the driver does not start."""
    change, status = DRIVER_CHANGES[case]
    assert_driver_not_started(run(product, broken(product, tmp_path, DRIVER, change)), status)


@pytest.mark.parametrize(
    "name, case",
    [
        *(("VirtToPhys.exe", case) for case in PROGRAM_CHANGES),
        *(("kernel32.dll", case) for case in CHANGES),
    ],
)
def test_broken_program(product: Product, tmp_path: Path, name: str, case: str) -> None:
    """A program or DLL that cannot be loaded: the program ends with the status of what is broken."""
    change, status = PROGRAM_CHANGES[case]
    lines = run(product, broken(product, tmp_path, name, change))
    assert statuses(lines, "process", name="VirtToPhys.exe") == [status]


def test_no_driver_file(product: Product) -> None:
    """No boot module of that name: STATUS_OBJECT_NAME_NOT_FOUND."""
    assert_driver_not_started(run(product, {DRIVER: None}), NO_FILE)


@pytest.mark.parametrize("name", PROGRAM_IMAGES)
def test_no_program_file(product: Product, name: str) -> None:
    """No boot module of that name: STATUS_OBJECT_NAME_NOT_FOUND for the file, and where that is a DLL,
    STATUS_DLL_NOT_FOUND for the program that needs it."""
    lines = run(product, {name: None})
    own = [record for record in records(lines, "image") if record["name"].lower() == name.lower()]
    assert [record.get("status") for record in own] == [NO_FILE]
    expected = NO_FILE if name == "VirtToPhys.exe" else NO_DLL
    assert statuses(lines, "process", name="VirtToPhys.exe") == [expected]


@pytest.mark.parametrize("name, other", [(DRIVER, "kernel32.dll"), (DRIVER, "VirtToPhys.exe"),
                                         ("VirtToPhys.exe", DRIVER), ("kernel32.dll", DRIVER)])
def test_image_of_another_kind(product: Product, name: str, other: str) -> None:
    """A sound image in the wrong place (a DLL as driver, a driver as program) is refused as well."""
    lines = run(product, {name: product.image(other)})
    if name == DRIVER:
        assert_driver_not_started(lines, INVALID_IMAGE)
    else:
        assert statuses(lines, "process", name="VirtToPhys.exe") == [INVALID_IMAGE]
