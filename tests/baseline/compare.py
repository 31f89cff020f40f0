"""Frozen tables against those of now: files, renamed names, and what differs."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

FROZEN = Path(__file__).parent
RENAMED = FROZEN / "renamed.csv"
RELATIVE, FLOOR = 1e-9, 1e-12
"""Numbers are the same within this share of the larger one, or if they differ by less than the floor."""

Table = Mapping[str, str]
Rules = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A name whose value is another one now; None where the name is absent."""

    name: str
    old: str | None
    new: str | None

    @property
    def size(self) -> float:
        """Share by which a number changed; infinite where there is no number on both sides."""
        old, new = _number(self.old), _number(self.new)
        if old is None or new is None:
            return float("inf")
        return abs(new - old) / max(abs(old), abs(new))

    def __str__(self) -> str:
        if self.old is None:
            return f"{self.name} is new ({self.new})"
        if self.new is None:
            return f"{self.name} is gone (it was {self.old})"
        old, new = _number(self.old), _number(self.new)
        change = f" ({100 * (new - old) / abs(old):+.3g} %)" if old and new is not None else ""
        return f"{self.name} was {self.old} and is {self.new}{change}"


def same(old: str, new: str) -> bool:
    """Return whether two values are the same: numbers nearly, texts exactly."""
    one, other = _number(old), _number(new)
    if one is None or other is None:
        return old == new
    return abs(one - other) <= max(RELATIVE * max(abs(one), abs(other)), FLOOR)


def differences(frozen: Table, current: Table) -> list[Difference]:
    """Return what differs, changed values first, then names on one side only."""
    changed = [
        Difference(name, old, current[name])
        for name, old in frozen.items()
        if name in current and not same(old, current[name])
    ]
    gone = [Difference(name, old, None) for name, old in frozen.items() if name not in current]
    new = [Difference(name, None, value) for name, value in current.items() if name not in frozen]
    return [*changed, *gone, *new]


def in_one_line(table: str, found: Sequence[Difference]) -> str:
    """Return the first difference in words, how many others there are, and what to do if they are meant."""
    others = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f'{table}: {found[0]}{others}. If that is meant: make baseline REASON="why"'


def read_table(name: str, folder: Path = FROZEN) -> dict[str, str]:
    """Return a frozen table; empty if there is none yet."""
    path = folder / f"{name}.csv"
    return dict(_read_pairs(path)) if path.exists() else {}


def write_table(name: str, rows: Table, folder: Path = FROZEN) -> None:
    """Write a table."""
    _write_pairs(folder / f"{name}.csv", ("name", "value"), rows.items())


def read_rules(path: Path = RENAMED) -> Rules:
    """Return the rules of renaming, in order: old name and new name, each ``*`` standing for any text."""
    return _read_pairs(path)


def write_rules(rules: Rules, path: Path = RENAMED) -> None:
    """Write the rules of renaming."""
    _write_pairs(path, ("old", "new"), rules)


def rename(table: Table, rules: Rules) -> dict[str, str]:
    """Return a frozen table under the names of now: every rule is tried on every name, from the first to the last.

    Raises
    ------
    AssertionError
        If two rows would get one name.
    """
    renamed: dict[str, str] = {}
    for name, value in table.items():
        new = _renamed(name, rules)
        assert new not in renamed, f"renamed.csv gives two rows the name '{new}'"
        renamed[new] = value
    return renamed


def idle_rules(names: Sequence[str], rules: Rules) -> list[str]:
    """Return the old names in the rules that fit no row of any table."""
    return [old for place, (old, _) in enumerate(rules)
            if not any(_pattern(old).fullmatch(_renamed(name, rules[:place])) for name in names)]  # fmt: skip


def _renamed(name: str, rules: Rules) -> str:
    for old, new in rules:
        found = _pattern(old).fullmatch(name)
        if found:
            parts = iter(found.groups())
            name = re.sub(r"\*", lambda _: next(parts), new)  # noqa: B023 - called at once
    return name


def _pattern(old: str) -> re.Pattern[str]:
    """Return ``old`` as a pattern; a star takes as little as it can, the last as much as it can."""
    return re.compile("(.*?)".join(re.escape(part) for part in old.split("*")), flags=re.DOTALL)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if isfinite(number) else None


def _read_pairs(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return [(first, second) for first, second in rows]


def _write_pairs(path: Path, header: tuple[str, str], rows: Iterator[tuple[str, str]] | Rules) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
