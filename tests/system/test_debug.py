"""`make debug` waits for gdb; .gdbinit, and its like for any output folder, connects it with symbols."""
from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from vmachine import Machine, Product

ROOT = Path(__file__).resolve().parents[2]
TIME_LIMIT = 60  # seconds


@pytest.fixture
def place(product: Product, tmp_path: Path) -> Path:
    """An output folder named `elsewhere` with the build under test, and a socket for gdb of its own."""
    build = tmp_path / "elsewhere"
    build.mkdir()
    for name in ("kernel.elf", "images", "symbols"):
        (build / name).symlink_to(product.out / name)
    return build


def driver_base(product: Product) -> int:
    """Where VirtToPhys.sys lies: behind the kernel's stacks, the same in each run."""
    with Machine(product.boot("exit", memory=256)) as machine:
        return machine.wait_for_record("driver", name="VirtToPhys").hex("base")


def gdb(script: str, *lines: str) -> str:
    """What gdb says to these lines after the script."""
    words = ["gdb", "-nx", "-batch", "-x", script, *(f"-ex={line}" for line in lines)]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=TIME_LIMIT, cwd=ROOT, env={**os.environ, "TERM": "dumb"})
    return done.stdout


def test_gdb_reaches_kernel_driver_and_program(product: Product, place: Path) -> None:
    """gdb connects before the first instruction; it stops in kernel_main by name and source line, in the
    driver's walk, and names the program's functions; then the machine runs to its end."""
    base = driver_base(product)
    words = [str(ROOT / "tools/run"), "--debug", "--out", str(place), "--seconds", str(TIME_LIMIT)]
    run = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        assert run.stdout
        announced = run.stdout.readline()
        assert announced.endswith(f"gdb -x {place}/gdbinit\n")
        said = gdb(announced.split()[-1], "hbreak kernel_main", "continue", f"driver VirtToPhys {base:#x}",
                   "hbreak GetPhysicalAddress", "continue", "backtrace 1", "print/x Virtual",
                   "program", "info symbol 0x401000", "delete", "detach")
        rest = run.stdout.read()
        assert run.wait(TIME_LIMIT) == 0, said + rest
    finally:
        run.kill()
        run.wait()
    assert f"[driver] name=VirtToPhys base={base:08X}" in rest
    for expected in ("Breakpoint 1, kernel_main", "kernel/main.c:", "Breakpoint 2, GetPhysicalAddress",
                     "drivers/virttophys/virttophys.c:", "$1 = 0x400000", "symbols/VirtToPhys.exe"):
        assert expected in said, said


def test_the_roots_script_is_that_of_the_default_folder() -> None:
    """`gdb -x .gdbinit` stays right for `make debug` without OUT: every path in it begins with build/."""
    lines = [line.split() for line in (ROOT / ".gdbinit").read_text().splitlines()]
    paths = [line[-1 if line[0] == "target" else 1] for line in lines
             if line and line[0] in ("file", "target", "add-symbol-file")]
    assert len(paths) == 7 and all(path.startswith("build/") for path in paths)
