"""How a chance of error is spent over the looks at a trial."""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr, ndtri

from ifntrial.arrays import FloatArray

Spending = Callable[[FloatArray, float], FloatArray]


def hwang_shih_decani(gamma: float) -> Spending:
    """Return the spending function of Hwang, Shih and DeCani (1990); negative ``gamma`` spends late, zero evenly."""
    if gamma == 0:
        return lambda rate, alpha: alpha * rate
    return lambda rate, alpha: alpha * np.expm1(-gamma * rate) / np.expm1(-gamma)


SPENDING: dict[str, Spending] = {
    "obrien_fleming": lambda rate, alpha: 2.0 * ndtr(ndtri(alpha / 2.0) / np.sqrt(rate)),
    "pocock": lambda rate, alpha: alpha * np.log(1.0 + (np.e - 1.0) * rate),
    "linear": lambda rate, alpha: alpha * rate,
    "quadratic": lambda rate, alpha: alpha * rate**2,
    "hwang_shih_decani_4": hwang_shih_decani(-4.0),
    "hwang_shih_decani_2": hwang_shih_decani(-2.0),
}
"""Alpha spent by an information rate: Lan and DeMets' functions, Kim and DeMets' powers one and two, and Hwang, Shih and
DeCani's with gamma -4 and -2. Beta is spent by the same functions."""
