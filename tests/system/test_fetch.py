"""No double fetch: what ring 3 passes is read once, as a plugin sees that watches each access of the kernel."""
from __future__ import annotations

from pathlib import Path

import pytest

from harness.plugins import Fetches
from vmachine import Machine, Product
from vmachine.symbols import kernel_symbols

SECONDS = 300
PROGRAMS = {
    # the program, what else it needs, and the least reads in thousands
    "conform.exe": (("async.sys", "buffers.sys"), 100),
    "sctest.exe": (("failentry.sys",), 50),
}


def watched(product: Product, folder: Path, words: str, modules: dict[str, Path]) -> Fetches:
    """A run to its end."""
    fetches = Fetches(product.plugin("fetch"), folder / "fetches", kernel_symbols(product.out))
    with Machine(product.boot(words, modules, memory=128, plugins=[fetches.argument])) as machine:
        for line in machine.follow(SECONDS):
            if line.startswith("[box] title="):
                machine.press("ret")
    return fetches


def named(product: Product, fetches: Fetches) -> list[str]:
    """What was read twice, in words."""
    name = kernel_symbols(product.out).name
    return [f"{address:08X} by {name(first)} and {name(second)}" for address, first, second in fetches.twice()]


@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_is_read_twice(product: Product, tmp_path: Path, program: str) -> None:
    """`Every pointer from ring 3 is probed and copied once (no double fetch)`: over all calls of the conformance
    program and of the service control manager's test no byte is read a second time. (hostile.exe gives one
    buffer for two arguments, and then each is copied.)"""
    needed, least = PROGRAMS[program]
    modules = {name: product.fixture(name) for name in (program.split(",")[0], *needed)}
    fetches = watched(product, tmp_path, f"run={program} exit", modules)
    assert named(product, fetches) == []
    assert fetches.reads() >= least


def test_a_driver_that_looks_twice_is_found_out(product: Product, tmp_path: Path) -> None:
    """The instrument: a driver that reads a word of its caller's two times."""
    fetches = watched(product, tmp_path, "exit", {"VirtToPhys.sys": product.out / "oracle" / "double.sys"})
    assert {address & ~3 for address, _, _ in fetches.twice()} == {0x00400000}
