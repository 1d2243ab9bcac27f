"""The figures of `make bench` that do not depend on the host, held to their goals."""
from __future__ import annotations

import pytest

from bench.bench import Figure, exact_figures
from vmachine import Product


@pytest.fixture(scope="module")
def measured(product: Product) -> list[Figure]:
    return exact_figures(product)


def test_goals(measured: list[Figure]) -> None:
    """A walk in 24 instructions, the boot under 4 million, `kernel text under 96 KiB`, and the IOCTL's way in the kernel."""
    assert [f"{it.name}: {it.value} of {it.goal}" for it in measured if not it.met] == []


def test_counts_repeat(product: Product, measured: list[Figure]) -> None:
    """`-icount, deterministic`: another two boots give the same numbers."""
    assert exact_figures(product) == measured
