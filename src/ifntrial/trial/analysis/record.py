"""The result that every comparison of two arms comes down to."""

from dataclasses import dataclass


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
