"""Changes that a person judged to change nothing that counts, with the reason."""

import csv
from pathlib import Path

from mutants.find import Mutant

EQUIVALENT = Path(__file__).with_name("equivalent.csv")
Key = tuple[str, str, str]


def load_equivalent(path: Path = EQUIVALENT) -> dict[Key, str]:
    """Return the reason by path, original line and change."""
    with path.open(encoding="utf-8", newline="") as rows:
        return {(row["path"], row["line"], row["change"]): row["reason"] for row in csv.DictReader(rows)}


def key_of(mutant: Mutant) -> Key:
    """Return what a change is known by, wherever in its file it stands."""
    return mutant.path, mutant.line, mutant.change
