"""The figures of `make bench` that do not depend on the host, held to their goals."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench import ring3
from bench.bench import exact_figures
from bench.figure import Figure
from vmachine import Product


@pytest.fixture(scope="module")
def measured(product: Product) -> list[Figure]:
    return exact_figures(product)


def test_goals(measured: list[Figure]) -> None:
    """A walk in 24 instructions, the boot under 4 million, `kernel text under 96 KiB`; `null system call by int
    2Eh and by sysenter (goal: under 120 and under 70 guest instructions), DeviceIoControl round trip from ring 3
    (goal: under 1 200), process start to main, context switch`."""
    assert [f"{it.name}: {it.value} of {it.goal}" for it in measured if not it.met] == []


def test_counts_repeat(product: Product, measured: list[Figure]) -> None:
    """`-icount, deterministic`: another two boots give the same numbers."""
    assert exact_figures(product) == measured


def test_by_sysenter_means_sysenter(product: Product) -> None:
    """A Pentium has no sysenter: then the fast way is int 2Eh, and no figure is called by the other's name."""
    with pytest.raises(ValueError, match="was to be sysenter: .*fast=int"):
        ring3.counts(product, cpu="pentium")


def test_each_operation_is_timed(product: Product) -> None:
    """The wall-clock table: every operation has its microseconds, and more work takes longer."""
    timed = ring3.microseconds(product)
    assert list(timed) == [it.name for it in ring3.OPERATIONS]
    assert 0 < timed["null_fast"] < timed["ioctl"] < timed["start"]


def test_without_the_package_linux_is_not_measured(root: Path, tmp_path: Path) -> None:
    """`where one can be had from Debian's packages`: elsewhere it says so in a sentence, and prints no table."""
    done = subprocess.run([sys.executable, root / "tests" / "bench" / "linux.py", "--out", tmp_path],
                          env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no comparison" in done.stderr and "linux-image-686" in done.stderr and "apt-" in done.stderr
