"""Functions for rate laws that work on numbers, arrays, quantities with units, and symbols alike."""

from typing import Any

import numpy as np
import sympy


def _apply(name: str, x: Any) -> Any:  # noqa: ANN401 - a number, an array, a quantity or a symbol
    if isinstance(x, sympy.Basic):
        return getattr(sympy, name)(x)
    return getattr(np, name)(x)


def sqrt(x: Any) -> Any:  # noqa: ANN401
    """Return the square root."""
    return _apply("sqrt", x)


def exp(x: Any) -> Any:  # noqa: ANN401
    """Return e to the power ``x``; ``x`` has no unit."""
    return _apply("exp", x)


def log(x: Any) -> Any:  # noqa: ANN401
    """Return the natural logarithm; ``x`` has no unit."""
    return _apply("log", x)


def positive_part(x: Any) -> Any:  # noqa: ANN401
    """Return ``x``, or zero where it is below; ``x`` has no unit."""
    return sympy.Max(x, 0) if isinstance(x, sympy.Basic) else np.maximum(x, 0)


def mass_action(rate_constant: Any, amount: Any) -> Any:  # noqa: ANN401
    """Return a flow in proportion to what is there."""
    return rate_constant * amount


def relaxation(rate_constant: Any, goal: Any, value: Any) -> Any:  # noqa: ANN401
    """Return the net flow of production towards ``goal`` and first-order loss of ``value``."""
    return rate_constant * (goal - value)


def saturable(x: Any, half: Any) -> Any:  # noqa: ANN401
    """Return x / (x + half), between zero and one."""
    return x / (x + half)


def normalized_saturable(x: Any, saturation: Any) -> Any:  # noqa: ANN401
    """Return a response that levels off, scaled to one at ``x`` = 1: (1 + saturation) x / (1 + saturation x).

    ``saturation`` is one over the ``x`` of half the greatest response; 0 is a response in proportion to ``x``.
    """
    return (1 + saturation) * x / (1 + saturation * x)


def kept_on_scale(goal: Any, factor: Any, top: Any) -> Any:  # noqa: ANN401
    """Return ``goal`` times ``factor``; above 1, the factor counts less the nearer ``top`` is, which is not passed.

    ``factor`` has no unit; ``goal`` and ``top`` have one, and a goal beyond the top is the top.
    """
    rise, full = positive_part(factor - 1), 1 - positive_part(1 - goal / top)
    return top * full * (factor - rise) * (1 + rise) / (1 + full * rise)


def moved_share(share: Any, deviation: Any) -> Any:  # noqa: ANN401
    """Return a share whose logit is moved by ``deviation``; it stays between 0 and 1."""
    odds = share * exp(deviation)
    return odds / (1 - share + odds)


def share_kept(drive: Any, share: Any) -> Any:  # noqa: ANN401
    """Return what is left of a process of which ``share`` follows a drive that is one when untreated."""
    return 1 - share * (1 - drive)
