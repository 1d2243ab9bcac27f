"""`make run` in a terminal without a display: the text screen itself, by QEMU's curses display."""
from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path
from typing import Iterator

import pytest

from vmachine import PROGRAM_IMAGES, Product, table

ROOT = Path(__file__).resolve().parents[2]
TIME_LIMIT = 60  # seconds
ROWS, COLUMNS = 30, 100


def obey_interrupts() -> None:
    """For a child: a shell's background job, which the tests may be, has SIGINT ignored, and so would it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A program that believes to have a terminal."""

    def __init__(self, *command: str, **variables: str):
        self.screen, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("4H", ROWS, COLUMNS, 0, 0))
        hidden = ("DISPLAY", "WAYLAND_DISPLAY")
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        self.process = subprocess.Popen(command, stdin=end, stdout=end, stderr=end, start_new_session=True,
                                        preexec_fn=obey_interrupts, env={**environment, "TERM": "xterm", **variables})
        os.close(end)
        self.seen = b""

    def expect(self, *texts: str) -> None:
        """Waits until all texts were drawn since the last time."""
        deadline = time.monotonic() + TIME_LIMIT
        while not all(text.encode() in self.seen for text in texts):
            ready, _, _ = select.select([self.screen], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{texts} not drawn within {TIME_LIMIT} s: {self.seen!r}"
            self.seen += self._read()
        self.seen = b""

    def rest(self) -> bytes:
        """What is written until the end."""
        data = b""
        while chunk := self._read():
            data += chunk
        return data

    def _read(self) -> bytes:
        try:
            return os.read(self.screen, 65536)
        except OSError:  # EIO: the other end is closed
            return b""

    def send(self, keys: bytes) -> None:
        os.write(self.screen, keys)

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.screen)


@pytest.fixture
def copy(product: Product, tmp_path: Path) -> Product:
    """A folder of its own for the log, with the build under test in it."""
    for path in (product.kernel, product.out / "images"):
        (tmp_path / path.name).symlink_to(path)
    return Product(tmp_path)


@pytest.fixture
def terminal(copy: Product) -> Iterator[Terminal]:
    """tools/run in a terminal."""
    terminal = Terminal(str(ROOT / "tools/run"), "--out", str(copy.out))
    yield terminal
    terminal.close()


def test_table_is_drawn_in_the_terminal(terminal: Terminal, copy: Product) -> None:
    """`the text screen in the terminal (curses) where there is none`: the table, Enter, a command line; the log is in a
    file; the terminal is put in order and the status is 0."""
    terminal.expect("Modules Base Address", *PROGRAM_IMAGES, "OK", "╔", "╝")
    terminal.send(b"\r")
    terminal.expect("C:\\>")
    terminal.send(b"exit\r")
    assert b"\x1b[?1049l" in terminal.rest()
    assert terminal.process.wait(TIME_LIMIT) == 0
    assert len(table((copy.out / "serial.log").read_text().splitlines())) == 4


def test_a_dead_display_is_no_obstacle(copy: Product) -> None:
    """A DISPLAY that is out of date (`ssh -X`, long gone): one line says so, and the terminal shows the table."""
    terminal = Terminal(str(ROOT / "tools/run"), "--out", str(copy.out), DISPLAY="localhost:99")
    try:
        terminal.expect("run: the display takes no window", "Modules Base Address", "OK")
        terminal.send(b"\r")
        terminal.expect("C:\\>")
        terminal.send(b"exit\r")
        terminal.rest()
        assert terminal.process.wait(TIME_LIMIT) == 0
    finally:
        terminal.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(terminal: Terminal, number: signal.Signals) -> None:
    """Ended from outside it leaves no QEMU behind and the terminal as it was."""
    terminal.expect("Modules Base Address")
    terminal.process.send_signal(number)
    assert b"\x1b[?1049l" in terminal.rest()
    assert terminal.process.wait(TIME_LIMIT) == 128 + number
    with pytest.raises(ProcessLookupError):
        os.killpg(terminal.process.pid, 0)


def test_ctrl_c_ends_the_check(copy: Product) -> None:
    """Ctrl-C while the log is printed, with no terminal on stdin, ends cleanly too."""
    run = subprocess.Popen([str(ROOT / "tools/run"), "--out", str(copy.out), "--debug"], text=True,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           start_new_session=True, preexec_fn=obey_interrupts)
    try:
        assert run.stdout and "QEMU waits" in run.stdout.readline()
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=TIME_LIMIT)
        assert run.returncode == 128 + signal.SIGINT
        assert said == "run: interrupted\n"
        with pytest.raises(ProcessLookupError):
            os.killpg(run.pid, 0)
    finally:
        run.kill()
        run.wait()


def test_with_stdout_piped_the_log_is_printed(product: Product) -> None:
    """`make run | tee log` in a terminal: stdout is no terminal, so the log is printed there."""
    screen, end = pty.openpty()
    try:
        done = subprocess.run([str(ROOT / "tools/run"), "--out", str(product.out)], stdin=end, text=True,
                              stdout=subprocess.PIPE, timeout=TIME_LIMIT,
                              env={name: value for name, value in os.environ.items() if "DISPLAY" not in name})
    finally:
        os.close(screen)
        os.close(end)
    assert done.returncode == 0
    assert '[box] title="Modules Base Address"' in done.stdout
