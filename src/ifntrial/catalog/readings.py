"""The tests of a primary endpoint that is no response: each with its words; to add one, an entry below."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.calendar import WEEKS_PER_YEAR
from ifntrial.catalog.responses import Analysis
from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.mmrm import estimate_contrast, fit_mmrm, trial_design
from ifntrial.statistics.negative_binomial import negative_binomial
from ifntrial.statistics.record import Comparison
from ifntrial.statistics.survival import cox, log_rank
from ifntrial.statistics.tables import indicators

Values = Literal["last visit", "every visit", "rate", "hazard"]
"""What its power is made of, see ``studies.primary_values``."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What is analysed of the subjects of two arms.

    Parameters
    ----------
    outcome
        At each visit, the last that of the endpoint, NaN where there is none, shape (subjects, visits); a time without
        an event is infinite.
    baseline
        What it is adjusted for, shape (subjects,); None without one.
    years
        Time at risk [year], shape (subjects,).
    is_active, stratum
        Shape (subjects,).
    """

    outcome: FloatArray
    baseline: FloatArray | None
    years: FloatArray
    is_active: BoolArray
    stratum: IntArray

    def of(self, chosen: BoolArray) -> "Readings":
        """Return what is analysed of chosen subjects, ``chosen`` of shape (subjects,)."""
        return Readings(
            self.outcome[chosen],
            None if self.baseline is None else self.baseline[chosen],
            self.years[chosen],
            self.is_active[chosen],
            self.stratum[chosen],
        )

    @property
    def columns(self) -> FloatArray:
        """Strata and baseline as columns of a model, shape (subjects, columns)."""
        strata = indicators(self.stratum)
        return strata if self.baseline is None else np.column_stack([strata, self.baseline])


@dataclass(frozen=True, slots=True)
class AnalysisOfReadings:
    """A test of an endpoint that is no response.

    Parameters
    ----------
    name, label
        Name in designs and in words.
    compare
        From the data to the comparison of active with control.
    kinds
        Kinds of endpoints that it tests.
    values
        What its power is made of.
    measure
        What is compared, in words.
    """

    name: str
    label: str
    compare: Callable[[Readings], Comparison]
    kinds: tuple[str, ...]
    values: Values
    measure: str


AnyAnalysis = Analysis | AnalysisOfReadings
"""What a design may plan as the test of its primary endpoint."""


def usual_analysis(kind: str, analyses: Mapping[str, AnyAnalysis]) -> AnyAnalysis:
    """Return the usual test of a kind of endpoint: the first one that fits."""
    return next(each for each in analyses.values() if kind in each.kinds)


def _ancova(readings: Readings) -> Comparison:
    # a stratum of which nobody has a reading is no column
    own = readings.of(np.isfinite(readings.outcome[:, -1]))
    return ancova(own.outcome[:, -1], own.is_active, own.columns)


def _mmrm(method: Literal["satterthwaite", "kenward_roger"], readings: Readings) -> Comparison:
    own = readings.of(np.asarray(np.isfinite(readings.outcome).any(axis=1)))
    y = own.outcome
    start = np.zeros(len(y)) if own.baseline is None else own.baseline
    x, names, contrasts = trial_design(own.is_active, start, y.shape[1], indicators(own.stratum))
    if own.baseline is None:
        kept = [place for place, name in enumerate(names) if not name.startswith("baseline")]
        x, contrasts = x[..., kept], contrasts[:, kept]
        names = tuple(names[place] for place in kept)
    found = estimate_contrast(fit_mmrm(y, x, names), contrasts[-1], method=method)
    return Comparison(
        found.estimate,
        found.standard_error,
        found.low,
        found.high,
        found.p_two_sided,
        found.degrees_of_freedom,
        "difference",
    )


def _rates(readings: Readings) -> Comparison:
    own = readings.of(np.isfinite(readings.outcome[:, -1]) & (readings.years > 0))
    # a stratum without an event says nothing of a ratio of rates, and its own rate would run to zero
    eventful = np.unique(own.stratum[own.outcome[:, -1] > 0])
    own = own.of(np.isin(own.stratum, eventful)) if len(eventful) else own
    columns = indicators(own.stratum)
    return negative_binomial(own.outcome[:, -1], own.years, own.is_active, columns, or_poisson=True)


def event_times(readings: Readings) -> tuple[FloatArray, BoolArray]:
    """Return the time of the event or of censoring [year], and whether it is an event, each (subjects,)."""
    weeks = readings.outcome[:, -1]
    happened = np.isfinite(weeks)
    return np.where(happened, weeks / WEEKS_PER_YEAR, readings.years), happened


def _cox(readings: Readings) -> Comparison:
    time, happened = event_times(readings)
    return cox(time, happened, readings.is_active, strata=readings.stratum)


def _log_rank(readings: Readings) -> Comparison:
    """Return Cox's log hazard ratio with the p of the log-rank test."""
    found = _cox(readings)
    time, happened = event_times(readings)
    _, p = log_rank(time, happened, readings.is_active, readings.stratum)
    return replace(found, p_two_sided=p)


_MEANS = ("change", "value")

ANALYSES_OF_READINGS = (
    AnalysisOfReadings(
        "ancova",
        "analysis of covariance on baseline and strata, of subjects with a reading",
        _ancova,
        _MEANS,
        "last visit",
        "adjusted difference of means",
    ),
    AnalysisOfReadings(
        "mmrm",
        "mixed model for repeated measures, Kenward and Roger's inference",
        partial(_mmrm, "kenward_roger"),
        _MEANS,
        "every visit",
        "adjusted difference of means",
    ),
    AnalysisOfReadings(
        "mmrm_satterthwaite",
        "mixed model for repeated measures, Satterthwaite's inference",
        partial(_mmrm, "satterthwaite"),
        _MEANS,
        "every visit",
        "adjusted difference of means",
    ),
    AnalysisOfReadings(
        "negative_binomial",
        "negative binomial regression on strata, with time at risk",
        _rates,
        ("count",),
        "rate",
        "log rate ratio",
    ),
    AnalysisOfReadings(
        "log_rank", "stratified log-rank test", _log_rank, ("time",), "hazard", "log hazard ratio"
    ),
    AnalysisOfReadings("cox", "stratified Cox regression", _cox, ("time",), "hazard", "log hazard ratio"),
)
"""The first of each kind is the usual one."""
