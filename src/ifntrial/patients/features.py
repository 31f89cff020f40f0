"""A published number becomes a target, and each patient's deviation from it a feature to balance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import EvidenceError
from ifntrial.evidence.records import Evidence, Observation
from ifntrial.evidence.standard_error import (
    error_of_sd,
    error_of_share,
    implied_subjects,
    standard_error,
)
from ifntrial.patients.entry_rows import BETWEEN_TRIALS
from ifntrial.patients.expected_response import response_probability
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.targets import BALANCED, BASELINES, SOURCES, Source, baseline
from ifntrial.patients.untreated_year import expected_readings
from ifntrial.ties import stable_order
from ifntrial.units import convert

CHANGE = "_change"
RESPONSE = "rcriss_20"
ANCHOR = "anchor"
ANCHOR_TOLERANCE = 0.005
"""Shares of patients whom a source could enroll stay as drawn, to half a percent: no published number moves them."""

_MEDIAN = 0.5
_KINDS = {"proportion": "share", "median": "median", "correlation": "correlation"}
"""Statistic to kind of target; others are means."""


@dataclass(frozen=True, slots=True)
class Target:
    """One published number.

    Parameters
    ----------
    name
        Id of the observation; a standard deviation has `` (SD)`` after it.
    source
        Name of the entry of ``SOURCES``.
    kind
        ``mean``, ``share``, ``median``, ``sd`` or ``correlation``; ``anchor`` for the share of the source's patients.
    quantities
        One, or two for a correlation.
    value, error
        Published, in units of ``patient_targets.BASELINES``, and its standard error; of a median, that of the share
        of patients below it.
    tolerance
        Standard error and differences between trials together: the unit of the feature.
    around_mean, around_sd
        Mean and SD of the quantities that an SD or a correlation is taken around; found while balancing.
    share
        Of all patients, those whom the source could enroll.
    """

    name: str
    source: str
    kind: str
    quantities: tuple[str, ...]
    value: float
    error: float
    tolerance: float
    around_mean: tuple[float, ...] = ()
    around_sd: tuple[float, ...] = ()
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and mean square of what is read of one quantity, each (subjects,); a baseline has no reading error."""

    mean: FloatArray
    square: FloatArray


def published_targets(evidence: Evidence) -> tuple[Target, ...]:
    """Return the targets of all sources, without the differences between trials.

    Raises
    ------
    EvidenceError
        If a row is not kept for fits, or holds too little to say how exact it is.
    """
    problems: list[str] = []
    published = {row.id: row for row in BALANCED.read(evidence)}
    found = [
        target
        for source in SOURCES
        for id, names in source.rows.items()
        for target in _of_row(source, published[id], tuple(names.split()), problems)
    ]
    if problems:
        raise EvidenceError("patients cannot be balanced to these observations", problems=problems)
    return tuple(_with_trial_differences(target, evidence) for target in found)


def _of_row(
    source: Source, row: Observation, quantities: tuple[str, ...], problems: list[str]
) -> Iterator[Target]:
    if row.use != "fit":
        problems.append(f"'{row.id}' is for '{row.use}'")
        return
    size = row.n or source.size or implied_subjects(row)
    if not size:
        problems.append(f"'{row.id}' has no number of subjects")
        return
    kind = _KINDS.get(row.statistic, "mean")
    unit = row.unit if kind == "correlation" else _unit(quantities[0], row)
    value = convert(float(row.value or 0.0), row.unit, unit)
    error = _error(row, size, unit)
    if error is None:
        problems.append(f"'{row.id}' does not say how exact its {row.statistic} is")
        return
    yield Target(row.id, source.name, kind, quantities, value, error, error)
    if kind == "mean" and row.id not in source.mean_only:
        sd = error * sqrt(size) if row.sd is None else convert(row.sd, row.unit, unit)
        of_sd = error_of_sd(sd, size)
        yield Target(f"{row.id} (SD)", source.name, "sd", quantities, sd, of_sd, of_sd)


def _error(row: Observation, size: int, unit: str) -> float | None:
    """Return the standard error of a target's value; of a median that of the share of patients below it."""
    if row.statistic == "median":
        return error_of_share(_MEDIAN, size)
    error = standard_error(row, size)
    return None if error is None else convert(error, row.unit, unit)


def _unit(quantity: str, row: Observation) -> str:
    if quantity in BASELINES:
        return BASELINES[quantity][0]
    return "1" if quantity == RESPONSE else row.unit


def _with_trial_differences(target: Target, evidence: Evidence) -> Target:
    """Return a mean change with the tolerance of one trial's effect added; others are unchanged."""
    item, _, rest = target.quantities[0].partition(CHANGE)
    if target.kind != "mean" or rest or item == target.quantities[0]:
        return target
    between = BETWEEN_TRIALS.read(evidence).change_sd[item]
    return replace(target, tolerance=float(np.hypot(target.error, between)))


def anchors(patients: "Patients") -> tuple[Target, ...]:
    """Return one target per source that could not enroll everyone: its share of patients as drawn.

    Without them a target within a part of the patients could be met by leaving that part out.
    """
    first = {source.members: source.name for source in reversed(SOURCES) if source.is_anchored}
    shares = {name: float(patients.members(name).mean()) for name in first.values()}
    return tuple(
        Target(f"share of patients for {name}", name, ANCHOR, (), share, ANCHOR_TOLERANCE, ANCHOR_TOLERANCE)
        for name, share in sorted(shares.items())
        if share < 1
    )


