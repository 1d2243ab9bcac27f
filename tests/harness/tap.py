"""TAP, as conform.exe prints it, read back."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable

LINE = re.compile(r"^(not )?ok (\d+) - (.*?)(?: # SKIP (.*))?$")
PLAN = re.compile(r"^1\.\.(\d+)$")


@dataclass(frozen=True)
class Check:
    """One line of it."""

    number: int
    name: str
    passed: bool
    skipped: str | None  # the reason


class NoTap(ValueError):
    """The lines are not a whole TAP run."""


def checks(lines: Iterable[str]) -> list[Check]:
    """The checks in order. Raises NoTap without a plan, or where the plan or the numbers do not fit."""
    found, plan = [], None
    for line in lines:
        if match := LINE.match(line.rstrip()):
            found.append(Check(int(match[2]), match[3], not match[1], match[4]))
        elif match := PLAN.match(line.rstrip()):
            plan = int(match[1])
    if plan is None:
        raise NoTap(f"no plan: it ended after {found[-1] if found else 'nothing'}")
    if plan != len(found) or [it.number for it in found] != list(range(1, plan + 1)):
        raise NoTap(f"{len(found)} checks, the plan says {plan}")
    return found


def failed(found: Iterable[Check]) -> list[str]:
    """The names of those that failed."""
    return [check.name for check in found if not check.passed]
