"""Natural history: how each untreated patient changes over a year, as goals the model moves towards.

The mean change of an item is that of placebo arms, plus this trial's shift, plus the association with mycophenolate; a
subject's own deviation comes from ``VirtualPopulation.history``, that of the skin from its class (``skin_course``). Lung
disease with antibodies against topoisomerase I loses faster in its first years. A goal is set so that the untreated
model reaches this change after a year, and lies on the scale: no score improves or worsens without end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_YEAR
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Each, PercentPredicted, Pure, Rows, Years
from ifntrial.items import ITEMS
from ifntrial.patients.entry_rows import ITEM_UNITS
from ifntrial.patients.records import VirtualPopulation

ADAPTING = {item.name: item.speed for item in ITEMS.values() if item.speed}
"""Items that move towards a goal, and the parameter that says how fast."""

_ADAPTING_UNITS = {item: ITEM_UNITS[item] for item in ADAPTING}


@dataclass(frozen=True, slots=True)
class _History:
    """How cohorts changed in a year."""

    change_mean: Annotated[Mapping[str, float], Each("{}_change_mean", _ADAPTING_UNITS)]
    change_sd: Annotated[Mapping[str, float], Each("{}_change_sd", _ADAPTING_UNITS)]
    mmf_share_lung: Pure
    fvc_change_ild_mean: PercentPredicted
    fvc_change_no_ild_mean: PercentPredicted
    fvc_change_sd: PercentPredicted
    fvc_change_ata_early: PercentPredicted
    fvc_ata_early_years: Years
    fvc_ata_early_share: Pure


_HISTORY = Rows("history", _History)


def natural_history(
    population: VirtualPopulation,
    evidence: Evidence,
    world_parameters: Mapping[str, float],
    world_history: Mapping[str, float],
) -> dict[str, FloatArray]:
    """Return the model parameters of natural history for every subject in one world, each (subjects,).

    Parameters
    ----------
    population
        The subjects.
    evidence
        Holds the rows ``history.*``.
    world_parameters
        Model parameters of the world: the speeds at which goals are approached.
    world_history
        One world's entries of ``Worlds.history``.
    """
    number = _HISTORY.read(evidence)
    base = population.parameters
    on_mmf = base["uses_mmf"]
    goals: dict[str, FloatArray] = {}
    for item, speed in ADAPTING.items():
        change = (
            number.change_mean[item]
            + world_history[f"trial_{item}"]
            + world_history[f"mmf_{item}"] * on_mmf
            + number.change_sd[item] * population.history[item]
        )
        goals[f"{item}_goal"] = _goal(
            base[f"{item}_baseline"], change, world_parameters[speed], ITEMS[item].high
        )
    goals |= _lung(population, number, world_history, on_mmf)
    return goals


def _goal(
    baseline: FloatArray, change_in_a_year: FloatArray, rate_per_day: float, high: float = np.inf
) -> FloatArray:
    reached = -np.expm1(-rate_per_day * DAYS_PER_YEAR)
    return np.asarray(np.clip(baseline + change_in_a_year / reached, 0.0, high))


def _lung(
    population: VirtualPopulation,
    number: _History,
    world_history: Mapping[str, float],
    on_mmf: FloatArray,
) -> dict[str, FloatArray]:
    seen = population.covariates
    has_ild = seen["has_ild"].astype(bool)
    mean = np.where(has_ild, number.fvc_change_ild_mean, number.fvc_change_no_ild_mean)
    is_early = (seen["antibody"] == "ATA") & (
        seen["disease_duration_years"].astype(np.float64) < number.fvc_ata_early_years
    )
    change = (
        mean
        + np.where(has_ild, number.fvc_change_ata_early * (is_early - number.fvc_ata_early_share), 0.0)
        + world_history["trial_fvc_percent"]
        + np.where(has_ild, world_history["mmf_fvc_percent"] * (on_mmf - number.mmf_share_lung), 0.0)
        + number.fvc_change_sd * population.history["fvc_percent"]
    )
    # Loss and repair are not seen apart: the typical loss is a multiple of the mean net loss, repair is the rest.
    loss = np.maximum(-mean * world_history["progression_share"], -change)
    return {"fvc_progression": loss / DAYS_PER_YEAR, "fvc_repair": (change + loss) / DAYS_PER_YEAR}
