"""One run of QEMU: its own temporary folder, QMP over a socket pair, the serial log over a pipe, TCG only."""
from __future__ import annotations

import ctypes
import fcntl
import math
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Callable, Iterator, Mapping, NoReturn, Sequence

from . import keyboard, png, symbols
from .log import Record, parse
from .qmp import Qmp, QmpError
from .screen import VGA_BYTES, VGA_TEXT, Screen

QEMU = "qemu-system-i386"
EXIT_DEVICE = "isa-debug-exit,iobase=0xf4,iosize=0x04"
EXIT_SUCCESS, EXIT_FAILURE = 33, 35  # (value << 1) | 1 of the values 10h and 11h
PAGE = 4096
PATIENCE = 90.0  # seconds; a limit for what hangs, not a measure of speed
KEY_MILLISECONDS = 10  # how long a key is held
LOG_TAIL = 30
LOG_PIPE = 1 << 20  # bytes


class MachineError(AssertionError):
    """The machine did not do what was awaited; the text holds the log's end and a backtrace."""

    def __init__(self, what: str, lines: list[str], help_: list[str]):
        self.what, self.help = what, help_
        tail = lines[-LOG_TAIL:] or ["(the log is empty)"]
        super().__init__("\n".join([what, f"-- the log's end ({len(lines)} lines) --", *tail, *help_]))


@dataclass(frozen=True)
class Boot:
    """What a machine starts with. Paths may be relative to the current folder."""

    kernel: Path | None = None
    modules: Mapping[str, Path] = field(default_factory=dict)  # name -> file, in order
    append: str = ""
    iso: Path | None = None
    memory: int = 64  # MiB
    cpu: str | None = None
    display: str = "none"
    plugins: Sequence[str] = ()  # "file.so,key=value"
    extra: Sequence[str] = ()
    serial_input: bool = False  # what `send` writes comes in over COM1
    post_mortem: bool = True  # stop at a reset, so that the registers can be read
    symbols: Path | None = None  # the output folder whose symbols name the addresses


def _die_with_parent() -> None:
    """prctl(PR_SET_PDEATHSIG): a killed test run leaves no QEMU behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def log_pipe() -> tuple[BinaryIO, BinaryIO]:
    """The log's two ends. A socket would be full after some 300 single bytes, and the UART's wait for its
    reader would then count as the guest's instructions."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, LOG_PIPE)
    return open(reader, "rb", buffering=0), open(writer, "wb", buffering=0)


