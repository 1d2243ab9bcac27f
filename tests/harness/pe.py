"""A PE32 file's headers as the tests need them (Microsoft, "PE Format"), read without the kernel's loader."""
from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

EXECUTE, READ, WRITE, DISCARDABLE = 0x20000000, 0x40000000, 0x80000000, 0x02000000


@dataclass(frozen=True)
class Section:
    """A section header, and where in the file that header is."""

    name: str
    virtual_size: int
    address: int  # RVA
    raw_size: int
    raw_offset: int
    flags: int
    header_offset: int

    @property
    def writable(self) -> bool:
        return bool(self.flags & WRITE)

    @property
    def executable(self) -> bool:
        return bool(self.flags & EXECUTE)


class Image:
    """A PE32 file in memory; `data` is its bytes."""

    def __init__(self, path: Path):
        self.data = path.read_bytes()
        self.nt = self.u32(0x3C)  # offset of the PE signature
        self.optional = self.nt + 24
        self.base = self.u32(self.optional + 28)
        self.section_alignment = self.u32(self.optional + 32)
        self.size = self.u32(self.optional + 56)
        self.headers_size = self.u32(self.optional + 60)
        self.entry = self.u32(self.optional + 16)
        self.sections = [self._section(at) for at in range(self.u16(self.nt + 6))]

    def u16(self, offset: int) -> int:
        return struct.unpack_from("<H", self.data, offset)[0]

    def u32(self, offset: int) -> int:
        return struct.unpack_from("<I", self.data, offset)[0]

    def directory(self, number: int) -> tuple[int, int]:
        """RVA and size of a data directory."""
        return self.u32(self.directory_offset(number)), self.u32(self.directory_offset(number) + 4)

    def directory_offset(self, number: int) -> int:
        """Where in the file a data directory's entry is."""
        return self.optional + 96 + 8 * number

    def offset(self, rva: int) -> int:
        """The file offset of an RVA; ValueError where no section's file data holds it."""
        for section in self.sections:
            if section.address <= rva < section.address + section.raw_size:
                return section.raw_offset + rva - section.address
        raise ValueError(f"RVA {rva:#x} is in no section's data")

    def changed(self, offset: int, layout: str, *values: int | bytes) -> bytes:
        """A copy of the file with some bytes changed (`struct` layout)."""
        data = bytearray(self.data)
        struct.pack_into(layout, data, offset, *values)
        return bytes(data)

    def _section(self, number: int) -> Section:
        at = self.optional + self.u16(self.nt + 20) + 40 * number
        name, virtual_size, address, raw_size, raw_offset = struct.unpack_from("<8sIIII", self.data, at)
        text, flags = name.rstrip(b"\0").decode("ascii"), self.u32(at + 36)
        return Section(text, virtual_size, address, raw_size, raw_offset, flags, at)
