"""The kernel's log: lines of `[tag] key=value key="quoted text"`."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Iterable, Iterator

LINE = re.compile(r"\[([a-z0-9]+)\](?: (.*))?$")
FIELD = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)=(?:"([^"]*)"|(\S*))')


@dataclass(frozen=True)
class Record:
    """One line: its tag, its fields as text, and the line itself."""

    tag: str
    fields: dict[str, str] = field(default_factory=dict)
    line: str = ""

    def __getitem__(self, key: str) -> str:
        try:
            return self.fields[key]
        except KeyError:
            raise KeyError(f"no {key}= in the log line: {self.line}") from None

    def get(self, key: str, default: str | None = None) -> str | None:
        return self.fields.get(key, default)

    def hex(self, key: str) -> int:
        """The field as a hexadecimal number."""
        return int(self[key], 16)


def parse(line: str) -> Record | None:
    """The record in a line, or None where the line has no tag."""
    match = LINE.match(line.rstrip("\r\n"))
    if not match:
        return None
    fields = {key: quoted or bare for key, quoted, bare in FIELD.findall(match[2] or "")}
    return Record(match[1], fields, match[0])


def records(lines: Iterable[str], tag: str | None = None) -> Iterator[Record]:
    """The records in lines, of one tag where it is given."""
    for line in lines:
        record = parse(line)
        if record and tag in (None, record.tag):
            yield record
