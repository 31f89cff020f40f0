"""Non-compartmental measures of concentrations over time: areas, peaks, half-lives, time above a level.

Areas are by the rule linear up, logarithmic down: between two times the concentration is taken to rise along a line and
to fall as an exponential. The terminal slope is that of the last three or more points after the peak whose adjusted
coefficient of determination is largest; of those within 0.0001 of it, the longest stretch (Phoenix WinNonlin, PKNCA).
"""

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray

FEWEST_POINTS = 3
ABOUT_EQUAL_R2 = 1e-4
LN2 = float(np.log(2.0))


def _falls(concentration: FloatArray) -> BoolArray:
    before, after = concentration[:, :-1], concentration[:, 1:]
    return (after < before) & (after > 0)


def areas(time: FloatArray, concentration: FloatArray) -> FloatArray:
    """Return the area under each subject's concentration.

    Parameters
    ----------
    time
        Increasing, shape (times,).
    concentration
        Shape (subjects, times).

    Returns
    -------
    Shape (subjects,), in the unit of time times that of the concentration.
    """
    before, after, step = concentration[:, :-1], concentration[:, 1:], np.diff(time)
    falls = _falls(concentration)
    ratio = np.where(falls, before / np.where(falls, after, 1.0), np.e)
    # a small fall by the series of the logarithm, whose quotient would lose digits
    small = np.abs(ratio - 1.0) < 1e-6
    fallen = np.where(small, (before + after) / 2.0, (before - after) / np.log(np.where(small, np.e, ratio)))
    parts: FloatArray = np.where(falls, fallen, (before + after) / 2.0) * step
    total: FloatArray = parts.sum(axis=1)
    return total


def time_above(time: FloatArray, concentration: FloatArray, level: float) -> FloatArray:
    """Return how long each concentration is above a level, shape (subjects,); crossings by the rule of the areas."""
    before, after, step = concentration[:, :-1], concentration[:, 1:], np.diff(time)
    falls = _falls(concentration) & (level > 0)
    span = after - before
    along_line = (level - before) / np.where(span == 0, 1.0, span)
    logs = np.log(np.where(falls, after, 1.0)) - np.log(np.where(falls, before, 1.0))
    along_exponential = (
        np.log(level if level > 0 else 1.0) - np.log(np.where(falls, before, 1.0))
    ) / np.where(falls, logs, 1.0)
    crossing = np.clip(np.where(falls, along_exponential, along_line), 0.0, 1.0)
    share = np.where(
        (before > level) & (after > level),
        1.0,
        np.where(before > level, crossing, np.where(after > level, 1.0 - crossing, 0.0)),
    )
    parts: FloatArray = share * step
    total: FloatArray = parts.sum(axis=1)
    return total


def terminal_half_lives(time: FloatArray, concentration: FloatArray) -> FloatArray:
    """Return the half-life of each subject's terminal phase, shape (subjects,).

    NaN where fewer than three points follow the peak, or the concentration does not fall.
    """
    subjects, times = concentration.shape
    peak = np.argmax(concentration, axis=1)
    place = np.arange(times)
    # points after the peak and before the first that is not above zero
    above = np.logical_and.accumulate((place <= peak[:, None]) | (concentration > 0), axis=1)
    usable = above & (place > peak[:, None])
    logs = np.log(np.where(usable, concentration, 1.0))
    # sums over the last points, from the end: each entry holds the points from there on
    x = time - time[-1]
    counts, values = _from_the_end(usable.astype(np.float64)), _from_the_end(np.where(usable, logs, 0.0))
    sums, squares = _from_the_end(np.where(usable, x, 0.0)), _from_the_end(np.where(usable, x * x, 0.0))
    products = _from_the_end(np.where(usable, x * logs, 0.0))
    value_squares = _from_the_end(np.where(usable, logs**2, 0.0))
    enough = usable & (counts >= FEWEST_POINTS)
    n = np.where(enough, counts, 1.0)
    spread_x = squares - sums**2 / n
    spread_y = value_squares - values**2 / n
    covariance = products - sums * values / n
    slope = covariance / np.where(enough & (spread_x > 0), spread_x, 1.0)
    explained = slope * covariance / np.where(spread_y > 0, spread_y, 1.0)
    adjusted = 1.0 - (1.0 - explained) * (n - 1.0) / np.where(n > 2, n - 2.0, 1.0)
    adjusted = np.where(enough & (slope < 0), adjusted, -np.inf)
    best = adjusted.max(axis=1)
    first = np.argmax(adjusted >= (best - ABOUT_EQUAL_R2)[:, None], axis=1)
    chosen = slope[np.arange(subjects), first]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.isfinite(best), LN2 / -chosen, np.nan)


def _from_the_end(values: FloatArray) -> FloatArray:
    return np.cumsum(values[:, ::-1], axis=1)[:, ::-1]
