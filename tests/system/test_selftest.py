"""The self-tests that run in the kernel at boot, read from the log."""
from __future__ import annotations

from pathlib import Path

from vmachine import Machine, Product, records
from vmachine.machine import EXIT_SUCCESS

ROOT = Path(__file__).resolve().parents[2]


def test_self_tests_pass(product: Product) -> None:
    """`in-kernel self-tests at boot (selftest), reporting on the log`: none fails, and none is left out."""
    with Machine(product.boot("selftest exit", product.fixtures())) as machine:
        status = machine.wait_exit()
        results = {record["name"]: record["result"] for record in records(machine.lines, "selftest")
                   if record.get("result")}
        sums = [record for record in records(machine.lines, "selftest") if record.get("passed")]
    assert [name for name, result in results.items() if result != "pass"] == []
    assert (sums[0]["passed"], sums[0]["failed"]) == (str(len(results)), "0")
    written = [line for path in (ROOT / "tests/kernel").glob("*.c") for line in path.read_text().splitlines()
               if line.startswith("SELFTEST(")]
    assert len(results) == len(written) > 0
    assert status == EXIT_SUCCESS
