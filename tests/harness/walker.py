"""A page walk of the tests' own, written from the Intel SDM vol. 3A ch. 4; nothing of the kernel's is in it.

It reads tables through `read(physical, size) -> bytes`, so that a memory image on disk and a halted
machine serve alike. 32-bit paging, with 4 MiB pages and PSE-36 where CR4.PSE is on.
"""
from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Callable, Iterator

Read = Callable[[int, int], bytes]

CR4_PSE = 1 << 4
PRESENT, WRITABLE, USER, LARGE, GLOBAL = 1 << 0, 1 << 1, 1 << 2, 1 << 7, 1 << 8
ENTRIES = 1024
SPAN = 4 << 20  # of one page directory entry
PAGE = 4096
LARGE_RESERVED = 1 << 21  # SDM table 4-4, with 40 physical bits


@dataclass(frozen=True)
class Translation:
    """Where a virtual address leads, and the rights of the way there (AND over the levels)."""

    virtual: int
    physical: int
    size: int  # of the page, in bytes
    writable: bool
    user: bool
    is_global: bool
    entries: tuple[int, ...]  # the raw values, directory first


@dataclass(frozen=True)
class Walker:
    """An address space: its CR3, and CR4 as far as it matters."""

    read: Read
    cr3: int
    cr4: int = CR4_PSE

    def translate(self, virtual: int) -> Translation | None:
        """The translation, or None where an entry is not present or breaks a reserved bit."""
        pde = self._entry(self.cr3 & 0xFFFFF000, virtual >> 22)
        if not pde & PRESENT:
            return None
        if pde & LARGE and self.cr4 & CR4_PSE:
            return self._large(virtual, pde)
        pte = self._entry(pde & 0xFFFFF000, virtual >> 12 & 0x3FF)
        if not pte & PRESENT:
            return None
        return self._page(virtual, (pte & 0xFFFFF000) | virtual & 0xFFF, PAGE, (pde, pte))

    def pages(self, low: int = 0, high: int = 1 << 32) -> Iterator[Translation]:
        """Every mapped page that begins in [low, high), in order; absent tables are skipped."""
        virtual = low
        while virtual < high:
            found = self.translate(virtual)
            if found:
                yield found
            if found and found.size == SPAN or not self._directory_entry(virtual) & PRESENT:
                virtual = (virtual // SPAN + 1) * SPAN
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

    def _directory_entry(self, virtual: int) -> int:
        return self._entry(self.cr3 & 0xFFFFF000, virtual >> 22)

    def _entry(self, table: int, index: int) -> int:
        return struct.unpack("<I", self.read(table + index * 4, 4))[0]

    def _large(self, virtual: int, pde: int) -> Translation | None:
        if pde & LARGE_RESERVED:
            return None
        high = (pde >> 13 & 0xFF) << 32  # PSE-36: bits 39:32 of the address
        return self._page(virtual, high | pde & 0xFFC00000 | virtual & 0x3FFFFF, SPAN, (pde,))

    @staticmethod
    def _page(virtual: int, physical: int, size: int, entries: tuple[int, ...]) -> Translation:
        rights = entries[0] & entries[-1]
        writable, user, last = bool(rights & WRITABLE), bool(rights & USER), entries[-1]
        return Translation(virtual, physical, size, writable, user, bool(last & GLOBAL), entries)
