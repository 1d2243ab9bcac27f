"""The pages in docs/ are drawn from what runs."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from vmachine import Product


def check(product: Product, root: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    command = [root / "tools" / "docs", "--check", "--out", product.out, *files]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_drawn_blocks_are_true(product: Product, root: Path) -> None:
    """docs/ has one page on boot and memory, one on the path of an IRP, each drawn from what runs."""
    done = check(product, root)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_block_that_is_not_true_is_seen(product: Product, root: Path, tmp_path: Path) -> None:
    """The check can fail: a call taken out of the IOCTL's tree is missed."""
    page = Path(shutil.copy(root / "docs" / "irp-path.md", tmp_path))
    lines = page.read_text().splitlines(keepends=True)
    page.write_text("".join(line for line in lines if "VirtToPhys!GetPhysicalAddress" not in line))
    done = check(product, root, page)
    assert done.returncode == 1 and "out of date" in done.stdout, done.stdout + done.stderr
