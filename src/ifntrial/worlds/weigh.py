"""How much each structural world counts under a belief: worlds are weighed to have its distribution at its address.

The mass of a belief has three places to go. On the side of benefit it goes to ordinary worlds, sorted by their effect
into cells of a few worlds each: a cell has the belief's mass between its ends, and its worlds share it in proportion to
how well they meet the published drug levels and signatures. On the side of harm it goes to worlds without any effect or,
where the belief says so, to worlds in which interferon restrains fibrosis. What lies beyond all worlds is left out, and
said.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.errors import InputError
from ifntrial.evidence.records import Evidence
from ifntrial.normal_mixture import NormalMixture
from ifntrial.ties import stable_order
from ifntrial.worlds.beliefs import Belief, Statement
from ifntrial.worlds.implied import ImpliedEffects
from ifntrial.worlds.posterior import data_likelihood, effective_worlds

ORDINARY, WITHOUT_EFFECT, PROTECTIVE = 0, 1, 2
PARTS = {ORDINARY: "effect", WITHOUT_EFFECT: "no effect", PROTECTIVE: "protective"}
"""Kinds of worlds a belief has mass in: an ordinary effect, none, and interferon that restrains fibrosis."""
MOST_CELLS, WORLDS_OF_A_CELL = 400, 10
"""Worlds are sorted into so many cells at most, and into fewer if a cell would have fewer effective worlds."""
MOST_UNREACHED = 0.05
"""A belief of which more lies beyond all worlds is refused: what is left of it would be another belief."""


@dataclass(frozen=True, slots=True)
class BeliefWeights:
    """How much each structural world counts under a belief; everything together sums to one.

    Parameters
    ----------
    effect
        With its own drug effect, shape (worlds,).
    no_effect
        With no effect on the disease, shape (worlds,).
    is_protective
        Whether interferon mostly restrains fibrosis, shape (worlds,).
    unreached
        Share of the belief, as stated, that lies beyond all worlds and was left out.
    """

    effect: FloatArray
    no_effect: FloatArray
    is_protective: BoolArray
    unreached: float = 0.0

    def in_part(self, part: int) -> FloatArray:
        """Return the weights of worlds in one of ``PARTS``, zero elsewhere, shape (worlds,)."""
        if part == WITHOUT_EFFECT:
            return self.no_effect
        return np.where(self.is_protective == (part == PROTECTIVE), self.effect, 0.0)

    @property
    def either(self) -> FloatArray:
        """Weights with an effect or without, shape (worlds,)."""
        return self.effect + self.no_effect

    @property
    def effective(self) -> float:
        """Effective number of worlds by Kish: of those with an effect, or of all where the belief has none."""
        return effective_worlds(self.effect if self.effect.sum() > 0 else self.no_effect)


def base_weights(implied: ImpliedEffects, evidence: Evidence, without: Collection[str] = ()) -> FloatArray:
    """Return how well each world meets the published results, over the chance with which it was kept, shape (worlds,).

    Parameters
    ----------
    without
        Ids of observations that do not count.

    Raises
    ------
    RunError
        If no world meets them, or the calibration lacks one.
    """
    likelihood = data_likelihood(implied.predictions, evidence, without)
    weight: FloatArray = likelihood[implied.number] / implied.chance
    return weight


def weigh(belief: Belief, implied: ImpliedEffects, base: FloatArray) -> BeliefWeights:
    """Return the weights of a belief.

    Parameters
    ----------
    base
        See ``base_weights``.

    Raises
    ------
    InputError
        If worlds reach too little of the belief.
    UnknownNameError
        If its address is not one of the calibration's.
    """
    ordinary = np.where(implied.is_protective, 0.0, base)
    if belief.statement is None:
        return BeliefWeights(np.zeros_like(base), ordinary / ordinary.sum(), implied.is_protective)
    stated = belief.statement
    place = implied.at_address(stated.address)
    benefit = -place.effect if place.is_lower_better else place.effect
    effect = _mirrored(stated.effect) if place.is_lower_better else stated.effect
    below = float(effect.cdf(0.0))
    parts = [np.zeros_like(base)]
    unreached, no_effect = 0.0, np.zeros_like(base)
    if not stated.only_harm:
        helped, lost = _in_cells(effect, (below, 1.0), benefit, np.where(benefit > 0, ordinary, 0.0))
        parts.append(helped)
        unreached += lost
    if stated.below_zero == "harm":
        harmful = np.where(implied.is_protective & (benefit < 0), base, 0.0)
        harmed, lost = _in_cells(effect, (0.0, below), benefit, harmful)
        parts.append(harmed)
        unreached += lost
    else:
        no_effect = below * ordinary / ordinary.sum()
    together = np.sum(parts, axis=0)
    total = float(together.sum() + no_effect.sum())
    asked = below if stated.only_harm else 1.0
    _require_reached(belief, stated, unreached / asked, implied)
    return BeliefWeights(together / total, no_effect / total, implied.is_protective, unreached / asked)


def _mirrored(effect: NormalMixture) -> NormalMixture:
    return NormalMixture(effect.weights, -effect.means, effect.sds)


def _in_cells(
    effect: NormalMixture, levels: tuple[float, float], benefit: FloatArray, base: FloatArray
) -> tuple[FloatArray, float]:
    """Return weights with the distribution of ``effect`` between two of its levels, and what no world reaches.

    Parameters
    ----------
    levels
        Cumulative probabilities between which the belief is meant.
    benefit
        Effect of each world, higher is better, shape (worlds,).
    base
        Zero for worlds that do not take part, shape (worlds,).

    Returns
    -------
    Weights that sum to the probability between the levels less what is not reached; and that.
    """
    mass, weight = levels[1] - levels[0], np.zeros_like(base)
    places = np.flatnonzero(base > 0)
    if mass <= 0 or len(places) == 0:
        return weight, max(mass, 0.0)
    places = places[stable_order(benefit[places])]
    sorted_by, own = benefit[places], base[places]
    cell = _cells(own)
    last = np.flatnonzero(np.diff(cell))  # of each cell but the last
    ends = np.concatenate(
        [[_beyond(sorted_by)], 0.5 * (sorted_by[last] + sorted_by[last + 1]), [-_beyond(-sorted_by[::-1])]]
    )
    held = np.diff(np.clip(effect.cdf(ends), *levels))
    weight[places] = held[cell] * own / np.bincount(cell, weights=own)[cell]
    return weight, mass - float(held.sum())


def _cells(own: FloatArray) -> IntArray:
    """Return the cell of each sorted world, in which all cells have about the same weight, shape (worlds,)."""
    number = int(np.clip(effective_worlds(own) / WORLDS_OF_A_CELL, 1, MOST_CELLS))
    middle = (np.cumsum(own) - 0.5 * own) / own.sum()
    _, cell = np.unique((middle * number).astype(np.int64), return_inverse=True)
    return np.asarray(cell, dtype=np.int64)


def _beyond(ascending: FloatArray) -> float:
    """Return where worlds begin: half a step before the first, by the step to the second."""
    step = ascending[1] - ascending[0] if len(ascending) > 1 else 0.0
    return float(ascending[0] - 0.5 * step)


def _require_reached(belief: Belief, stated: Statement, unreached: float, implied: ImpliedEffects) -> None:
    if unreached <= MOST_UNREACHED:
        return
    effect = implied.at_address(stated.address).effect
    raise InputError(
        f"worlds do not reach enough of the belief '{belief.name}'",
        given=f"{100 * unreached:.0f} % of it lies beyond all {implied.size} worlds, whose effects at "
        f"'{stated.address}' go from {effect.min():.2f} to {effect.max():.2f}",
        allowed=f"at most {100 * MOST_UNREACHED:g} %",
        fix="state a smaller effect, or below_zero: harm for a belief that blockade may do harm",
    )
