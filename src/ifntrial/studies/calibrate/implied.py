"""What each structural world implies: effects on common subjects at the reference placebo response.

This is the expensive part of conditioning on the efficacy priors; ``ifntrial calibrate`` runs it once and freezes the
result, so that a forecast, or taking a source away, only has to weigh worlds again.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq
from scipy.special import logit

from ifntrial.course.assemble import typical_world
from ifntrial.errors import InputError
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Pure, Rows
from ifntrial.items import CORE_ITEMS, ITEMS
from ifntrial.patients.entry_rows import BETWEEN_TRIALS
from ifntrial.patients.records import LatentCourse
from ifntrial.studies.common_trial import CommonTrial, chance_of_response, simulate_in_worlds
from ifntrial.worlds.draw import Worlds

SUBJECTS_AT_ONCE = 5_000
"""Subjects of all worlds that are solved together."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """Where implied effects are stated."""

    reference_placebo_rate: Pure


REFERENCE = Rows("world", _Reference)


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


def implied_world(trial: CommonTrial, active: LatentCourse, control: LatentCourse) -> ImpliedWorld:
    """Return the effects that a world implies, from its courses."""
    response = chance_of_response(trial, active, control)
    mrss, fvc = (
        float(np.nanmean(active.values[name][:, -1] - control.values[name][:, -1]))
        for name in ("mrss", "fvc_percent")
    )
    return ImpliedWorld(float(logit(response.active.mean()) - logit(response.control.mean())), mrss, fvc)


def reference_shift(trial: CommonTrial, workers: int = 1) -> float:
    """Return the trial effect, in trial standard deviations, that gives the reference placebo response.

    Parameters
    ----------
    workers
        Threads among which the subjects are shared; results do not depend on it.

    Raises
    ------
    InputError
        If no shift within ten standard deviations gives it.
    """
    goal = REFERENCE.read(trial.evidence).reference_placebo_rate
    world = typical_world(trial.model, trial.evidence)

    def excess(shift: float) -> float:
        shifted = with_shift(trial.evidence, world, shift)
        (placebo,) = simulate_in_worlds(trial, shifted, trial.design.control, workers=workers)
        return float(chance_of_response(trial, placebo, placebo).control.mean()) - goal

    low, high = -10.0, 10.0
    if not excess(low) > 0 > excess(high):
        raise InputError(
            "no trial effect gives the reference placebo response",
            given=f"{goal:g}",
            allowed=f"between {excess(high) + goal:.2f} and {excess(low) + goal:.2f}",
            fix="change world.reference_placebo_rate",
        )
    return float(brentq(excess, low, high, xtol=0.01))


def with_shift(evidence: Evidence, worlds: Worlds, shift: float) -> Worlds:
    """Return the worlds with every item's trial effect at ``shift`` standard deviations towards worse."""
    history, between = dict(worlds.history), BETWEEN_TRIALS.read(evidence).change_sd
    for item in CORE_ITEMS:
        effect = ITEMS[item].toward_worse * shift * between[item]
        history[f"trial_{item}"] = np.full(worlds.size, effect)
    return replace(worlds, history=history)
