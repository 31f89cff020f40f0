"""Both arms of one simulated conduct as several questions see them: what follows stopping and escape therapy is read too.

The primary endpoint may need nothing beyond these events. Key secondary endpoints do, and so do other strategies for the
events (ICH E9(R1)).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.clinic.conduct import INTERCURRENT_EVENTS, NEVER, ObservedArm, draw_conduct_noise
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.readings import MeasurementError
from ifntrial.clinic.responses_by_rule import RuleResponses
from ifntrial.design.assumed import EscapeEffect
from ifntrial.design.design import TrialDesign
from ifntrial.patients.records import LatentCourse

StrategyName = Literal["composite", "treatment_policy", "hypothetical"]

STRATEGIES: dict[StrategyName, str] = {
    "composite": "stopping or escape therapy counts as no response",
    "treatment_policy": "everyone is followed, and what is read counts whatever happened before",
    "hypothetical": "as if nobody stopped and nobody got escape therapy",
}
"""Ways to count stopping and escape therapy, both alike, in words."""


@dataclass(frozen=True, slots=True)
class BeyondEvents:
    """Arm to what is read of common subjects, in three trials that differ in these events alone.

    Parameters
    ----------
    planned
        Those who stop leave or stay as the design assumes.
    followed
        Everyone who stops stays under observation.
    undisturbed
        Nobody stops or gets escape therapy.
    """

    planned: Mapping[str, ObservedArm]
    followed: Mapping[str, ObservedArm]
    undisturbed: Mapping[str, ObservedArm]


def observe_beyond_events(
    design: TrialDesign,
    courses: Mapping[str, LatentCourse],
    covariates: Mapping[str, AnyArray],
    error: MeasurementError,
    *,
    seed: int,
    replicates: int,
) -> BeyondEvents:
    """Return the active and the control arm of one world, with the same subjects, errors and luck in all three trials.

    Visits are missed as the design assumes in each. Other arguments are those of ``observe.observe_arms``.
    """
    pair = {arm.name: courses[arm.name] for arm in (design.active, design.control)}
    given = (pair, covariates, error)
    followed = observe_arms(_everyone_stays(design), *given, seed=seed, replicates=replicates)
    undisturbed = observe_arms(
        _nothing_follows(design),
        *given,
        seed=seed,
        replicates=replicates,
        without=frozenset(INTERCURRENT_EVENTS),
    )
    stays = _stays(design, pair, seed, replicates)
    return BeyondEvents(
        {name: _without_leavers(arm, stays) for name, arm in followed.items()}, followed, undisturbed
    )


def responses_by_strategy(
    design: TrialDesign, endpoint: Endpoint, seen: BeyondEvents
) -> dict[StrategyName, RuleResponses]:
    """Return response probabilities under each of ``STRATEGIES``, from one simulated conduct.

    A trial under treatment policy follows everyone; one under a hypothetical strategy is the trial without these events,
    which is what an ideal imputation of their patients would give. Visits that are missed count as in the design.
    """
    arms = {"composite": seen.planned, "treatment_policy": seen.followed, "hypothetical": seen.undisturbed}
    week, names = design.primary.visit_week, (design.active.name, design.control.name)
    found = {}
    for strategy in STRATEGIES:
        rules = with_strategy(design, strategy).assumed
        found[strategy] = RuleResponses(
            *(endpoint.compute(arms[strategy][name], week, rules).mean(axis=0) for name in names)
        )
    return found


def with_strategy(design: TrialDesign, strategy: StrategyName) -> TrialDesign:
    """Return the design with one strategy for stopping and escape therapy."""
    return _with_rules(design, "estimand", discontinuation=strategy, rescue=strategy)


def _everyone_stays(design: TrialDesign) -> TrialDesign:
    return _with_rules(design, "dropout", observed_after_stop_share=1.0)


def _nothing_follows(design: TrialDesign) -> TrialDesign:
    """Return the design in which neither event changes what is read: there is none."""
    design = _with_rules(with_strategy(design, "hypothetical"), "dropout", observed_after_stop_share=0.0)
    return _with_rules(design, "rescue", effect=EscapeEffect())


def _with_rules(design: TrialDesign, block: str, **changed: object) -> TrialDesign:
    rules = design.assumed
    own = getattr(rules, block).model_copy(update=changed)
    return design.model_copy(update={"assumed": rules.model_copy(update={block: own})})


def _stays(
    design: TrialDesign, courses: Mapping[str, LatentCourse], seed: int, replicates: int
) -> FloatArray:
    """Return whether each subject would stay after stopping, as the conduct draws it, shape (replicates, subjects)."""
    course = courses[design.control.name]
    weeks = tuple(float(week) for week in course.visit_week)
    noise = draw_conduct_noise(seed, course.world, weeks, len(course.status), replicates)
    return np.asarray(noise.once["staying after stopping"] < design.assumed.dropout.observed_after_stop_share)


def _without_leavers(arm: ObservedArm, stays: FloatArray) -> ObservedArm:
    """Return an arm in which everyone was followed as it is seen where some leave on stopping.

    Escape therapy that would have come after they left stays noted; nothing of it is read.
    """
    leaving = np.minimum(arm.leaving_week, np.where(stays, NEVER, arm.discontinuation_week))
    return replace(arm, leaving_week=leaving, attended=arm.attended & (arm.visit_week <= leaving[..., None]))
