"""What is held out from every fit, locked by hashes, and how often results of now were held against it.

``lock.csv`` has a hash for each published result that is kept for tests, and for each discrepancy that a comparison is
allowed. ``changes.csv`` says when and why the lock was written anew. ``looks.csv`` has a line for each time at which
frozen numbers of results kept for tests changed: somebody saw them, and may have chosen by what was seen.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from hashlib import sha256
from pathlib import Path

from ifntrial.evidence.records import Evidence, Observation, ParameterValue

HERE = Path(__file__).parent
LOCK, CHANGES, LOOKS = HERE / "lock.csv", HERE / "changes.csv", HERE / "looks.csv"
DISCREPANCY = "discrepancy."
DIGITS = 16


def held_out(evidence: Evidence) -> dict[str, str]:
    """Return the name of everything that is locked, with the hash of its content; words of a note are free."""
    rows: list[Observation | ParameterValue] = [row for row in evidence.observations if row.use == "test"]
    rows += [replace(row, note="") for row in evidence.parameters if row.name.startswith(DISCREPANCY)]
    return {_name(row): sha256(repr(astuple(row)).encode()).hexdigest()[:DIGITS] for row in rows}


def broken(locked: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return what is no longer as it was locked, a sentence each."""
    gone = [f"'{name}' was held out and is no longer" for name in locked if name not in now]
    new = [f"'{name}' is held out and was not" for name in now if name not in locked]
    other = [f"'{name}' was changed" for name in locked if name in now and now[name] != locked[name]]
    return [*gone, *new, *other]


def write_lock(evidence: Evidence, reason: str, day: str) -> list[str]:
    """Lock what is held out now, and say why where that changes anything; return what changed.

    Raises
    ------
    SystemExit
        If something changes and no reason is given.
    """
    now = held_out(evidence)
    found = broken(read_lock(), now)
    if found and not reason.strip():
        raise SystemExit('held out: no reason is given. To do: make held-out REASON="what changed, and why"')
    if found:
        _write(LOCK, ("name", "sha256"), sorted(now.items()))
        _append(CHANGES, ("day", "changed", "reason"), (day, str(len(found)), reason.strip()))
    return found


def read_lock() -> dict[str, str]:
    """Return what is locked; nothing before the first lock."""
    return {row["name"]: row["sha256"] for row in _read(LOCK)}


def count_look(changed: Iterable[str], evidence: Evidence, day: str, reason: str) -> int:
    """Add a line if one of the changed numbers is a simulated result that is kept for tests; return how many are."""
    ids = [row.id for row in evidence.observations if row.use == "test"]
    seen = {id for name in changed for id in ids if f"[{id}].simulated" in name}
    if seen:
        _append(LOOKS, ("day", "results", "reason"), (day, str(len(seen)), reason.strip()))
    return len(seen)


def _name(row: Observation | ParameterValue) -> str:
    return row.id if isinstance(row, Observation) else row.name


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([header, *rows])


def _append(path: Path, header: Sequence[str], row: Sequence[str]) -> None:
    _write(path, header, [*(tuple(old.values()) for old in _read(path)), row])
