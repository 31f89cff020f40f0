"""The result that every comparison of two arms comes down to."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from scipy.stats import t as student_t

from ifntrial.levels import NORMAL_95, UPPER_TAIL


@dataclass(frozen=True, slots=True)
class Comparison:
    """Active against control.

    Parameters
    ----------
    estimate, standard_error, low, high
        On the scale that ``scale`` names, with the 95 % interval.
    p_two_sided
        Of no difference.
    degrees_of_freedom
        Of the t distribution; infinite for the normal.
    scale
        ``difference``, ``log odds ratio``, ``log hazard ratio`` or ``log rate ratio``.
    """

    estimate: float
    standard_error: float
    low: float
    high: float
    p_two_sided: float
    degrees_of_freedom: float
    scale: str


def large_sample_comparison(estimate: float, standard_error: float, scale: str) -> Comparison:
    """Return the comparison that a normal distribution of the estimate gives."""
    half = NORMAL_95 * standard_error
    return Comparison(
        estimate=estimate,
        standard_error=standard_error,
        low=estimate - half,
        high=estimate + half,
        p_two_sided=float(2.0 * ndtr(-abs(estimate / standard_error))),
        degrees_of_freedom=np.inf,
        scale=scale,
    )


def t_comparison(estimate: float, standard_error: float, degrees_of_freedom: float) -> Comparison:
    """Return the comparison of means that Student's t distribution of the estimate gives."""
    half = float(student_t.ppf(UPPER_TAIL, degrees_of_freedom)) * standard_error
    return Comparison(
        estimate=estimate,
        standard_error=standard_error,
        low=estimate - half,
        high=estimate + half,
        p_two_sided=float(2.0 * student_t.sf(abs(estimate / standard_error), degrees_of_freedom)),
        degrees_of_freedom=degrees_of_freedom,
        scale="difference",
    )
