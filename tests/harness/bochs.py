"""Bochs, the strict one: the kernel from a CD of its own, COM1 through a named pipe, the screen on a pseudo-terminal."""
from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Iterator

import pexpect
import pytest

BOCHS = "bochs-bin"
BIOS, VGA_BIOS = Path("/usr/share/bochs/BIOS-bochs-latest"), Path("/usr/share/vgabios/vgabios.bin")
CONFIGURATION = """\
display_library: term
romimage: file={bios}
vgaromimage: file={vga_bios}
megs: 64
cpu: model={model}, count=1, ips=50000000, reset_on_triple_fault=0
clock: sync=none, time0=946684800
ata0-master: type=cdrom, path={folder}/boot.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev={folder}/com1
log: {folder}/log
panic: action=fatal
"""
GRUB_MENU = """\
set timeout=0
menuentry "VirtToPhys" {{
    multiboot /boot/kernel.elf {words}
}}
"""


def need_bochs() -> None:
    """Fails the test, in words, where Bochs is not there."""
    missing = [name for name in (BOCHS, "grub-mkrescue") if not shutil.which(name)]
    missing += [str(path) for path in (BIOS, VGA_BIOS) if not path.is_file()]
    if missing:
        pytest.fail(f"missing: {', '.join(missing)} (Debian packages bochs, bochs-term, bochsbios, vgabios, "
                    "grub-pc-bin; `make deps`)", pytrace=False)


def _make_cd(kernel: Path, words: str, folder: Path) -> None:
    grub = folder / "cd/boot/grub"
    grub.mkdir(parents=True)
    (grub / "grub.cfg").write_text(GRUB_MENU.format(words=words))
    subprocess.run(["i686-linux-gnu-objcopy", "--strip-debug", kernel, folder / "cd/boot/kernel.elf"], check=True)
    subprocess.run(
        ["grub-mkrescue", "--compress=xz", "--fonts=", "--locales=", "--themes=",
         "--install-modules=multiboot normal iso9660 part_msdos configfile", "-o", folder / "boot.iso", folder / "cd"],
        check=True, capture_output=True,
    )


def _read(com1: int, screen: pexpect.spawn, seconds: float, awaited: str) -> Iterator[bytes]:
    """What comes over COM1; the screen is drained meanwhile, or Bochs would wait for its reader."""
    deadline, said = time.monotonic() + seconds, b""
    while time.monotonic() < deadline:
        ready, _, _ = select.select([com1, screen.child_fd], [], [], max(0, deadline - time.monotonic()))
        if screen.child_fd in ready:
            try:
                os.read(screen.child_fd, 65536)
            except OSError:  # the terminal's other end is closed
                pytest.fail(f"Bochs has ended while {awaited} was awaited; COM1: {said[-2000:].decode(errors='replace')}")
        if com1 in ready and (data := os.read(com1, 65536)):
            said += data
            yield data
    pytest.fail(f"awaited {awaited} from Bochs for {seconds:g} s; COM1: {said[-2000:].decode(errors='replace')}")


def log_of(kernel: Path, model: str, words: str, folder: Path, end: str, seconds: float = 400) -> list[str]:
    """The log's lines up to the one that matches `end`."""
    need_bochs()
    _make_cd(kernel, words, folder)
    (folder / "bochsrc").write_text(
        CONFIGURATION.format(bios=BIOS, vga_bios=VGA_BIOS, model=model, folder=folder))
    (folder / "commands").write_text("continue\n")  # Debian's Bochs begins in its debugger
    os.mkfifo(folder / "com1")
    com1 = os.open(folder / "com1", os.O_RDONLY | os.O_NONBLOCK)
    screen = pexpect.spawn(BOCHS, ["-q", "-f", str(folder / "bochsrc"), "-rc", str(folder / "commands")],
                           env={**os.environ, "TERM": "vt100"}, dimensions=(30, 100))
    text = ""
    try:
        for data in _read(com1, screen, seconds, f"a log line /{end}/"):
            text += data.decode(errors="replace")
            if re.search(end, text, re.M):
                return text.splitlines()
    finally:
        screen.close(force=True)
        os.close(com1)
    raise AssertionError("not reached")
