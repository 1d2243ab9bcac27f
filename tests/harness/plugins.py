"""The TCG plugins as a test uses them: their arguments, and what they wrote."""
from __future__ import annotations

from pathlib import Path
from typing import Iterable, Mapping

from vmachine.symbols import Symbols

KERNEL_BASE, KERNEL_END = 0x80000000, 0xF0000000  # its code; the firmware's lies above
COUNTED = ("-icount", "shift=0,sleep=off", "-rtc", "base=2003-01-01,clock=vm")  # the same in every run


class Mmu:
    """mmu.so: the translations that the processor used, in ranges of virtual addresses."""

    def __init__(self, plugin: Path, out: Path, ranges: Iterable[tuple[int, int]]):
        self.out = out
        arguments = [f"range={low:x}-{high:x}" for low, high in ranges]
        self.argument = ",".join([str(plugin), f"out={out}", *arguments])

    def frames(self) -> dict[int, int]:
        """Virtual to physical page addresses, the last translation seen of each."""
        frames = {}
        for line in self.out.read_text().splitlines():
            virtual, physical = (int(field, 16) for field in line.split()[:2])
            frames[virtual & ~0xFFF] = physical & ~0xFFF
        return frames

    def translate(self, virtual: int) -> int | None:
        """The physical address last used for a virtual one's page, or None if it was not touched."""
        frame = self.frames().get(virtual & ~0xFFF)
        return None if frame is None else frame | virtual & 0xFFF


class Counter:
    """count.so: instructions in intervals, given as name -> (start, stop); stop None is `return`."""

    def __init__(self, plugin: Path, out: Path, intervals: Mapping[str, tuple[int, int | None]]):
        self.out = out
        arguments = [
            f"interval={name}:{start:x}:{'return' if stop is None else f'{stop:x}'}"
            for name, (start, stop) in intervals.items()
        ]
        self.argument = ",".join([str(plugin), f"out={out}", *arguments])

    def counts(self, name: str) -> list[int]:
        """The count of each closed interval of that name, in order."""
        pairs = (line.split() for line in self.out.read_text().splitlines())
        return [int(count) for found, count in pairs if found == name]


class Fetches:
    """fetch.so: bytes of ring 3 that ring 0 reads twice in one stay."""

    def __init__(self, plugin: Path, out: Path, kernel: Symbols):
        self.out = out
        touch = kernel.address("user_touch"), kernel.address("user_touch_failed")
        arguments = [f"kernel={KERNEL_BASE:x}-{KERNEL_END:x}", f"from={kernel.address('ki_enter_user'):x}", f"new={kernel.address('ke_switch_stack'):x}",
                     f"skip={touch[0]:x}-{touch[1]:x}"]
        self.argument = ",".join([str(plugin), f"out={out}", *arguments])

    def reads(self) -> int:
        """How many reads of ring 3's memory were looked at, in thousands."""
        return sum(line == "reads" for line in self.out.read_text().splitlines())

    def twice(self) -> list[tuple[int, int, int]]:
        """An address, and the two instructions that read it."""
        lines = (line.split() for line in self.out.read_text().splitlines())
        return [(int(it[1], 16), int(it[2], 16), int(it[3], 16)) for it in lines if it[0] == "twice"]
