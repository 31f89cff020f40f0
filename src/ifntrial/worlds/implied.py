"""What each structural world implies at every address: the effect of blockade that a statement there speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.errors import resolve_name
from ifntrial.worlds.predictions import Predictions


@dataclass(frozen=True, slots=True)
class EffectAtAddress:
    """What all structural worlds imply at one address, in a trial without a trial effect.

    Parameters
    ----------
    effect
        Active against control, in the unit of the address, shape (worlds,).
    control
        The endpoint on control: share of responders, or mean change, shape (worlds,).
    standard_error
        Of all effects together, in the same unit: from the finite number of patients behind the correction.
    is_lower_better
        Whether an effect below zero is a benefit.
    checked
        Places of worlds that were simulated once more on other patients, shape (checked,).
    checked_effect
        Their effect there, shape (checked,).
    """

    effect: FloatArray
    control: FloatArray
    standard_error: float
    is_lower_better: bool
    checked: np.ndarray
    checked_effect: FloatArray


@dataclass(frozen=True, slots=True)
class ImpliedEffects:
    """Structural worlds that were kept, and what each implies.

    Parameters
    ----------
    number
        Of each in the draw of structural worlds, shape (worlds,).
    chance
        With which it was kept: worlds that hardly meet the published drug levels and signatures were mostly not
        simulated, and those that were count for the others; shape (worlds,).
    is_protective
        Whether interferon mostly restrains fibrosis there, shape (worlds,).
    at
        Address to what worlds imply there.
    predictions
        What every world of the draw, also one that was not kept, predicts for the published drug levels and signatures
        that weigh worlds.
    """

    number: np.ndarray
    chance: FloatArray
    is_protective: BoolArray
    at: Mapping[str, EffectAtAddress]
    predictions: Predictions

    @property
    def size(self) -> int:
        """Number of worlds."""
        return len(self.number)

    @property
    def control(self) -> FloatArray:
        """The endpoint on control at the first address, shape (worlds,)."""
        return next(iter(self.at.values())).control

    def at_address(self, name: str) -> EffectAtAddress:
        """Return what worlds imply at an address; an unknown one raises ``UnknownNameError``."""
        return resolve_name(name, self.at, "address")
