"""QEMU's gdb stub, spoken to without gdb: the machine stops where it is about to run an address."""
from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

from vmachine import Boot

SECONDS = 60.0  # a limit for what hangs


def with_stub(boot: Boot, path: Path) -> Boot:
    """The same boot, with the stub at a socket; the machine does not wait for it."""
    stub = ("-chardev", f"socket,id=gdb,path={path},server=on,wait=off", "-gdb", "chardev:gdb")
    return replace(boot, extra=(*boot.extra, *stub))


class Stub:
    """A connection, during which the machine stands still unless `run_to` lets it run."""

    def __init__(self, path: Path):
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(SECONDS)
        self.connection.connect(str(path))
        self.received = b""

    def __enter__(self) -> Stub:
        return self

    def __exit__(self, *_: object) -> None:
        """Lets the machine go on without breakpoints."""
        self._ask("D")
        self.connection.close()

    def begin(self, address: int) -> None:
        """Lets the machine run until it comes to the address; `arrive` waits for that."""
        assert self._ask(f"Z0,{address:x},1") == "OK"
        self._send("c")
        self.address = address

    def arrive(self) -> None:
        """The machine stands at the address that was begun with; the breakpoint is gone."""
        assert self._packet().startswith("T05")
        assert self._ask(f"z0,{self.address:x},1") == "OK"

    def run_to(self, address: int) -> None:
        self.begin(address)
        self.arrive()

    def _ask(self, command: str) -> str:
        """A command's answer; that the connection stopped the machine (T02) may be said before it."""
        self._send(command)
        while (answer := self._packet()) == "T02thread:01;":
            pass
        return answer

    def _send(self, command: str) -> None:
        self.connection.sendall(f"${command}#{sum(command.encode()) & 0xFF:02x}".encode())

    def _packet(self) -> str:
        """The next packet's text, acknowledged."""
        while (end := self.received.find(b"#")) < 0 or len(self.received) < end + 3:
            data = self.connection.recv(65536)
            assert data, "the stub is gone"
            self.received += data
        packet, self.received = self.received[: end + 3], self.received[end + 3 :]
        self.connection.sendall(b"+")
        return packet[packet.index(b"$") + 1 : -3].decode()
