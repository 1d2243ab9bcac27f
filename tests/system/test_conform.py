"""conform.exe: what each call does, against what is known of NT; in QEMU, and under Wine where it is installed."""
from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from harness.tap import Check, checks, failed
from vmachine import Machine, Product

ROOT = Path(__file__).resolve().parents[2]
AT_LEAST = 300
SECONDS = 120
GAPS = ROOT / "tests/system/conform-gaps.txt"
# Checks that this machine has no excuse to skip.
UNSKIPPABLE = re.compile(r"services|device|buffers|overlapped|console|frames|heap|memory|errors|dosdevices")


@pytest.fixture(scope="module", params=["", "paging=pae"])
def tap(product: Product, request: pytest.FixtureRequest) -> list[Check]:
    """One run of it, started by smss.exe in the place of VirtToPhys.exe; with all that a processor may have, NX too."""
    modules = {**product.fixtures(), "conform.exe": product.fixture("conform.exe")}
    cpu = "max" if request.param else None
    with Machine(product.boot(f"run=conform.exe exit {request.param}", modules, memory=128, cpu=cpu)) as machine:
        machine.wait_exit(SECONDS)
        return checks(machine.lines)


def gaps() -> set[str]:
    """The checks that do not pass yet."""
    return {line for line in GAPS.read_text().splitlines() if line and line[0] != "#"}


def test_every_other_check_passes(tap: list[Check]) -> None:
    """All but the gaps, and each of those still fails: `at least 300 checks over these calls, run in QEMU by the tests, printing TAP`."""
    assert set(failed(tap)) == gaps()
    assert len(tap) >= AT_LEAST


def test_names_are_unique(tap: list[Check]) -> None:
    """The list of differences goes by names."""
    names = [check.name for check in tap]
    assert {name for name in names if names.count(name) > 1} == set()


def test_nothing_of_ours_is_skipped(tap: list[Check]) -> None:
    assert [check for check in tap if check.skipped and UNSKIPPABLE.match(check.name)] == []


def test_under_wine(product: Product) -> None:
    """`the same source runs under Wine where Wine is installed, with a list of known differences`."""
    bits = subprocess.run([ROOT / "tools/conform-wine", "--bits"], capture_output=True, text=True).stdout.strip()
    if not bits:
        pytest.skip("Wine is not installed")
    done = subprocess.run(["make", "-s", "conform-wine", f"OUT={product.out}"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
