"""What common subjects of one arm add to a mean: all that the power of a comparison of means asks of them."""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of common subjects in one arm, over repeats of measurement and conduct; each (subjects,).

    Parameters
    ----------
    known
        Share of repeats in which the subject has an outcome.
    value
        Mean over all repeats, with zero where there is no outcome.
    square
        The same of the outcome's square.
    """

    known: FloatArray
    value: FloatArray
    square: FloatArray

    def of(self, chosen: BoolArray) -> "Outcome":
        """Return the outcome of chosen subjects, ``chosen`` of shape (subjects,)."""
        return Outcome(self.known[chosen], self.value[chosen], self.square[chosen])


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The same subjects in both arms."""

    active: Outcome
    control: Outcome


def outcome_of(values: FloatArray) -> Outcome:
    """Return what values add to a mean, of shape (replicates, subjects), NaN where there is no outcome.

    Examples
    --------
    >>> import numpy as np
    >>> found = outcome_of(np.array([[1.0, np.nan], [3.0, 4.0]]))
    >>> found.known.tolist(), found.value.tolist(), found.square.tolist()
    ([1.0, 0.5], [2.0, 2.0], [5.0, 8.0])
    """
    is_known = np.isfinite(values)
    filled = np.where(is_known, values, 0.0)
    return Outcome(is_known.mean(axis=0), filled.mean(axis=0), (filled**2).mean(axis=0))


def response_outcome(chance: FloatArray) -> Outcome:
    """Return the outcome that is one with a chance, and zero otherwise, ``chance`` of shape (subjects,)."""
    return Outcome(np.ones_like(chance), chance, chance)
