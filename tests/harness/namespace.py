"""The object namespace read by the host out of a halted machine, without asking the kernel.

Only the layouts are shared with it: those of kernel/ob/ob.h, which are Windows 2000's.
"""
from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Iterator

from vmachine.symbols import Symbols

from .walker import Walker

BUCKETS = 37
HEADER = struct.Struct("<iiIBBBB")  # PointerCount HandleCount Type NameInfoOffset ... Flags
HEADER_SIZE = 24
PERMANENT = 0x10


@dataclass(frozen=True)
class Object:
    """A named object as it stands in memory."""

    name: str
    type: str
    body: int
    pointers: int
    handles: int
    permanent: bool


class Namespace:
    """The names below the directory that the symbol ob_root_directory points to."""

    def __init__(self, walker: Walker, kernel: Symbols):
        self.walker = walker
        self.root = self._word(kernel.address("ob_root_directory"))

    def list(self, path: str = "\\") -> dict[str, Object]:
        """The objects in a directory by name; KeyError where there is no such directory."""
        body = self.root
        for part in filter(None, path.split("\\")):
            found = {child.name.lower(): child for child in self._children(body)}[part.lower()]
            if found.type != "Directory":
                raise KeyError(f"{found.name} is a {found.type}")
            body = found.body
        return {child.name: child for child in self._children(body)}

    def find(self, path: str) -> Object | None:
        """The object with this full name, links not followed, or None."""
        parent, _, name = path.rpartition("\\")
        try:
            children = self.list(parent)
        except KeyError:
            return None
        return next((child for child in children.values() if child.name.lower() == name.lower()), None)

    def target(self, path: str) -> str:
        """What a symbolic link stands for."""
        link = self.find(path)
        if not link or link.type != "SymbolicLink":
            raise KeyError(f"{path} is no symbolic link")
        return self._string(link.body)

    def paths(self, below: str = "") -> Iterator[str]:
        """Every full name, directories before what is in them."""
        for name, child in sorted(self.list(below or "\\").items()):
            yield f"{below}\\{name}"
            if child.type == "Directory":
                yield from self.paths(f"{below}\\{name}")

    def _children(self, directory: int) -> Iterator[Object]:
        for bucket in struct.unpack(f"<{BUCKETS}I", self.walker.bytes_at(directory, 4 * BUCKETS)):
            while bucket:
                bucket, body = struct.unpack("<II", self.walker.bytes_at(bucket, 8))
                yield self._object(body)

    def _object(self, body: int) -> Object:
        header = body - HEADER_SIZE
        raw = self.walker.bytes_at(header, HEADER.size)
        pointers, handles, kind, name_info, _, _, flags = HEADER.unpack(raw)
        name = self._string(header - name_info + 4)
        return Object(name, self._string(kind), body, pointers, handles, bool(flags & PERMANENT))

    def _string(self, address: int) -> str:
        """A UNICODE_STRING."""
        length, _, buffer = struct.unpack("<HHI", self.walker.bytes_at(address, 8))
        return self.walker.bytes_at(buffer, length).decode("utf-16le")

    def _word(self, address: int) -> int:
        return struct.unpack("<I", self.walker.bytes_at(address, 4))[0]
