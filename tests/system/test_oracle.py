"""No test believes what the kernel says about itself: the table against the MMU, the tables and the bytes."""
from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from harness.oracle import FIGURE, disagreements, image_mmu
from vmachine import DRIVER, SHOWN, Machine, Product, Row, table

SEEDS = [*range(1, 21), *(int(seed) for seed in os.environ.get("VTP_SEED", "").split())]


def witnessed(
    product: Product, folder: Path, append: str, memory: int = 64, driver: Path | None = None,
    user32: Path | None = None,
) -> tuple[list[Row], list[str]]:
    """Boots up to the box; the table, and what the oracle has against it."""
    mmu = image_mmu(product, folder / "mmu")
    instead = {name: path for name, path in ((DRIVER, driver), ("user32.dll", user32)) if path}
    with Machine(product.boot(f"{append} exit", instead, memory=memory, plugins=[mmu.argument])) as machine:
        machine.wait_for(SHOWN)
        return table(machine.lines), disagreements(machine, mmu)


@pytest.fixture(scope="session")
def tables() -> dict[str, list[Row]]:
    """The table of each run so far, by its command line."""
    return {}


FORMATS = ("paging=32", "paging=pae", "paging=pae seed=7")


@pytest.mark.parametrize("append", ["", *FORMATS, *(f"seed={seed}" for seed in SEEDS)], ids=lambda a: a or "plain")
def test_physical_addresses_are_true(
    product: Product, tmp_path: Path, tables: dict[str, list[Row]], append: str
) -> None:
    """`physical addresses are compared with the MMU, the bytes at those physical addresses with the PE
    files' first bytes`, and the VGA memory's text with the log; for twenty seeds and none, in every format."""
    rows, against = witnessed(product, tmp_path, append)
    print(f"{append}: {rows}")
    assert against == []
    assert [(row.name, row.virtual) for row in rows] == [(name, virtual) for name, virtual, _ in FIGURE]
    assert len({row.physical for row in rows}) == 4
    tables[append] = rows


def test_figure_4_10(product: Product, tmp_path: Path) -> None:
    """`place=fig4-10` puts the first page of each image on the figure's frame, for real."""
    rows, against = witnessed(product, tmp_path, "place=fig4-10", memory=256)
    assert against == []
    assert rows == [Row(*row) for row in FIGURE]


def test_figure_4_10_with_a_seed(product: Product, tmp_path: Path) -> None:
    """A shuffled frame allocator does not take the figure's frames away."""
    rows, against = witnessed(product, tmp_path, "place=fig4-10 seed=3", memory=256)
    assert against == []
    assert rows == [Row(*row) for row in FIGURE]


def test_seeds_differ(product: Product, tmp_path: Path, tables: dict[str, list[Row]]) -> None:
    """`seed=N shuffles the frame allocator`: another seed is another table, the same seed the same one."""
    for append in ("", "seed=1", "seed=2"):
        tables.setdefault(append, witnessed(product, tmp_path, append)[0])
    assert len({tuple(rows) for rows in tables.values()}) == len(tables)
    assert witnessed(product, tmp_path, "seed=2")[0] == tables["seed=2"]


def test_a_lying_driver_is_found_out(product: Product, tmp_path: Path) -> None:
    """`A kernel patched to print a constant table must fail`: a driver that answers with the figure's
    numbers is contradicted by every witness, in every row."""
    liar = product.out / "oracle" / "constant.sys"
    rows, against = witnessed(product, tmp_path, "seed=1", memory=256, driver=liar)
    assert rows == [Row(*row) for row in FIGURE]
    for name, _, _ in FIGURE:
        for words in ("the MMU", "the page tables", "gva2gpa", "the file's first bytes"):
            assert any(line.startswith(name) and words in line for line in against), (name, words)


@pytest.mark.parametrize("append", ["", "seed=1"], ids=["plain", "seed=1"])
def test_a_lying_screen_is_found_out(product: Product, tmp_path: Path, append: str) -> None:
    """A user32.dll whose box shows the figure's numbers while its log is true: the screen is contradicted in
    every row, and nothing else is."""
    liar = product.fixture("screen.dll")
    rows, against = witnessed(product, tmp_path, append, memory=256, user32=liar)
    assert len(against) == len(rows) == len(FIGURE)
    for line, row, (_, _, physical) in zip(against, rows, FIGURE):
        assert row.physical != physical
        assert line.startswith(row.name) and f"{row.physical:08X}" in line.split(", the screen")[0]
        assert f"{physical:08X}" in line.split(", the screen")[1]


def test_one_wrong_bit_is_found_out(product: Product, tmp_path: Path) -> None:
    """The oracle's own resolution: each single row, wrong in one bit, is contradicted by every witness."""
    mmu = image_mmu(product, tmp_path / "mmu")
    dice = random.Random(1)
    with Machine(product.boot("exit", plugins=[mmu.argument])) as machine:
        machine.wait_for(SHOWN)
        true = list(machine.lines)
        for row in table(true):
            wrong = row.physical ^ 1 << dice.randrange(32)
            change = (f"{row.physical:08X}h (", f"{wrong:08X}h (")
            machine.lines = [line.replace(*change) for line in true]
            against = [line for line in disagreements(machine, mmu) if line.startswith(row.name)]
            for words in ("the MMU", "the page tables", "gva2gpa", "the screen"):
                assert any(words in line for line in against), words


def test_figure_needs_256_mib(product: Product) -> None:
    """`needs 256 MiB: a clear message otherwise`; the table is shown all the same."""
    with Machine(product.boot("place=fig4-10 exit", memory=128)) as machine:
        machine.wait_for(SHOWN)
        assert "256 MiB" in machine.screen().text
        assert any("place" in line and "256" in line for line in machine.lines)
        assert table(machine.lines) != [Row(*row) for row in FIGURE]
