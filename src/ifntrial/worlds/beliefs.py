"""Beliefs about the effect of blockade: each a statement with an address, or that there is no effect.

No efficacy datum of interferon blockade in systemic sclerosis exists. A belief states a distribution of one effect
measure, under one responder rule and estimand, at one week, in one population: its address. What it means for another
trial follows from the worlds that agree with it there.
"""

from dataclasses import dataclass
from typing import Literal

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
