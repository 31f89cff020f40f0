"""Estimands (ICH E9(R1)): the true effect that a trial is after, from both potential outcomes of every subject."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from ifntrial.errors import InputError
from ifntrial.trial.conduct import NEVER, ObservedArm
from ifntrial.trial.design import TrialDesign
from ifntrial.trial.endpoints import endpoint_named
from ifntrial.trial.rules import EstimandPlan

FloatArray = NDArray[np.float64]

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


def under_strategies(arm: ObservedArm, control: ObservedArm, plan: EstimandPlan) -> ObservedArm:
    """Return the arm as its outcome counts under the strategies of the estimand, with nothing missing.

    - composite: the events stay, and the endpoint counts them as failure;
    - treatment policy: after stopping, the course returns to that of the same subject in the control arm, with the plan's
      half-life; escape therapy is part of the treatment policy and its own effect is not modelled;
    - hypothetical: as if the event had not happened;
    - while on treatment: the last reading before the event.

    Parameters
    ----------
    arm, control
        The same subjects with the same replicates in the arm and in the control arm.
    """
    weeks = arm.visit_week
    values = dict(arm.values)
    if plan.discontinuation == "treatment_policy":
        since = np.maximum(weeks - arm.discontinuation_week[..., None], 0.0)
        kept = 0.5 ** (since / plan.return_half_life_weeks)
        values = {
            name: control.values[name] + kept * (own - control.values[name]) for name, own in values.items()
        }
    events = {"discontinuation": arm.discontinuation_week, "rescue": arm.rescue_week}
    for name, week in events.items():
        if getattr(plan, name) == "while_on_treatment":
            values = {quantity: _held(readings, weeks, week) for quantity, readings in values.items()}
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
    *,
    endpoint: str | None = None,
    visit_week: float | None = None,
) -> TrueEffect:
    """Return the true value of the design's estimand for an endpoint, by default the primary one.

    Parameters
    ----------
    arms
        What happens in every arm, see ``response.observe_arms``.
    prevalence_weight
        Shape (subjects,); zero for subjects that were not simulated.

    Raises
    ------
    InputError
        If the summary does not fit the kind of endpoint, or a composite strategy is asked of one that is no response.
    """
    chosen = endpoint_named(endpoint or design.primary.endpoint)
    week = design.primary.visit_week if visit_week is None else visit_week
    plan = design.assumed.estimand
    _require_fitting(plan, chosen.kind, chosen.name)
    control = arms[design.control.name]
    means = {}
    for arm in (design.active.name, design.control.name):
        outcome = chosen.compute(under_strategies(arms[arm], control, plan), week, design.assumed)
        means[arm] = outcome.mean(axis=0)
    active, reference = means[design.active.name], means[design.control.name]
    return _summarize(active, reference, prevalence_weight, plan.summary)


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
    mean1, mean0 = float(share[known] @ active[known]), float(share[known] @ control[known])
    slope1, slope0 = 1.0, 1.0
    effect = mean1 - mean0
    if summary == "odds_ratio":
        effect = float(logit(mean1) - logit(mean0))
        slope1, slope0 = 1.0 / (mean1 * (1.0 - mean1)), 1.0 / (mean0 * (1.0 - mean0))
    influence = share[known] * (slope1 * (active[known] - mean1) - slope0 * (control[known] - mean0))
    return TrueEffect(mean1, mean0, effect, float(np.sqrt((influence**2).sum())))
