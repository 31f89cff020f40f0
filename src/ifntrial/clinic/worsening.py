"""When the skin or the lung of a patient counts as worse than at baseline: for escape therapy, and as an endpoint."""

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.design.assumed import Worsening
from ifntrial.ties import reaches


def is_worse(mrss: FloatArray, fvc_percent: FloatArray, rule: Worsening) -> BoolArray:
    """Return at which visits the skin or the lung is read as worse than at the first, shape (..., visits).

    A reading of NaN is not worse.
    """
    rise, fall = mrss - mrss[..., :1], fvc_percent[..., :1] - fvc_percent
    skin = reaches(rise, rule.mrss_points) & reaches(100.0 * rise, rule.mrss_percent * mrss[..., :1])
    return skin | reaches(100.0 * fall, rule.fvc_percent * fvc_percent[..., :1])


def first_week(happens: BoolArray, weeks: FloatArray) -> FloatArray:
    """Return the week of the first visit at which something happens, infinite if never, shape (...)."""
    first: FloatArray = np.where(happens, weeks, np.inf).min(axis=-1)
    return first
