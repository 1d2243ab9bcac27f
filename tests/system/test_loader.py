"""ntdll's loader, seen from native programs that check themselves (tests/user/loader)."""
from __future__ import annotations

import pytest

from harness.checks import run_checks, run_program
from vmachine import Product

DLL_NOT_FOUND, ENTRYPOINT_NOT_FOUND, DLL_INIT_FAILED = "C0000135", "C0000139", "C0000142"


def test_loader(product: Product) -> None:
    """Imports, ordinals, forwarders, circles, relocation, TLS, order, counts, the PEB's lists."""
    lines = run_checks(product, "loader.exe", 40)
    moved = [line for line in lines if line.startswith("[image] name=beta.dll")]
    assert len(moved) == 1 and "base=10000000" not in moved[0]
    assert lines.index("[refuse] reason=1") < lines.index("[refuse] reason=0")


REFUSED = [
    # the program, its exit status, what the log says is missing
    ("needs_nobody.exe", DLL_NOT_FOUND, ["nobody.dll"]),
    ("needs_absent.exe", ENTRYPOINT_NOT_FOUND, ["alpha.dll", "alpha_absent"]),
    ("needs_refuse.exe", DLL_INIT_FAILED, ["refuse.dll"]),
]


@pytest.mark.parametrize("program, status, names", REFUSED)
def test_a_program_is_refused_by_name(product: Product, program: str, status: str,
                                      names: list[str]) -> None:
    """It ends with the status before its first instruction; the log and the screen name what is missing."""
    lines = run_program(product, program, success=False)
    assert any(line.startswith("[process] event=exit") and f"name={program} status={status}" in line
               for line in lines)
    told = [line for line in lines if line.startswith("[image]") and f"status={status}" in line]
    shown = [line for line in lines if line.startswith(program) and status in line]
    assert len(told) == 1 and len(shown) == 2
    assert all(name in told[0] and name in shown[0] for name in names)
    assert shown[1] == f"{program} has ended, and no other one is left: status {status}."
