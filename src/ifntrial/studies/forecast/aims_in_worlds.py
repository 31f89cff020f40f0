"""What all worlds say beyond the primary test, gathered one after another."""

from array import array
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.studies.forecast.records import AimNumbers, SecondaryNumbers

_STRATEGY = 3


@dataclass(frozen=True, slots=True)
class StrategyInWorlds:
    """The primary test under one strategy for events: power and shares of responders, each (worlds,)."""

    power: FloatArray
    active: FloatArray
    control: FloatArray


@dataclass(frozen=True, slots=True)
class SecondaryInWorlds:
    """``SecondaryNumbers`` of all worlds, each (worlds,)."""

    power: FloatArray
    standard_error: FloatArray
    difference: FloatArray
    n_active: FloatArray
    n_control: FloatArray
    trial_sd: FloatArray


@dataclass(frozen=True, slots=True)
class AimsInWorlds:
    """``AimNumbers`` of all worlds; sequences are of shape (worlds, endpoints)."""

    strategies: Mapping[str, StrategyInWorlds]
    secondaries: tuple[SecondaryInWorlds, ...]
    sequences: Mapping[str, FloatArray]


class AimsTally:
    """Takes one world after another, in their order."""

    def __init__(self) -> None:
        self._strategies: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self._secondaries: defaultdict[int, array[float]] = defaultdict(lambda: array("d"))
        self._sequences: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))

    def add(self, world: AimNumbers) -> None:
        """Take the next world."""
        for name, rule in world.strategies.items():
            self._strategies[name].extend((rule.power, rule.active, rule.control))
        for place, each in enumerate(world.secondaries):
            self._secondaries[place].extend(astuple(each))
        for name, chances in world.sequences.items():
            self._sequences[name].extend(chances)

    def total(self) -> AimsInWorlds:
        """Return what was taken, once all worlds are."""
        return AimsInWorlds(
            {name: StrategyInWorlds(*_rows(each, _STRATEGY).T) for name, each in self._strategies.items()},
            tuple(
                SecondaryInWorlds(*_rows(each, len(fields(SecondaryNumbers))).T)
                for each in self._secondaries.values()
            ),
            {name: _rows(each, len(name.split())) for name, each in self._sequences.items()},
        )


def _rows(values: "array[float]", width: int) -> FloatArray:
    return np.array(values).reshape(-1, width)
