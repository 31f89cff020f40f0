"""The maximum of a smooth function by Newton steps, found or not found whatever the last digits do.

A step is measured in standard errors: the square root of ``slope' curvature^-1 slope``, which does not depend on the
units of the parameters, and of which the size of the data cancels out. A gradient held against a fixed number does
neither, and asks of large data what rounding cannot give.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray

Terms = tuple[float, FloatArray, FloatArray]
"""Value, slope (n,), and curvature (n, n): the negative second derivatives."""

SETTLED = 1e-10
"""Standard errors: a shorter step is not taken."""
GOOD_ENOUGH = 1e-5
"""Standard errors: where rounding allows no better, a maximum known so well is one."""
_FLATTEST = 1e-10
_MOST_STEPS = 200
_MOST_HALVINGS = 60
_LEAST_GAIN = 1e-4
_DROWNED = 1e-10


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the climb ended.

    Parameters
    ----------
    point, value, curvature
        There, shapes (n,), () and (n, n).
    distance
        Length of the step that would follow [standard errors].
    is_found
        Whether it is a maximum: no step is left, and the function curves down in every direction.
    """

    point: FloatArray
    value: float
    curvature: FloatArray
    distance: float
    is_found: bool

    def standard_errors(self) -> FloatArray:
        """Return the standard error of each parameter, from the curvature of all together, shape (n,)."""
        unit = np.sqrt(np.diag(self.curvature))
        inverse = np.linalg.inv(self.curvature / np.outer(unit, unit))
        return np.asarray(np.sqrt(np.diag(inverse)) / unit)


def climb(function: Callable[[FloatArray], Terms], start: FloatArray) -> Maximum:
    """Return the maximum that is reached from ``start`` uphill.

    Where the function curves up, or hardly at all, the direction is made one in which it would curve down, so that
    steps always lead up; a step that gains too little is halved. So near the top that the gain drowns in the rounding of
    the value, steps go on as long as each is shorter than half of the one before.

    Parameters
    ----------
    function
        From a point to its terms. A value of minus infinity or NaN marks a point outside the domain.
    start
        Inside the domain.
    """
    point, terms = np.asarray(start, dtype=np.float64), function(start)
    step, distance, curves_down = _direction(terms)
    for _ in range(_MOST_STEPS):
        if curves_down and distance <= SETTLED:
            break
        if curves_down and distance**2 <= _DROWNED * abs(terms[0]):
            following = function(point + step)
            if not np.isfinite(following[0]) or not _direction(following)[1] < 0.5 * distance:
                break
            length = 1.0
        else:
            length, following = _advance(function, point, terms, step)
            if length == 0.0:
                break
        point, terms = point + length * step, following
        step, distance, curves_down = _direction(terms)
    return Maximum(point, terms[0], terms[2], distance, curves_down and distance <= GOOD_ENOUGH)


def _direction(terms: Terms) -> tuple[FloatArray, float, bool]:
    """Return the step, its length in standard errors, and whether the function curves down in every direction."""
    _, slope, curvature = terms
    unit = np.sqrt(np.abs(np.diag(curvature)))
    unit = np.where(unit > 0, unit, 1.0)
    values, vectors = np.linalg.eigh(curvature / np.outer(unit, unit))
    along = vectors.T @ (slope / unit)
    share = along / np.maximum(np.abs(values), _FLATTEST)
    return vectors @ share / unit, float(np.sqrt(np.sum(along * share))), bool(values.min() > _FLATTEST)


def _advance(
    function: Callable[[FloatArray], Terms], point: FloatArray, terms: Terms, step: FloatArray
) -> tuple[float, Terms]:
    """Return the longest halving of a step that gains enough, and the terms there; length 0 if none does."""
    expected, length = float(np.sum(terms[1] * step)), 1.0
    for _ in range(_MOST_HALVINGS):
        found = function(point + length * step)
        if found[0] - terms[0] >= _LEAST_GAIN * length * expected:
            return length, found
        length /= 2.0
    return 0.0, terms
