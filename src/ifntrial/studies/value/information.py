"""Value of information over weighted worlds: of everything, of what a study is about, and of the study.

The worlds are taken for all there is, so that three numbers are in order whatever they are: a study tells no more than
the true effect that it is about, and that no more than the world itself. What a study would print is cut into cells of
equal chance, in which it is as likely as its normal law says; the worlds within a cell of effects are told apart by
nothing that the study sees, so that their chances are averaged.

Source: Raiffa and Schlaifer 1961, Applied statistical decision theory (EVPI, EVSI); Strong and others 2014, Estimating
multiparameter partial expected value of perfect information (conditional means for EVPPI).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ifntrial.arrays import FloatArray
from ifntrial.normal_mixture import NormalMixture
from ifntrial.ties import stable_order

CELLS = 400
"""Into which what a study would print is cut."""
EFFECT_CELLS, WORLDS_OF_A_CELL = 40, 5
"""Into which worlds are sorted by the effect that a study is about, and fewer if a cell would have fewer worlds: what is
known by the effect alone would else be the world itself."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a study would tell.

    Parameters
    ----------
    chance
        Of each thing that it may print, summing to one, shape (cells,).
    answer
        The answer after each, same shape.
    """

    chance: FloatArray
    answer: FloatArray


def worth(answer: FloatArray, gain: float, cost: float) -> FloatArray:
    """Return what the better of going and not going is worth: not going is worth nothing."""
    return np.maximum(answer * gain - cost, 0.0)


def perfect(value: FloatArray, weight: FloatArray, gain: float, cost: float) -> float:
    """Return the expected value of perfect information about each world.

    Parameters
    ----------
    value, weight
        Chance of success in each world, and what the world counts, summing to one; each (worlds,).
    """
    now = worth(np.array([(weight * value).sum()]), gain, cost)[0]
    return float((weight * worth(value, gain, cost)).sum() - now)


def of_study(told: Told, gain: float, cost: float) -> float:
    """Return the expected value of a study."""
    now = worth(np.array([(told.chance * told.answer).sum()]), gain, cost)[0]
    return float((told.chance * worth(told.answer, gain, cost)).sum() - now)


def known_by_effect(value: FloatArray, effect: FloatArray, weight: FloatArray) -> FloatArray:
    """Return what is expected of each world if only its effect is known, shape (worlds,).

    Worlds are sorted into cells of equal weight; those without an effect, where it is exactly zero, are one of them.
    """
    cell = np.zeros(len(effect), dtype=np.int64)
    has = effect != 0.0
    order = stable_order(effect[has])
    own = weight[has][order]
    if own.sum() > 0:
        middle = (np.cumsum(own) - 0.5 * own) / own.sum()
        cells = min(EFFECT_CELLS, max(len(own) // WORLDS_OF_A_CELL, 1))
        sorted_cell = np.empty(len(own), dtype=np.int64)
        sorted_cell[order] = 1 + np.minimum((middle * cells).astype(np.int64), cells - 1)
        cell[has] = sorted_cell
    mass = np.bincount(cell, weights=weight)
    mean = np.divide(np.bincount(cell, weights=weight * value), mass, out=np.zeros_like(mass), where=mass > 0)
    return np.asarray(mean[cell])


def told_by_study(value: FloatArray, effect: FloatArray, weight: FloatArray, error: float) -> Told:
    """Return what a study would tell that prints each world's effect with a normal error.

    Parameters
    ----------
    value
        What is expected of each world if its effect is known, shape (worlds,).
    error
        Standard deviation of what the study prints around the effect, in the unit of the effect.
    """
    counts = weight > 0
    law = NormalMixture(
        weight[counts] / weight[counts].sum(), effect[counts], np.full(int(counts.sum()), error)
    )
    inner = law.quantile(np.arange(1, CELLS) / CELLS)
    edges = np.concatenate([[-np.inf], inner, [np.inf]])
    likely = np.diff(ndtr((edges - effect[counts, None]) / error), axis=1)
    joint = (weight[counts] / weight[counts].sum())[:, None] * likely
    chance = joint.sum(axis=0)
    return Told(chance, (joint * value[counts, None]).sum(axis=0) / chance)
