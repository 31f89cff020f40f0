"""Beliefs about the effect of blockade: each a statement with an address, or that there is no effect.

No efficacy datum of interferon blockade in systemic sclerosis exists. A belief states a distribution of one effect
measure, under one responder rule and estimand, at one week, in one population: its address. What it means for another
trial follows from the worlds that agree with it there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.normal_mixture import NormalMixture

MIXTURE = "mixture"

BelowZero = Literal["no effect", "harm"]
"""What a belief's mass on the side of harm stands for: no effect at all, or interferon that restrains fibrosis."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A distribution of an effect at an address.

    Parameters
    ----------
    address
        Name of the address.
    effect
        Of active against control, in the unit of the address.
    basis
        Where the distribution comes from, in words.
    below_zero
        What the mass on the side of harm stands for.
    only_harm
        Whether only that side is meant; the rest of the distribution is left out.
    """

    address: str
    effect: NormalMixture
    basis: str
    below_zero: BelowZero = "no effect"
    only_harm: bool = False

    def __post_init__(self) -> None:
        if self.only_harm and self.below_zero == "no effect":
            raise InputError(
                "a belief in harm alone has no world to stand for it",
                given="only_harm with below_zero 'no effect'",
                allowed="below_zero 'harm'",
                fix="say below_zero: harm",
            )

    def levels(self, *, is_lower_better: bool) -> tuple[float, float]:
        """Return the cumulative probabilities of the effect between which the belief is meant."""
        if not self.only_harm:
            return 0.0, 1.0
        zero = float(self.effect.cdf(0.0))
        return (zero, 1.0) if is_lower_better else (0.0, zero)

    def no_benefit(self, *, is_lower_better: bool) -> float:
        """Return the part of what is meant that is no benefit or harm."""
        if self.only_harm:
            return 1.0
        below = float(self.effect.cdf(0.0))
        return 1.0 - below if is_lower_better else below

    def spread(self, percentiles: Sequence[float], *, is_lower_better: bool) -> "EffectSpread":
        """Return what is meant, with its quantiles at the percentiles asked for."""
        low, high = self.levels(is_lower_better=is_lower_better)
        levels = low + (high - low) * np.array(percentiles) / 100.0
        ends = (-np.inf, np.inf)
        if self.only_harm:
            ends = (0.0, np.inf) if is_lower_better else (-np.inf, 0.0)
        mass, first, second = self.effect.moments_between(*ends)
        return EffectSpread.of_moments(first / mass, second / mass, self.effect.quantile(levels))

    def spread_in_worlds(self, percentiles: Sequence[float], *, is_lower_better: bool) -> "EffectSpread":
        """Return the same of the worlds that stand for it: zero where the mass on the side of harm is no effect."""
        meant = self.spread(percentiles, is_lower_better=is_lower_better)
        if self.below_zero != "no effect":
            return meant
        benefit, cut = ((-np.inf, 0.0), np.minimum) if is_lower_better else ((0.0, np.inf), np.maximum)
        _, first, second = self.effect.moments_between(*benefit)
        return EffectSpread.of_moments(first, second, cut(meant.quantiles, 0.0))


@dataclass(frozen=True, slots=True)
class EffectSpread:
    """How an effect spreads, in the unit of its address.

    Parameters
    ----------
    mean, sd
        Expectation and standard deviation.
    quantiles
        At the percentiles that were asked for.
    """

    mean: float
    sd: float
    quantiles: FloatArray

    @classmethod
    def of_moments(cls, first: float, second: float, quantiles: FloatArray) -> "EffectSpread":
        """Return the spread with these expectations of the effect and of its square."""
        return cls(first, float(np.sqrt(second - first**2)), quantiles)


@dataclass(frozen=True, slots=True)
class Belief:
    """A named belief.

    Parameters
    ----------
    name, label, meaning
        As shown to people.
    share
        Its weight in the mixture, not normalized; 0 for a belief that is shown beside it.
    statement
        None: blockade has no effect on the disease, exactly.
    """

    name: str
    label: str
    meaning: str
    share: float
    statement: Statement | None = None
