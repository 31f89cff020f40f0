"""Follow doses in virtual subjects: every read-out at chosen looks, and who could be solved."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray, WordArray
from ifntrial.course.dose_plans import DosePlan, Parameters
from ifntrial.course.exposure import READ_OUTS
from ifntrial.course.looks import Looks
from ifntrial.course.system import build_system
from ifntrial.model import Model
from ifntrial.solver import Progress, Tolerance, Trajectories
from ifntrial.solver import simulate as solve


@dataclass(frozen=True, slots=True)
class Followed:
    """The course of a plan.

    Parameters
    ----------
    plan, looks
        What was given, and when it was looked at.
    values
        Read-out to values, each (subjects, looks).
    typical
        Read-out to the course of the typical subject, each (looks,).
    status
        One word per subject, shape (subjects,).
    """

    plan: DosePlan
    looks: Looks
    values: Mapping[str, FloatArray]
    typical: Mapping[str, FloatArray]
    status: WordArray

    @property
    def solved(self) -> np.ndarray:
        """Whether each subject was solved to the end, shape (subjects,)."""
        return np.asarray(self.status == "ok")


def follow_plan(
    model: Model,
    parameters: Parameters,
    typical: Parameters,
    plan: DosePlan,
    looks: Looks,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> Followed:
    """Return the course of every subject, and of the typical one, on a plan.

    Parameters
    ----------
    parameters, typical
        Every model parameter and ``bioavailability`` of the subjects, each (subjects,), and of the typical one, (1,).
    progress
        Called a few times per second with (subjects begun, subjects in all).
    """
    found = _solve(model, parameters, plan, looks.days, workers, progress)
    center = _solve(model, typical, plan, looks.days, 1, None)
    return Followed(
        plan,
        looks,
        {name: found.of(name) for name in READ_OUTS},
        {name: center.of(name)[0] for name in READ_OUTS},
        found.words,
    )


def _solve(
    model: Model,
    parameters: Parameters,
    plan: DosePlan,
    days: FloatArray,
    workers: int,
    progress: Progress | None,
) -> Trajectories:
    system = build_system(model)
    return solve(
        system,
        {name: parameters[name] for name in system.parameters},
        plan.build(model, parameters),
        days,
        tolerance=Tolerance.TRIAL,
        outputs=READ_OUTS,
        workers=workers,
        progress=progress,
    )
