"""Values of common subjects in both arms, whose mean difference the primary analysis of a design tests."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.calendar import WEEKS_PER_YEAR
from ifntrial.catalog.readings import AnalysisOfReadings
from ifntrial.clinic.analysed import AnalysedArm, analysed_arm
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.design.design import TrialDesign
from ifntrial.likelihood.mmrm_values import VisitsOfArms, values_of_last_visit
from ifntrial.likelihood.rate_values import log_hazard_values, log_rate_values
from ifntrial.likelihood.trial_of_subjects import TrialOfSubjects
from ifntrial.statistics.joint_power import baseline_slope
from ifntrial.statistics.replicates import allocation_of
from ifntrial.statistics.tables import indicators
from ifntrial.studies.mean_power import Inference, MeanTest
from ifntrial.studies.outcomes import Outcomes, outcome_of


@dataclass(frozen=True, slots=True)
class PrimaryValues:
    """What the test compares of each common subject.

    Parameters
    ----------
    active, control
        NaN where a repeat has no outcome, shape (replicates, subjects).
    test
        How their means are compared.
    analysed
        What the analysis takes from the active and the control arm.
    """

    active: FloatArray
    control: FloatArray
    test: MeanTest
    analysed: tuple[AnalysedArm, AnalysedArm]

    @property
    def outcomes(self) -> Outcomes:
        """What they add to the means."""
        return Outcomes(outcome_of(self.active), outcome_of(self.control))


_INFERENCE: Mapping[str, Inference] = {"count": "normal by arm", "time": "normal"}
"""Of a kind of endpoint; Student's t of any other."""


def mean_test(design: TrialDesign, endpoint: Endpoint) -> MeanTest:
    """Return the test of the values of a primary endpoint that is no response; a later event is a lower hazard."""
    return MeanTest(
        higher_is_better=endpoint.higher_is_better != (endpoint.kind == "time"),
        alpha_one_sided=design.assumed.analysis.alpha_one_sided,
        covariates=int(endpoint.kind == "change" or endpoint.is_log),  # the reading at baseline
        blocks=allocation_of(design),
        inference=_INFERENCE.get(endpoint.kind, "t"),
    )


def primary_values(
    design: TrialDesign,
    endpoint: Endpoint,
    analysis: AnalysisOfReadings,
    seen: Mapping[str, ObservedArm],
    weight: FloatArray,
    stratum: IntArray,
) -> PrimaryValues:
    """Return the values of the primary endpoint of a design in one world.

    Parameters
    ----------
    seen
        The active and the control arm, of the same subjects.
    weight
        Of the common subjects, zero for one that was not simulated, shape (subjects,).
    stratum
        Number of the randomization stratum, shape (subjects,).
    """
    active, control = (
        analysed_arm(
            seen[arm.name],
            endpoint,
            design.primary.visit_week,
            design.assumed,
            every_visit=analysis.values == "every visit",
        )
        for arm in (design.active, design.control)
    )
    sampled = TrialOfSubjects(
        weight / weight.sum(), stratum, design.n_of(design.active), design.n_of(design.control)
    )
    values = values_of_arms(active, control, analysis, sampled)
    has_weight = weight > 0
    # one who was not simulated has no outcome, whatever the model fills in
    own, other = (np.where(has_weight, each, np.nan) for each in values)
    return PrimaryValues(own, other, mean_test(design, endpoint), (active, control))


def values_of_arms(
    active: AnalysedArm, control: AnalysedArm, analysis: AnalysisOfReadings, sampled: TrialOfSubjects
) -> tuple[FloatArray, FloatArray]:
    """Return the values of both arms, each (replicates, subjects), from what is analysed of them."""
    if analysis.values == "rate":
        rates = [
            log_rate_values(np.nan_to_num(each.last), each.years, sampled.weight)
            for each in (active, control)
        ]
        return rates[0], rates[1]
    if analysis.values == "hazard":
        return log_hazard_values(_events(active), _events(control), sampled)
    if analysis.values == "every visit":
        return _of_every_visit(active, control, sampled)
    if control.baseline is None:
        return active.last, control.last
    everyone = sampled.weight > 0
    baseline = np.where(everyone, control.baseline, 0.0)
    slope = baseline_slope(active.last, control.last, baseline, everyone, sampled)
    middle = float((sampled.weight * baseline.mean(axis=0)).sum())
    adjusted = slope * (baseline - middle)
    return active.last - adjusted, control.last - adjusted


def _of_every_visit(
    active: AnalysedArm, control: AnalysedArm, sampled: TrialOfSubjects
) -> tuple[FloatArray, FloatArray]:
    """Return values of a model of repeated measures, with strata and baseline at every visit."""
    own = sampled.weight > 0
    strata = indicators(sampled.stratum[own])
    columns = np.broadcast_to(strata, (active.outcome.shape[0], *strata.shape))
    if control.baseline is not None:
        columns = np.concatenate([columns, control.baseline[:, own, None]], axis=2)
    found = values_of_last_visit(
        VisitsOfArms(
            active.outcome[:, own],
            control.outcome[:, own],
            columns,
            sampled.weight[own],
            sampled.n_active,
            sampled.n_control,
        )
    )
    whole = [np.full(active.last.shape, np.nan) for _ in found]
    for each, values in zip(whole, found, strict=True):
        each[:, own] = values
    return whole[0], whole[1]


def _events(arm: AnalysedArm) -> tuple[FloatArray, BoolArray]:
    """Return the time of the event or of censoring [year], and whether it is an event."""
    happened = np.isfinite(arm.last)
    return np.where(happened, arm.last / WEEKS_PER_YEAR, arm.years), happened
