"""A page walk of the tests' own, written from the Intel SDM vol. 3A ch. 4; nothing of the kernel's is in it.

It reads tables through `read(physical, size) -> bytes`, so that a memory image on disk and a halted
machine serve alike. 32-bit paging, with 4 MiB pages and PSE-36 where CR4.PSE is on, and PAE where CR4.PAE is.
"""
from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Callable, Iterator

Read = Callable[[int, int], bytes]

CR4_PSE, CR4_PAE = 1 << 4, 1 << 5
PRESENT, WRITABLE, USER, LARGE, GLOBAL, NO_EXECUTE = 1 << 0, 1 << 1, 1 << 2, 1 << 7, 1 << 8, 1 << 63
PAGE = 4096
LARGE_RESERVED = 1 << 21  # SDM table 4-4, with 40 physical bits
PAE_FRAME = (1 << 52) - PAGE


@dataclass(frozen=True)
class Translation:
    """Where a virtual address leads, and the rights of the way there (AND over the levels)."""

    virtual: int
    physical: int
    size: int  # of the page, in bytes
    writable: bool
    user: bool
    is_global: bool
    executable: bool  # no XD on the way
    entries: tuple[int, ...]  # the raw values, PAE's PDPTE or the directory's first


@dataclass(frozen=True)
class Walker:
    """An address space: its CR3, and CR4 as far as it matters."""

    read: Read
    cr3: int
    cr4: int = CR4_PSE

    @property
    def pae(self) -> bool:
        return bool(self.cr4 & CR4_PAE)

    @property
    def span(self) -> int:
        """Bytes below one page directory entry."""
        return 2 << 20 if self.pae else 4 << 20

    def translate(self, virtual: int) -> Translation | None:
        """The translation, or None where an entry is not present or breaks a reserved bit."""
        entries = self._down_to_directory(virtual)
        pde = entries[-1]
        if not pde & PRESENT:
            return None
        if pde & LARGE and self.cr4 & (CR4_PSE | CR4_PAE):
            return self._large(virtual, entries)
        pte = self._entry(pde, virtual >> 12 & (511 if self.pae else 1023))
        if not pte & PRESENT:
            return None
        return self._page(virtual, self._frame(pte) | virtual % PAGE, PAGE, (*entries, pte))

    def pages(self, low: int = 0, high: int = 1 << 32) -> Iterator[Translation]:
        """Every mapped page that begins in [low, high), in order; absent tables are skipped."""
        virtual = low
        while virtual < high:
            found = self.translate(virtual)
            if found:
                yield found
            if found and found.size == self.span or not self._down_to_directory(virtual)[-1] & PRESENT:
                virtual = (virtual // self.span + 1) * self.span
            else:
                virtual += PAGE

    def bytes_at(self, virtual: int, size: int) -> bytes:
        """Virtual memory; ValueError where a page of it is not mapped."""
        data = b""
        while len(data) < size:
            at = virtual + len(data)
            found = self.translate(at)
            if not found:
                raise ValueError(f"{at:08X} is not mapped under CR3 {self.cr3:08X}")
            data += self.read(found.physical, min(size - len(data), PAGE - at % PAGE))
        return data

    def _down_to_directory(self, virtual: int) -> tuple[int, ...]:
        """The entries as far as the PDE; where a PDPTE is not present it stands for the PDE."""
        if not self.pae:
            return (self._entry(self.cr3, virtual >> 22),)
        pointer = struct.unpack("<Q", self.read((self.cr3 & ~31) + (virtual >> 30) * 8, 8))[0]
        if not pointer & PRESENT:
            return (pointer,)
        return (pointer, self._entry(pointer, virtual >> 21 & 511))

    def _frame(self, entry: int) -> int:
        return entry & (PAE_FRAME if self.pae else 0xFFFFF000)

    def _entry(self, above: int, index: int) -> int:
        """An entry of the table that `above` (CR3 or an entry) points to."""
        size, form = (8, "<Q") if self.pae else (4, "<I")
        return struct.unpack(form, self.read(self._frame(above) + index * size, size))[0]

    def _large(self, virtual: int, entries: tuple[int, ...]) -> Translation | None:
        pde, inside = entries[-1], virtual % self.span
        if self.pae:
            reserved, frame = 0x1FE000, pde & PAE_FRAME & -self.span
        else:  # PSE-36: bits 39:32 of the address
            reserved, frame = LARGE_RESERVED, (pde >> 13 & 0xFF) << 32 | pde & 0xFFC00000
        return None if pde & reserved else self._page(virtual, frame | inside, self.span, entries)

    def _page(self, virtual: int, physical: int, size: int, entries: tuple[int, ...]) -> Translation:
        counting = entries[1:] if self.pae else entries  # PDPTEs have no rights
        rights, last = counting[0] & counting[-1], entries[-1]
        executable = not (counting[0] | counting[-1]) & NO_EXECUTE
        return Translation(
            virtual, physical, size, bool(rights & WRITABLE), bool(rights & USER), bool(last & GLOBAL), executable, entries
        )
