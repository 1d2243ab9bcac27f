#!/usr/bin/env python3
"""Measures what the kernel costs, in guest instructions: the same figures in every run and on every machine.

Only the wall time depends on the host; it is reported and decides nothing.
"""
from __future__ import annotations

import argparse
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]
from bench import ring3  # noqa: E402
from bench.figure import Figure  # noqa: E402
from harness.plugins import COUNTED, Counter  # noqa: E402
from vmachine import SHOWN, Machine, MachineError, Product  # noqa: E402
from vmachine.symbols import binutil, image_symbols, kernel_symbols  # noqa: E402

WALL_RUNS = 5
DUMP_RUNS = 20
MEMORY = 256  # MiB, as `make run`


def entry_point(elf: Path) -> int:
    """e_entry of the kernel: its first instruction."""
    return struct.unpack_from("<I", elf.read_bytes(), 24)[0]


def driver_base(product: Product) -> int:
    """Where the driver is loaded, which is the same in each counted run."""
    with Machine(replace(product.boot("exit", memory=MEMORY), extra=COUNTED)) as machine:
        return machine.wait_for_record("driver", name="VirtToPhys").hex("base")


def counts(product: Product) -> dict[str, list[int]]:
    """Guest instructions of each walk of the driver, each record of the kernel's walk, each IOCTL (the first is that of VirtToPhys.exe, the others are the
    console's) and the boot, until the box with the table is written to the screen. All of it has happened
    when the log has the table."""
    kernel = kernel_symbols(product.out)
    driver = image_symbols(product.out, "VirtToPhys.sys", driver_base(product))
    intervals = {
        "walk": (driver.address("GetPhysicalAddress"), None),
        "record": (kernel.address("walk_into"), None),
        "ioctl": (kernel.address("NtDeviceIoControlFile"), None),
        "boot": (entry_point(product.kernel), kernel.address("write_cells")),
    }
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        counter = Counter(product.plugin("count"), Path(folder) / "counts", intervals)
        boot = product.boot("exit", memory=MEMORY)
        with Machine(replace(boot, extra=COUNTED, plugins=[counter.argument])) as machine:
            machine.wait_for(SHOWN)
            return {name: counter.counts(name) for name in intervals}


def text_size(elf: Path) -> int:
    """Bytes of the kernel's .text."""
    lines = subprocess.run([binutil("size"), "-A", str(elf)], check=True, capture_output=True, text=True).stdout
    return next(int(line.split()[1]) for line in lines.splitlines() if line.startswith(".text "))


def wall_seconds(product: Product) -> float:
    """From QEMU's start to the line that says the table is on the screen."""
    with Machine(product.boot("exit", memory=MEMORY)) as machine:
        machine.wait_for(SHOWN)
        return time.monotonic() - machine.started


def dump_milliseconds(product: Product) -> float:
    """`vtop --all` over all of the machine's memory in a file, with the table on the screen."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        raw, times = Path(folder) / "raw", []
        with Machine(product.boot("", memory=MEMORY)) as machine:
            machine.wait_for(SHOWN)
            machine.stop()
            machine.qmp.execute("pmemsave", val=0, size=MEMORY << 20, filename=str(raw))
            command = [product.out / "vtop", "--all", "--cr3", f"{machine.registers()['CR3']:X}", raw]
        for _ in range(DUMP_RUNS):
            begin = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times.append(time.monotonic() - begin)
    return statistics.median(times) * 1000


def exact_figures(product: Product) -> list[Figure]:
    """What does not depend on the host. ValueError where something was not counted as often as it must be."""
    counted = counts(product)
    walk, record, ioctl, boot = (counted[name] for name in ("walk", "record", "ioctl", "boot"))
    if len(walk) != 4 or not record or not ioctl or len(boot) != 1:
        raise ValueError(f"4 walks, records, the IOCTL and 1 boot were to be counted, not {counted}")
    return [
        Figure("one walk in the driver, 4 KiB page", max(walk), 24, "instructions"),
        Figure("one full record of mm/walk, 4 KiB page", statistics.mode(record), 128, "instructions"),
        Figure("the program's IOCTL, NtDeviceIoControlFile to its return", ioctl[0], 1100, "instructions"),
        *ring3.figures(product),
        Figure("boot, first instruction to the table", boot[0], 4_000_000, "instructions"),
        Figure("kernel text", text_size(product.kernel), 112 * 1024, "bytes"),
    ]


def figures(product: Product) -> list[Figure]:
    """All of them."""
    wall = statistics.median(wall_seconds(product) for _ in range(WALL_RUNS))
    timed = Figure(f"QEMU's start to the table, median of {WALL_RUNS}", wall, 0.6, "s", exact=False)
    dump = Figure(f"vtop --all of a {MEMORY} MiB dump, median of {DUMP_RUNS}", dump_milliseconds(product), 50, "ms",
                  exact=False)
    return [*exact_figures(product), timed, dump]


def row(figure: Figure) -> str:
    value, goal = (f"{number:,}".replace(",", " ") if figure.exact else f"{number:.2f}"
                   for number in (figure.value, figure.goal))
    verdict = "" if figure.met else "over" if figure.exact else "over (this host)"
    return f"{figure.name:<60}{value:>12}{goal:>12}  {figure.unit:<13}{verdict}".rstrip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="build", help="the build's output folder (%(default)s)")
    product = Product(parser.parse_args().out)
    try:
        measured, (timed, info_mem) = figures(product), ring3.timed(product)
    except (FileNotFoundError, MachineError, ValueError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(f"{'':<60}{'measured':>12}{'goal':>12}")
    print("\n".join(row(figure) for figure in measured))
    print("\nby the guest's clock, on this host")
    print("\n".join(f"{it.title:<60}{timed[it.name]:>12.2f}  µs" for it in ring3.OPERATIONS))
    title = "QEMU's info mem of the same machine, which has no frames"
    print(f"{title:<60}{info_mem:>12.2f}  µs, {info_mem / timed['scan']:.1f} times the scan")
    return 0 if all(figure.met for figure in measured if figure.exact) else 1


if __name__ == "__main__":
    sys.exit(main())