class Machine:
    """A running machine; a context manager that always ends it."""

    def __init__(self, boot: Boot, on_line: Callable[[str], None] | None = None):
        self.boot = boot
        self.on_line = on_line
        self.lines: list[str] = []
        self._seen = 0  # lines that wait_for has looked at
        self._partial = b""
        self._log_open = True
        self._banner = ""
        self.qmp: Qmp
        self.process: subprocess.Popen[bytes]

    # Start and end

    def __enter__(self) -> Machine:
        if not shutil.which(QEMU):
            raise FileNotFoundError(f"{QEMU} is not installed (Debian package qemu-system-x86; `make deps`)")
        self.folder = Path(tempfile.mkdtemp(prefix="vm-"))
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kills QEMU, if it still runs, and removes the temporary folder."""
        process = getattr(self, "process", None)
        if process and process.poll() is None:
            self._end(process)
        for connection in ("_log", "_serial", "_qmp_socket"):
            if hasattr(self, connection):
                getattr(self, connection).close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if self.boot.display == "curses":  # which has a terminal to put in order
            with suppress(QmpError, subprocess.TimeoutExpired):
                self.qmp.execute("quit")
                process.wait(5)
        process.kill()
        process.wait()

    def _open_log(self) -> BinaryIO:
        """The log's reading end is kept; QEMU gets the other, or finds both directions in the folder."""
        self._log, log_end = log_pipe()
        if self.boot.serial_input:
            for direction in ("in", "out"):
                os.mkfifo(self.folder / f"serial.{direction}")
            self._log.close()
            self._log = open(os.open(self.folder / "serial.out", os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0)
            self._serial = open(os.open(self.folder / "serial.in", os.O_RDWR), "wb", buffering=0)
        return log_end

    def _start(self) -> None:
        log_end = self._open_log()
        self._qmp_socket, qmp_end = socket.socketpair()
        with log_end, qmp_end, (self.folder / "stderr").open("wb") as stderr:
            descriptors = (log_end.fileno(), qmp_end.fileno())
            self.started = time.monotonic()
            self.process = subprocess.Popen(
                self._command(*descriptors),
                cwd=self.folder,
                pass_fds=descriptors,
                stdin=None if self.boot.display == "curses" else subprocess.DEVNULL,
                stdout=None if self.boot.display == "curses" else subprocess.DEVNULL,
                stderr=stderr,
                preexec_fn=_die_with_parent,
            )
        self.qmp = Qmp(self._qmp_socket, PATIENCE)
        try:
            self.qmp.greet()
        except QmpError as error:
            self._fail(f"QEMU did not start ({error})")

    def _command(self, log: int, qmp: int) -> list[str]:
        boot = self.boot
        command = [QEMU, "-accel", "tcg", "-m", str(boot.memory), "-display", boot.display, "-no-reboot"]
        command += ["-nodefaults", "-vga", "std", "-device", EXIT_DEVICE]
        command += ["-add-fd", f"fd={log},set=1"]
        log_file = "pipe,id=log,path=serial" if boot.serial_input else "file,id=log,path=/dev/fdset/1,append=on"
        command += ["-chardev", log_file, "-serial", "chardev:log"]
        command += ["-chardev", f"socket,id=qmp,fd={qmp}", "-mon", "chardev=qmp,mode=control"]
        command += ["-no-shutdown"] if boot.post_mortem else []
        command += ["-cpu", boot.cpu] if boot.cpu else []
        if boot.iso:
            command += ["-cdrom", str(boot.iso.resolve()), "-boot", "d"]
        if boot.kernel:
            command += self._multiboot()
        for plugin in boot.plugins:
            command += ["-plugin", plugin]
        return command + list(boot.extra)

    def _multiboot(self) -> list[str]:
        """Kernel and modules by links in the folder: the same command line wherever the tree stands."""
        assert self.boot.kernel
        links = {"kernel.elf": self.boot.kernel}
        links |= {f"m{at}": path for at, path in enumerate(self.boot.modules.values())}
        for link, path in links.items():
            (self.folder / link).symlink_to(Path(path).resolve())
        command = ["-kernel", "./kernel.elf"]  # the kernel takes a first word with a slash for its path
        if self.boot.modules:
            command += ["-initrd", ",".join(f"m{at} {name}" for at, name in enumerate(self.boot.modules))]
        return command + (["-append", self.boot.append] if self.boot.append else [])

    # The log

    def follow(self, seconds: float = PATIENCE, awaited: str = "the end of the machine") -> Iterator[str]:
        """The log's lines that were not looked at yet, as they come, until the machine ends."""
        deadline = time.monotonic() + seconds
        while self._seen < len(self.lines) or self._log_open:
            if self._seen < len(self.lines):
                self._seen += 1
                yield self.lines[self._seen - 1]
            elif not self._read_on(deadline):
                self._fail(f"awaited {awaited} for {seconds:g} s")

    def wait_for(self, pattern: str, seconds: float = PATIENCE) -> re.Match[str]:
        """The next line of the log that the pattern is found in; lines before it are passed over."""
        expression = re.compile(pattern)
        awaited = f"a log line /{pattern}/"
        for line in self.follow(seconds, awaited):
            match = expression.search(line)
            if match:
                return match
            if line.startswith("[exit]"):
                self._fail(f"the kernel came to its end while {awaited} was awaited")
        self._fail(f"the machine ended while {awaited} was awaited")

    def wait_for_record(self, tag: str, seconds: float = PATIENCE, **fields: str) -> Record:
        """The next record with this tag and these fields."""
        while True:
            record = parse(self.wait_for(rf"^\[{tag}\]", seconds).string)
            if record and all(record.get(key) == value for key, value in fields.items()):
                return record

    def wait_for_unfinished(self, pattern: str, seconds: float = PATIENCE) -> re.Match[str]:
        """What the log's last line, which has no end yet, matches: a prompt."""
        deadline, expression = time.monotonic() + seconds, re.compile(pattern)
        while not (match := expression.search(self._partial.decode("cp437"))):
            if not self._log_open or not self._read_on(deadline):
                self._fail(f"awaited /{pattern}/ at the log's end; there stands {self._partial!r}")
        return match

    def wait_exit(self, seconds: float = PATIENCE) -> int:
        """QEMU's exit status, once it has ended by itself."""
        deadline = time.monotonic() + seconds
        while self._log_open:
            if not self._read_on(deadline):
                self._fail(f"awaited the end of the machine for {seconds:g} s")
        return self.process.wait()

    def _read_on(self, deadline: float) -> bool:
        """Takes in what comes next. False when the deadline has passed."""
        limit = None if deadline == math.inf else max(0.0, deadline - time.monotonic())
        with selectors.DefaultSelector() as selector:
            selector.register(self._log, selectors.EVENT_READ)
            selector.register(self._qmp_socket, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select(limit)]
        if self._log in ready:
            self._take_log()
        elif self._qmp_socket in ready:
            if not self.qmp.take_events():
                self._take_log()
            self._check_reset()
        return bool(ready)

    def _take_log(self) -> None:
        data = os.read(self._log.fileno(), LOG_PIPE)
        self._log_open = bool(data)
        *complete, self._partial = (self._partial + data).split(b"\n")
        if not data and self._partial:
            complete, self._partial = [self._partial], b""
        for raw in complete:
            line = raw.rstrip(b"\r").decode("cp437")
            self.lines.append(line)
            if self.on_line:
                self.on_line(line)
            if line.startswith("[boot]"):
                self._check_banner(line)

    def _check_banner(self, line: str) -> None:
        if line == self._banner:
            self._fail("the machine reset itself: triple fault? The log began again")
        self._banner = self._banner or line

    def _check_reset(self) -> None:
        """QEMU ends in silence only through the exit device; a reset request is a fault."""
        for event in self.qmp.events:
            if event["event"] == "SHUTDOWN" and event["data"].get("reason") == "guest-reset":
                self._fail("the machine reset itself: triple fault?", self._last_state())

    def _last_state(self) -> str:
        if not self.boot.post_mortem:
            return ""
        registers = self.registers()
        out, eip = self.boot.symbols, registers["EIP"]
        name = symbols.resolve(out, self.lines, eip) if out else None
        shown = " ".join(f"{key}={registers[key]:08X}" for key in ("EIP", "ESP", "CR0", "CR2", "CR3"))
        return f"registers at the reset: {shown}" + (f"\nEIP is in {name}" if name else "")

    def _fail(self, what: str, more: str = "") -> NoReturn:
        """Raises MachineError with all that helps to see why."""
        status = self.process.poll() if self._log_open else self.process.wait()
        if status is not None:
            what += f" (QEMU has ended with {status})"
        help_ = [more] if more else []
        names = symbols.explain(self.boot.symbols, self.lines)
        help_ += ["-- addresses in the log --", *names] if names else []
        said = (self.folder / "stderr").read_text(errors="replace").strip()
        help_ += ["-- QEMU said --", said] if said else []
        raise MachineError(what, self.lines, help_)

    # Hands and eyes

    def press(self, *keys: str) -> None:
        """Presses keys together, by QEMU's names (`ret`, `esc`, `a`, `shift`), on the emulated keyboard.

        The machine may take the key and end before QEMU has answered: that is no error.
        """
        pressed = [{"type": "qcode", "data": key} for key in keys]
        try:
            self.qmp.execute("send-key", keys=pressed, **{"hold-time": KEY_MILLISECONDS})
        except QmpError:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
            if self.process.returncode is None:
                raise

    def type(self, text: str) -> None:
        """Types text on the emulated keyboard (US layout); a newline is Enter."""
        for character in text:
            self.press(*keyboard.keys(character))

    def send(self, text: str) -> None:
        """Sends text over the serial line, as a terminal does; a newline is Enter (CR)."""
        self._serial.write(text.replace("\n", "\r").encode("cp437"))

    def stop(self) -> None:
        """Halts the processor."""
        self.qmp.execute("stop")

    def cont(self) -> None:
        """Lets the processor go on."""
        self.qmp.execute("cont")

    @contextmanager
    def frozen(self) -> Iterator[PhysicalMemory]:
        """The physical memory, while the processor stands still."""
        self.stop()
        try:
            yield PhysicalMemory(self)
        finally:
            self.cont()

    def pmemsave(self, address: int, size: int) -> bytes:
        """Physical memory as the processor would read it."""
        path = self.folder / "pmemsave"
        self.qmp.execute("pmemsave", val=address, size=size, filename=str(path))
        return path.read_bytes()

    def screen(self) -> Screen:
        """The VGA's text memory."""
        return Screen(self.pmemsave(VGA_TEXT, VGA_BYTES))

    def screendump(self) -> bytes:
        """What the display shows, as a PNG."""
        path = self.folder / "screen.ppm"
        self.qmp.execute("screendump", filename=str(path))
        return png.from_ppm(path.read_bytes())

    def registers(self) -> dict[str, int]:
        """The processor's registers by name: EIP, ESP, CR0, CR2, CR3, CR4, EAX and so on."""
        text = self.qmp.monitor("info registers")
        found = re.findall(r"\b([A-Z][A-Z0-9]{2})=([0-9a-f]{8})\b", text)
        return {name: int(value, 16) for name, value in found}

    def gva2gpa(self, address: int) -> int | None:
        """QEMU's own translation by the current CR3 (it ignores rights), or None."""
        match = re.search(r"gpa: (?:0x)?([0-9a-f]+)", self.qmp.monitor(f"gva2gpa {address:#x}"))
        return int(match[1], 16) if match else None


class PhysicalMemory:
    """Physical memory of a halted machine, fetched page by page and kept."""

    def __init__(self, machine: Machine):
        self.machine = machine
        self.pages: dict[int, bytes] = {}

    def read(self, address: int, size: int) -> bytes:
        """`size` bytes from a physical address on."""
        first, last = address // PAGE, (address + size - 1) // PAGE
        data = b"".join(self._page(number) for number in range(first, last + 1))
        return data[address % PAGE : address % PAGE + size]

    def _page(self, number: int) -> bytes:
        if number not in self.pages:
            self.pages[number] = self.machine.pmemsave(number * PAGE, PAGE)
        return self.pages[number]
