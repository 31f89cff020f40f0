"""Who is in a trial that selects by an imperfect test: subjects weighed, nobody simulated again."""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.errors import InputError


@dataclass(frozen=True, slots=True)
class Selection:
    """A trial population.

    Parameters
    ----------
    factor
        What each subject's weight is multiplied with, shape (subjects,).
    positive_share
        Share of those who meet the other criteria that is taken in.
    true_share
        Share of those taken in who truly have the marker; 1 where nobody is selected by one.
    sensitivity, specificity
        Of the selection as a whole; None where nobody is selected.
    """

    factor: FloatArray
    positive_share: float
    true_share: float
    sensitivity: float | None = None
    specificity: float | None = None


def at_prevalence(is_marked: BoolArray, weight: FloatArray, prevalence: float) -> FloatArray:
    """Return the factors that make the weighted share of marked subjects equal to ``prevalence``.

    Raises
    ------
    InputError
        If all or none of the subjects are marked.
    """
    share = float(weight[is_marked].sum() / weight.sum())
    if not are_both(is_marked, weight):
        raise InputError(
            "all or none of the patients of this design have a high signature",
            given=f"a share of {share:g}",
            allowed="a design that enrolls both, such as daisy",
            fix="start from the design without that entry criterion",
        )
    return np.where(is_marked, prevalence / share, (1.0 - prevalence) / (1.0 - share))


def are_both(is_marked: BoolArray, weight: FloatArray) -> bool:
    """Return whether some marked and some unmarked subjects have weight; sums would round, and say so of all."""
    return bool(np.any(weight[is_marked] > 0) and np.any(weight[~is_marked] > 0))


def everyone(factor: FloatArray) -> Selection:
    """Return the selection that takes all in."""
    return Selection(factor, 1.0, 1.0)


def by_test(is_marked: BoolArray, chance: FloatArray, weight: FloatArray, factor: FloatArray) -> Selection:
    """Return the selection of those with a positive test: found marked subjects, and unmarked ones by mistake.

    Parameters
    ----------
    is_marked
        Who truly has the marker, shape (subjects,).
    chance
        Of a positive test, shape (subjects,).
    weight, factor
        Weight of each subject, and what it is multiplied with before the test, each (subjects,).

    Raises
    ------
    InputError
        If all or none of the subjects are marked: selection then means nothing.
    """
    before = weight * factor
    if not are_both(is_marked, before):
        raise InputError(
            "all or none of the simulated patients have the marker",
            given=f"{int(is_marked.sum())} of {len(is_marked)}",
            allowed="a marker that some patients of the design have and others lack",
            fix="ask for more --subjects, choose other markers, or start from a wider design",
        )
    after = before * chance
    return Selection(
        factor=factor * chance,
        positive_share=float(after.sum() / before.sum()),
        true_share=float(after[is_marked].sum() / after.sum()),
        sensitivity=float(after[is_marked].sum() / before[is_marked].sum()),
        specificity=1.0 - float(after[~is_marked].sum() / before[~is_marked].sum()),
    )
