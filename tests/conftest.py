"""What all Python tests share: where the build's products stand."""
from __future__ import annotations

import os
from pathlib import Path

import pytest

from vmachine import Product

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--out", default=os.environ.get("OUT", "build"), help="the build's output folder")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the tree."""
    return ROOT


@pytest.fixture(scope="session")
def product(request: pytest.FixtureRequest) -> Product:
    """The build under test; an error where it is not complete."""
    product = Product(ROOT / request.config.getoption("--out"))
    missing = product.missing()
    if missing:
        pytest.fail(f"not built: {', '.join(missing)}; run `make` first", pytrace=False)
    return product
