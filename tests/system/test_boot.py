"""From firmware to the table: the loaders, the command line, memory sizes, and the rights of every page."""
from __future__ import annotations

import struct
from pathlib import Path
from typing import Callable

import pytest

from harness.loader import move_tables, waiting
from harness.oracle import first_page, process_walker
from harness.pe import Image
from harness.shell import PROMPT
from harness.walker import PAGE, Walker
from vmachine import PROGRAM_IMAGES, SHOWN, Boot, Machine, Product, records, table
from vmachine.symbols import kernel_symbols

CR0_WP, CR0_PG = 1 << 16, 1 << 31
USER_END, KERNEL_BASE = 0x7FFF0000, 0x80000000
SELF_MAP, DIRECTORY, PAE_DIRECTORIES = 0xC0000000, 0xC0300000, 0xC0600000
FRAMES = 0x20000  # that the frame allocator knows: 512 MiB
SPACE_MEMORY = 64  # MiB, of the machine whose pages are looked at
SYSTEM_PTES = range(0xE0000000, 0xF0000000)
SHARED_PAGES = (0xFFDF0000, 0xFFDFF000)  # shared user data, processor control


def names(machine: Machine) -> list[str]:
    """The modules of the table, once the box is there."""
    machine.wait_for(SHOWN)
    return [row.name for row in table(machine.lines)]


def as_disk(product: Product) -> Boot:
    """The ISO on a disk, as a USB stick would have it."""
    return Boot(extra=("-drive", f"file={product.iso},format=raw,if=ide,snapshot=on"), symbols=product.out)


@pytest.mark.parametrize("medium", [Product.boot_iso, as_disk], ids=["cd", "disk"])
def test_by_iso(product: Product, medium: Callable[[Product], Boot]) -> None:
    """`by GRUB from an ISO`: firmware, GRUB and the boot modules lead to the same table."""
    with Machine(medium(product)) as machine:
        assert names(machine) == list(PROGRAM_IMAGES)
        screen = machine.screen().text
    assert "Modules Base Address" in screen and "advapi32.dll" in screen


@pytest.mark.parametrize("cpu", ["486", "486,-pse", "pentium", "qemu32", "max"])
def test_by_kernel_on_any_cpu(product: Product, cpu: str) -> None:
    """`by QEMU -kernel`; with and without 4 MiB pages and global pages, as the processor has them."""
    with Machine(product.boot("", cpu=cpu)) as machine:
        assert names(machine) == list(PROGRAM_IMAGES)


@pytest.mark.parametrize("memory", [16, 128, 512, 1024, 3072, 6144])
def test_memory_sizes(product: Product, memory: int) -> None:
    """`Frames come from the multiboot memory map (>4 GiB entries ... respected)`: every frame in use lies in
    real memory, and what the walk finds there are the images."""
    with Machine(product.boot("seed=5", memory=memory)) as machine:
        assert names(machine) == list(PROGRAM_IMAGES)
        with machine.frozen() as read:
            for row in table(machine.lines):
                assert row.physical < memory << 20
                assert read.read(row.physical, PAGE) == first_page(product.image(row.name))


def test_memory_with_a_hole(product: Product) -> None:
    """`holes respected`: 40 MiB below, the rest of 512 MiB above 4 GiB; all that is used lies below, and the
    figure's frames, which are in the hole, are refused."""
    hole = ("-machine", "pc,max-ram-below-4g=40M")
    with Machine(product.boot("seed=6 place=fig4-10", memory=512, extra=hole)) as machine:
        machine.wait_for("256 MiB")
        assert names(machine) == list(PROGRAM_IMAGES)
        with machine.frozen() as memory:
            walker = process_walker(machine, memory.read)
            pages = [*walker.pages(0x10000, USER_END), *walker.pages(SYSTEM_PTES.start, SYSTEM_PTES.stop)]
        assert pages and all(page.physical < 40 << 20 for page in pages)


@pytest.mark.parametrize("at", [0x00802000, 0x01F00000], ids=lambda at: f"{at:08X}")
@pytest.mark.parametrize("cpu", ["486,-pse", "qemu32"])
def test_loader_tables_anywhere(product: Product, tmp_path: Path, cpu: str, at: int) -> None:
    """A loader may put its tables anywhere in memory, beyond the first 4 MiB too, which are what is mapped in
    4 KiB pages: command line, memory map and modules are found there."""
    socket = tmp_path / "gdb"
    with Machine(waiting(product.boot("seed=4", cpu=cpu), socket)) as machine:
        said = move_tables(product.kernel, socket, tmp_path, at)
        assert f"moved {len(product.modules())} modules from" in said and f"to {at:08X}" in said, said
        assert names(machine) == list(PROGRAM_IMAGES)
        assert any(line.endswith('seed=4"') for line in machine.lines)


