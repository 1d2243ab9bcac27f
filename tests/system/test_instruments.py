"""The instruments that the other tests trust, each held against something that it does not share."""
from __future__ import annotations

import random
import struct
import zlib
from pathlib import Path

import pytest

from harness.plugins import COUNTED, Counter, Mmu
from harness.walker import CR4_PSE, Walker
from vmachine import Boot, Machine, MachineError, Product, parse
from vmachine.screen import Screen
from vmachine.symbols import Symbols, explain, image_symbols, kernel_symbols

DIRECTORY, TABLES, ADDRESSES = 0x200000, 0x201000, 0x300000  # as mapped.S has them
TABLE_COUNT = 16
PAGE, SPAN = 4096, 4 << 20
PRESENT, LARGE = 1, 0x80
RAM = 64 << 20


def count_run(product: Product, folder: Path, counted: bool) -> tuple[list[list[int]], int]:
    kernel = product.out / "oracle" / "counted.elf"
    at = Symbols(kernel).address
    intervals = {
        "boot": (at("_start"), at("stretch")),
        "stretch": (at("stretch"), at("stretch_end")),
        "nested": (at("nested"), None),
    }
    counter = Counter(product.plugin("count"), folder / "counts", intervals)
    extra = COUNTED if counted else ()
    with Machine(Boot(kernel=kernel, plugins=[counter.argument], extra=extra)) as machine:
        machine.wait_for(r"\[counted\]")
        ticks = struct.unpack("<I", machine.pmemsave(at("ticks"), 4))[0]
    return [counter.counts(name) for name in intervals], ticks


def test_count_is_exact(product: Product, tmp_path: Path) -> None:
    """Bench figures are counts of instructions: 46, 326 and 20 of them are counted as just that,
    whether counted by -icount or not, and as the processor's own counter has it."""
    counts, ticks = count_run(product, tmp_path, counted=True)
    assert counts == [[46], [326], [20, 20]]
    assert ticks == 326 + 2  # the mov before and the rdtsc itself
    assert count_run(product, tmp_path, counted=True) == (counts, ticks)
    assert count_run(product, tmp_path, counted=False)[0] == counts


