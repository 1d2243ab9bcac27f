"""What ring 3 pays: bench.exe (tests/user/bench) counted by instructions, and timed by the machine's clock."""
from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from harness.plugins import COUNTED, Counter
from vmachine import Machine, Product, Record, records
from vmachine.machine import EXIT_SUCCESS
from vmachine.symbols import image_symbols, preferred_base

from .figure import Figure

PROGRAM = "bench.exe"
MEMORY = 256  # MiB
COLD = 4  # the first times of an operation, which touch what was not touched before
SECONDS = 120  # a limit for what hangs
MONITOR_TIMES = 20


@dataclass(frozen=True)
class Operation:
    """What bench.exe does again and again between two of its labels."""

    name: str
    title: str
    goal: int  # instructions
    times: int  # at least so often
    cold: int = COLD


OPERATIONS = (
    Operation("null_int", "null system call by int 2Eh (NtTestAlert), stub included", 120, 60),
    Operation("null_fast", "null system call by sysenter, stub included", 70, 60),
    Operation("ioctl", "the same IOCTL from ring 3, DeviceIoControl and back", 1200, 60),
    Operation("yield", "context switch, NtYieldExecution to the other thread", 400, 120),
    Operation("handover", "hand-over to the other thread, SetEvent and a wait", 1700, 120),
    Operation("start", "process start, CreateProcess to its first instruction", 600_000, 4, cold=1),
    Operation("scan", "all ranges of a 4 GiB space, pagewalk.sys and back", 250_000, 8, cold=1),
)


def boot(product: Product, arguments: str, **settings: object) -> Machine:
    """A machine that runs bench.exe in place of the control program, and ends."""
    modules = {PROGRAM: product.fixture(PROGRAM)}
    return Machine(replace(product.boot(f"run={PROGRAM}{arguments} exit", modules, memory=MEMORY), **settings))


def run(machine: Machine) -> list[Record]:
    """The [bench] records of a run to its end."""
    if machine.wait_exit(SECONDS) != EXIT_SUCCESS:
        raise ValueError("bench.exe did not come to a good end:\n" + "\n".join(machine.lines[-10:]))
    return list(records(machine.lines, "bench"))


def interval(product: Product, operation: Operation) -> tuple[int, int]:
    """Where an operation begins and ends: the new program's entry is bench.exe's own."""
    symbols = image_symbols(product.out, PROGRAM, preferred_base(product.fixture(PROGRAM)))
    end = "start" if operation.name == "start" else f"bench_{operation.name}_end"
    return symbols.address(f"bench_{operation.name}_begin"), symbols.address(end)


def counts(product: Product, cpu: str | None = None) -> dict[str, list[int]]:
    """The guest instructions of each operation, each time. ValueError where the fast way is not sysenter."""
    intervals = {it.name: interval(product, it) for it in OPERATIONS}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        counter = Counter(product.plugin("count"), Path(folder) / "counts", intervals)
        with boot(product, "", cpu=cpu, extra=COUNTED, plugins=[counter.argument]) as machine:
            said = run(machine)
        if said[0].get("fast") != "sysenter":
            raise ValueError(f"the fast way into the kernel was to be sysenter: {said[0].line}")
        return {name: counter.counts(name) for name in intervals}


def steady(operation: Operation, counted: list[int]) -> int:
    """What an operation costs once all it needs is in place. A timer's interrupt may fall into one of them."""
    if len(counted) < operation.times:
        raise ValueError(f"{operation.name} was to be counted {operation.times} times, not {len(counted)}")
    return statistics.median_low(counted[operation.cold :])


def instructions(product: Product) -> dict[str, int]:
    """Each operation's, by its name."""
    counted = counts(product)
    return {it.name: steady(it, counted[it.name]) for it in OPERATIONS}


def figures(product: Product) -> list[Figure]:
    """The same with their goals."""
    counted = instructions(product)
    return [Figure(it.title, counted[it.name], it.goal, "instructions") for it in OPERATIONS]


def monitor_microseconds(machine: Machine, command: str) -> float:
    """How long QEMU's monitor takes for a command, on this host."""
    times = []
    for _ in range(MONITOR_TIMES):
        begin = time.monotonic()
        machine.qmp.monitor(command)
        times.append(time.monotonic() - begin)
    return statistics.median(times) * 1e6


def timed(product: Product) -> tuple[dict[str, float], float]:
    """How long each operation takes on this host, by the guest's clock; and `info mem` over the same machine's
    tables, while it is halted, without what any command costs."""
    with boot(product, ",clock") as machine:
        machine.wait_for(r"^\[bench\] fast=")
        with machine.frozen():
            info_mem = monitor_microseconds(machine, "info mem") - monitor_microseconds(machine, "info name")
        operations = {it["name"]: int(it["us"]) / int(it["times"]) for it in run(machine) if "name" in it.fields}
        return operations, info_mem


def microseconds(product: Product) -> dict[str, float]:
    """The operations alone."""
    return timed(product)[0]
