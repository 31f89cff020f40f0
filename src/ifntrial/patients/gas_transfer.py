"""Transfer factor (DLCO) at entry and its untreated course, beside vital capacity."""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.calendar import DAYS_PER_YEAR
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import PercentPredicted, Pure, Rows
from ifntrial.items import ITEMS
from ifntrial.patients.records import VirtualPopulation


@dataclass(frozen=True, slots=True)
class _Entry:
    """At entry."""

    dlco_percent_ild_mean: PercentPredicted
    dlco_percent_no_ild_mean: PercentPredicted
    dlco_percent_sd: PercentPredicted
    correlation_dlco_fvc: Pure
    fvc_percent_ild_mean: PercentPredicted
    fvc_percent_no_ild_mean: PercentPredicted
    fvc_percent_sd: PercentPredicted


@dataclass(frozen=True, slots=True)
class _Course:
    """In an untreated year."""

    dlco_change_mean: PercentPredicted
    dlco_change_sd: PercentPredicted
    correlation_dlco_fvc: Pure
    dlco_progression_share: Pure


_ENTRY, _COURSE = Rows("population", _Entry), Rows("history", _Course)
_SCALE = ITEMS["dlco_percent"]


def draw_gas_transfer(
    evidence: Evidence, normal: FloatArray, has_ild: BoolArray, fvc_percent: FloatArray
) -> FloatArray:
    """Return DLCO at entry [% predicted], which goes with vital capacity [% predicted] and lung disease, (subjects,)."""
    number = _ENTRY.read(evidence)
    shared = number.correlation_dlco_fvc
    typical = np.where(has_ild, number.fvc_percent_ild_mean, number.fvc_percent_no_ild_mean)
    volume = (fvc_percent - typical) / number.fvc_percent_sd
    mean = np.where(has_ild, number.dlco_percent_ild_mean, number.dlco_percent_no_ild_mean)
    value = mean + number.dlco_percent_sd * (shared * volume + np.sqrt(1 - shared**2) * normal)
    return np.asarray(np.clip(value, _SCALE.low, _SCALE.high))


def gas_transfer_goals(population: VirtualPopulation, evidence: Evidence) -> dict[str, FloatArray]:
    """Return loss and regain of DLCO of every subject [% predicted/day], each (subjects,).

    As with vital capacity the two are not seen apart: the typical loss is a multiple of the mean net loss, and regain
    is the rest. Nobody loses more in a year than is there.
    """
    number = _COURSE.read(evidence)
    shared = number.correlation_dlco_fvc
    deviation = (
        shared * population.history["fvc_percent"]
        + np.sqrt(1 - shared**2) * population.history["dlco_percent"]
    )
    change = number.dlco_change_mean + number.dlco_change_sd * deviation
    change = np.maximum(change, _SCALE.low - population.parameters["dlco_percent_baseline"])
    loss = np.maximum(-number.dlco_change_mean * number.dlco_progression_share, -change)
    return {"dlco_progression": loss / DAYS_PER_YEAR, "dlco_repair": (change + loss) / DAYS_PER_YEAR}
