#!/usr/bin/env python3
"""The null call beside Linux's: Debian's i386 kernel in the same QEMU, with an init that does nothing else.

The kernel comes from Debian's package linux-image-686 by apt, into the output folder and nowhere else; where it
cannot be had this says so, and measures nothing. Prints the table that docs/ring-3.md has.
"""
from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]
from bench import ring3  # noqa: E402
from harness.debian_linux import Unavailable, build, kernel, machine_words  # noqa: E402
from harness.plugins import Counter  # noqa: E402
from vmachine import Boot, Machine, MachineError, Product, records  # noqa: E402
from vmachine.machine import EXIT_SUCCESS  # noqa: E402
from vmachine.symbols import Symbols  # noqa: E402

PACKAGE = "linux-image-686"
INIT = ROOT / "tests" / "bench" / "linux_init.c"
BASE = 0x60000000  # where init is linked: no other code ever has these addresses, virtual or physical
WAYS = {"int80": ("null_int", "by interrupt: int 2Eh, int 80h"), "sysenter": ("null_fast", "by sysenter")}
RUNS = 5
SECONDS = 600  # Linux's boot with each instruction counted


def boot(extra: tuple[str, ...], plugins: tuple[str, ...] = ()) -> list[str]:
    """The log of Linux with that init, to its end."""
    with Machine(Boot(memory=ring3.MEMORY, extra=extra, plugins=plugins)) as machine:
        if machine.wait_exit(SECONDS) != EXIT_SUCCESS:
            raise Unavailable("Linux did not come to a good end: " + "\n".join(machine.lines[-5:]))
        return machine.lines


def microseconds(extra: tuple[str, ...]) -> dict[str, float]:
    """Of one null call, by the way it takes."""
    return {it["name"]: int(it["us"]) / int(it["times"]) for it in records(boot(extra), "linux")}


def instructions(product: Product, extra: tuple[str, ...], init: Path) -> dict[str, int]:
    """The same counted, called and back."""
    symbols = Symbols(init)
    intervals = {way: (symbols.address(f"{way}_begin"), symbols.address(f"{way}_end")) for way in WAYS}
    with tempfile.TemporaryDirectory(prefix="bench-") as counted:
        counter = Counter(product.plugin("count"), Path(counted) / "counts", intervals)
        boot(extra, (counter.argument,))
        return {way: statistics.median_low(counter.counts(way)) for way in WAYS}


def quickest(runs: list[dict[str, float]], name: str) -> float:
    """The run that the host disturbed least."""
    return min(it[name] for it in runs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="build", help="the build's output folder (%(default)s)")
    product = Product(parser.parse_args().out)
    try:
        image = kernel(product.out, PACKAGE)
        init, archive = build(product.out, INIT, f"-Wl,-Ttext={BASE:#x}")
        extra = machine_words(image, archive, "panic=-1")
        counted = instructions(product, extra, init)
        ours = ring3.instructions(product)
        timed = [microseconds(extra) for _ in range(RUNS)]
        ours_timed = [ring3.microseconds(product) for _ in range(RUNS)]
    except (Unavailable, FileNotFoundError, MachineError, ValueError) as error:
        print(f"bench-linux: no comparison, for Debian's {PACKAGE} is needed: {error}", file=sys.stderr)
        return 1
    print("| null call | here | Linux |\n|---|---|---|")
    for way, (name, title) in WAYS.items():
        print(f"| {title} | {ours[name]} instructions, {quickest(ours_timed, name):.2f} µs "
              f"| {counted[way]} instructions, {quickest(timed, way):.2f} µs |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
