"""Estimands (ICH E9(R1)): the true effect that a trial is after, from both potential outcomes of every subject."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logit

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.clinic.conduct import INTERCURRENT_EVENTS, NEVER, ObservedArm
from ifntrial.clinic.consequences import AfterStop
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.readings import MeasurementError
from ifntrial.design.assumed import EstimandPlan
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError, listed
from ifntrial.patients.records import LatentCourse

SUMMARIES = {"risk_difference": "responder", "odds_ratio": "responder", "mean_difference": "change"}


@dataclass(frozen=True, slots=True)
class TrueEffect:
    """The true value of an estimand in one world.

    Parameters
    ----------
    active, control
        Weighted mean of the endpoint had everyone been in this arm.
    effect
        The summary of the two: difference, or log odds ratio.
    standard_error
        Monte Carlo standard error of ``effect`` from the finite number of simulated subjects.
    """

    active: float
    control: float
    effect: float
    standard_error: float


def observe_under_estimand(
    design: TrialDesign,
    courses: Mapping[str, LatentCourse],
    covariates: Mapping[str, AnyArray],
    error: MeasurementError,
    *,
    seed: int,
    replicates: int = 1,
    after_stop: Mapping[str, AfterStop] | None = None,
) -> dict[str, ObservedArm]:
    """Return every arm as it counts under the strategies of the design's estimand, with nothing missing.

    - composite: the events happen, and the endpoint counts them as failure;
    - treatment policy: the events happen with all that follows, and every subject is followed to the end;
    - hypothetical: a world in which the event does not happen, simulated as such;
    - while on treatment: the last reading until the event.

    Parameters
    ----------
    courses, covariates, error, seed, replicates, after_stop
        As in ``observe.observe_arms``: with the same seed these are the same subjects with the same luck.
    """
    plan = design.assumed.estimand
    absent = frozenset(name for name in INTERCURRENT_EVENTS if getattr(plan, name) == "hypothetical")
    arms = observe_arms(
        _followed_to_the_end(design),
        courses,
        covariates,
        error,
        seed=seed,
        replicates=replicates,
        after_stop=after_stop,
        without=absent,
    )
    return {name: _counted(arm, plan) for name, arm in arms.items()}


def _followed_to_the_end(design: TrialDesign) -> TrialDesign:
    """Return the design in which everyone keeps every visit, also after stopping."""
    rules = design.assumed
    parts = {
        "dropout": rules.dropout.model_copy(update={"observed_after_stop_share": 1.0}),
        "missed_visits": rules.missed_visits.model_copy(update={"share": 0.0}),
    }
    return design.model_copy(update={"assumed": rules.model_copy(update=parts)})


def _counted(arm: ObservedArm, plan: EstimandPlan) -> ObservedArm:
    values = dict(arm.values)
    events = {"discontinuation": arm.discontinuation_week, "rescue": arm.rescue_week}
    for name, week in events.items():
        if getattr(plan, name) == "while_on_treatment":
            values = {
                quantity: _held(readings, arm.visit_week, week) for quantity, readings in values.items()
            }
    return replace(
        arm,
        values=values,
        attended=np.ones_like(arm.attended),
        discontinuation_week=_kept(arm.discontinuation_week, plan.discontinuation),
        rescue_week=_kept(arm.rescue_week, plan.rescue),
    )


def _kept(week: FloatArray, strategy: str) -> FloatArray:
    return week if strategy == "composite" else np.full_like(week, NEVER)


def _held(readings: FloatArray, weeks: FloatArray, event_week: FloatArray) -> FloatArray:
    """Return readings with those after the event replaced by the last one until it."""
    last = np.maximum(np.searchsorted(weeks, event_week, side="right") - 1, 0)
    place = np.minimum(np.arange(len(weeks)), last[..., None])
    return np.take_along_axis(readings, np.broadcast_to(place, readings.shape), axis=-1)


def true_effect(
    design: TrialDesign,
    arms: Mapping[str, ObservedArm],
    prevalence_weight: FloatArray,
    endpoint: Endpoint,
    *,
    visit_week: float | None = None,
) -> TrueEffect:
    """Return the true value of the design's estimand for an endpoint, by default at the primary one's visit.

    Parameters
    ----------
    arms
        Every arm as it counts, see ``observe_under_estimand``.
    prevalence_weight
        Shape (subjects,); zero for subjects that were not simulated.

    Raises
    ------
    InputError
        If the summary does not fit the kind of endpoint, a composite strategy is asked of one that is no response, or
        the arms have missing visits.
    """
    week = design.primary.visit_week if visit_week is None else visit_week
    plan = design.assumed.estimand
    _require_fitting(plan, endpoint.kind, endpoint.name)
    names = (design.active.name, design.control.name)
    _require_complete(arms, names)
    means = {name: endpoint.compute(arms[name], week, design.assumed).mean(axis=0) for name in names}
    active, reference = means[design.active.name], means[design.control.name]
    return _summarize(active, reference, prevalence_weight, plan.summary)


def _require_complete(arms: Mapping[str, ObservedArm], names: Iterable[str]) -> None:
    missing = {name: int(np.sum(~arms[name].attended)) for name in names}
    if any(missing.values()):
        raise InputError(
            "a true effect is asked of arms with missing visits",
            given=listed(f"{name}: {count} missing" for name, count in missing.items()),
            allowed="arms as they count under the estimand",
            fix="take them from estimand.observe_under_estimand, not from response.observe_arms",
        )


def _require_fitting(plan: EstimandPlan, kind: str, name: str) -> None:
    is_response = kind == "responder"
    problems = []
    if (SUMMARIES[plan.summary] == "responder") != is_response:
        problems.append(f"summary '{plan.summary}' does not fit an endpoint of kind '{kind}'")
    if "composite" in (plan.discontinuation, plan.rescue) and not is_response:
        problems.append("a composite strategy needs a response that an event turns into failure")
    if problems:
        raise InputError(
            f"the estimand does not fit endpoint '{name}'",
            problems=problems,
            allowed="risk_difference or odds_ratio for responses; mean_difference without composite strategies otherwise",
            fix="change the summary or the strategies in the design's assumed.estimand",
        )


def _summarize(active: FloatArray, control: FloatArray, weight: FloatArray, summary: str) -> TrueEffect:
    known = (weight > 0) & np.isfinite(active) & np.isfinite(control)
    share = np.where(known, weight, 0.0) / weight[known].sum()
    mean1, mean0 = (float((share[known] * chance[known]).sum()) for chance in (active, control))
    slope1, slope0 = 1.0, 1.0
    effect = mean1 - mean0
    if summary == "odds_ratio":
        effect = float(logit(mean1) - logit(mean0))
        slope1, slope0 = 1.0 / (mean1 * (1.0 - mean1)), 1.0 / (mean0 * (1.0 - mean0))
    influence = share[known] * (slope1 * (active[known] - mean1) - slope0 * (control[known] - mean0))
    return TrueEffect(mean1, mean0, effect, float(np.sqrt((influence**2).sum())))
