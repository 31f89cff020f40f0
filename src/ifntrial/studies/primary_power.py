"""The primary endpoint of common subjects in one world, and the power of its test, whatever its kind."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.clinic.responses_by_rule import RuleResponses
from ifntrial.design.design import TrialDesign
from ifntrial.patients.records import LatentCourse
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.statistics.power import WorldPower, power_in_subgroup, power_of_stratified_cmh
from ifntrial.studies.common_trial import CommonTrial, responses, values_in
from ifntrial.studies.mean_power import power_of_means, power_of_means_in_subgroup
from ifntrial.studies.primary_values import PrimaryValues
from ifntrial.ties import exceeds

Found = RuleResponses | PrimaryValues
"""The primary endpoint of common subjects: their chances of response, or the values that the test compares."""


def primary_found(
    trial: CommonTrial, courses: Mapping[str, LatentCourse], weight: FloatArray, stratum: IntArray
) -> dict[str, Found]:
    """Return the primary endpoint in one world by reading of its rule; the design's own is called ``""``."""
    if trial.is_response:
        return dict(responses(trial, courses))
    return {"": values_in(trial, courses, weight, stratum)}


def primary_power(design: TrialDesign, found: Found, weight: FloatArray, stratum: IntArray) -> WorldPower:
    """Return the power of the planned test at the size of the design.

    Parameters
    ----------
    weight, stratum
        Of the common subjects, each (subjects,).
    """
    n_active, n_control = _sizes(design)
    if isinstance(found, PrimaryValues):
        return power_of_means(
            found.outcomes, weight, stratum, found.test, n_active=n_active, n_control=n_control
        )
    return power_of_stratified_cmh(
        found.active,
        found.control,
        weight,
        stratum,
        n_active=n_active,
        n_control=n_control,
        alpha_one_sided=design.assumed.analysis.alpha_one_sided,
    )


def group_power(design: TrialDesign, found: Found, weight: FloatArray, is_member: BoolArray) -> WorldPower:
    """Return the power of the unadjusted test among some subjects, at the size that they have in the trial."""
    n_active, n_control = _sizes(design)
    if isinstance(found, PrimaryValues):
        return power_of_means_in_subgroup(
            found.outcomes, weight, is_member, found.test, n_active=n_active, n_control=n_control
        )
    return power_in_subgroup(
        found.active,
        found.control,
        weight,
        is_member,
        n_active=n_active,
        n_control=n_control,
        alpha_one_sided=design.assumed.analysis.alpha_one_sided,
    )


def _sizes(design: TrialDesign) -> tuple[int, int]:
    return design.n_of(design.active), design.n_of(design.control)


def subject_means(found: Found) -> tuple[FloatArray, FloatArray]:
    """Return each subject's chance of response, or its mean value, on active and on control, each (subjects,)."""
    if isinstance(found, RuleResponses):
        return found.active, found.control
    outcomes = found.outcomes
    active, control = (
        np.divide(each.value, each.known, out=np.full(len(each.known), np.nan), where=each.known > 0)
        for each in (outcomes.active, outcomes.control)
    )
    return active, control


@dataclass(frozen=True, slots=True)
class RuleNumbers:
    """Power and responses in one world under one reading of the endpoint's rule.

    Parameters
    ----------
    power, standard_error
        Of the primary analysis, and from the finite number of subjects.
    active, control
        Share of responders in each arm.
    log_odds_ratio
        None where an arm has no responders, or responders only.
    strata
        The shares by stratum, each (strata,).
    adjusted
        Difference of means that the test is expected to state; None of a response. Of means, ``active``, ``control`` and
        ``strata`` are these.
    trial_sd
        Standard deviation of the difference that trials of this size state in this world.
    """

    power: float
    standard_error: float
    active: float
    control: float
    log_odds_ratio: float | None
    strata: StratumRates
    adjusted: float | None = None
    trial_sd: float | None = None


def rule_numbers(power: WorldPower) -> RuleNumbers:
    """Return what is kept of a power; no log odds ratio of means, or where an arm has no responders, or only these."""
    active, control = power.rates.overall
    is_open = power.adjusted is None and bool(
        exceeds([active, control, 1.0 - active, 1.0 - control], 0.0, scale=1.0).all()
    )
    return RuleNumbers(
        power=power.power,
        standard_error=power.standard_error,
        active=active,
        control=control,
        log_odds_ratio=power.rates.log_odds_ratio if is_open else None,
        strata=power.rates,
        adjusted=power.adjusted,
        trial_sd=power.trial_sd,
    )
