"""How each patient would change untreated in the typical world, and what a clinic would read of it.

In closed form, so that a hundred thousand patients take no longer than a second: the untreated model moves every item
towards its goal at a constant speed (``history``), and the readings are averaged over their error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK, WEEKS_PER_YEAR
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Each, Pure, Rows
from ifntrial.items import CORE_ITEMS, ITEMS, Item
from ifntrial.patients.entry_rows import ITEM_UNITS, row_name
from ifntrial.patients.history import ADAPTING, natural_history
from ifntrial.patients.records import VirtualPopulation
from ifntrial.read_only import returns_read_only

_NODES = 9


@dataclass(frozen=True, slots=True)
class _Typical:
    """What the typical world needs of natural history."""

    change_mmf: Annotated[Mapping[str, float], Each("{}_change_mmf", ITEM_UNITS, row_name)]
    fvc_progression_share: Pure


@dataclass(frozen=True, slots=True)
class _Speeds:
    """How fast goals are approached, by model parameter."""

    speed: Annotated[
        Mapping[str, float], Each("{}", dict.fromkeys((*ADAPTING.values(), "k_nt_probnp_turnover"), "1/day"))
    ]


@dataclass(frozen=True, slots=True)
class _ReadingError:
    """How far a reading lies off."""

    sd: Annotated[Mapping[str, float], Each("{}", ITEM_UNITS, lambda item: ITEMS[item].error)]


_TYPICAL, _SPEEDS = Rows("history", _Typical), Rows("", _Speeds)
READING_ERROR = Rows("measurement", _ReadingError)


def typical_history(evidence: Evidence) -> dict[str, float]:
    """Return one entry per name of ``Worlds.history``: no trial effect, the mean association with background."""
    typical = _TYPICAL.read(evidence)
    history = {f"trial_{item}": 0.0 for item in CORE_ITEMS}
    history |= {f"mmf_{item}": typical.change_mmf[item] for item in CORE_ITEMS}
    return history | {"progression_share": typical.fvc_progression_share}


def untreated_changes(
    population: VirtualPopulation, evidence: Evidence, week: float = WEEKS_PER_YEAR
) -> dict[str, FloatArray]:
    """Return the true change of each of the five items by a week of the typical world, each (subjects,)."""
    days = week * DAYS_PER_WEEK
    speeds = _SPEEDS.read(evidence).speed
    goals = natural_history(population, evidence, speeds, typical_history(evidence))
    changes = {
        item: (goals[f"{item}_goal"] - population.parameters[f"{item}_baseline"])
        * -np.expm1(-speeds[speed] * days)
        for item, speed in ADAPTING.items()
    }
    changes["fvc_percent"] = (goals["fvc_repair"] - goals["fvc_progression"]) * days
    return changes


@dataclass(frozen=True, slots=True)
class ExpectedReading:
    """Mean and mean square of the change that a clinic reads, over reading error, each (subjects,)."""

    mean: FloatArray
    square: FloatArray


def expected_readings(
    population: VirtualPopulation, evidence: Evidence, week: float
) -> Mapping[str, ExpectedReading]:
    """Return what is read of each item's change by a week: two readings with error, cut to the scale."""
    changes = untreated_changes(population, evidence, week)
    errors, found = READING_ERROR.read(evidence).sd, {}
    for item in CORE_ITEMS:
        baseline = population.parameters[f"{item}_baseline"]
        first, second = (
            _reading(true, errors[item], ITEMS[item]) for true in (baseline, baseline + changes[item])
        )
        found[item] = ExpectedReading(
            second.mean - first.mean, first.square + second.square - 2 * first.mean * second.mean
        )
    return found


def _reading(true: FloatArray, error: float, item: Item) -> ExpectedReading:
    node, weight = _quadrature()
    mean, square = np.zeros_like(true), np.zeros_like(true)
    for z, share in zip(node, weight, strict=True):
        read = np.clip(true + error * z, item.low, item.high)
        mean += share * read
        square += share * read**2
    return ExpectedReading(mean, square)


@lru_cache(maxsize=1)
@returns_read_only
def _quadrature() -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights that average over a standard normal number."""
    node, weight = np.polynomial.hermite_e.hermegauss(_NODES)
    return node, weight / weight.sum()
