"""Where the fitted numbers of the skin's untreated course come from.

Two thresholds of the classes (``skin_course``) bring mean and SD of the read change of placebo arms without
immunosuppression to their published values, each arm among the patients whom it could enroll and at its own week. The
association with mycophenolate is then the posterior of what one trial says of it and of what a cohort on mycophenolate
leaves beside the untreated course. The rows hold what comes out; ``fit_course`` makes it again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from ifntrial.errors import EvidenceError
from ifntrial.evidence.records import Evidence, Observation, ParameterValue
from ifntrial.evidence.rows import Published, Rows, SkinPoints
from ifntrial.evidence.standard_error import error_of_sd, implied_subjects, standard_error
from ifntrial.items import ITEMS
from ifntrial.model import Model
from ifntrial.patients.sample import sample_population, skin_patients
from ifntrial.patients.skin_course import (
    SKIN_LAW,
    SkinLaw,
    SkinPatient,
    class_chances,
    class_change,
    size,
)
from ifntrial.patients.targets import SOURCES

PLACEBO = {
    "asset.placebo.mrss_change.w52": "ASSET, a year on placebo",
    "fasscinate.placebo.mrss_change.w48": "faSScinate, a year on placebo",
}
"""Row to the source whose patients it is of."""
ON_MYCOPHENOLATE = "esos.mycophenolate.mrss_change.w52"
ARMS = Published((*PLACEBO, ON_MYCOPHENOLATE), is_fitted=True)

FIT_SUBJECTS, FIT_SEED = 60_000, 732
_START = (1.5, 0.0)
_SCALE = ITEMS["mrss"]
_NODES = 9
_ROUNDS, _STEP, _SETTLED = 30, 1e-4, 1e-9


@dataclass(frozen=True, slots=True)
class _Change:
    """How sure the association is from one trial, and how far trials lie apart."""

    mrss_change_mmf_contrast: Annotated[ParameterValue, ITEMS["mrss"].unit]
    mrss_change_trial_sd: SkinPoints


@dataclass(frozen=True, slots=True)
class _Speed:
    """How fast skin moves to its goal."""

    k_skin_matrix_turnover: Annotated[float, "1/day"]


@dataclass(frozen=True, slots=True)
class _Error:
    """How far readings lie off."""

    mrss_sd: SkinPoints


_CHANGE, _SPEED, _ERROR = Rows("history", _Change), Rows("", _Speed), Rows("measurement", _Error)


@dataclass(frozen=True, slots=True)
class CourseFit:
    """What the rows hold.

    Parameters
    ----------
    progress_threshold, regress_threshold
        Of the skin's classes.
    mmf_mean, mmf_sd
        Association of a year's change with mycophenolate [points].
    change
        Row to mean and SD of the read change that the thresholds give [points].
    """

    progress_threshold: float
    regress_threshold: float
    mmf_mean: float
    mmf_sd: float
    change: Mapping[str, tuple[float, float]]


def fit_course(model: Model, evidence: Evidence, subjects: int = FIT_SUBJECTS) -> CourseFit:
    """Return the fitted numbers, made again from the published rows.

    Raises
    ------
    EvidenceError
        If a row lacks what says how exact it is.
    """
    law, who = SKIN_LAW.read(evidence), skin_patients(evidence, subjects, FIT_SEED)
    covariates = sample_population(model, evidence, subjects, FIT_SEED).covariates
    rows = {row.id: row for row in ARMS.read(evidence)}
    sources = {source.name: source for source in SOURCES}
    let_in = {id: sources[name].members(covariates) for id, name in PLACEBO.items()}
    between = _CHANGE.read(evidence).mrss_change_trial_sd

    def with_thresholds(point: FloatArray) -> SkinLaw:
        return replace(law, progress_threshold=float(point[0]), regress_threshold=float(point[1]))

    def read(point: FloatArray) -> dict[str, tuple[float, float]]:
        return {
            id: read_change(evidence, with_thresholds(point), _take(who, let_in[id]), sources[name].week)
            for id, name in PLACEBO.items()
        }

    def misfit(point: FloatArray) -> FloatArray:
        found = []
        for id, (mean, sd) in read(point).items():
            error, known = _error(rows[id]), float(rows[id].sd or 0.0)
            found += [
                (mean - float(rows[id].value or 0.0)) / np.hypot(error, between),
                (sd - known) / error_of_sd(known, _number(rows[id])),
            ]
        return np.array(found)

    best = _least_squares(misfit, np.array(_START))
    early = sources["ESOS"].members(covariates) & covariates["uses_mmf"].astype(bool)
    untreated, _ = read_change(evidence, with_thresholds(best), _take(who, early), sources["ESOS"].week)
    of_level = 1.0 / np.sum([1.0 / (_error(rows[id]) ** 2 + between**2) for id in PLACEBO])
    mean, sd = _association(evidence, rows[ON_MYCOPHENOLATE], untreated, float(of_level))
    return CourseFit(float(best[0]), float(best[1]), mean, sd, read(best))


def _least_squares(misfit: Callable[[FloatArray], FloatArray], point: FloatArray) -> FloatArray:
    """Return where the sum of squares of smooth misfits of two numbers is least, by Gauss and Newton."""
    for _ in range(_ROUNDS):
        here = misfit(point)
        one, other = ((misfit(point + _STEP * side) - here) / _STEP for side in np.eye(2))
        a, b, c = np.sum(one * one), np.sum(one * other), np.sum(other * other)
        down = np.array([np.sum(one * here), np.sum(other * here)])
        step = np.array([c * down[0] - b * down[1], a * down[1] - b * down[0]]) / (a * c - b * b)
        point = point - step
        if np.abs(step).max() < _SETTLED:
            break
    return point


def _association(
    evidence: Evidence, cohort: Observation, untreated: float, variance_of_level: float
) -> tuple[float, float]:
    """Return mean and SD of the association: one trial's contrast, and a cohort's level beside the untreated one."""
    row, between = (
        _CHANGE.read(evidence).mrss_change_mmf_contrast,
        _CHANGE.read(evidence).mrss_change_trial_sd,
    )
    contrast = float(cohort.value or 0.0) - untreated
    precision = np.array(
        [float(row.prior_b or 1.0) ** -2.0, 1.0 / (_error(cohort) ** 2 + between**2 + variance_of_level)]
    )
    mean = float(np.average([float(row.prior_a or 0.0), contrast], weights=precision))
    return mean, float(precision.sum() ** -0.5)


def read_change(evidence: Evidence, law: SkinLaw, who: SkinPatient, week: float) -> tuple[float, float]:
    """Return mean and SD of the change that a clinic reads by a week, without mycophenolate [points].

    Over classes, over the spread within them (nine nodes) and over the error of two readings.
    """
    rate, error = _SPEED.read(evidence).k_skin_matrix_turnover, _ERROR.read(evidence).mrss_sd
    of_a_year = -np.expm1(-rate * DAYS_PER_YEAR)
    by_then = -np.expm1(-rate * DAYS_PER_WEEK * week)
    chances, changes = class_chances(law, who), class_change(law, who)
    first, second = np.zeros_like(who.score), np.zeros_like(who.score)
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    for course, chance in chances.items():
        for node, weight in zip(nodes, weights / weights.sum(), strict=True):
            aim = who.score + changes[course] + law.within_sd * size(law, who) * node
            change = np.clip(aim, _SCALE.low, _SCALE.high) - who.score
            goal = np.clip(who.score + change / of_a_year, _SCALE.low, _SCALE.high)
            true = (goal - who.score) * by_then
            first, second = first + chance * weight * true, second + chance * weight * true**2
    mean = float(first.mean())
    return mean, float(np.sqrt(second.mean() - mean**2 + 2 * error**2))


def _take(who: SkinPatient, chosen: BoolArray) -> SkinPatient:
    return SkinPatient(
        who.is_diffuse[chosen],
        who.has_ara[chosen],
        who.duration_years[chosen],
        who.score[chosen],
        who.above_reference[chosen],
        who.signature[chosen],
    )


def _number(row: Observation) -> int:
    number = row.n or implied_subjects(row)
    if not number:
        raise EvidenceError(
            "the course of the skin cannot be fitted", problems=[f"'{row.id}' has no number of subjects"]
        )
    return number


def _error(row: Observation) -> float:
    error = standard_error(row, _number(row))
    if error is None or (row.id in PLACEBO and row.sd is None):
        raise EvidenceError(
            "the course of the skin cannot be fitted", problems=[f"'{row.id}' does not say how exact it is"]
        )
    return error
