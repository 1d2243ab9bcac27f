"""vtop: the walk on the host, against a second walker over hostile tables, and over our own machine."""
from __future__ import annotations

import json
import random
import re
import struct
import subprocess
import time
from pathlib import Path
from typing import Iterator

import pytest

from harness.walker import Walker
from harness.walker_pae import FORMATS, Setting, Walk
from vmachine import SHOWN, Machine, Product, table

ALL, UNMAPPED, USE, IMAGE = range(4)  # exit statuses
PAGE = 4096
MEMORY = 64  # MiB
TIME_LIMIT = 120  # seconds
PAGES = 48  # of a hostile image
ROUNDS, ADDRESSES = 50, 5000  # 4 formats x 50 images x 5000 addresses: a million
LEVELS = {"32": 2, "pse": 2, "pae": 3, "nx": 3}


@pytest.fixture(scope="session")
def vtop(product: Product) -> Path:
    return built(product, "vtop")


@pytest.fixture(scope="session")
def checked(product: Product) -> Path:
    """The same with the sanitizers."""
    return built(product, "vtop-checked")


def built(product: Product, name: str) -> Path:
    path = product.out / name
    if not path.exists():
        pytest.fail(f"{path} is not built; `make vtop` first", pytrace=False)
    return path


def run(vtop: Path, *words: object, status: int = ALL, text: str | None = None) -> str:
    done = subprocess.run([vtop, *map(str, words)], input=text, capture_output=True, text=True, timeout=TIME_LIMIT)
    assert done.returncode == status, f"exit {done.returncode}\n{done.stderr}{done.stdout[-2000:]}"
    return done.stdout


# ---- Hostile tables ----

def hostile_entry(chance: random.Random, wide: bool) -> int:
    """Mostly a present entry that leads to another page of the image; broken, absent, outside now and then."""
    luck = chance.random()
    flags = chance.getrandbits(12) & ~0x1E6 | chance.choice((0, 2, 4, 6, 6, 6)) | (luck < 0.95)
    entry = chance.randrange(PAGES + 2) << 12 | flags
    if luck < 0.25:
        entry |= 0x80
    if luck < 0.02:
        return chance.getrandbits(64 if wide else 32)
    if luck > 0.9:
        entry ^= 1 << chance.randrange(64 if wide else 32)
    if wide and chance.random() < 0.15:
        entry |= 1 << 63
    return entry


def hostile_image(chance: random.Random, wide: bool) -> bytearray:
    """Any page may be a directory, a table or data, and its own table too."""
    size = 8 if wide else 4
    pool = [hostile_entry(chance, wide) for _ in range(4096)]
    entries = chance.choices(pool, k=PAGES * PAGE // size)
    return bytearray(struct.pack(f"<{len(entries)}{'Q' if wide else 'I'}", *entries))


def hostile_cr3(chance: random.Random, image: bytearray, wide: bool) -> int:
    """A directory, or four PDPTEs that are mostly sound: else every walk would end at the first level."""
    if not wide:
        return chance.randrange(PAGES) << 12 | chance.getrandbits(12)
    at = chance.randrange(len(image) // 32) * 32
    for slot in range(4):
        if chance.random() < 0.9:
            struct.pack_into("<Q", image, at + slot * 8, chance.randrange(PAGES) << 12 | 1 | chance.getrandbits(3) << 9)
    return at | chance.getrandbits(5)


def setting_words(it: Setting) -> list[str]:
    cr4 = {"32": 0, "pse": 0x10, "pae": 0x20, "nx": 0x20}[it.format] | it.smep << 20 | it.smap << 21
    words = ["--cr0", f"{0x80000000 | it.wp << 16:X}", "--cr3", f"{it.cr3:X}", "--cr4", f"{cr4:X}",
             "--efer", "800" if it.format == "nx" else "0", "--maxphyaddr", str(it.maxphyaddr)]
    return words + ["--ac"] * it.ac


@pytest.mark.parametrize("format_", FORMATS)
def test_hostile_tables(vtop: Path, tmp_path: Path, format_: str) -> None:
    """250000 addresses a format, a million in all: every level, the offending bits, six verdicts, the level that
    denies; equal to the other walker's, and each way to stop was taken often."""
    wide, stops = format_ in ("pae", "nx"), dict.fromkeys("MNRU", 0)
    for number in range(ROUNDS):
        chance = random.Random(f"{format_} {number}")
        image = hostile_image(chance, wide)
        setting = Setting(format_, hostile_cr3(chance, image, wide), chance.choice((32, 36, 38, 40, 46, 52)),
                          *(chance.random() < 0.5 for _ in range(4)))
        file = tmp_path / "image"
        file.write_bytes(image)
        addresses = [chance.getrandbits(32) for _ in range(ADDRESSES)]
        done = subprocess.run([vtop, *setting_words(setting), "--batch", "-", file], capture_output=True, text=True,
                              input="".join(f"{it:X}\n" for it in addresses), timeout=TIME_LIMIT)
        assert done.returncode in (ALL, UNMAPPED), done.stderr
        said, walk = done.stdout.splitlines(), Walk(bytes(image), setting)
        expected = [walk.line(it) for it in addresses]
        if said != expected:
            wrong = [pair for pair in zip(said, expected) if pair[0] != pair[1]]
            pytest.fail(f"{setting}: {len(said)} lines, {len(wrong)} differ\n" + "\n".join(map(str, wrong[:3])))
        for it in expected:
            stops[it[9]] += 1
    assert sum(stops.values()) == ROUNDS * ADDRESSES
    assert all(count > (0 if stop == "R" and format_ == "32" else -1) for stop, count in stops.items() if stop != "R")
    assert format_ == "32" or stops["R"] > 1000
    assert min(stops["M"], stops["N"]) > 10000, stops
