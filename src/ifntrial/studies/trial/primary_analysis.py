"""The primary analysis of one virtual trial: each active arm against the control, as the design plans it."""

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.catalog.readings import AnalysisOfReadings, AnyAnalysis, Readings
from ifntrial.clinic.analysed import AnalysedArm, analysed_arm
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.design.conditions import parse_condition
from ifntrial.errors import IfntrialError
from ifntrial.statistics.record import Comparison
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


def primary_tests(trial: OneTrial, endpoint: Endpoint, analysis: AnyAnalysis) -> tuple[PrimaryTest, ...]:
    """Return the test of every active arm by the analysis of the design; none for a trial without a control."""
    design = trial.design
    if not design.is_randomized:
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
    analysis: AnyAnalysis,
) -> PrimaryTest:
    design = trial.design
    plan = design.assumed.analysis
    is_active, stratum = trial.assigned[chosen] == place, trial.stratum[chosen]
    try:
        if isinstance(analysis, AnalysisOfReadings):
            found = analysis.compare(_readings(trial, place, chosen, endpoint, analysis))
        else:
            found = analysis.compare(outcome[chosen], is_active, stratum, plan.sparse_strata == "pool")
    except IfntrialError as error:
        return PrimaryTest(design.arms[place].name, analysis.label, problem=str(error))
    is_met = found.p_two_sided <= 2 * plan.alpha_one_sided and _is_better(found, endpoint)
    return PrimaryTest(
        design.arms[place].name,
        analysis.label,
        _finite(found.estimate),
        _finite(found.low),
        _finite(found.high),
        found.scale,
        _finite(found.p_two_sided),
        bool(is_met),
    )


def _is_better(found: Comparison, endpoint: Endpoint) -> bool:
    """Return whether the active arm does better; a later event is a lower hazard."""
    higher_is_better = endpoint.higher_is_better != (endpoint.kind == "time")
    return found.estimate > 0 if higher_is_better else found.estimate < 0


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _readings(
    trial: OneTrial, place: int, chosen: BoolArray, endpoint: Endpoint, analysis: AnalysisOfReadings
) -> Readings:
    """Return what is analysed of the subjects of one active arm and the control, each in the arm that it got."""
    design = trial.design
    arms = [
        analysed_arm(
            trial.arms[arm.name],
            endpoint,
            design.primary.visit_week,
            design.assumed,
            every_visit=analysis.values == "every visit",
        )
        for arm in design.arms
    ]
    own, subjects = trial.assigned[chosen], np.flatnonzero(chosen)
    return Readings(
        outcome=np.stack([each.outcome[0] for each in arms])[own, subjects],
        baseline=_baseline(arms, own, subjects),
        years=np.stack([each.years[0] for each in arms])[own, subjects],
        is_active=own == place,
        stratum=trial.stratum[chosen],
    )


def _baseline(arms: list[AnalysedArm], own: np.ndarray, subjects: np.ndarray) -> FloatArray | None:
    found = [each.baseline[0] for each in arms if each.baseline is not None]
    return np.stack(found)[own, subjects] if len(found) == len(arms) else None
