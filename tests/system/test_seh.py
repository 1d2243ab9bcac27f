"""Exceptions in ring 3, seen from native programs that check themselves (tests/user/seh)."""
from __future__ import annotations

from harness.checks import run_checks, run_program
from vmachine import Product


def test_seh(product: Product) -> None:
    """Hardware exceptions, guard pages, the growing stack, raising, unwinding, nesting, collisions."""
    run_checks(product, "seh.exe", 30)


def test_nobody_handles_it(product: Product) -> None:
    """The second chance ends the process with the exception's code, and the kernel goes on."""
    lines = run_program(product, "unhandled.exe", success=False)
    assert any(line.startswith("[process] event=exit") and "status=C0000005" in line for line in lines)
    assert lines[-1] == "[exit] status=failure"


def test_hello(product: Product) -> None:
    """The smallest program: a line on the log by DbgPrint, one on the screen by NtDisplayString."""
    lines = run_program(product, "hello.exe", success=True)
    assert "Hello from ring 3" in lines
    assert any(line.startswith("hello: ring 3, image at 00400000, process ") for line in lines)
