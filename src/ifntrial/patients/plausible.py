"""Which candidates are no plausible patients with early systemic sclerosis, and why not.

Candidates are drawn from marginal distributions and correlations, which leave the corners of the joint distribution
open. Each rule closes one; its limits are rows ``plausible.*`` of the evidence tables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, UntypedArray, WordArray
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import GlobalPoints, HaqPoints, PercentPredicted, Pure, Rows, SkinPoints, Years
from ifntrial.items import ITEMS
from ifntrial.model import Model
from ifntrial.model.values import evidence_row
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.untreated_year import untreated_changes

OK = "ok"


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows ``plausible.*``."""

    onset_age_low: Years
    mrss_limited_high: SkinPoints
    fvc_no_ild_low: PercentPredicted
    fvc_ild_high: PercentPredicted
    haq_severe: HaqPoints
    haq_none: HaqPoints
    global_well: GlobalPoints
    global_worst: GlobalPoints
    mrss_thick: SkinPoints
    nt_probnp_high: Annotated[float, ITEMS["nt_probnp"].unit]
    clearance_fold: Pure
    volume_fold: Pure
    mrss_change_low: SkinPoints
    mrss_change_high: SkinPoints
    fvc_change_low: PercentPredicted
    fvc_change_high: PercentPredicted
    skin_physician_product: Pure


_LIMITS = Rows("plausible", Limits)


@dataclass(frozen=True, slots=True)
class Seen:
    """What rules look at.

    Parameters
    ----------
    value
        Covariates, see ``VirtualPopulation``, each (subjects,).
    change
        Item to its true change in an untreated year, each (subjects,).
    fold
        ``clearance`` and ``volume_per_kg`` over those of the drug's typical subject, each (subjects,).
    limit
        Where rules draw the line.
    """

    value: Mapping[str, UntypedArray]
    change: Mapping[str, FloatArray]
    fold: Mapping[str, FloatArray]
    limit: Limits


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason, and whom it concerns."""

    reason: str
    concerns: Callable[[Seen], BoolArray]


def _far(fold: FloatArray, limit: float) -> BoolArray:
    return np.asarray(np.abs(np.log(fold)) > np.log(limit))


RULES = (
    Rule(
        "onset in childhood",
        lambda s: s.value["age_years"] - s.value["disease_duration_years"] < s.limit.onset_age_low,
    ),
    Rule(
        "limited disease with the skin score of diffuse disease",
        lambda s: (s.value["subset"] == "limited") & (s.value["mrss"] > s.limit.mrss_limited_high),
    ),
    Rule(
        "lung volume too low without lung disease",
        lambda s: ~s.value["has_ild"].astype(bool) & (s.value["fvc_percent"] < s.limit.fvc_no_ild_low),
    ),
    Rule(
        "lung volume too high with lung disease",
        lambda s: s.value["has_ild"].astype(bool) & (s.value["fvc_percent"] > s.limit.fvc_ild_high),
    ),
    Rule(
        "severe disability, and the patient feels well",
        lambda s: (
            (s.value["haq_di"] >= s.limit.haq_severe) & (s.value["patient_global"] < s.limit.global_well)
        ),
    ),
    Rule(
        "no disability, and the patient feels worst",
        lambda s: (s.value["haq_di"] < s.limit.haq_none) & (s.value["patient_global"] > s.limit.global_worst),
    ),
    Rule(
        "thick skin, and the physician sees hardly any disease",
        lambda s: (
            (s.value["mrss"] >= s.limit.mrss_thick) & (s.value["physician_global"] < s.limit.global_well)
        ),
    ),
    Rule("cardiac peptide of overt heart failure", lambda s: s.value["nt_probnp"] > s.limit.nt_probnp_high),
    Rule("clearance out of range", lambda s: _far(s.fold["clearance"], s.limit.clearance_fold)),
    Rule("central volume out of range", lambda s: _far(s.fold["volume_per_kg"], s.limit.volume_fold)),
    Rule(
        "skin course that no cohort saw",
        lambda s: (
            (s.change["mrss"] < s.limit.mrss_change_low) | (s.change["mrss"] > s.limit.mrss_change_high)
        ),
    ),
    Rule(
        "lung course that no cohort saw",
        lambda s: (
            (s.change["fvc_percent"] < s.limit.fvc_change_low)
            | (s.change["fvc_percent"] > s.limit.fvc_change_high)
        ),
    ),
    Rule(
        "skin and physician disagree about the year",
        lambda s: s.change["mrss"] * s.change["physician_global"] < -s.limit.skin_physician_product,
    ),
)
"""In this order; a candidate gets the first reason that concerns it."""


def plausibility(population: VirtualPopulation, model: Model, evidence: Evidence) -> WordArray:
    """Return ``ok`` or the reason why each candidate is no plausible patient, shape (subjects,)."""
    seen = Seen(
        value=population.covariates,
        change=untreated_changes(population, evidence),
        fold=_folds(population, model, evidence),
        limit=_LIMITS.read(evidence),
    )
    found = [np.asarray(rule.concerns(seen), dtype=bool) for rule in RULES]
    return np.select(found, [rule.reason for rule in RULES], OK).astype(np.str_)


def _folds(population: VirtualPopulation, model: Model, evidence: Evidence) -> dict[str, FloatArray]:
    """Return clearance and central volume per kg over the typical ones; one where the drug has no such parameter."""
    own = population.parameters
    as_typical = np.zeros(population.size)
    reference = evidence_row(model, evidence, "reference_body_weight")
    heavier = own["body_weight"] / reference.value if reference else np.ones(population.size)

    def power(name: str) -> float:
        row = evidence_row(model, evidence, name)
        return row.value if row else 0.0

    lower = evidence_row(model, evidence, "clearance_ifn_low_factor")
    return {
        "clearance": np.exp(own.get("eta_clearance", as_typical))
        * heavier ** power("clearance_weight_exponent")
        * np.where(own["is_ifn_low"] == 1.0, lower.value if lower else 1.0, 1.0),
        "volume_per_kg": np.exp(own.get("eta_central_volume", as_typical))
        * heavier ** (power("central_volume_weight_exponent") - 1.0),
    }
