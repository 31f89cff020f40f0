"""An endpoint of one virtual trial, of each subject in the arm that it got."""

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.studies.trial.one_trial import OneTrial


def outcomes(trial: OneTrial, endpoint: Endpoint, visit_week: float) -> FloatArray:
    """Return each subject's endpoint in its own arm, NaN where it is missing, shape (subjects,).

    Raises
    ------
    InputError
        If the visit is not planned.
    """
    return of_own_arm(
        trial,
        {
            arm.name: endpoint.compute(trial.arms[arm.name], visit_week, trial.design.assumed)[0]
            for arm in trial.design.arms
        },
    )


def of_own_arm(trial: OneTrial, by_arm: dict[str, FloatArray]) -> FloatArray:
    """Return what is known of each subject in its own arm, shape (subjects,), of arm to values of all subjects."""
    values = np.stack([by_arm[arm.name] for arm in trial.design.arms])
    return np.asarray(values[trial.assigned, np.arange(len(trial.assigned))])


def is_solved(trial: OneTrial) -> BoolArray:
    """Return whose course in its own arm was solved, shape (subjects,)."""
    status = np.stack([trial.arms[arm.name].status for arm in trial.design.arms])
    found: BoolArray = status[trial.assigned, np.arange(len(trial.assigned))] == "ok"
    return found
