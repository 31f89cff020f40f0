"""What each structural world implies: effects on common subjects at the reference placebo response.

This is the expensive part of conditioning on the efficacy priors; ``ifntrial calibrate`` runs it once and freezes the
result, so that a forecast, or taking a source away, only has to weigh worlds again.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq
from scipy.special import logit

from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.clinic.readings import MeasurementError
from ifntrial.clinic.responses_by_rule import RuleResponses, responses_by_rule
from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import CLINICAL, simulate_arm
from ifntrial.design.design import TrialDesign
from ifntrial.dosing.regimen import Regimen
from ifntrial.errors import InputError
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Pure, Rows
from ifntrial.items import CORE_ITEMS, ITEMS
from ifntrial.model import Model
from ifntrial.patients.entry_rows import BETWEEN_TRIALS
from ifntrial.patients.records import LatentCourse, VirtualPopulation
from ifntrial.solver import Tolerance
from ifntrial.worlds.draw import Worlds

SUBJECTS_AT_ONCE = 5_000
"""Subjects of all worlds that are solved together."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """Where implied effects are stated."""

    reference_placebo_rate: Pure


REFERENCE = Rows("world", _Reference)


@dataclass(frozen=True, slots=True)
class ReferenceTrial:
    """Common subjects and rules on which the effects of all worlds are stated.

    Parameters
    ----------
    replicates
        Repeats of measurement and conduct per subject.
    """

    design: TrialDesign
    endpoint: Endpoint
    model: Model
    evidence: Evidence
    population: VirtualPopulation
    error: MeasurementError
    seed: int
    replicates: int = 8
    workers: int = 1


@dataclass(frozen=True, slots=True)
class ImpliedWorld:
    """The effects that one world implies on common subjects, active against control.

    Parameters
    ----------
    log_odds_ratio
        Of the response.
    mrss_difference, fvc_difference
        At the last visit [mRSS points, % predicted].
    """

    log_odds_ratio: float
    mrss_difference: float
    fvc_difference: float


def worlds_at_once(subjects: int) -> int:
    """Return how many worlds of so many subjects are solved together."""
    return max(1, SUBJECTS_AT_ONCE // subjects)


def shifted_arms(
    trial: ReferenceTrial, worlds: Worlds, shift: float
) -> list[tuple[LatentCourse, LatentCourse]]:
    """Return the courses of active and control in each world, all solved together.

    Parameters
    ----------
    shift
        Trial effect of all worlds [trial standard deviations].
    """
    shifted = _with_shift(trial.evidence, worlds, shift)
    active = _courses(trial, shifted, trial.design.active.dosing())
    control = _courses(trial, shifted, trial.design.control.dosing())
    return list(zip(active, control, strict=True))


def implied_world(trial: ReferenceTrial, active: LatentCourse, control: LatentCourse) -> ImpliedWorld:
    """Return the effects that a world implies, from its courses."""
    response = _responses(trial, active, control)
    mrss, fvc = (
        float(np.nanmean(active.values[name][:, -1] - control.values[name][:, -1]))
        for name in ("mrss", "fvc_percent")
    )
    return ImpliedWorld(float(logit(response.active.mean()) - logit(response.control.mean())), mrss, fvc)


def reference_shift(trial: ReferenceTrial) -> float:
    """Return the trial effect, in trial standard deviations, that gives the reference placebo response.

    Raises
    ------
    InputError
        If no shift within ten standard deviations gives it.
    """
    goal = REFERENCE.read(trial.evidence).reference_placebo_rate
    world = typical_world(trial.model, trial.evidence)

    def excess(shift: float) -> float:
        shifted = _with_shift(trial.evidence, world, shift)
        placebo = _courses(trial, shifted, trial.design.control.dosing())[0]
        return float(_responses(trial, placebo, placebo).control.mean()) - goal

    low, high = -10.0, 10.0
    if not excess(low) > 0 > excess(high):
        raise InputError(
            "no trial effect gives the reference placebo response",
            given=f"{goal:g}",
            allowed=f"between {excess(high) + goal:.2f} and {excess(low) + goal:.2f}",
            fix="change world.reference_placebo_rate",
        )
    return float(brentq(excess, low, high, xtol=0.01))


def _with_shift(evidence: Evidence, worlds: Worlds, shift: float) -> Worlds:
    """Return the worlds with every item's trial effect at ``shift`` standard deviations towards worse."""
    history, between = dict(worlds.history), BETWEEN_TRIALS.read(evidence).change_sd
    for item in CORE_ITEMS:
        effect = ITEMS[item].toward_worse * shift * between[item]
        history[f"trial_{item}"] = np.full(worlds.size, effect)
    return replace(worlds, history=history)


def _courses(trial: ReferenceTrial, worlds: Worlds, regimen: Regimen) -> list[LatentCourse]:
    """Return one course per world, all solved in one go."""
    each = [
        subject_parameters(trial.model, trial.evidence, trial.population, worlds, position)
        for position in range(worlds.size)
    ]
    stacked = {name: np.concatenate([one[name] for one in each]) for name in each[0]}
    course = simulate_arm(
        trial.model,
        stacked,
        regimen,
        trial.design.visit_weeks,
        arm="",
        world=0,
        outputs=CLINICAL,
        tolerance=Tolerance.SCREEN,
        workers=trial.workers,
    )
    size = trial.population.size
    return [
        replace(
            course,
            values={name: values[i * size : (i + 1) * size] for name, values in course.values.items()},
            status=course.status[i * size : (i + 1) * size],
        )
        for i in range(worlds.size)
    ]


def _responses(trial: ReferenceTrial, active: LatentCourse, control: LatentCourse) -> RuleResponses:
    return responses_by_rule(
        trial.design,
        trial.endpoint,
        {trial.design.active.name: active, trial.design.control.name: control},
        trial.population.covariates,
        trial.error,
        seed=trial.seed,
        replicates=trial.replicates,
        variants=(),
    )[""]
