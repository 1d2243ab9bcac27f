"""kernel32 beyond what conform.exe compares with Windows: tests/user/kernel32."""
from __future__ import annotations

import pytest

from vmachine import Machine, Product, records
from vmachine.machine import EXIT_SUCCESS


@pytest.fixture(scope="module")
def lines(product: Product) -> list[str]:
    """The log of k32.exe, started by smss.exe."""
    with Machine(product.boot("run=k32.exe exit", {"k32.exe": product.fixture("k32.exe")})) as machine:
        assert machine.wait_exit(60) == EXIT_SUCCESS, machine.lines[-20:]
        return machine.lines


def test_checks_pass(lines: list[str]) -> None:
    """Stacks are given back, threads share the CPU by the clock and by priority, handles and memory of other processes, how programs end."""
    checks = list(records(lines, "check"))
    assert not [check for check in checks if check["result"] != "pass"]
    assert len(checks) > 30


def test_the_reason_of_an_end_is_told_once(lines: list[str]) -> None:
    """SetErrorMode keeps the second crash quiet; a filter that takes over, the third."""
    told = [line for line in lines if line.startswith("k32.exe: exception C0000005 at ")]
    assert len(told) == 1
    assert told[0].endswith(": the memory at 00001234 could not be written.")


def test_a_long_text_for_the_debugger(lines: list[str]) -> None:
    """OutputDebugString has no limit, though a line of DbgPrint has."""
    assert "x" * 1199 in lines
