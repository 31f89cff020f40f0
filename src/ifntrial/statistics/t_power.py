"""Power of a t test whose stated error need not be the true one, and whose information differs between trials."""

import numpy as np
from scipy.special import nctdtr, stdtrit

_STEPS, _STEP_WEIGHTS = (-np.sqrt(3.0), 0.0, np.sqrt(3.0)), (1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0)
"""Mean of a function of a normal number by three values of it."""


def t_power(
    effect: float, stated: float, degrees: float, alpha: float, information_spread: float
) -> tuple[float, float]:
    """Return the power of a t test, and the spread of its normal quantile that the test's own error adds.

    Parameters
    ----------
    effect
        Expected difference over its true standard error.
    stated
        The error that the analysis states, over the true one.
    information_spread
        Standard deviation between trials of their information, over its mean.

    Source
    ------
    Spread of the quantile: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.10.
    """
    critical = float(-stdtrit(degrees, alpha)) * stated
    effects = effect * np.sqrt(np.maximum(1.0 + np.array(_STEPS) * information_spread, 0.0))
    each = (1.0 - float(nctdtr(degrees, float(own), critical)) for own in effects)
    power = sum(weight * own for weight, own in zip(_STEP_WEIGHTS, each, strict=True))
    return power, float(np.sqrt(1.0 + critical**2 / (2.0 * degrees)))
