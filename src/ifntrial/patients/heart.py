"""Who has cardiac involvement, how NT-proBNP and troponin go with it at entry, and how both go on untreated.

Involvement is more frequent with age and with antibodies against topoisomerase I: their sign is published, their size
is not. Each marker's own distribution is that of its row; involvement follows the two of them by a correlation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from ifntrial.arrays import AnyArray, BoolArray, FloatArray
from ifntrial.calendar import DAYS_PER_YEAR
from ifntrial.evidence.distributions import between_subject
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.evidence.rows import Each, Pure, Rows, Years
from ifntrial.items import ITEMS
from ifntrial.patients.records import VirtualPopulation

MARKERS = ("nt_probnp", "troponin")


@dataclass(frozen=True, slots=True)
class _Involved:
    """Who is involved, and how the markers go together."""

    cardiac_share: Pure
    cardiac_log_odds_per_age: Annotated[float, "1/year"]
    cardiac_reference_age: Years
    cardiac_log_odds_ata: Pure
    cardiac_reference_ata_share: Pure
    correlation_cardiac_markers: Pure
    correlation_cardiac_involvement: Pure


@dataclass(frozen=True, slots=True)
class _Markers:
    """Markers at entry."""

    row: Annotated[
        Mapping[str, ParameterValue], Each("{}_baseline", {name: ITEMS[name].unit for name in MARKERS})
    ]


@dataclass(frozen=True, slots=True)
class _Course:
    """How markers change in an untreated year, on the scale of the logarithm."""

    mean: Annotated[Mapping[str, float], Each("{}_change_log_mean", dict.fromkeys(MARKERS, "1"))]
    involved: Annotated[Mapping[str, float], Each("{}_change_log_involved", dict.fromkeys(MARKERS, "1"))]
    sd: Annotated[Mapping[str, float], Each("{}_change_log_sd", dict.fromkeys(MARKERS, "1"))]
    correlation_cardiac_markers: Pure


_INVOLVED, _MARKERS, _COURSE = Rows("population", _Involved), Rows("", _Markers), Rows("history", _Course)


def troponin_beside(evidence: Evidence, nt_probnp: FloatArray, troponin: FloatArray) -> FloatArray:
    """Return troponin at entry [ng/L] with the ranks of independent draws moved toward those of NT-proBNP [pg/mL]."""
    rows, shared = _MARKERS.read(evidence).row, _INVOLVED.read(evidence).correlation_cardiac_markers
    rank = shared * _normal(rows["nt_probnp"], nt_probnp) + np.sqrt(1 - shared**2) * _normal(
        rows["troponin"], troponin
    )
    moved: FloatArray = between_subject(rows["troponin"]).ppf(ndtr(rank))
    return moved


def cardiac_involvement(
    evidence: Evidence,
    normal: FloatArray,
    covariates: Mapping[str, AnyArray],
    markers: Mapping[str, FloatArray],
) -> BoolArray:
    """Return who has cardiac involvement at entry, shape (subjects,).

    Parameters
    ----------
    normal
        Independent standard normal numbers: what markers do not tell.
    markers
        ``MARKERS`` at entry in the units of their items.
    """
    number, rows = _INVOLVED.read(evidence), _MARKERS.read(evidence).row
    together = sum(_normal(rows[name], markers[name]) for name in MARKERS)
    together = together / np.sqrt(2 + 2 * number.correlation_cardiac_markers)
    shared = number.correlation_cardiac_involvement
    severity = shared * together + np.sqrt(1 - shared**2) * normal
    has_ata = np.asarray(covariates["antibody"] == "ATA", dtype=np.float64)
    chance = expit(
        logit(number.cardiac_share)
        + number.cardiac_log_odds_per_age
        * (np.asarray(covariates["age_years"], np.float64) - number.cardiac_reference_age)
        + number.cardiac_log_odds_ata * (has_ata - number.cardiac_reference_ata_share)
    )
    return np.asarray(severity > -ndtri(chance))


def _normal(row: ParameterValue, values: FloatArray) -> FloatArray:
    """Return values of a lognormal spread as standard normal numbers."""
    return np.asarray(ndtri(between_subject(row).cdf(values)))


def troponin_deviation(evidence: Evidence, nt_probnp: FloatArray, own: FloatArray) -> FloatArray:
    """Return the deviation of troponin's yearly change beside that of NT-proBNP, both standard normal, (subjects,)."""
    shared = _COURSE.read(evidence).correlation_cardiac_markers
    return np.asarray(shared * nt_probnp + np.sqrt(1 - shared**2) * own)


def heart_goals(
    population: VirtualPopulation, evidence: Evidence, world_parameters: Mapping[str, float]
) -> dict[str, FloatArray]:
    """Return the goals of the markers, so that the untreated model reaches its change after a year, each (subjects,)."""
    number = _COURSE.read(evidence)
    is_involved = population.parameters["has_cardiac_involvement"]
    goals = {}
    for name in MARKERS:
        growth = (
            number.mean[name]
            + number.involved[name] * is_involved
            + number.sd[name] * population.history[name]
        )
        baseline = population.parameters[f"{name}_baseline"]
        reached = -np.expm1(-world_parameters[f"k_{name}_turnover"] * DAYS_PER_YEAR)
        goals[f"{name}_goal"] = np.maximum(baseline * (1 + np.expm1(growth) / reached), 0.0)
    return goals
