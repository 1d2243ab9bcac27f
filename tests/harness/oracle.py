"""The oracle: what the table says, held against witnesses that share nothing with the kernel."""
from __future__ import annotations

from pathlib import Path
from typing import Iterable, Iterator

from vmachine import Machine, Product, Record, records, table
from vmachine.screen import Screen

from .box import NoBox, as_written, module_rows
from .pe import Image
from .plugins import Mmu
from .walker import Walker

PAGE = 4096
# The tutorial's figure 4-10: module, virtual and physical address.
FIGURE = (
    ("VirtToPhys.exe", 0x00400000, 0x0EC67000),
    ("kernel32.dll", 0x77E40000, 0x043F3000),
    ("user32.dll", 0x77D00000, 0x043F9000),
    ("advapi32.dll", 0x77DA0000, 0x043E7000),
)
USER_IMAGES = ((0x00400000, 0x00600000), (0x77D00000, 0x78000000))  # virtual ranges that hold them


def image_mmu(product: Product, out: Path) -> Mmu:
    """The MMU as a witness of the four images' addresses."""
    return Mmu(product.plugin("mmu"), out, USER_IMAGES)


def process_walker(machine: Machine, read: object) -> Walker:
    """The walk of the process that the halted processor is in."""
    registers = machine.registers()
    return Walker(read, registers["CR3"], registers["CR4"])  # type: ignore[arg-type]


def program(lines: Iterable[str], name: str = "VirtToPhys.exe") -> Record:
    """The last record of a process of this name that was created."""
    found = [it for it in records(lines, "process") if it.get("event") == "create" and it["name"] == name]
    return found[-1]


def disagreements(machine: Machine, mmu: Mmu) -> list[str]:
    """Where a witness contradicts a row, in words. The box must be on the screen."""
    with machine.frozen() as memory:
        walker = process_walker(machine, memory.read)
        found = [*_other_process(machine, walker.cr3), *_other_screen(machine.lines, machine.screen())]
        for row in table(machine.lines):
            walked = walker.translate(row.virtual)
            witnesses = {
                "the MMU": mmu.translate(row.virtual),
                "the page tables": walked.physical if walked else None,
                "gva2gpa": machine.gva2gpa(row.virtual),
            }
            for witness, physical in witnesses.items():
                if physical != row.physical:
                    says = f"the table says {row.physical:08X}, {witness} {shown(physical)}"
                    found.append(f"{row.name}: {says}")
            if memory.read(row.physical, PAGE) != first_page(machine.boot.modules[row.name]):
                found.append(f"{row.name}: the file's first bytes are not at {row.physical:08X}")
    return found


def first_page(path: Path) -> bytes:
    """An image's first page as it must lie in memory: its headers, then zeros."""
    image = Image(path)
    return image.data[: image.headers_size].ljust(PAGE, b"\0")[:PAGE]


def shown(physical: int | None) -> str:
    return "nothing" if physical is None else f"{physical:08X}"


def _other_screen(lines: Iterable[str], screen: Screen) -> Iterator[str]:
    """The box must say what the log says, row by row, in hexadecimal and in decimal."""
    logged = [as_written(row.name, row.virtual, row.physical) for row in table(lines)]
    try:
        shown = module_rows(screen)
    except NoBox as error:
        yield f"the screen: {error}"
        return
    if len(shown) != len(logged):
        yield f"the screen: {len(shown)} rows, the log has {len(logged)}"
    for says, written in zip(logged, shown):
        if says != written:
            yield f"{says[0]}: the log says {' '.join(says)}, the screen {' '.join(written)}"


def _other_process(machine: Machine, cr3: int) -> Iterator[str]:
    """The space that was looked at must be the program's, and the images must be those of that space."""
    created = program(machine.lines)
    if created.hex("cr3") != cr3:
        yield f"{created['name']}: created with CR3 {created['cr3']}, the processor has {cr3:08X}"
    for record in records(machine.lines, "image"):
        if record.get("process") == created["id"] and record.hex("cr3") != cr3:
            yield f"{record['name']}: mapped under CR3 {record['cr3']}, the processor has {cr3:08X}"