def test_unknown_word_is_named_and_ignored(product: Product) -> None:
    """`An unknown word is named on the screen and ignored`: and so it is in the log."""
    with Machine(product.boot("frobnicate place=nowhere seed=x")) as machine:
        machine.wait_for("frobnicate")
        assert names(machine) == list(PROGRAM_IMAGES)
        machine.press("ret")
        machine.wait_for_unfinished(PROMPT)
        screen = machine.screen().text
    for word in ("frobnicate", "place=nowhere", "seed=x"):
        assert word in screen, f"{word} is not named on the screen:\n{screen}"


def test_no_word_is_unknown_by_itself(product: Product) -> None:
    """The loader's own words (the kernel's path) are not taken for options."""
    with Machine(product.boot("seed=1 exit")) as machine:
        names(machine)
        assert not [line for line in machine.lines if "unknown" in line.lower()]


CR4_BY_FORMAT = {"": 1 << 4, "paging=32": 0, "paging=pse": 1 << 4, "paging=pae": 1 << 5}


@pytest.mark.parametrize("word", CR4_BY_FORMAT)
def test_the_format_that_is_asked_for(product: Product, word: str) -> None:
    """`paging=32|pse|pae`: CR4 as QEMU has it; without a word, the best that keeps the tutorial's self-map."""
    with Machine(product.boot(word)) as machine:
        assert names(machine) == list(PROGRAM_IMAGES)
        assert machine.registers()["CR4"] & (1 << 4 | 1 << 5) == CR4_BY_FORMAT[word]
        assert "this CPU does not have it" not in machine.screen().text


@pytest.mark.parametrize("word", CR4_BY_FORMAT)
def test_smep_is_on_where_it_is(product: Product, word: str) -> None:
    """`SMEP ... on where the CPU has` it, in every format."""
    for cpu, bit in (("max", 1 << 20), ("max,-smep", 0)):
        with Machine(product.boot(word, cpu=cpu)) as machine:
            assert names(machine) == list(PROGRAM_IMAGES)
            assert machine.registers()["CR4"] & 1 << 20 == bit


LACKING = [("486,-pse", "paging=pse", "32"), ("486,-pse", "paging=pae", "32"), ("pentium", "paging=pae", "pse")]


@pytest.mark.parametrize(("cpu", "word", "format_"), LACKING)
def test_a_format_that_the_cpu_lacks(product: Product, cpu: str, word: str, format_: str) -> None:
    """It is said, and the table comes in the best format that is there."""
    with Machine(product.boot(word, cpu=cpu)) as machine:
        machine.wait_for(rf"^{word}: this CPU does not have it; the format is {format_}\.$")
        assert names(machine) == list(PROGRAM_IMAGES)


SPACES = {"pse": ("", None), "32": ("paging=32", None), "pae": ("paging=pae", None), "pae with NX": ("paging=pae", "max")}


