"""The pages in docs/ are drawn from what runs."""
from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Callable

from vmachine import Product


def check(product: Product, root: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    command = [root / "tools" / "docs", "--check", "--out", product.out, *files]
    return subprocess.run(command, capture_output=True, text=True)


IRP, BOOT, README = "docs/irp-path.md", "docs/boot-and-memory.md", "README.md"
WALK, FORMATS, TLB = "docs/walk.md", "docs/formats.md", "docs/tlb.md"
FIGURE = r"(boot, first instruction to the table \| )([\d ]+)"

# A page, what is replaced in it, by what, and the block that it stands in.
CHANGES = [
    (IRP, r".*VirtToPhys!GetPhysicalAddress.*\n", "", "calls NtDeviceIoControlFile"),
    (IRP, r"(GetPhysicalAddress.*) x 4", r"\1 x 3", "calls NtDeviceIoControlFile"),
    (IRP, r"  (ob_handle_closed)", r"\1", "calls NtClose"),
    (IRP, r"status=C0000010", "status=C0000011", "trace"),
    (BOOT, r"C0000000-C03FFFFF", "C0000000-C04FFFFF", "regions"),
    (BOOT, r"call=start", "call=begin", "log"),
    (BOOT, r"0EC67000h", "0EC68000h", "log"),
    (FORMATS, r"free   0\*  PCD", "free   0   PCD", "drawing include/paging_pae.h"),
    (TLB, r"step=edited tables=second access=first", "step=edited tables=second access=second", "tlb"),
    (WALK, r"043F3000", "043F4000", "vtop 77E40000 80101000 80000000"),
    (README, r"\| 4 000 000 \|", "| 5 000 000 |", "bench"),
    (README, FIGURE, lambda it: f"{it[1]}{scaled(it[2], 1.03)} ", "bench"),
]

DRIFTED = [
    (BOOT, r"cr3=\w+", "cr3=00999000"),
    (WALK, r"CR3 \w+", "CR3 00999000"),
    (IRP, r"(IofCallDriver +)\d+", r"\g<1>777"),
    (README, FIGURE, lambda it: f"{it[1]}{scaled(it[2], 1.01)} "),
]


def scaled(number: str, factor: float) -> str:
    return str(round(int(number.replace(" ", "")) * factor))


def broken(page: Path, to: Path, pattern: str, instead: str | Callable[[re.Match[str]], str]) -> Path:
    """A copy of a page with a change in it."""
    text, times = re.subn(pattern, instead, page.read_text())
    assert times, f"{pattern} is not on {page}"
    to.write_text(text)
    return to


def test_the_drawn_blocks_are_true(product: Product, root: Path) -> None:
    """docs/ has one page on boot and memory, one on the path of an IRP, each drawn from what runs."""
    done = check(product, root)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_block_that_is_not_true_is_seen(product: Product, root: Path, tmp_path: Path) -> None:
    """The check can fail: each change makes one block of its page untrue, and that block is named."""
    pages = [broken(root / page, tmp_path / f"{at}.md", *change) for at, (page, *change, _) in enumerate(CHANGES)]
    done = check(product, root, *pages)
    said = [line.removeprefix(f"{tmp_path}/").removesuffix(": out of date; run `make docs`")
            for line in done.stdout.splitlines()]
    assert said == [f"{at}.md: {block}" for at, (*_, block) in enumerate(CHANGES)], done.stdout + done.stderr
    assert done.returncode == 1


def test_what_a_build_may_change_is_passed_over(product: Product, root: Path, tmp_path: Path) -> None:
    """Other addresses of frames, other counts in a tree, and figures that drifted by less than 2 percent."""
    pages = [broken(root / page, tmp_path / f"{at}.md", *change) for at, (page, *change) in enumerate(DRIFTED)]
    done = check(product, root, *pages)
    assert done.returncode == 0, done.stdout + done.stderr
