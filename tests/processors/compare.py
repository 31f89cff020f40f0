"""Whether two results are the same: every word and count, and every number but for rounding."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AGREES = 1e-9
"""Relative difference that is allowed."""
FLOOR = 1e-3
"""Magnitude below which it is taken relative to this: differences of 1e-12 count as none."""
NOT_COMPARED = ("seconds", "date", "command")
"""What differs between two runs of the same plan."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two results agree.

    Parameters
    ----------
    values
        How many values were compared.
    worst, where
        Largest relative difference, infinite where a word, a whole number or the shape differs, and its place.
    is_same
        Whether all bits are the same.
    """

    values: int
    worst: float
    where: str
    is_same: bool

    @property
    def agrees(self) -> bool:
        return self.worst <= AGREES


def compare_files(one: Path, other: Path) -> Agreement:
    """Return how far two JSON files agree."""
    first, second = (dict(_flat(json.loads(path.read_text(encoding="utf-8")))) for path in (one, other))
    gaps = {place: _gap(first.get(place), second.get(place)) for place in first.keys() | second.keys()}
    where = max(gaps, key=lambda place: (gaps[place], place), default="")
    return Agreement(len(gaps), gaps.get(where, 0.0), where, first == second)


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the place and value of everything in nested values; of a list its length too."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in NOT_COMPARED:
                yield from _flat(each, f"{place}/{name}")
    elif isinstance(value, list):
        yield f"{place}/length", len(value)
        for number, each in enumerate(value):
            yield from _flat(each, f"{place}/{number}")
    else:
        yield place, repr(value) if value != value else value


def _gap(one: Any, other: Any) -> float:
    if one == other and type(one) is type(other):
        return 0.0
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) / max(abs(one), abs(other), FLOOR)
    return float("inf")
