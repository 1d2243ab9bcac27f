#!/usr/bin/env python3
"""The null call beside Linux's: Debian's i386 kernel in the same QEMU, with an init that does nothing else.

The kernel comes from Debian's package linux-image-686 by apt, into the output folder and nowhere else; where it
cannot be had this says so, and measures nothing. Prints the table that docs/ring-3.md has.
"""
from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]
from bench import ring3  # noqa: E402
from harness.plugins import Counter  # noqa: E402
from vmachine import Boot, Machine, MachineError, Product, records  # noqa: E402
from vmachine.machine import EXIT_SUCCESS  # noqa: E402
from vmachine.symbols import CROSS_PREFIXES, Symbols  # noqa: E402

PACKAGE = "linux-image-686"
INIT = ROOT / "tests" / "bench" / "linux_init.c"
BASE = 0x60000000  # where init is linked: no other code ever has these addresses, virtual or physical
CFLAGS = ("-m32", "-O2", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-pic", "-fno-pie", "-no-pie",
          "-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-nostdlib", "-static",
          f"-Wl,-Ttext={BASE:#x},--build-id=none")
WAYS = {"int80": ("null_int", "by interrupt: int 2Eh, int 80h"), "sysenter": ("null_fast", "by sysenter")}
RUNS = 5
SECONDS = 600  # Linux's boot with each instruction counted


class Unavailable(Exception):
    """What is needed and cannot be had, in words."""


def run(*command: str | Path, cwd: Path | None = None) -> str:
    try:
        done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True)
    except FileNotFoundError:
        raise Unavailable(f"{command[0]} is not installed") from None
    if done.returncode:
        raise Unavailable(f"{command[0]}: {done.stderr.strip().splitlines()[-1:] or done.returncode}")
    return done.stdout


def apt(folder: Path, program: str, *words: str) -> str:
    """Runs apt for i386 with lists and packages of its own: the host's are left alone."""
    for part in ("state/lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    options = {"Dir::State": folder / "state", "Dir::Cache": folder / "cache", "APT::Architecture": "i386",
               "APT::Architectures": "i386", "APT::Sandbox::User": "root"}
    settings = [f"-o{name}={value}" for name, value in options.items()]
    return run(program, "-qq", *settings, *words, cwd=folder)


def linux(folder: Path) -> Path:
    """Debian's i386 kernel, fetched once. Raises Unavailable."""
    kernel = folder / "vmlinuz"
    if not kernel.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(Unavailable):  # one of several lists may be missing; what counts is whether the package is there
            apt(folder, "apt-get", "update")
        found = re.search(r"^Depends: (linux-image-\S+)", apt(folder, "apt-cache", "show", PACKAGE), re.M)
        if not found:
            raise Unavailable(f"apt knows no package {PACKAGE} for i386")
        apt(folder, "apt-get", "download", found[1])
        package = next(folder.glob(f"{found[1]}_*.deb"))
        run("dpkg-deb", "-x", package, folder / "root")
        next((folder / "root" / "boot").glob("vmlinuz-*")).rename(kernel)
    return kernel


def member(name: str, mode: int, data: bytes = b"", device: tuple[int, int] = (0, 0)) -> bytes:
    """One file of a cpio archive in the "newc" form (Linux: driver-api/early-userspace/buffer-format)."""
    path = name.encode() + b"\0"
    fields = (0, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(path), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + path
    return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)


def initramfs(init: bytes) -> bytes:
    """An init and the console that it writes to."""
    return (member("dev", 0o040755) + member("dev/console", 0o020600, device=(5, 1))
            + member("init", 0o100755, init) + member("TRAILER!!!", 0))


def build(folder: Path) -> Path:
    """init, compiled."""
    compiler = next((f"{prefix}gcc" for prefix in CROSS_PREFIXES if prefix and _runs(f"{prefix}gcc")), "gcc")
    init = folder / "init"
    run(compiler, *CFLAGS, "-o", init, INIT)
    (folder / "initramfs").write_bytes(initramfs(init.read_bytes()))
    return init


def _runs(program: str) -> bool:
    return any(os.access(Path(folder) / program, os.X_OK) for folder in os.get_exec_path())


def boot(folder: Path, plugins: tuple[str, ...] = ()) -> list[str]:
    """The log of Linux with that init, to its end."""
    extra = ("-kernel", str(folder / "vmlinuz"), "-initrd", str(folder / "initramfs"),
             "-append", "console=ttyS0 quiet panic=-1")
    with Machine(Boot(memory=ring3.MEMORY, extra=extra, plugins=plugins)) as machine:
        if machine.wait_exit(SECONDS) != EXIT_SUCCESS:
            raise Unavailable("Linux did not come to a good end: " + "\n".join(machine.lines[-5:]))
        return machine.lines


def microseconds(folder: Path) -> dict[str, float]:
    """Of one null call, by the way it takes."""
    return {it["name"]: int(it["us"]) / int(it["times"]) for it in records(boot(folder), "linux")}


def instructions(product: Product, folder: Path, init: Path) -> dict[str, int]:
    """The same counted, called and back."""
    symbols = Symbols(init)
    intervals = {way: (symbols.address(f"{way}_begin"), symbols.address(f"{way}_end")) for way in WAYS}
    with tempfile.TemporaryDirectory(prefix="bench-") as counted:
        counter = Counter(product.plugin("count"), Path(counted) / "counts", intervals)
        boot(folder, (counter.argument,))
        return {way: statistics.median_low(counter.counts(way)) for way in WAYS}


def quickest(runs: list[dict[str, float]], name: str) -> float:
    """The run that the host disturbed least."""
    return min(it[name] for it in runs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="build", help="the build's output folder (%(default)s)")
    product = Product(parser.parse_args().out)
    folder = product.out / "linux"
    try:
        linux(folder)
        init = build(folder)
        counted = instructions(product, folder, init)
        ours = ring3.instructions(product)
        timed = [microseconds(folder) for _ in range(RUNS)]
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
