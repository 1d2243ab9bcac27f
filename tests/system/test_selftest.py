"""The self-tests that run in the kernel at boot, read from the log."""
from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from vmachine import Machine, Product, records
from vmachine.log import Record
from vmachine.machine import EXIT_FAILURE, EXIT_SUCCESS
from vmachine.symbols import kernel_symbols

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tests/kernel"

MACHINES = {
    "64 MiB": {"append": "selftest exit"},
    "64 MiB, frames shuffled": {"append": "seed=5 selftest exit"},
    "256 MiB": {"append": "selftest exit", "memory": 256},
    "64 MiB, no 4 MiB pages": {"append": "selftest exit", "cpu": "486,-pse"},
    "plain 32-bit": {"append": "selftest exit paging=32"},
    "PAE": {"append": "selftest exit paging=pae"},
    "PAE and NX": {"append": "selftest exit paging=pae", "cpu": "max"},
}


def written() -> set[str]:
    """The tests in the sources."""
    return {name for path in SOURCES.glob("*.c") for name in re.findall(r"^SELFTEST\((\w+)\)", path.read_text(), re.M)}


def run(product: Product, **settings: object) -> tuple[list[str], int]:
    """The log of the self-tests, with every fixture as a boot module, and QEMU's exit status."""
    append = str(settings.pop("append"))
    with Machine(product.boot(append, product.fixtures(), **settings)) as machine:
        status = machine.wait_exit()
    return machine.lines, status


@pytest.fixture(scope="module")
def log(product: Product) -> list[str]:
    """One run's lines, for the tests that only look."""
    return run(product, append="selftest exit")[0]


def results(lines: list[str]) -> list[Record]:
    return [record for record in records(lines, "selftest") if record.get("result")]


def sums(lines: list[str]) -> dict[str, int]:
    """The last record: how many passed, failed and were skipped."""
    return {key: int(value) for key, value in list(records(lines, "selftest"))[-1].fields.items()}


def section(lines: list[str], name: str) -> list[str]:
    """What a test logged: the lines between the result before its own and its own."""
    ends = [at for at, line in enumerate(lines) if line.startswith("[selftest] name=")]
    at = next(at for at in ends if lines[at].startswith(f"[selftest] name={name} "))
    return lines[max((end for end in ends if end < at), default=-1) + 1 : at]


def complaints(lines: list[str]) -> str:
    """Each test that did not pass, with its failed checks."""
    told = []
    for record in results(lines):
        if record["result"] != "pass":
            checks = [line for line in section(lines, record["name"]) if line.startswith("[check]")]
            told.append("\n  ".join([f"{record['name']}: {record['result']} {record.get('reason', '')}", *checks]))
    ended = [] if any(record.get("passed") for record in records(lines, "selftest")) else lines[-30:]
    return "\n".join(told + ended)


@pytest.mark.parametrize("machine", MACHINES)
def test_self_tests_pass(product: Product, machine: str) -> None:
    """`in-kernel self-tests at boot (selftest), reporting on the log`: none fails, none is skipped, none is missing,
    none runs twice; with frames in another order, more memory, on a CPU without 4 MiB pages, in every format."""
    lines, status = run(product, **MACHINES[machine])
    assert not complaints(lines), complaints(lines)
    names = [record["name"] for record in results(lines)]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert set(names) == written() and len(names) > 200
    assert sums(lines) == {"passed": len(names), "failed": 0, "skipped": 0}
    assert status == EXIT_SUCCESS


def test_self_tests_are_the_same_twice(product: Product, log: list[str]) -> None:
    """Nothing in them depends on the host: two runs log the same."""
    assert run(product, append="selftest exit")[0] == log