def random_tables(seed: int) -> bytes:
    """A page directory and its tables with random entries; entry 0 maps the first 4 MiB to themselves."""
    dice = random.Random(seed)

    def entry(frame: int) -> int:
        return frame * PAGE | dice.getrandbits(12) & ~LARGE & ~PRESENT | (dice.random() < 0.7)

    def directory_entry() -> int:
        if dice.random() < 0.6:
            return entry(TABLES // PAGE + dice.randrange(TABLE_COUNT))
        reserved = 1 << 21 if dice.random() < 0.1 else 0
        return entry(dice.randrange(1, RAM // SPAN) * (SPAN // PAGE)) | LARGE | reserved

    directory = [PRESENT | 2 | LARGE, *(directory_entry() for _ in range(1023))]
    tables = [entry(dice.randrange(SPAN // PAGE, RAM // PAGE)) for _ in range(1024 * TABLE_COUNT)]
    return struct.pack(f"<{1024 * (1 + TABLE_COUNT)}I", *directory, *tables)


@pytest.mark.parametrize("seed", range(3))
def test_walker_agrees_with_the_mmu(product: Product, tmp_path: Path, seed: int) -> None:
    """The tests' own walker against the MMU and QEMU's walker, over random page tables."""
    tables = random_tables(seed)
    memory = {DIRECTORY + at: tables[at : at + 4] for at in range(0, len(tables), 4)}
    walker = Walker(lambda address, size: memory[address][:size], DIRECTORY, CR4_PSE)
    dice = random.Random(seed)
    asked = [dice.randrange(SPAN, 1 << 32) for _ in range(1500)]
    expected = {address: walker.translate(address) for address in asked}
    mapped = [address for address in asked if expected[address]]
    assert 300 < len(mapped) < 1200

    (tmp_path / "tables").write_bytes(tables)
    (tmp_path / "asked").write_bytes(struct.pack(f"<{len(mapped) + 1}I", len(mapped), *mapped))
    mmu = Mmu(product.plugin("mmu"), tmp_path / "mmu", [(SPAN, 0xFFFFFFFF)])
    loads = [("-device", f"loader,file={tmp_path / name},addr={address:#x},force-raw=on")
             for name, address in (("tables", DIRECTORY), ("asked", ADDRESSES))]
    boot = Boot(kernel=product.out / "oracle" / "mapped.elf", memory=RAM >> 20, plugins=[mmu.argument],
                extra=[word for load in loads for word in load])
    with Machine(boot) as machine:
        machine.wait_for(r"\[mapped\]")
        second = {address: machine.gva2gpa(address) for address in asked}
    frames = mmu.frames()
    for address in asked:
        want = expected[address].physical if expected[address] else None
        if want is not None:
            assert frames[address & ~0xFFF] == want & ~0xFFF, f"{address:08X} by the MMU"
        if not reserved_bit(tables, address):  # QEMU's debugger walk does not look at them
            assert second[address] == want, f"{address:08X} by gva2gpa"


def reserved_bit(tables: bytes, address: int) -> bool:
    """Whether the address lies in a large page with bit 21 set, which is not present to the MMU."""
    pde = struct.unpack_from("<I", tables, (address >> 22) * 4)[0]
    return pde & (LARGE | 1 << 21) == LARGE | 1 << 21


def test_walker_knows_large_pages_beyond_4_gib() -> None:
    """PSE-36: bits 20:13 of a large PDE are the address's bits 39:32; without CR4.PSE it names a table."""
    directory = struct.pack("<1024I", *[0x00C00000 | 0xB4 << 13 | LARGE | PRESENT] * 1024)
    table = struct.pack("<1024I", *[0x00005000 | PRESENT] * 1024)
    memory = {0: directory, 0x00D68000: table}

    def read(address: int, size: int) -> bytes:
        return memory[address & ~0xFFF][address & 0xFFF :][:size]

    assert Walker(read, 0, CR4_PSE).translate(0x00412345).physical == 0xB4_00C12345
    assert Walker(read, 0, cr4=0).translate(0x00412345).physical == 0x00005345


def test_log_lines_are_records() -> None:
    """`[tag] key=value key="quoted text"` as records."""
    record = parse('[box] title="Error" text="Can\'t start driver." pressed=OK\r\n')
    assert record and record.tag == "box"
    assert record.fields == {"title": "Error", "text": "Can't start driver.", "pressed": "OK"}
    assert parse("no tag here") is None
    assert parse("[exit]").fields == {}  # type: ignore[union-attr]


def test_screen_is_code_page_437() -> None:
    """The screen's text is read as the VGA draws it, the control codes' glyphs too."""
    screen = Screen(b"\xC9\x1F\xCD\x1F\x03\x1E\x41\x07".ljust(4000, b"\0"))
    assert screen.rows[0].rstrip() == "╔═♥A"
    assert screen.attribute(0, 2) == 0x1E


def test_a_silent_machine_is_reported_in_words(product: Product) -> None:
    """`prints the log's end and a backtrace on failure`: the error says what was awaited."""
    with Machine(Boot(kernel=product.out / "oracle" / "counted.elf")) as machine:
        with pytest.raises(MachineError, match=r"awaited a log line /\\\[never\\\]/ for 0.5 s"):
            machine.wait_for(r"\[never\]", 0.5)


@pytest.mark.parametrize("post_mortem, words", [(True, "EIP is in last_words"), (False, "began again")])
def test_a_reset_is_reported(product: Product, tmp_path: Path, post_mortem: bool, words: str) -> None:
    """A triple fault is named as one: with the place where it happened if QEMU stops there, by the log's
    second beginning if it starts again."""
    (tmp_path / "kernel.elf").symlink_to(product.out / "oracle" / "reset.elf")
    again = () if post_mortem else ("-action", "reboot=reset")
    boot = Boot(kernel=tmp_path / "kernel.elf", symbols=tmp_path, post_mortem=post_mortem, extra=again)
    with Machine(boot) as machine, pytest.raises(MachineError) as raised:
        machine.wait_for("never")
    assert "the machine reset itself: triple fault?" in str(raised.value)
    assert words in str(raised.value)


def test_addresses_in_the_log_are_explained(product: Product) -> None:
    """A failed run's addresses get names and source lines: a fault's own, and for a return address the call's;
    those in a driver by its base in the log."""
    main = kernel_symbols(product.out).address("kernel_main")
    walk = image_symbols(product.out, "VirtToPhys.sys", 0xE0000000).address("GetPhysicalAddress")
    lines = ["[driver] name=VirtToPhys base=E0000000 size=00007000 entry=E0002000",
             f'[exception] vector=0E name="page fault" eip={walk:08X}',
             f"[backtrace] frame=1 eip={main + 1:08X} symbol=kernel_main+0x1"]
    in_driver, in_main = explain(product.out, lines)
    assert in_driver == f"{walk:08X}  VirtToPhys.sys!GetPhysicalAddress"
    assert in_main.startswith(f"{main + 1:08X}  kernel_main (main.c:")


def test_screenshot_is_a_picture(product: Product) -> None:
    """The screendump as PNG has the text mode's size and a palette."""
    with Machine(Boot(kernel=product.out / "oracle" / "counted.elf")) as machine:
        machine.wait_for(r"\[counted\]")
        png = machine.screendump()
    width, height, depth, kind = struct.unpack_from(">IIBB", png, 16)
    assert (width, height, depth, kind) == (720, 400, 8, 3)
    data = png[png.index(b"IDAT") + 4 : png.index(b"IEND") - 8]
    assert len(zlib.decompress(data)) == (width + 1) * height
