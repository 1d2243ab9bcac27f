"""Names for addresses, out of the symbol tables of the kernel and of the loaded images."""
from __future__ import annotations

import bisect
import re
import shutil
import struct
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Iterable

from .log import records

CROSS_PREFIXES = ("i686-elf-", "i686-linux-gnu-", "")
ADDRESS = re.compile(r"\b(?:0x)?([0-9A-Fa-f]{8})\b")
TROUBLE = re.compile(r"\[(?:exception|backtrace|bugcheck|assert|panic)\]")


@lru_cache
def binutil(name: str) -> str:
    """A binutils program that reads i386 files; raises FileNotFoundError where there is none."""
    for prefix in CROSS_PREFIXES:
        path = shutil.which(prefix + name)
        if path:
            return path
    raise FileNotFoundError(f"{name} is not installed (Debian package binutils-i686-linux-gnu; `make deps`)")


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def undecorated(name: str) -> str:
    """`_DriverEntry@8` and `@IofCallDriver@8` as the source spells them."""
    return re.sub(r"^[_@](.*?)(@\d+)?$", r"\1", name)


class Symbols:
    """One file's symbols, moved by `bias` bytes from where it was linked."""

    def __init__(self, path: Path, bias: int = 0, decorated: bool = False):
        self.path, self.bias = path, bias
        pairs = []
        for line in _run(binutil("nm"), "-n", str(path)).splitlines():
            address, kind, name = (line.split(maxsplit=2) + ["", ""])[:3]
            if name and kind not in "UaNn":
                pairs.append((int(address, 16) + bias, undecorated(name) if decorated else name))
        pairs.sort()
        self.addresses = [address for address, _ in pairs]
        self.names = [name for _, name in pairs]

    def address(self, name: str) -> int:
        """Where a name is; KeyError where the file has no such symbol."""
        try:
            return self.addresses[self.names.index(name)]
        except ValueError:
            raise KeyError(f"{self.path.name} has no symbol {name}") from None

    def name(self, address: int) -> str | None:
        """`name+0x12`, or None below the first symbol."""
        at = bisect.bisect_right(self.addresses, address) - 1
        if at < 0:
            return None
        offset = address - self.addresses[at]
        return f"{self.names[at]}+{offset:#x}" if offset else self.names[at]

    def line(self, address: int) -> str | None:
        """`file.c:33` from the debug information, or None."""
        answer = _run(binutil("addr2line"), "-s", "-e", str(self.path), f"{address - self.bias:#x}").strip()
        return None if answer.startswith("??") else answer.split(" (")[0]


def preferred_base(path: Path) -> int:
    """ImageBase in a PE32 file's optional header."""
    with path.open("rb") as file:
        data = file.read(4096)
    (header,) = struct.unpack_from("<I", data, 0x3C)
    return struct.unpack_from("<I", data, header + 24 + 28)[0]


@lru_cache
def kernel_symbols(out: Path) -> Symbols:
    """The kernel's."""
    return Symbols(out / "kernel.elf")


@lru_cache
def image_symbols(out: Path, name: str, base: int) -> Symbols:
    """Those of a PE image's twin under symbols/, as it stands loaded at `base`."""
    path = out / "symbols" / name
    return Symbols(path, base - preferred_base(path), decorated=True)


def _loaded(out: Path, lines: Iterable[str]) -> list[tuple[int, int, str]]:
    """Base, size and file name of each image that the log says is mapped."""
    twins = {path.name.lower(): path.name for path in (out / "symbols").glob("*.*")}
    found = []
    for record in records(lines):
        if record.tag in ("driver", "image") and {"name", "base", "size"} <= record.fields.keys():
            name = record["name"].lower()
            twin = twins.get(name) or twins.get(f"{name}.sys")
            if twin:
                found.append((record.hex("base"), record.hex("size"), twin))
    return found


def resolve(out: Path, lines: list[str], address: int) -> str | None:
    """What an address is, by the kernel's symbols and by the images that the log names."""
    for base, size, name in _loaded(out, lines):
        if base <= address < base + size:
            return f"{name}!{image_symbols(out, name, base).name(address)}"
    kernel = kernel_symbols(out)
    if not kernel.addresses or not kernel.addresses[0] <= address <= kernel.addresses[-1]:
        return None
    line = kernel.line(address)
    return f"{kernel.name(address)}" + (f" ({line})" if line else "")


def explain(out: Path | None, lines: list[str]) -> list[str]:
    """A line for each code address in the log's reports of trouble."""
    if out is None or not (out / "kernel.elf").is_file():
        return []
    explained: dict[int, str] = {}
    for line in filter(TROUBLE.search, lines):
        returns = line.startswith("[backtrace]")  # those addresses are just behind a call
        for address in (int(text, 16) for text in ADDRESS.findall(line)):
            name = None if address in explained else resolve(out, lines, address - returns)
            if name:
                explained[address] = f"{address:08X}  {name}"
    return list(explained.values())