class Patients:
    """Moments of every quantity in a population, each computed when first asked for."""

    def __init__(self, population: VirtualPopulation, evidence: Evidence) -> None:
        self.population, self.evidence = population, evidence
        self._moments: dict[tuple[str, float], Moments] = {}
        self._sources = {source.name: source for source in SOURCES}
        self._members: dict[str, np.ndarray] = {}

    def members(self, source: str) -> np.ndarray:
        """Return whom a source could enroll, shape (subjects,)."""
        if source not in self._members:
            self._members[source] = self._sources[source].members(self.population.covariates)
        return self._members[source]

    def moments(self, target: Target) -> tuple[Moments, ...]:
        """Return the moments of a target's quantities."""
        week = self._sources[target.source].week
        return tuple(self._of(name, 0.0 if name in BASELINES else week) for name in target.quantities)

    def _of(self, name: str, week: float) -> Moments:
        if (name, week) not in self._moments:
            if name.endswith(CHANGE):
                for item, read in expected_readings(self.population, self.evidence, week).items():
                    self._moments[item + CHANGE, week] = Moments(read.mean, read.square)
            elif name == RESPONSE:
                chance = response_probability(self.population, self.evidence, week)
                self._moments[name, week] = Moments(chance, chance)
            else:
                values = baseline(name, self.population.covariates)
                self._moments[name, week] = Moments(values, values**2)
        return self._moments[name, week]


def feature(target: Target, patients: Patients) -> FloatArray:
    """Return each patient's deviation from a target in tolerances, zero outside its source, shape (subjects,)."""
    inside = patients.members(target.source)
    if target.kind == ANCHOR:
        return (inside - target.value) / target.tolerance
    deviation = _deviation(target, patients.moments(target))
    return np.where(inside, deviation, 0.0) / (target.tolerance * target.share)


def _deviation(target: Target, moments: tuple[Moments, ...]) -> FloatArray:
    first = moments[0]
    if target.kind == "median":
        return np.where(first.mean <= target.value, 1.0 - _MEDIAN, -_MEDIAN)
    if target.kind == "sd":
        around = first.square - 2 * target.around_mean[0] * first.mean + target.around_mean[0] ** 2
        return (around - target.value**2) / (2 * target.value)
    if target.kind == "correlation":
        one, other = (
            (each.mean - center) / spread
            for each, center, spread in zip(moments, target.around_mean, target.around_sd, strict=True)
        )
        return one * other - target.value
    return first.mean - target.value


def simulated(target: Target, patients: Patients, weight: FloatArray) -> float:
    """Return the same statistic of weighted patients; of a median, the median itself."""
    chosen = np.where(patients.members(target.source), weight, 0.0)
    if target.kind == ANCHOR:
        return float(chosen.sum() / weight.sum())
    moments = patients.moments(target)
    if target.kind == "median":
        order = stable_order(moments[0].mean)
        total = np.cumsum(chosen[order])
        return float(moments[0].mean[order[np.searchsorted(total, _MEDIAN * total[-1])]])
    centers, spreads = _centers(moments, chosen)
    if target.kind == "sd":
        return spreads[0]
    if target.kind == "correlation":
        product = float(np.average(moments[0].mean * moments[1].mean, weights=chosen))
        return (product - centers[0] * centers[1]) / (spreads[0] * spreads[1])
    return centers[0]


def misfit(target: Target, patients: Patients, weight: FloatArray) -> float:
    """Return how many published standard errors the weighted patients are away from a target."""
    if target.kind != "median":
        return (simulated(target, patients, weight) - target.value) / target.error
    chosen = np.where(patients.members(target.source), weight, 0.0)
    below = float(np.average(_deviation(target, patients.moments(target)), weights=chosen))
    return -below / target.error


def centered(target: Target, patients: Patients, weight: FloatArray) -> Target:
    """Return the target with its center, spread and share as they are in weighted patients."""
    inside = patients.members(target.source)
    centers, spreads = _centers(patients.moments(target), np.where(inside, weight, 0.0))
    return replace(target, around_mean=centers, around_sd=spreads, share=float(inside.mean()))


def _centers(moments: tuple[Moments, ...], chosen: FloatArray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    means = tuple(float(np.average(each.mean, weights=chosen)) for each in moments)
    squares = (float(np.average(each.square, weights=chosen)) for each in moments)
    spreads = tuple(
        float(np.sqrt(max(square - mean**2, 0.0))) for square, mean in zip(squares, means, strict=True)
    )
    return means, spreads


def with_heterogeneity(targets: Mapping[int, Target], deviation: FloatArray) -> list[Target]:
    """Return targets of one quantity with what trials differ by beyond chance added to the tolerance.

    DerSimonian and Laird's moment estimate (1986, Controlled Clinical Trials 7:177) from the deviations of the
    unweighted patients, so that a shift which all trials share still pulls in full.
    """
    error = np.array([target.error for target in targets.values()])
    sources = {target.source for target in targets.values()}
    extra = 0.0
    if len(sources) > 1:
        w = error**-2.0
        scatter = float(np.sum(w * (deviation - np.average(deviation, weights=w)) ** 2))
        extra = max(0.0, (scatter - (len(error) - 1)) / float(w.sum() - np.sum(w**2) / w.sum()))
    return [replace(target, tolerance=float(np.sqrt(target.error**2 + extra))) for target in targets.values()]
