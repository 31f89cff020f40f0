"""What stopping the drug and escape therapy do to a course afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.design.assumed import AssumedRules, EscapeEffect
from ifntrial.items import ITEMS
from ifntrial.patients.records import LatentCourse
from ifntrial.seeds import Stream

Values = Mapping[str, FloatArray]

AfterStop = Callable[[FloatArray], Values]
"""From the week each subject stops (infinite: never), shape (replicates, subjects), to true values of every quantity on
the planned days, shape (replicates, subjects, visits)."""

_TAKEN_BACK = {item.name: item.toward_worse for item in ITEMS.values() if not item.is_biomarker}
"""What escape therapy can take back, and which way it worsens."""

_CUMULATIVE = "_hazard"


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everything that turns one true course into the courses of subjects who stop or get escape therapy.

    Parameters
    ----------
    course
        As planned: treated to the end, no escape therapy.
    after_stop
        What follows stopping.
    escape_share
        Share of the worsening since baseline that escape therapy takes back in this world.
    escape_half_time_weeks
        How fast.
    """

    course: LatentCourse
    after_stop: AfterStop
    escape_share: float
    escape_half_time_weeks: float

    def values(self, stop_week: FloatArray, rescue_week: FloatArray) -> Values:
        """Return true values, shape (replicates, subjects, visits), given when each subject stops and is rescued."""
        weeks = self.course.visit_week
        stopped = self.after_stop(stop_week) if np.isfinite(stop_week).any() else self.course.values
        if self.escape_share == 0 or not np.isfinite(rescue_week).any():
            return stopped
        return {
            name: self._rescued(each, weeks, rescue_week, _TAKEN_BACK[name]) if name in _TAKEN_BACK else each
            for name, each in stopped.items()
        }

    def _rescued(
        self, values: FloatArray, weeks: FloatArray, rescue_week: FloatArray, sign: float
    ) -> FloatArray:
        full = np.broadcast_to(values, (*rescue_week.shape, len(weeks)))
        place = np.minimum(np.searchsorted(weeks, rescue_week), len(weeks) - 1)
        at_start = np.take_along_axis(full, place[..., None], axis=-1)
        worsening = np.maximum(sign * (at_start - full[..., :1]), 0.0)
        since = np.maximum(weeks - rescue_week[..., None], 0.0)
        return full - sign * self.escape_share * worsening * (
            1.0 - 0.5 ** (since / self.escape_half_time_weeks)
        )


def draw_escape_share(effect: EscapeEffect, seed: int, world: int) -> float:
    """Return the share of the worsening that escape therapy takes back in a world, the same in every arm."""
    uniform = float(Stream(seed, "effect of escape therapy").uniform(1, world=max(world, 0))[0])
    return effect.low + uniform * (effect.high - effect.low)


def have_consequences(rules: AssumedRules) -> bool:
    """Return whether stopping or escape therapy changes anything that is seen or asked for."""
    escape = rules.rescue.share > 0 and rules.rescue.effect.high > 0
    stopping = (
        rules.dropout.observed_after_stop_share > 0 or rules.estimand.discontinuation == "treatment_policy"
    )
    return escape or stopping


def unchanged(course: LatentCourse) -> AfterStop:
    """Return that stopping changes nothing, as in an arm on placebo."""

    def after(stop_week: FloatArray) -> Values:
        del stop_week
        return course.values

    return after


def returning(course: LatentCourse, control: LatentCourse, half_life_weeks: float) -> AfterStop:
    """Return that the course goes back to that of the same subject on control, with a half-life.

    Expected events since baseline (names ending in ``_hazard``) go on at the rate of the control course.
    """

    def after(stop_week: FloatArray) -> Values:
        since = np.maximum(course.visit_week - stop_week[..., None], 0.0)
        kept = 0.5 ** (since / half_life_weeks)
        return {
            name: _going_on(own, control.values[name], course.visit_week, stop_week)
            if name.endswith(_CUMULATIVE)
            else control.values[name] + kept * (own - control.values[name])
            for name, own in course.values.items()
        }

    return after


def _going_on(own: FloatArray, control: FloatArray, weeks: FloatArray, stop_week: FloatArray) -> FloatArray:
    """Return a cumulative quantity that goes on from the last visit before the stop with the control's increments."""
    full = np.broadcast_to(own, (*stop_week.shape, len(weeks)))
    other = np.broadcast_to(control, full.shape)
    last = np.maximum(np.searchsorted(weeks, stop_week, side="right") - 1, 0)[..., None]
    start = np.take_along_axis(full, last, axis=-1) - np.take_along_axis(other, last, axis=-1)
    return np.where(weeks > stop_week[..., None], other + start, full)
