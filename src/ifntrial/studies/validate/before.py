"""Verdicts of an earlier model, kept so that a discrepancy that is called an agreement now stands beside what it was.

``before.csv`` was written once from ``ifntrial validate --json`` of model version 2, when a verdict took sampling error
alone; it is not written again.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent / "before.csv"


@dataclass(frozen=True, slots=True)
class VerdictBefore:
    """What the earlier model said of an observation.

    Parameters
    ----------
    model_version
        Of that model.
    simulated
        Its value in the unit of the observation; None if it was not simulated.
    z
        Distance from the published value in standard errors of sampling.
    verdict
        In words, as in ``Compared``.
    """

    model_version: int
    simulated: float | None
    z: float | None
    verdict: str


def verdicts_before() -> Mapping[str, VerdictBefore]:
    """Return id of an observation to the earlier verdict."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["observation"]: _read(row) for row in csv.DictReader(lines)}


def _read(row: Mapping[str, str]) -> VerdictBefore:
    simulated, z = (float(row[name]) if row[name] else None for name in ("simulated", "z"))
    return VerdictBefore(int(row["model_version"]), simulated, z, row["verdict"])
