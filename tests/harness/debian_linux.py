"""Linux from Debian's i386 packages, fetched by apt into a folder of ours and nowhere else, with an init of ours."""
from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

from vmachine.symbols import CROSS_PREFIXES

CFLAGS = ("-m32", "-O2", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-pic", "-fno-pie", "-no-pie",
          "-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-nostdlib", "-static", "-Wl,--build-id=none")


class Unavailable(Exception):
    """What is needed and cannot be had, in words."""


def run(*command: str | Path, cwd: Path | None = None) -> str:
    try:
        done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True)
    except FileNotFoundError:
        raise Unavailable(f"{command[0]} is not installed") from None
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise Unavailable(f"{command[0]}: {said[-1]}")
    return done.stdout


def apt(folder: Path, program: str, *words: str) -> str:
    """Runs apt for i386 with lists and packages of its own: the host's are left alone."""
    for part in ("state/lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    options = {"Dir::State": folder / "state", "Dir::Cache": folder / "cache", "APT::Architecture": "i386",
               "APT::Architectures": "i386", "APT::Sandbox::User": "root", "Acquire::http::Timeout": 30}
    settings = [f"-o{name}={value}" for name, value in options.items()]
    return run(program, "-qq", *settings, *words, cwd=folder)


@functools.lru_cache(maxsize=None)
def update(folder: Path) -> str:
    """The lists, once a run; what went wrong, in words. One of several may be missing: what counts is whether the
    package is there."""
    try:
        apt(folder, "apt-get", "update", "-oAPT::Update::Error-Mode=any")
    except Unavailable as problem:
        return f"; {problem}"
    return ""


def depends_on(folder: Path, package: str) -> str:
    """The package of the kernel that this one always depends on."""
    problem = update(folder)
    try:
        shown = apt(folder, "apt-cache", "show", package)
    except Unavailable as unknown:
        raise Unavailable(f"{unknown}{problem}") from None
    found = re.search(r"^Depends: (linux-image-\S+)", shown, re.M)
    if not found:
        raise Unavailable(f"apt knows no package {package} for i386{problem}")
    return found[1]


def kernel(out: Path, package: str) -> Path:
    """The kernel that a package (linux-image-686, linux-image-686-pae) stands for, fetched once into the output
    folder. Raises Unavailable."""
    folder = (out / "linux").absolute()
    image = folder / package
    if not image.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        versioned = depends_on(folder, package)
        apt(folder, "apt-get", "download", versioned)
        archive = next(folder.glob(f"{versioned}_*.deb"))
        run("dpkg-deb", "-x", archive, folder / "root")
        next((folder / "root" / "boot").glob("vmlinuz-*")).rename(image)
        shutil.rmtree(folder / "root")
        archive.unlink()
    return image


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


def build(out: Path, source: Path, *flags: str) -> tuple[Path, Path]:
    """A static init, compiled, and the initramfs with it. Raises Unavailable."""
    compiler = next((f"{prefix}gcc" for prefix in CROSS_PREFIXES if prefix and _runs(f"{prefix}gcc")), "gcc")
    init, archive = (out / "linux" / f"{source.stem}{end}" for end in ("", ".cpio"))
    init.parent.mkdir(parents=True, exist_ok=True)
    run(compiler, *CFLAGS, *flags, "-o", init, source)
    archive.write_bytes(initramfs(init.read_bytes()))
    return init, archive


def _runs(program: str) -> bool:
    return any(os.access(Path(folder) / program, os.X_OK) for folder in os.get_exec_path())


def machine_words(image: Path, archive: Path, append: str) -> tuple[str, ...]:
    """QEMU's words for such a Linux, which logs to the serial line."""
    return ("-kernel", str(image.absolute()), "-initrd", str(archive.absolute()),
            "-append", f"console=ttyS0 quiet {append}")
