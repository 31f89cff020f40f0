"""Which worlds a study simulates, and how much each counts under every belief.

All beliefs share one panel. Its worlds with an effect are drawn in proportion to their mean weight under all beliefs,
sorted by their effect, so that a panel of a few hundred has the beliefs' quantiles and not those of chance; then each
belief weighs the panel by itself. Worlds without any effect, and worlds in which interferon restrains fibrosis, have
fixed parts of the panel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.errors import InputError
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.seeds import Stream
from ifntrial.ties import stable_order
from ifntrial.worlds.beliefs import MIXTURE, Belief
from ifntrial.worlds.calibration import Calibration
from ifntrial.worlds.draw import Worlds
from ifntrial.worlds.implied import ImpliedEffects
from ifntrial.worlds.posterior import effective_worlds
from ifntrial.worlds.weigh import (
    ORDINARY,
    PARTS,
    PROTECTIVE,
    WITHOUT_EFFECT,
    BeliefWeights,
    base_weights,
    weigh,
)

FEWEST_WORLDS = 6
MOST_WORLDS = 2**53
"""Up to here every whole number is itself in double precision; a run holds no more worlds than the calibration has."""
SHARE_OF_PANEL = {WITHOUT_EFFECT: 1 / 6, PROTECTIVE: 1 / 8}
"""The rest has an ordinary effect; what a trial shows of the others differs little from one to the next."""


@dataclass(frozen=True, slots=True)
class WorldChoice:
    """The worlds of a run.

    Parameters
    ----------
    positions
        Places of the chosen structural worlds, shape (chosen,); one may be there with and without its effect.
    part
        Which of ``weigh.PARTS`` each was drawn for, shape (chosen,).
    ratio
        How often each was drawn over how likely that was, shape (chosen,).
    counts
        Belief to how much each chosen world counts, summing to one, each (chosen,); the mixture is one of them.
    beliefs
        Belief to the weights of all structural worlds.
    shares
        Belief to its part in the mixture, summing to one.
    absent, absent_weight
        How many worlds of the run are not among these, as they were not simulated, and belief to what they count.
    """

    positions: IntArray
    part: IntArray
    ratio: FloatArray
    counts: Mapping[str, FloatArray]
    beliefs: Mapping[str, BeliefWeights]
    shares: Mapping[str, float]
    absent: int = 0
    absent_weight: Mapping[str, float] = field(default_factory=dict)

    @property
    def has_effect(self) -> BoolArray:
        """Whether each world is simulated with its drug effect, shape (chosen,)."""
        return np.asarray(self.part != WITHOUT_EFFECT)

    @property
    def structural_mixture(self) -> FloatArray:
        """Weights of all structural worlds under the mixture, with an effect or without, shape (structural,)."""
        each = [share * self.beliefs[name].either for name, share in self.shares.items()]
        return np.asarray(np.sum(each, axis=0))

    @property
    def effective(self) -> dict[str, float]:
        """Belief, or the mixture, to the effective number of structural worlds behind it."""
        found = {name: weights.effective for name, weights in self.beliefs.items()}
        return {**found, MIXTURE: effective_worlds(self.structural_mixture)}

    def worlds_of(self, calibration: Calibration, model: Model, evidence: Evidence) -> Worlds:
        """Return the chosen worlds, drawn again, each with its effect or without."""
        return calibration.structural_worlds(model, evidence, self.positions).with_effect(self.has_effect)

    def only(self, places: IntArray) -> "WorldChoice":
        """Return some of the worlds; those of a part of the panel count for all worlds of it.

        A mean over worlds of what lies between 0 and 1 is then off by no more than what the absent worlds count.

        Raises
        ------
        InputError
            If none of them counts under a belief.
        """
        part = self.part[places]
        counts = {name: self._left(name, places) for name in self.shares}
        mixture = np.sum([share * counts[name] for name, share in self.shares.items()], axis=0)
        return replace(
            self,
            positions=self.positions[places],
            part=part,
            ratio=self.ratio[places],
            counts={**counts, MIXTURE: np.asarray(mixture)},
            absent=len(self.positions) - len(places),
            absent_weight={name: float(1.0 - count[places].sum()) for name, count in self.counts.items()},
        )

    def _left(self, belief: str, places: IntArray) -> FloatArray:
        count, part = self.counts[belief], self.part[places]
        left = count[places]
        for each in PARTS:
            if (own := left[part == each].sum()) > 0:
                left[part == each] *= count[self.part == each].sum() / own
        return _summing_to_one(belief, left, fix="simulate more of the worlds that are absent")

    def weighed_by(
        self, beliefs: Sequence[Belief], implied: ImpliedEffects, base: FloatArray
    ) -> "WorldChoice":
        """Return the same worlds as other beliefs, or published results, weigh them; errors as ``choose_worlds``."""
        _require_weight(beliefs)
        weights = {belief.name: weigh(belief, implied, base) for belief in beliefs}
        total = sum(belief.share for belief in beliefs)
        return self.counted(weights, {belief.name: belief.share / total for belief in beliefs})

    def counted(self, weights: Mapping[str, BeliefWeights], shares: Mapping[str, float]) -> "WorldChoice":
        """Return the same worlds as weights of all structural worlds count them; errors as ``choose_worlds``."""
        counts = {name: _summing_to_one(name, self._count(weight)) for name, weight in weights.items()}
        counts[MIXTURE] = np.asarray(np.sum([share * counts[name] for name, share in shares.items()], axis=0))
        return replace(self, counts=counts, beliefs=weights, shares=shares)

    def _count(self, weights: BeliefWeights) -> FloatArray:
        """Return what each world counts under a belief; those of a part hold the mass that the belief has in it."""
        count = np.zeros(len(self.positions))
        for part in PARTS:
            chosen, of_all = self.part == part, weights.in_part(part)
            own = self.ratio[chosen] * of_all[self.positions[chosen]]
            if own.sum() > 0:
                count[chosen] = own * (of_all.sum() / own.sum())
        return count


def choose_worlds(
    beliefs: Sequence[Belief], implied: ImpliedEffects, evidence: Evidence, worlds: int, seed: int
) -> WorldChoice:
    """Return the worlds of a run, sorted by their effect, and what each counts.

    Parameters
    ----------
    worlds
        How many to draw; the same one may be drawn twice, and is then simulated once.

    Raises
    ------
    InputError
        If the number of worlds is out of range, the beliefs have no weight, or worlds reach too little of one.
    """
    if not FEWEST_WORLDS <= worlds <= MOST_WORLDS:
        raise InputError(
            "the number of worlds is out of range",
            given=str(worlds),
            allowed=f"{FEWEST_WORLDS} to {MOST_WORLDS}",
            fix="a few hundred worlds give a stable answer; more than the calibration holds tell nothing more",
        )
    base = base_weights(implied, evidence)
    weights = [weigh(belief, implied, base) for belief in beliefs]
    proposals = {part: np.sum([_scaled(each.in_part(part)) for each in weights], axis=0) for part in PARTS}
    if not proposals[WITHOUT_EFFECT].sum() > 0:
        # what a test does where nothing is to be found is asked whatever is believed
        proposals[WITHOUT_EFFECT] = np.where(implied.is_protective, 0.0, base)
    numbers = _numbers(worlds, [part for part in PARTS if proposals[part].sum() > 0])
    benefit = _benefit(implied)
    drawn = [
        _draw(part, proposals[part], implied.control if part == WITHOUT_EFFECT else benefit, number, seed)
        for part, number in numbers.items()
    ]
    positions, part, ratio = (np.concatenate(each) for each in zip(*drawn, strict=True))
    order = stable_order(np.where(part == WITHOUT_EFFECT, 0.0, benefit[positions]))
    panel = WorldChoice(positions[order], part[order], ratio[order], {}, {}, {})
    return panel.weighed_by(beliefs, implied, base)


def _require_weight(beliefs: Sequence[Belief]) -> None:
    if not sum(belief.share for belief in beliefs) > 0:
        raise InputError(
            "no belief has a weight",
            given=", ".join(f"{belief.name} {belief.share:g}" for belief in beliefs) or "no belief",
            allowed="at least one weight above zero",
            fix="give a belief a weight",
        )


def _summing_to_one(
    belief: str, count: FloatArray, fix: str = "ask for more worlds, or leave the belief out"
) -> FloatArray:
    total = float(count.sum())
    if not total > 0:
        raise InputError(
            f"none of the worlds drawn counts under the belief '{belief}'",
            given=f"{len(count)} worlds",
            allowed="worlds that belong to it",
            fix=fix,
        )
    return count / total


def _scaled(weight: FloatArray) -> FloatArray:
    """Return weights that sum to one, or zeros."""
    total = weight.sum()
    return weight / total if total > 0 else weight


def _benefit(implied: ImpliedEffects) -> FloatArray:
    """Return one number for each world by which worlds are sorted: its mean rank over all addresses, harm below zero."""
    ranks = []
    for place in implied.at.values():
        benefit = -place.effect if place.is_lower_better else place.effect
        rank = np.empty(implied.size)
        rank[stable_order(benefit)] = np.arange(implied.size)
        ranks.append(rank - float(np.sum(benefit < 0)))
    return np.asarray(np.mean(ranks, axis=0))


def _numbers(worlds: int, parts: Sequence[int]) -> dict[int, int]:
    """Return how many worlds each part in use gets; those with an ordinary effect get what the others leave."""
    if ORDINARY not in parts:
        return {part: max(1, worlds // len(parts)) for part in parts}
    others = {part: max(1, round(worlds * SHARE_OF_PANEL[part])) for part in parts if part != ORDINARY}
    return {ORDINARY: worlds - sum(others.values()), **others}


def _draw(
    part: int, weight: FloatArray, sorted_by: FloatArray, number: int, seed: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return places, part and ratio of worlds drawn in proportion to a weight, systematically over the sorted worlds."""
    offset = Stream(seed, f"choose worlds: {PARTS[part]}").uniform(1)[0]
    order = stable_order(sorted_by)
    ladder = np.cumsum(weight[order])
    # points (k + offset) / number that lie at or below each rung; counted, as there may be more than memory holds
    below = np.clip(np.floor(ladder / ladder[-1] * number - offset) + 1.0, 0.0, number)
    below[-1] = number
    times = np.zeros(len(order))
    times[order] = np.diff(below, prepend=0.0)
    found = np.flatnonzero(times)
    return found, np.full(len(found), part), times[found] / weight[found]
