"""The table "Modules Base Address" as the log has it: the lines of the message box."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable

from .log import records

TITLE = "Modules Base Address"
SHOWN = r'^\[box\] line="advapi32\.dll '  # its last line: the box is on the screen, the log has all of it
ROW = re.compile(r"(\w+\.\w{3}) +([0-9A-F]{8})h +([0-9A-F]{8})h \( ([0-9]{1,3}(?: [0-9]{3})*) \)")


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    name: str
    virtual: int
    physical: int


def table(lines: Iterable[str]) -> list[Row]:
    """The rows of every table that was shown."""
    found = (ROW.fullmatch(record["line"]) for record in records(lines, "box") if record.get("line"))
    return [Row(it[1], int(it[2], 16), int(it[3], 16)) for it in found if it]
