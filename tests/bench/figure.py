"""A measured number."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number and the goal that it is held to."""

    name: str
    value: float
    goal: float
    unit: str
    exact: bool = True  # the same in every run

    @property
    def met(self) -> bool:
        return self.value <= self.goal
