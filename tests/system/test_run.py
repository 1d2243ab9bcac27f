"""`make run` without a terminal: prints the log, presses OK itself, and cannot end well without the table."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vmachine import ALL_IMAGES, DRIVER, PROGRAM_IMAGES, Product, table

ROOT = Path(__file__).resolve().parents[2]
MAKES_OWN = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ARGS")  # of the make that runs the tests
TIME_LIMIT = 120  # seconds, of a whole `make run`


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command with no terminal on stdin."""
    outer = {name: value for name, value in os.environ.items() if name not in MAKES_OWN}
    return subprocess.run([str(word) for word in command], cwd=ROOT, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=TIME_LIMIT, env=outer | environment)


@pytest.fixture
def copy(product: Product, tmp_path: Path) -> Product:
    """A copy of what boots, to break."""
    (tmp_path / "images").mkdir()
    shutil.copy(product.kernel, tmp_path)
    for name in ALL_IMAGES:
        shutil.copy(product.image(name), tmp_path / "images")
    return Product(tmp_path)


def test_make_run_shows_the_table(product: Product) -> None:
    """`with no terminal on stdin (a pipe, CI) prints the log on stdout, presses OK itself and exits 0`;
    `make run ARGS="seed=7" passes them`."""
    done = run("make", "-s", "run", f"OUT={product.out}", "ARGS=seed=7")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [row.name for row in table(lines)] == list(PROGRAM_IMAGES)
    assert lines[-1] == "[exit] status=success"
    assert any(line.startswith("[boot] ") and "seed=7" in line for line in lines)


def test_no_shell_sees_the_words(product: Product) -> None:
    """ARGS goes to the kernel as it is: nothing in it is executed, a quote needs no partner."""
    done = run("make", "-s", "run", f"OUT={product.out}", """ARGS=$$(echo+ran) `echo+ran` "a' ;false""")
    assert done.returncode == 0, done.stdout + done.stderr
    banner = next(line for line in done.stdout.splitlines() if line.startswith("[boot] cmdline="))
    assert "$(echo+ran) `echo+ran`" in banner and "a' ;false" in banner


def test_the_option_goes_before_the_environment(product: Product) -> None:
    """--append for direct use, whatever ARGS says."""
    done = run("tools/run", "--out", product.out, "--append", "seed=7", ARGS="seed=8")
    assert done.returncode == 0 and "seed=7" in done.stdout and "seed=8" not in done.stdout


@pytest.mark.parametrize("name", [DRIVER, "kernel32.dll", "VirtToPhys.exe"])
def test_without_a_row_it_fails(copy: Product, name: str) -> None:
    """`without the four rows it exits non-zero`, with one sentence that says what is missing."""
    copy.image(name).write_bytes(b"MZ this is no image")
    done = run("tools/run", "--out", copy.out)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.startswith("run: ") and done.stderr.count("\n") == 1, done.stderr


TITLE = '[box] title="Modules Base Address" icon=information buttons=OK'
ROWS = [f'[box] line="{name:<16}00400000h  00134000h ( 1 261 568 )"' for name in PROGRAM_IMAGES]
OK = "[box] pressed=OK"
CANNOT = ['[box] title="Error" icon=stop buttons=OK', '[box] line="Can\'t."']
SUCCESS, FAILURE = 0x10, 0x11

LOGS = {
    "as it should be": ([TITLE, *ROWS, OK], SUCCESS, ""),
    "nothing at all": ([], SUCCESS, "rows are missing"),
    "no rows": ([TITLE, OK], SUCCESS, "rows are missing"),
    "three rows": ([TITLE, *ROWS[:3], OK], SUCCESS, "rows are VirtToPhys.exe, kernel32.dll, user32.dll;"),
    "another order": ([TITLE, *ROWS[::-1], OK], SUCCESS, "rows are advapi32.dll"),
    "five rows": ([TITLE, *ROWS, ROWS[0], OK], SUCCESS, "advapi32.dll, VirtToPhys.exe;"),
    "no box": (ROWS, SUCCESS, "never shown"),
    "an error box": ([*CANNOT, TITLE, *ROWS, OK], SUCCESS, '"Can\'t."'),
    "a failure at the end": ([TITLE, *ROWS, OK], FAILURE, "QEMU ended with 35"),
    "another end": ([TITLE, *ROWS, OK], 0, "QEMU ended with 1"),
}


@pytest.mark.parametrize("case", LOGS)
def test_what_counts_as_success(copy: Product, product: Product, case: str) -> None:
    """Four rows with these names, the box, no error, and the one value for success: all of them are needed."""
    lines, end, said = LOGS[case]
    shutil.copy(product.out / "oracle" / "playback.elf", copy.kernel)
    log = "".join(f"{line}\r\n" for line in lines)
    copy.image("VirtToPhys.exe").write_bytes(log.encode() + bytes([end]))
    done = run("tools/run", "--out", copy.out)
    assert done.stdout.splitlines() == lines
    assert done.returncode == (1 if said else 0), done.stderr
    assert said in done.stderr and done.stderr.count("\n") == (1 if said else 0)


def test_a_missing_file_is_named(copy: Product) -> None:
    """A file that was not built is named, with the command that builds it."""
    copy.image("user32.dll").unlink()
    done = run("tools/run", "--out", copy.out)
    assert done.returncode == 1
    assert "images/user32.dll" in done.stderr and "run `make` first" in done.stderr


def test_a_silent_kernel_runs_into_the_limit(copy: Product, product: Product) -> None:
    """The time limit says what was awaited."""
    shutil.copy(product.out / "oracle" / "counted.elf", copy.kernel)
    done = run("tools/run", "--out", copy.out, "--seconds", "1")
    assert done.returncode == 1
    assert 'awaited the box "Modules Base Address" for 1 s' in done.stderr


def test_without_qemu_the_package_is_named(product: Product, tmp_path: Path) -> None:
    """Where QEMU is not installed the message names Debian's package and `make deps`."""
    for name, place in (("env", "/usr/bin/env"), ("python3", sys.executable)):
        (tmp_path / name).symlink_to(place)
    done = run("tools/run", "--out", product.out, PATH=str(tmp_path))
    assert done.returncode == 1
    assert "qemu-system-x86" in done.stderr and "make deps" in done.stderr


def test_iso_runs_as_well(product: Product) -> None:
    """The ISO by tools/run: firmware and GRUB, then the same table."""
    done = run("tools/run", "--out", product.out, "--iso", product.iso)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [row.name for row in table(done.stdout.splitlines())] == list(PROGRAM_IMAGES)
