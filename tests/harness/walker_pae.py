"""A second walk for every format of 32-bit processors, written from the Intel SDM vol. 3A ch. 4.

Nothing of mm/walk.c is in it: tables of masks are laid down once for a set of registers, and a walk is a
loop over (shift, index bits) pairs. Physical memory is one bytes-like image that begins at 0.
"""
from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Iterator

from vmachine import Machine

P, RW, US, PS = 1, 2, 4, 128
XD = 1 << 63
MAPPED, ABSENT, RESERVED, UNREADABLE = "M", "N", "R", "U"
FORMATS = ("32", "pse", "pae", "nx")


def bits(high: int, low: int) -> int:
    """A mask of the bits from high down to low; 0 if there is none."""
    return (1 << high + 1) - (1 << low) if high >= low else 0


@dataclass(frozen=True)
class Setting:
    """The registers, by what they mean."""

    format: str  # one of FORMATS
    cr3: int
    maxphyaddr: int = 40
    wp: bool = True
    smep: bool = False
    smap: bool = False
    ac: bool = False


def setting_of(machine: Machine) -> Setting:
    """The registers of a machine's first processor."""
    text = machine.qmp.monitor("info registers")
    cr0, cr3, cr4, efer, flags = (int(re.search(rf"\b{name}=([0-9a-f]+)", text)[1], 16)
                                  for name in ("CR0", "CR3", "CR4", "EFER", "EFL"))
    wide = "nx" if efer >> 11 & 1 else "pae"
    format_ = wide if cr4 >> 5 & 1 else "pse" if cr4 >> 4 & 1 else "32"
    wp, smep, smap, ac = (bool(word >> bit & 1) for word, bit in ((cr0, 16), (cr4, 20), (cr4, 21), (flags, 18)))
    return Setting(format_, cr3, wp=wp, smep=smep, smap=smap, ac=ac)


@dataclass(frozen=True)
class Level:
    """How one level's entries are read (SDM tables 4-4 to 4-6, 4-8 to 4-11)."""

    shift: int  # of the index in the linear address
    mask: int  # of the index
    reserved: int  # when the entry points to a table, or to a 4 KiB page
    large: bool  # PS is looked at
    large_reserved: int = 0
    rights: bool = True  # R/W, U/S and XD count


class Walk:
    """Walks addresses in one space; `line` gives what `vtop --batch` must print."""

    def __init__(self, memory: bytes, setting: Setting):
        self.memory, self.setting = memory, setting
        wide = setting.format in ("pae", "nx")
        self.levels = self._pae_levels() if wide else self._legacy_levels()
        self.unpack = struct.Struct("<Q" if wide else "<I").unpack_from
        self.entry_bytes = 8 if wide else 4
        self.root = setting.cr3 & (0xFFFFFFE0 if wide else 0xFFFFF000)
        self.table = bits(51, 12)
        self.verdicts: dict[tuple[object, ...], str] = {}

    def _legacy_levels(self) -> tuple[Level, ...]:
        pse = self.setting.format == "pse"
        most = min(self.setting.maxphyaddr, 40)
        return (Level(22, 1023, 0, pse, bits(21, most - 19)), Level(12, 1023, 0, False))

    def _pae_levels(self) -> tuple[Level, ...]:
        above = bits(62, self.setting.maxphyaddr)
        entry = above if self.setting.format == "nx" else above | XD
        return (
            Level(30, 3, above | XD | bits(8, 6) | bits(2, 1), False, rights=False),
            Level(21, 511, entry, True, entry | bits(20, 13)),
            Level(12, 511, entry, False),
        )

    def line(self, address: int) -> str:
        """ADDRESS STOP SIZE PHYSICAL RESERVED, six verdicts, and the entries."""
        table, trail, rights = self.root, "", ()
        for number, level in enumerate(self.levels):
            at = table + (address >> level.shift & level.mask) * self.entry_bytes
            if at + self.entry_bytes > len(self.memory):
                return self._stopped(address, UNREADABLE, number, 0, f"{trail} {at:X}=0")
            entry, = self.unpack(self.memory, at)
            trail += f" {at:X}={entry:X}"
            if not entry & P:
                return self._stopped(address, ABSENT, number, 0, trail)
            large = level.large and entry & PS
            broken = entry & (level.large_reserved if large else level.reserved)
            if broken:
                return self._stopped(address, RESERVED, number, broken, trail)
            if level.rights:
                rights += ((entry & RW, entry & US, entry >> 63),)
            if large or level.shift == 12:
                return self._mapped(address, level.shift, entry, number, rights, trail)
            table = entry & self.table
        raise AssertionError("no last level")

    def pages(self) -> Iterator[str]:
        """The line of each page of the space, and of whatever is broken, in order; what is absent is passed over."""
        address = 0
        while address < 1 << 32:
            line = self.line(address)
            yield from () if line[9] == ABSENT else (line,)
            last = line.count("=") - 1  # the level at which it ended
            address = (address >> self.levels[last].shift) + 1 << self.levels[last].shift

    def _stopped(self, address: int, stop: str, level: int, broken: int, trail: str) -> str:
        key = (stop, level)
        words = self.verdicts.get(key)
        if words is None:
            code = 9 if stop == RESERVED else 0
            words = " ".join(f"{code | self._asked(cpl, kind):X}@{level}" for cpl in (0, 3) for kind in "rwx")
            self.verdicts[key] = words
        return f"{address:08X} {stop} 0 0 {broken:X} {words}{trail}"

    def _mapped(self, address: int, shift: int, entry: int, last: int, rights: tuple[tuple[int, ...], ...],
                trail: str) -> str:
        offset = (1 << shift) - 1
        frame = entry & self.table & ~offset
        if shift == 22:  # PSE-36
            frame |= (entry & bits(20, 13)) << 19
        words = self.verdicts.get((rights, last))
        if words is None:
            words = " ".join(self._verdict(rights, last, cpl, kind) for cpl in (0, 3) for kind in "rwx")
            self.verdicts[rights, last] = words
        return f"{address:08X} M {offset + 1:X} {frame | address & offset:X} 0 {words}{trail}"

    def _asked(self, cpl: int, kind: str) -> int:
        """The error code's bits that only the access decides (SDM 4.7)."""
        fetch = kind == "x" and (self.setting.smep or self.setting.format == "nx")
        return (kind == "w") * 2 | (cpl == 3) * 4 | fetch * 16

    def _verdict(self, rights: tuple[tuple[int, ...], ...], last: int, cpl: int, kind: str) -> str:
        """SDM 4.6.1: - for allowed, or CODE@LEVEL."""
        level = self._denier(rights, last, cpl, kind)
        return "-" if level is None else f"{1 | self._asked(cpl, kind):X}@{level}"

    def _denier(self, rights: tuple[tuple[int, ...], ...], last: int, cpl: int, kind: str) -> int | None:
        setting, first = self.setting, last + 1 - len(rights)
        supervisors = [first + at for at, (_, us, _) in enumerate(rights) if not us]
        read_only = [first + at for at, (rw, _, _) in enumerate(rights) if not rw]
        no_execute = [first + at for at, (_, _, xd) in enumerate(rights) if xd]
        if cpl == 3:
            if supervisors:
                return supervisors[0]
            denied = {"r": [], "w": read_only, "x": no_execute}[kind]
            return denied[0] if denied else None
        if kind == "x":
            if no_execute:
                return no_execute[0]
            return last if setting.smep and not supervisors else None
        if setting.smap and not setting.ac and not supervisors:
            return last
        return read_only[0] if kind == "w" and setting.wp and read_only else None