def test_without_fixtures_they_are_skipped(product: Product) -> None:
    """A machine without the test drivers says which tests it left out and why; that is no failure."""
    with Machine(product.boot("selftest exit")) as machine:
        status = machine.wait_exit()
        skipped = {record["name"]: record["reason"] for record in results(machine.lines) if record["result"] == "skip"}
    assert sums(machine.lines)["failed"] == 0 and sums(machine.lines)["skipped"] == len(skipped)
    assert skipped["driver_buffers"] == "no boot module buffers.sys"
    needed = {re.search(r"(\w+\.sys)", reason)[1] for reason in skipped.values()}
    assert needed == {"async.sys", "badimport.sys", "buffers.sys", "failentry.sys", "filter.sys", "leaves.sys",
                      "nounload.sys"}
    assert status == EXIT_SUCCESS


def test_a_broken_driver_is_found_out(product: Product) -> None:
    """A test of the tests: with another driver under VirtToPhys.sys's name, its own tests fail, the others do not,
    and the run reads as failure."""
    with Machine(product.boot("selftest exit", {"VirtToPhys.sys": product.fixture("refuse.sys")})) as machine:
        status = machine.wait_exit()
    failed = [record["name"] for record in results(machine.lines) if record["result"] == "fail"]
    assert "driver_virttophys_answers_as_the_tables_say" in failed
    assert [name for name in failed if name.startswith(("ob_", "cm_", "io_"))] == []
    assert sums(machine.lines)["failed"] == len(failed) and status == EXIT_FAILURE


def test_filter_writes_in_order(log: list[str]) -> None:
    """filter.sys above VirtToPhys.sys: each request passes it on the way down, then on the way up."""
    ways = [(record["major"], record["way"]) for record in
            records(section(log, "driver_filter_sees_requests_first"), "filter")]
    # CREATE, IOCTL, CLEANUP, CLOSE; before them the CLOSE of the file by which the filter found its target
    assert ways == [(major, way) for major in ("02", "00", "0E", "12", "02") for way in ("down", "up")]


def test_drivers_that_must_stay_silent(log: list[str]) -> None:
    """DriverUnload is not called after a failed DriverEntry, DriverEntry not with a missing import."""
    assert not [line for line in log if line.startswith(("[failentry]", "[badimport]"))]
    missing = next(record for record in records(log, "image") if record["name"] == "badimport.sys")
    assert (missing["library"], missing["symbol"]) == ("ntoskrnl.exe", "IoNoSuchRoutine")


# ---- Exception reports: what test_crash.py does not look at ----

# The words for error code 0 where the vector has an error code (Intel SDM vol. 3A, table 6-1)
WORDS = {10: "no selector", 11: "no selector", 12: "no selector", 13: "no selector", 14: "not present, read, kernel"}


@pytest.mark.parametrize("vector", range(32))
def test_every_vector_is_reported_with_its_way(product: Product, vector: int) -> None:
    """Each of the 32 exceptions: number, error bits in words, and a backtrace that leads to where it happened."""
    with Machine(product.boot(f"crash={vector} exit")) as machine:
        status = machine.wait_exit()
    exception, = records(machine.lines, "exception")
    frames = [record["symbol"].split("+")[0] for record in records(machine.lines, "backtrace")]
    assert exception.hex("vector") == vector and exception["name"]
    assert exception["bits"] == WORDS.get(vector, "")
    assert exception.hex("error") == 0
    assert frames[0] in ("crash", "raise_vector", "crash_stack")
    assert status == EXIT_FAILURE


@pytest.mark.parametrize("kind", ["stack", "overflow"])
def test_double_fault_has_its_own_stack(product: Product, kind: str) -> None:
    """With the kernel's stack broken, the report is written on another one: ESP stands in it while the CPU is halted."""
    with Machine(product.boot(f"crash={kind}")) as machine:
        machine.wait_for(r"^\[exit\] status=failure$")
        exception, = records(machine.lines, "exception")
        esp = machine.registers()["ESP"]
    symbols = kernel_symbols(product.out)
    stack = symbols.address("double_fault_stack")
    assert exception.hex("vector") == 8
    assert stack < esp < stack + 4096