@pytest.fixture(scope="module", params=SPACES)
def space(product: Product, request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    """The process's page tables as a walker over a halted machine, and the control registers; in each format."""
    word, cpu = SPACES[request.param]
    with Machine(product.boot(f"seed=2 {word}", memory=SPACE_MEMORY, cpu=cpu)) as machine:
        names(machine)
        with machine.frozen() as memory:
            yield process_walker(machine, memory.read), machine.registers(), machine.lines


def test_paging_is_protected(space) -> None:  # type: ignore[no-untyped-def]
    """`CR0.WP, NULL page absent`: nothing below 64 KiB, nothing in the guard at 7FFF0000."""
    walker, registers, _ = space
    assert registers["CR0"] & CR0_WP and registers["CR0"] & CR0_PG
    assert list(walker.pages(0, 0x10000)) == []
    assert list(walker.pages(USER_END, KERNEL_BASE)) == []


def test_system_process_has_no_process_half(product: Product, space) -> None:  # type: ignore[no-untyped-def]
    """`NULL page absent` in the System process too: the boot code's view of low memory is gone."""
    walker, _, _ = space
    physical = kernel_symbols(product.out).address("boot_top_table") - KERNEL_BASE
    assert list(Walker(walker.read, physical, walker.cr4).pages(0, KERNEL_BASE)) == []


def free_frames(product: Product, walker: Walker) -> set[int]:
    """The physical pages that the frame allocator would give away, from its bitmap in memory."""
    at = kernel_symbols(product.out).address("free_bits")
    bits = int.from_bytes(walker.bytes_at(at, FRAMES // 8), "little")
    return {number * PAGE for number in range(FRAMES) if bits >> number & 1}


def used_pages(product: Product, walker: Walker, lines: list[str]) -> dict[str, set[int]]:
    """Physical pages that are in use, by what they hold."""
    def pages(start: int, end: int) -> set[int]:
        return set(range(start & ~0xFFF, end, PAGE))

    def mapped(low: int, high: int) -> set[int]:
        return {page.physical for page in walker.pages(low, high)}

    symbols = kernel_symbols(product.out)
    last = symbols.address("kernel_readonly_end"), symbols.address("boot_top_table") + PAGE
    files = [(record.hex("physical"), int(record["size"])) for record in records(lines, "file")]
    return {
        "the first MiB": pages(0, 1 << 20),
        "the kernel": pages(1 << 20, max(last) - KERNEL_BASE),
        "a boot module": set().union(*(pages(start, start + size) for start, size in files)),
        "the process": mapped(0x10000, USER_END),
        "a driver": mapped(SYSTEM_PTES.start, SYSTEM_PTES.stop),
        "a page table": {entry & 0xFFFFF000 for page in walker.pages() for entry in page.entries[:-1]},
        "no memory at all": pages(SPACE_MEMORY << 20, FRAMES * PAGE),
    }


def test_no_frame_in_use_is_free(product: Product, space) -> None:  # type: ignore[no-untyped-def]
    """`Frames come from the multiboot memory map (... modules and the kernel itself respected)`: nothing that
    is in use can be given away, and nearly all the rest can."""
    walker, _, lines = space
    free = free_frames(product, walker)
    for what, used in used_pages(product, walker, lines).items():
        assert used and not used & free, f"{what}: {sorted(f'{at:08X}' for at in used & free)[:8]}"
    assert len(free) > 0.95 * (SPACE_MEMORY << 20) / PAGE


def test_kernel_pages_are_the_kernels(space) -> None:  # type: ignore[no-untyped-def]
    """`kernel pages are supervisor`; all regions of the address space and no other are mapped."""
    walker, _, _ = space
    for page in walker.pages(KERNEL_BASE):
        assert not page.user, f"{page.virtual:08X} is open to ring 3"
        assert (page.virtual < 0xA0000000 or SELF_MAP <= page.virtual < SELF_MAP + ((8 if walker.pae else 4) << 20)
                or page.virtual in SYSTEM_PTES or page.virtual in SHARED_PAGES), f"{page.virtual:08X} is in no region"
        if page.virtual < 0xA0000000:
            assert page.physical == page.virtual - KERNEL_BASE


def test_self_map(space) -> None:  # type: ignore[no-untyped-def]
    """The page directory is at C0300000, where the tutorial's driver reads it; PAE's four are at C0600000."""
    walker, registers, _ = space
    if not walker.pae:
        assert walker.translate(DIRECTORY).physical == registers["CR3"] & 0xFFFFF000
        return
    for number in range(4):
        pointer = int.from_bytes(walker.read(registers["CR3"] + number * 8, 8), "little")
        assert walker.translate(PAE_DIRECTORIES + number * PAGE).physical == pointer & 0xFFFFF000


def test_kernel_text_is_read_only(product: Product, space) -> None:  # type: ignore[no-untyped-def]
    """`kernel text read-only`, constants too; the kernel's data is writable."""
    walker, _, _ = space
    symbols = kernel_symbols(product.out)
    start, end = symbols.address("kernel_text_start"), symbols.address("kernel_readonly_end")
    last = symbols.address("kernel_end")
    assert {page.writable for page in walker.pages(start, end)} == {False}
    assert {page.writable for page in walker.pages(end, last)} == {True}
    assert start <= symbols.address("kernel_main") < end <= symbols.address("boot_top_table") < last


def test_only_code_is_executable(product: Product, space) -> None:  # type: ignore[no-untyped-def]
    """`NX under PAE`: where the processor has it, no page is code but the kernel's text and the images' code; else
    every page is."""
    walker, _, lines = space
    if not any("format=pae nx=yes" in line for line in lines):
        assert all(page.executable for page in walker.pages())
        return
    symbols = kernel_symbols(product.out)
    code = [(symbols.address("kernel_physical_start") + KERNEL_BASE, symbols.address("kernel_text_end"))]
    for record in (r for r in records(lines, "image") if r.get("base") and r.hex("cr3") == walker.cr3):
        code += executable_ranges(Image(product.image(image_file(product, record["name"]))), record.hex("base"))
    driver = next(r for r in records(lines, "driver") if r.get("base"))
    code += executable_ranges(Image(product.image("VirtToPhys.sys")), driver.hex("base"))
    for page in walker.pages():
        expected = any(start <= page.virtual < end for start, end in code)
        assert page.executable == expected, f"{page.virtual:08X} is {'code' if page.executable else 'no code'}"


def executable_ranges(image: Image, base: int) -> list[tuple[int, int]]:
    return [(base + section.address, base + section.address + max(section.virtual_size, 1))
            for section in image.sections if section.executable]


def image_file(product: Product, name: str) -> str:
    """The module's file: an import may spell its name in capitals."""
    return next(file for file in product.modules() if file.lower() == name.lower())


def section_rights(image: Image, rva: int) -> tuple[bool, bool]:
    """Whether the page at an RVA is in the image at all, and whether it may be written."""
    if rva < image.headers_size:
        return True, False
    for section in image.sections:
        if section.address <= rva < section.address + max(section.virtual_size, 1):
            return True, section.writable
    return False, False


def demand_zero(image: Image, rva: int) -> bool:
    """Whether the page at an RVA is writable and has no bytes in the file: it is made when it is first used."""
    return any(section.writable and section.raw_size <= rva - section.address < section.virtual_size
               for section in image.sections)


@pytest.mark.parametrize("name", PROGRAM_IMAGES)
def test_section_rights(product: Product, space, name: str) -> None:  # type: ignore[no-untyped-def]
    """`with their sections' rights (code read-only)`: each page of each image is as its section says, no page
    is both code and writable, and ring 3 may use it. A page that may be written is read-only until it is."""
    walker, _, _ = space
    image = Image(product.image(name))
    pages = {page.virtual - image.base: page for page in walker.pages(image.base, image.base + image.size)}
    for rva in range(0, image.size, PAGE):
        present, writable = section_rights(image, rva)
        assert (rva in pages) == present or demand_zero(image, rva) and rva not in pages, f"RVA {rva:X}"
        if rva in pages:
            assert writable or not pages[rva].writable, f"RVA {rva:X}"
            assert pages[rva].user, f"RVA {rva:X}"
    code = [section for section in image.sections if section.executable]
    assert code and not any(section.writable for section in code)


def test_driver_sections(product: Product, space) -> None:  # type: ignore[no-untyped-def]
    """The driver lies in system space, relocated, with its code as in the file but for the relocations."""
    walker, _, lines = space
    driver = next(r for r in records(lines, "driver") if r.get("base"))
    base, image = driver.hex("base"), Image(product.image("VirtToPhys.sys"))
    assert base in SYSTEM_PTES and driver.hex("entry") == base + image.entry
    text, = (section for section in image.sections if section.name == ".text")
    assert text.executable and text.virtual_size
    in_memory = walker.bytes_at(base + text.address, text.virtual_size)
    in_file = image.data[text.raw_offset : text.raw_offset + text.virtual_size]
    for at in differing_words(in_memory, in_file, base - image.base):
        pytest.fail(f"code differs at RVA {text.address + at:X}")


def test_driver_section_rights(product: Product, space) -> None:  # type: ignore[no-untyped-def]
    """Each page of the driver is as its section's flags say; .text and INIT, which holds DriverEntry, are code
    and cannot be written."""
    walker, _, lines = space
    base = next(r for r in records(lines, "driver") if r.get("base")).hex("base")
    image = Image(product.image("VirtToPhys.sys"))
    code = [section for section in image.sections if section.executable]
    assert {".text", "INIT"} <= {section.name for section in code}
    assert not any(section.writable for section in code)
    for section in image.sections:
        for rva in range(section.address, section.address + section.virtual_size, PAGE):
            page = walker.translate(base + rva)
            assert page, f"{section.name} is not at {base + rva:08X}"
            assert page.writable == section.writable and not page.user, f"{section.name} at {base + rva:08X}"


def differing_words(memory: bytes, file: bytes, bias: int) -> list[int]:
    """Offsets where memory is neither the file's byte nor part of a word moved by `bias`."""
    at, found = 0, []
    while at < len(file):
        if memory[at] == file[at]:
            at += 1
            continue
        for start in range(max(0, at - 3), at + 1):
            moved = struct.unpack_from("<I", file.ljust(len(file) + 4, b"\0"), start)[0] + bias & 0xFFFFFFFF
            if struct.pack("<I", moved) == memory[start : start + 4]:
                at = start + 4
                break
        else:
            found.append(at)
            at += 1
    return found


def test_every_translation_is_distinct(space) -> None:  # type: ignore[no-untyped-def]
    """No frame is given away twice: the process's pages and the driver's share none."""
    walker, _, _ = space
    pages = [*walker.pages(0x10000, USER_END), *walker.pages(SYSTEM_PTES.start, SYSTEM_PTES.stop)]
    frames = [page.physical for page in pages]
    assert len(frames) == len(set(frames)) > 20
