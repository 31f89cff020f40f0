"""Adaptive enrichment by the signature test: what an interim look adds, and whether the error is kept."""

from collections.abc import Mapping

import numpy as np
from scipy.stats import beta

from ifntrial.arrays import FloatArray
from ifntrial.levels import LOWER_TAIL, UPPER_TAIL
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.statistics.looks.adaptive import AdaptivePlan, AdaptiveResult, run_adaptive
from ifntrial.statistics.mean_over_worlds import mean_over_worlds
from ifntrial.statistics.replicates import allocation_of
from ifntrial.studies.enrich.interim_records import (
    InterimEffect,
    InterimRow,
    InterimStudy,
    MeanOverWorlds,
    TypeIError,
)
from ifntrial.studies.enrich.markers import IFN_HIGH
from ifntrial.studies.enrich.options import Study
from ifntrial.studies.enrich.select import at_prevalence

Weights = Mapping[str, FloatArray]
THRESHOLDS = (-1.0, 0.0, 1.0)
"""The second half enrols only patients with a positive test if z in the others lies below this at half-time."""
REPLICATES_PER_WORLD = 300
NULL_REPLICATES = 20_000
_NULL_WORLD = 1_000_000


def interim_study(study: Study, weights: Weights) -> InterimStudy | None:
    """Return chance of success and type I error of adaptive enrichment; None without the signature test, or a response.

    The subgroup is those with a positive signature test; both hypotheses (everyone, subgroup) are claims. The trial has
    the design's own size; half of its patients are in the first stage.
    """
    marker = next((each for each in study.inputs.markers if each.name == IFN_HIGH), None)
    if marker is None or not study.is_response:
        return None
    chance = marker.measured_by(study.inputs.assays[0]).chance(study.covariates)
    worlds = rates_by_test(study, chance)
    return InterimStudy(
        size=_size(study),
        replicates_per_world=REPLICATES_PER_WORLD,
        null_replicates=NULL_REPLICATES,
        rows=tuple(_row(study, worlds, threshold, weights) for threshold in THRESHOLDS),
    )


def rates_by_test(study: Study, chance: FloatArray) -> list[StratumRates]:
    """Return each world's response rates of patients with a negative and with a positive test."""
    subjects = study.subjects
    is_high = study.covariates["is_ifn_high"].astype(bool)
    factor = at_prevalence(is_high, study.weight, study.inputs.prevalences[0])
    found = []
    for outcomes, own in subjects.worlds():
        groups = np.stack([own * factor * (1.0 - chance), own * factor * chance])
        total = groups.sum(axis=1)
        present = np.where(total > 0, total, 1.0)
        rates = (
            (groups * chances).sum(axis=1) / present
            for chances in (outcomes.active.value, outcomes.control.value)
        )
        found.append(StratumRates(total / total.sum(), *rates))
    return found


def _row(study: Study, worlds: list[StratumRates], threshold: float, weights: Weights) -> InterimRow:
    own, seed = study.own_size, study.prepared.plan.seed
    plan = AdaptivePlan(_size(study), enrich_below=threshold, alpha_one_sided=own.alpha_one_sided)
    allocation = allocation_of(study.design)

    def run(rates: StratumRates, replicates: int, world: int) -> AdaptiveResult:
        return run_adaptive(rates, plan, allocation=allocation, replicates=replicates, seed=seed, world=world)

    each = [run(rates, REPLICATES_PER_WORLD, place) for place, rates in enumerate(worlds)]
    any_success = np.array([one.any_success for one in each])
    fixed = np.array([one.fixed_success for one in each])
    enriched = np.array([one.enriched for one in each])
    return InterimRow(
        enrich_below=threshold,
        type_i_error=_type_i_error(run(_null(worlds), NULL_REPLICATES, _NULL_WORLD), own.alpha_one_sided),
        by_prior={
            name: InterimEffect(
                any_claim=_share(any_success, weight),
                versus_fixed=_change(any_success - fixed, weight),
                enriched=float(np.average(enriched, weights=weight)),
            )
            for name, weight in weights.items()
        },
    )


def _size(study: Study) -> int:
    """Return how many patients get active or control."""
    return sum(study.design.n_of(arm) for arm in (study.design.active, study.design.control))


def _null(worlds: list[StratumRates]) -> StratumRates:
    """Return the mean rates under control, in both arms."""
    control = np.mean([each.control for each in worlds], axis=0)
    return StratumRates(np.mean([each.share for each in worlds], axis=0), control, control)


def _type_i_error(found: AdaptiveResult, level: float) -> TypeIError:
    """Return the share of trials without any effect that claim one, with its exact 95 % interval."""
    events = round(found.any_success * NULL_REPLICATES)
    others = NULL_REPLICATES - events
    return TypeIError(
        estimate=found.any_success,
        low=float(beta.ppf(LOWER_TAIL, events, others + 1)) if events else 0.0,
        high=float(beta.ppf(UPPER_TAIL, events + 1, others)) if others else 1.0,
        one_sided_level=level,
    )


# Simulated trials of one world add their error to the spread between worlds, so that both intervals below hold it.


def _share(values: FloatArray, weight: FloatArray) -> MeanOverWorlds:
    """Return the weighted mean of shares over worlds with its 95 % interval, counting worlds as the unit."""
    found = mean_over_worlds(values, weight)
    return MeanOverWorlds(found.mean, *found.share_interval)


def _change(values: FloatArray, weight: FloatArray) -> MeanOverWorlds:
    """Return the weighted mean of differences of shares over worlds, in the same way."""
    found = mean_over_worlds(values, weight)
    half = found.half_width
    return MeanOverWorlds(found.mean, max(found.mean - half, -1.0), min(found.mean + half, 1.0))
