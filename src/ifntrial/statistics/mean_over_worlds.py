"""The mean of a number over worlds of unequal weight, and its error with the world as the unit."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student_t

from ifntrial.arrays import FloatArray
from ifntrial.levels import UPPER_TAIL
from ifntrial.statistics.replicates import wilson_interval

_NOTHING = 1e-15


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """A weighted mean over worlds.

    Parameters
    ----------
    mean
        In the unit of the values.
    standard_error
        How it would vary had other worlds been drawn; infinite if the worlds are worth one, which says nothing of others.
    units
        How many worlds of equal weight these are worth, by Kish.
    """

    mean: float
    standard_error: float
    units: float

    @property
    def half_width(self) -> float:
        """Half the 95 % interval by Student's t distribution."""
        return self._quantile * self.standard_error

    @property
    def share_interval(self) -> tuple[float, float]:
        """The 95 % interval of a share, which stays within 0 and 1.

        It is Wilson's, for as many trials as would have this standard error, with Student's quantile for the few worlds
        behind it (Korn and Graubard 1998). Shares that are all zero, or all one, count as one trial for each world.
        """
        if np.isinf(self.standard_error):
            return 0.0, 1.0
        variance = self.mean * (1.0 - self.mean)
        if variance <= _NOTHING:
            trials = self.units
        elif self.standard_error**2 <= _NOTHING * variance:
            return self.mean, self.mean
        else:
            trials = variance / self.standard_error**2
        return wilson_interval(self.mean * trials, trials, self._quantile)

    @property
    def _quantile(self) -> float:
        return float(student_t.ppf(UPPER_TAIL, max(self.units - 1.0, 1.0)))


def mean_over_worlds(values: FloatArray, weight: FloatArray) -> WeightedMean:
    """Return the mean of values over worlds, both of shape (worlds,); some weight is above zero."""
    share = weight / weight.sum()
    mean = float((share * values).sum())
    units = 1.0 / float((share**2).sum())
    if units <= 1.0 + 1e-9:
        return WeightedMean(mean, np.inf, units)
    error = np.sqrt((share**2 * (values - mean) ** 2).sum() * units / (units - 1.0))
    return WeightedMean(mean, float(error), units)
