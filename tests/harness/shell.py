"""cmd.exe in the machine, driven over the serial line as a person at a terminal would."""
from __future__ import annotations

import re
from typing import Any

from vmachine import Machine, Product

PROMPT = r"C:\\>$"


class Shell(Machine):
    """A machine that has come to cmd's prompt."""

    def __init__(self, product: Product, append: str = "", **settings: Any):
        super().__init__(product.boot(append, serial_input=True, **settings))

    def __enter__(self) -> Shell:
        super().__enter__()
        try:
            self.wait_for(r"^\[box\] title=")
            self.send("\n")
            self.prompt()
        except BaseException:
            self.close()
            raise
        return self

    def run(self, command: str) -> list[str]:
        """What a command writes, without the log's lines: from its echo to the next prompt."""
        self.send(command + "\n")
        return self.output(command)

    def output(self, command: str) -> list[str]:
        """The same for a command that is typed by other means."""
        self.wait_for("^" + re.escape("C:\\>" + command) + "$")
        first = self._seen
        self.prompt()
        return [line for line in self.lines[first:] if not line.startswith("[")]

    def prompt(self) -> None:
        """Waits for the prompt; what came before it is passed over."""
        self.wait_for_unfinished(PROMPT)
        self._seen = len(self.lines)

    def fresh_prompt(self) -> None:
        """Another prompt: lines of the log have come behind the last one. The last of them was waited for."""
        self.send("\n")
        self.wait_for(r"^(C:\\>)?$")
        self.prompt()

    def start(self, command: str, shown: str) -> str:
        """`start COMMAND`: the new console's number, once a line of the log matches `shown`."""
        self.send(f"start {command}\n")
        new = self.wait_for(r"^\[console\] event=new id=(\d+)")[1]
        self.wait_for(shown)
        return new

    def switch(self, console: str = "1") -> None:
        """Alt+Tab to the console with this number, where cmd waits: its prompt is shown again."""
        self.press("alt", "tab")
        self.wait_for(rf"^\[console\] event=shown id={console}$")
        self.prompt()
