"""`make debug` waits for gdb, and .gdbinit connects it with symbols."""
from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from vmachine import Product

ROOT = Path(__file__).resolve().parents[2]
TIME_LIMIT = 60  # seconds
DRIVER_BASE = 0xE0000000  # of the first driver loaded


@pytest.fixture
def place(product: Product, tmp_path: Path) -> Path:
    """A folder where `build` is the build under test, with a socket for gdb of its own."""
    build = tmp_path / "build"
    build.mkdir()
    for name in ("kernel.elf", "images", "symbols"):
        (build / name).symlink_to(product.out / name)
    return tmp_path


def gdb(place: Path, *lines: str) -> str:
    """What gdb says to these lines after .gdbinit."""
    words = ["gdb", "-nx", "-batch", "-x", str(ROOT / ".gdbinit"), *(f"-ex={line}" for line in lines)]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=TIME_LIMIT, cwd=place, env={**os.environ, "TERM": "dumb"})
    return done.stdout


def test_gdb_reaches_kernel_driver_and_program(place: Path) -> None:
    """gdb connects before the first instruction; it stops in kernel_main by name and source line, in the
    driver's walk, and names the program's functions; then the machine runs to its end."""
    words = [str(ROOT / "tools/run"), "--debug", "--out", str(place / "build"), "--seconds", str(TIME_LIMIT)]
    run = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, cwd=place)
    try:
        assert run.stdout
        assert "gdb -x .gdbinit" in run.stdout.readline()
        said = gdb(place, "hbreak kernel_main", "continue", f"driver VirtToPhys {DRIVER_BASE:#x}",
                   "hbreak GetPhysicalAddress", "continue", "backtrace 1", "print/x Virtual",
                   "program", "info symbol 0x401000", "delete", "detach")
        rest = run.stdout.read()
        assert run.wait(TIME_LIMIT) == 0, said + rest
    finally:
        run.kill()
        run.wait()
    assert f"[driver] name=VirtToPhys base={DRIVER_BASE:08X}" in rest
    for expected in ("Breakpoint 1, kernel_main", "kernel/main.c:", "Breakpoint 2, GetPhysicalAddress",
                     "drivers/virttophys/virttophys.c:", "$1 = 0x400000", "symbols/VirtToPhys.exe"):
        assert expected in said, said
