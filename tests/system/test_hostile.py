"""hostile.exe: ring 3 as an enemy of the kernel, judged by itself, and by its witness's memory from outside."""
from __future__ import annotations

import zlib
from typing import Iterator

import pytest

from harness.walker import Walker
from vmachine import Machine, Product, Record, records
from vmachine.machine import EXIT_SUCCESS

SEED, CALLS = 2026, 2_000_000
SECONDS = 900  # a limit for what hangs: a run takes one or two minutes
LOG_LINES = 6000  # a child leaves some 20
CHANGED = ("objects", "handles", "pool")


def boot(product: Product, *words: object, **settings: object) -> Machine:
    """A machine that runs hostile.exe with these words, and has the driver that it needs."""
    modules = {name: product.fixture(name) for name in ("hostile.exe", "async.sys")}
    command = ",".join(["run=hostile.exe", *map(str, words)])
    return Machine(product.boot(f"{command} exit", modules, **settings))


def ranges(machine: Machine) -> Iterator[Record]:
    return (record for record in records(machine.lines, "witness") if record.get("range"))


def walker(machine: Machine, read) -> Walker:
    """The witness's address space, by the CR3 that the log has for its process."""
    witness = next(record for record in records(machine.lines, "witness") if record.get("process"))["process"]
    created = next(
        record for record in records(machine.lines, "process")
        if record.get("event") == "create" and record["id"] == witness
    )
    return Walker(read, int(created["cr3"], 16))


def checksum(space: Walker, record: Record) -> str:
    """Of the range's bytes as the page tables lead to them; a page that nobody has touched is not there."""
    base, size = int(record["range"], 16), int(record["bytes"], 16)
    if record["kind"] != "zero":
        return f"{zlib.crc32(space.bytes_at(base, size)):08X}"
    there = b"".join(space.bytes_at(page.virtual, page.size) for page in space.pages(base, base + size))
    return f"{there.count(0) - len(there):08X}"


def changed(machine: Machine) -> list[Record]:
    """The ranges whose bytes are not what the witness said when it began."""
    with machine.frozen() as memory:
        space = walker(machine, memory.read)
        return [record for record in ranges(machine) if checksum(space, record) != record["checksum"]]


def judge(lines: list[str], calls: int) -> None:
    """What the run says of itself, and what it must not say."""
    checks = list(records(lines, "check"))
    assert not [check for check in checks if check["result"] != "pass"]
    assert "[checks] failed=0" in lines
    told = [record for record in records(lines, "hostile") if record.get("witness")]
    assert len(told) == 1 and told[0]["witness"] == "ok" and int(told[0]["calls"]) >= calls
    for name in CHANGED:
        before, after = told[0][name].split("/")
        assert before == after
    categories = [record for record in records(lines, "hostile") if record.get("tries")]
    assert len(categories) == 22 and all(int(record["tries"]) > 0 for record in categories)
    assert len(lines) < LOG_LINES


def test_the_kernel_survives(product: Product) -> None:
    """`at least 2 000 000 seeded calls ... every other process's memory has the checksum it had, objects and
    pool return to their counts`; the checksums are computed by the host, too, before and behind."""
    with boot(product, SEED, CALLS, "hold") as machine:
        for _ in range(2):
            machine.wait_for(r"^\[hostile\] state=held$", SECONDS)
            assert len(list(ranges(machine))) >= 12
            assert changed(machine) == []
            machine.press("ret")
        assert machine.wait_exit(SECONDS) == EXIT_SUCCESS, machine.lines[-20:]
        judge(machine.lines, CALLS)


@pytest.mark.parametrize("seed, memory, cpu", [(12, 32, None), (21, 64, "486")])
def test_with_another_seed(product: Product, seed: int, memory: int, cpu: str | None) -> None:
    """Little memory; a processor without sysenter, SSE and global pages."""
    calls = 200_000
    with boot(product, seed, calls, memory=memory, cpu=cpu) as machine:
        assert machine.wait_exit(SECONDS) == EXIT_SUCCESS, machine.lines[-20:]
        judge(machine.lines, calls)
