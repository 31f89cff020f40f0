"""The course of subjects who stop treatment, solved again without the doses after the stop."""

from collections.abc import Mapping

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import event_days, planned_days
from ifntrial.clinic.consequences import AfterStop, Values, unchanged
from ifntrial.course.simulate import TRIAL_TOLERANCE, simulate_subjects
from ifntrial.dosing.regimen import Regimen
from ifntrial.model import Model
from ifntrial.patients.records import LatentCourse

SUBJECTS_AT_ONCE = 5_000


def solved_without_later_doses(
    model: Model,
    parameters: Mapping[str, FloatArray],
    regimen: Regimen,
    course: LatentCourse,
    *,
    workers: int = 1,
) -> AfterStop:
    """Return what follows stopping a regimen, from the model.

    Only those who stop are solved again, all in one batch with a dose table of their own. Until the stop the values are
    those of ``course``, to the last bit; a subject whose new solve fails has missing values after the stop.

    Parameters
    ----------
    parameters
        As given to ``simulate_arm``, each (subjects,).
    course
        The same subjects treated to the end.
    """
    if regimen.is_placebo:
        return unchanged(course)

    def after(stop_week: FloatArray) -> Values:
        replicate, subject = np.nonzero(stop_week < course.visit_week[-1])
        values = {
            name: np.array(np.broadcast_to(own, (len(stop_week), *own.shape)))
            for name, own in course.values.items()
        }
        for first in range(0, len(subject), SUBJECTS_AT_ONCE):
            chosen = slice(first, first + SUBJECTS_AT_ONCE)
            pairs = (replicate[chosen], subject[chosen])
            found = simulate_subjects(
                model,
                {name: column[pairs[1]] for name, column in parameters.items()},
                regimen,
                planned_days(course.visit_week),
                tuple(course.values),
                stop_days=event_days(stop_week[pairs], course.visit_week),
                tolerance=TRIAL_TOLERANCE,
                workers=workers,
            )
            is_later = course.visit_week > stop_week[pairs][:, None]
            for name, each in values.items():
                each[pairs] = np.where(is_later, found.of(name), each[pairs])
        return values

    return after
