"""What a trial would see in each of many worlds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import RunError
from ifntrial.items import ITEMS
from ifntrial.patients.records import LatentCourse
from ifntrial.statistics.cmh_power import cmh_power
from ifntrial.statistics.power import stratum_index, stratum_rates
from ifntrial.studies.common_trial import CommonTrial, chance_of_response

SUPPRESSION_WEEK = 24.0


@dataclass(frozen=True, slots=True)
class Output:
    """A number that each world gives; ``{week}`` in a label is the visit at which the suppression is read."""

    name: str
    label: str
    unit: str
    meaning: str


_SKIN, _LUNG = ITEMS["mrss"], ITEMS["fvc_percent"]
OUTPUTS = (
    Output(
        "power", "probability of success", "",
        "chance of a significant primary analysis in a world; its mean over worlds is the assurance",
    ),
    Output(
        "mrss_difference", "effect on skin score at the last visit", f"{_SKIN.label} {_SKIN.spoken_unit}",
        "active less placebo, true mean",
    ),
    Output(
        "fvc_difference", f"effect on {ITEMS['fvc_ml'].label} at the last visit", _LUNG.spoken_unit,
        "active less placebo, true mean",
    ),
    Output(
        "suppression_blood", "suppression of the blood signature at week {week:g}", "",
        "1 - post/pre of the fold-change score, mean of patients with a high signature, active arm",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorldOutputs:
    """The outputs of one world, by name, and how many subjects could not be solved and weigh zero."""

    power: float
    mrss_difference: float
    fvc_difference: float
    suppression_blood: float
    failed: int


def suppression_week(visit_weeks: Sequence[float]) -> float:
    """Return the planned visit nearest to week 24, the earlier of two."""
    return min(visit_weeks, key=lambda week: (abs(week - SUPPRESSION_WEEK), week))


def read_outputs(trial: CommonTrial, active: LatentCourse, control: LatentCourse) -> WorldOutputs:
    """Return the outputs of a world from its courses.

    Raises
    ------
    RunError
        If no subject could be simulated.
    """
    is_solved = (active.status == "ok") & (control.status == "ok")
    if not is_solved.any():
        raise RunError(
            "no subject of a world could be simulated",
            given=f"{len(is_solved)} subjects: {active.status[0]}",
            fix="a prior may reach values that the model cannot take; look at the parameters' ranges",
        )
    weight = np.where(is_solved, trial.population.prevalence_weight, 0.0)
    is_high = trial.population.covariates["is_ifn_high"].astype(bool)
    visit = list(trial.design.visit_weeks).index(suppression_week(trial.design.visit_weeks))
    return WorldOutputs(
        power=_power(trial, active, control, weight),
        mrss_difference=_difference("mrss", active, control, weight),
        fvc_difference=_difference("fvc_percent", active, control, weight),
        suppression_blood=_mean(
            active.values["signature_suppression_blood"][:, visit], np.where(is_high, weight, 0.0)
        ),
        failed=int((~is_solved).sum()),
    )


def _power(trial: CommonTrial, active: LatentCourse, control: LatentCourse, weight: FloatArray) -> float:
    design, covariates = trial.design, dict(trial.population.covariates)
    found = chance_of_response(trial, active, control)
    rates = stratum_rates(found.active, found.control, weight, stratum_index(design, covariates)[0])
    sizes = design.n_of(design.active), design.n_of(design.control)
    return float(cmh_power(rates, *sizes, design.assumed.analysis.alpha_one_sided))


def _difference(name: str, active: LatentCourse, control: LatentCourse, weight: FloatArray) -> float:
    return _mean(active.values[name][:, -1] - control.values[name][:, -1], weight)


def _mean(values: FloatArray, weight: FloatArray) -> float:
    """Return the weighted mean; what has no weight may be missing."""
    kept = weight > 0
    return float(np.sum(weight[kept] * values[kept]) / weight.sum())
