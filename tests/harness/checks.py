"""Programs that check themselves (tests/user/check.h): run as the machine's only one, and judged."""
from __future__ import annotations

from vmachine import Machine, Product, records
from vmachine.machine import EXIT_FAILURE, EXIT_SUCCESS


def run_program(product: Product, name: str, success: bool, words: str = "") -> list[str]:
    """The log of a run of this program alone, which must end in order with or without success; `words` are the
    kernel's."""
    modules = {**product.libraries(), name: product.fixture(name)}
    with Machine(product.boot(f"init={name} exit {words}", modules)) as machine:
        assert machine.wait_exit() == (EXIT_SUCCESS if success else EXIT_FAILURE), machine.lines
        assert not [line for line in machine.lines if line.startswith("[bugcheck]")]
        return machine.lines


def run_checks(product: Product, name: str, least: int, words: str = "") -> list[str]:
    """The log; every check must have passed, and there must be at least so many."""
    lines = run_program(product, name, True, words)
    checks = list(records(lines, "check"))
    assert not [check for check in checks if check["result"] != "pass"]
    assert len(checks) >= least
    assert "[checks] failed=0" in lines
    return lines
