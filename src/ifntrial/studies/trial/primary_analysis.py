"""The primary analysis of one virtual trial: each active arm against the control, as the design plans it."""

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.catalog.responses import Analysis
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.design.conditions import parse_condition
from ifntrial.errors import IfntrialError
from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.tables import indicators
from ifntrial.studies.trial.one_trial import OneTrial
from ifntrial.studies.trial.outcomes import is_solved, outcomes
from ifntrial.studies.trial.result import ArmResult, PrimaryTest


def primary_by_arm(trial: OneTrial, endpoint: Endpoint) -> tuple[ArmResult, ...]:
    """Return the primary endpoint in every arm, among the subjects the analysis is about."""
    outcome, chosen = _outcome(trial, endpoint)
    results = []
    for place, arm in enumerate(trial.design.arms):
        values = outcome[chosen & (trial.assigned == place)]
        known = values[~np.isnan(values)]
        mean = float(known.mean()) if len(known) else None
        results.append(ArmResult(arm.name, len(values), len(known), mean))
    return tuple(results)


def primary_tests(trial: OneTrial, endpoint: Endpoint, analysis: Analysis) -> tuple[PrimaryTest, ...]:
    """Return the test of every active arm; none for a trial without a control or an endpoint without one here.

    A response is tested by ``analysis``, the one that the design names. A change or value is compared by analysis of
    covariance, adjusted for baseline and strata. Counts and times to an event are not tested here.
    """
    design = trial.design
    if not design.is_randomized or endpoint.kind not in ("responder", "change", "value"):
        return ()
    outcome, chosen = _outcome(trial, endpoint)
    control = next(place for place, arm in enumerate(design.arms) if arm.is_control)
    return tuple(
        _test(trial, place, outcome, chosen & np.isin(trial.assigned, (place, control)), endpoint, analysis)
        for place, arm in enumerate(design.arms)
        if not arm.is_control
    )


def _outcome(trial: OneTrial, endpoint: Endpoint) -> tuple[FloatArray, BoolArray]:
    """Return each subject's primary endpoint in its own arm, and whether the analysis is about that subject."""
    primary = trial.design.primary
    chosen = is_solved(trial)
    if primary.among is not None:
        chosen &= parse_condition(primary.among).holds(dict(trial.enrollment.population.covariates))
    return outcomes(trial, endpoint, primary.visit_week), chosen


def _test(
    trial: OneTrial,
    place: int,
    outcome: FloatArray,
    chosen: BoolArray,
    endpoint: Endpoint,
    analysis: Analysis,
) -> PrimaryTest:
    design = trial.design
    plan = design.assumed.analysis
    is_active, stratum = trial.assigned[chosen] == place, trial.stratum[chosen]
    method = analysis.label
    try:
        if endpoint.kind == "responder":
            found = analysis.compare(outcome[chosen], is_active, stratum, plan.sparse_strata == "pool")
        else:
            method = "analysis of covariance on baseline and strata, of subjects with a reading"
            found = ancova(outcome[chosen], is_active, _covariates(trial, place, chosen))
    except IfntrialError as error:
        return PrimaryTest(design.arms[place].name, method, problem=str(error))
    better = 1.0 if endpoint.higher_is_better else -1.0
    is_met = found.p_two_sided <= 2 * plan.alpha_one_sided and better * found.estimate > 0
    return PrimaryTest(
        design.arms[place].name,
        method,
        _finite(found.estimate),
        _finite(found.low),
        _finite(found.high),
        found.scale,
        _finite(found.p_two_sided),
        bool(is_met),
    )


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _covariates(trial: OneTrial, place: int, chosen: BoolArray) -> FloatArray:
    columns = indicators(trial.stratum[chosen])
    endpoint = trial.design.primary.endpoint
    quantity = endpoint.removesuffix("_change")
    seen = trial.arms[trial.design.arms[place].name]
    if quantity == endpoint or quantity not in seen.values:
        return columns
    # readings at baseline are the same in every arm
    return np.column_stack([columns, seen.values[quantity][0, chosen, 0]])
