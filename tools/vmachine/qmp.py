"""QMP, QEMU's machine protocol, over a connected socket."""
from __future__ import annotations

import json
import socket
import time
from typing import Any


class QmpError(Exception):
    """QEMU refused a command, or went away while it was asked."""


class Qmp:
    """One session. Events that arrive meanwhile are kept in `events`."""

    def __init__(self, connection: socket.socket, seconds: float = 30.0):
        self.connection = connection
        self.seconds = seconds
        self.events: list[dict[str, Any]] = []
        self.pending = b""

    def greet(self) -> None:
        """Waits for QEMU's greeting and leaves the negotiation mode."""
        while "QMP" not in self._message():
            pass
        self.execute("qmp_capabilities")

    def execute(self, command: str, **arguments: Any) -> Any:
        """Runs a command and returns its result; argument names may write `_` for `-`."""
        named = {key.replace("_", "-"): value for key, value in arguments.items()}
        request = {"execute": command, "arguments": named}
        try:
            self.connection.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise QmpError(f"QEMU was gone before {command} ({error})") from None
        while True:
            message = self._message()
            if "return" in message:
                return message["return"]
            if "error" in message:
                raise QmpError(f"{command}: {message['error']['desc']}")

    def monitor(self, line: str) -> str:
        """Runs a line of the human monitor and returns what it prints."""
        return self.execute("human-monitor-command", command_line=line).replace("\r\n", "\n")

    def take_events(self) -> bool:
        """Reads what has arrived, without waiting. False when QEMU has closed the connection."""
        self.connection.setblocking(False)
        try:
            data = self.connection.recv(65536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        finally:
            self.connection.setblocking(True)
        self.pending += data
        while b"\n" in self.pending:
            self._line()
        return bool(data)

    def _message(self) -> dict[str, Any]:
        deadline = time.monotonic() + self.seconds
        while b"\n" not in self.pending:
            self.connection.settimeout(max(0.0, deadline - time.monotonic()) or 0.001)
            try:
                data = self.connection.recv(65536)
            except TimeoutError:
                raise QmpError(f"QEMU did not answer within {self.seconds:g} s") from None
            except OSError as error:
                raise QmpError(f"QEMU closed the connection ({error})") from None
            if not data:
                raise QmpError("QEMU closed the connection")
            self.pending += data
        return self._line()

    def _line(self) -> dict[str, Any]:
        line, self.pending = self.pending.split(b"\n", 1)
        message = json.loads(line)
        if "event" in message:
            self.events.append(message)
        return message
