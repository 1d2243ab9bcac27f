"""Another loader than QEMU's, by way of gdb: its tables elsewhere when the kernel's first instruction comes."""
from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

from vmachine import Boot

TIME_LIMIT = 60  # seconds
INFO_SIZE, STRING_SIZE = 0x80, 0x100  # bytes that are copied of the information and of a string
STRINGS = 0x3000  # from the tables' new place on

# In gdb's language; $at is where the tables go. Multiboot Specification 0.6.96, section 3.3: command line at
# 16, modules at 20 and 24, memory map at 44 and 48; a module's string at 8 of its 16 bytes.
MOVE = f"""
set pagination off
hbreak *&_start
continue
set $info = $ebx
define copy
  dump binary memory part $arg0 $arg0+$arg2
  restore part binary $arg1
end
copy $info $at {INFO_SIZE}
set $modules = *(unsigned *)($at + 24)
set $count = *(unsigned *)($at + 20)
copy $modules $at+0x1000 16*$count
set *(unsigned *)($at + 24) = $at+0x1000
copy *(unsigned*)($info+48) $at+0x2000 *(unsigned*)($info+44)
set *(unsigned *)($at + 48) = $at+0x2000
copy *(unsigned*)($info+16) $at+{STRINGS} {STRING_SIZE}
set *(unsigned *)($at + 16) = $at+{STRINGS}
set $i = 0
while $i < $count
  set $module = $at+0x1000+16*$i
  set $string = $at+{STRINGS}+{STRING_SIZE}*($i+1)
  copy *(unsigned*)($module+8) $string {STRING_SIZE}
  set *(unsigned *)($module + 8) = $string
  set $i = $i + 1
end
copy $zeros $info {INFO_SIZE}
set $ebx = $at
printf "moved %u modules from %08X to %08X\\n", $count, $info, $ebx
delete
detach
"""


def waiting(boot: Boot, socket: Path) -> Boot:
    """The same boot, waiting for gdb at a socket before its first instruction."""
    stub = ("-S", "-chardev", f"socket,id=gdb,path={socket},server=on,wait=off", "-gdb", "chardev:gdb")
    return replace(boot, extra=(*boot.extra, *stub))


def move_tables(kernel: Path, socket: Path, folder: Path, at: int) -> str:
    """Lets a waiting machine run to the kernel's first instruction, moves all that the loader handed over but
    the modules' bytes to the physical address `at`, wipes the old information, and lets the machine go on.
    `folder` is for temporary files. Returns what gdb said."""
    script = folder / "move.gdb"
    script.write_text(f"target remote {socket}\nset $at = {at:#x}\nset $zeros = {at + 0x8000:#x}\n" + MOVE)
    words = ["gdb", "-nx", "-batch", "-x", str(script), str(kernel)]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=TIME_LIMIT, cwd=folder, env={**os.environ, "TERM": "dumb"})
    return done.stdout
