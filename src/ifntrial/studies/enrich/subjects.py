"""The subjects of one design in all worlds, which a study of enrichment weighs again and again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import FloatArray, IntArray, SingleArray
from ifntrial.statistics.power import WorldPower
from ifntrial.studies.compare.plan import PreparedComparison
from ifntrial.studies.compare.power import TrialSize, enrolled, power_of
from ifntrial.studies.compare.run import WorldResponses
from ifntrial.studies.compare.worlds import count_statuses


@dataclass(frozen=True, slots=True)
class SubjectsInWorlds:
    """Chance of response of every subject in every world, with what the analysis needs to know of them.

    Each selection weighs the same subjects otherwise, in hundreds of ways, so that a number is kept for each subject
    and world, in single precision: shares of a few replicates are exact in it.

    Parameters
    ----------
    active, control
        Shape (worlds, subjects).
    weight
        How many real patients each stands for; zero where not simulated, shape (worlds, subjects).
    stratum
        Number of the randomization stratum, shape (subjects,).
    """

    active: SingleArray
    control: SingleArray
    weight: FloatArray
    stratum: IntArray

    def weighed(self, factor: FloatArray) -> "SubjectsInWorlds":
        """Return the same subjects with their weights multiplied, ``factor`` of shape (subjects,)."""
        return replace(self, weight=self.weight * factor)

    def worlds(self) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
        """Yield active, control and weight in each world, each (subjects,)."""
        for active, control, weight in zip(self.active, self.control, self.weight, strict=True):
            yield active.astype(np.float64), control.astype(np.float64), weight


def gather_subjects(
    prepared: PreparedComparison, records: Iterable[tuple[int, WorldResponses]]
) -> tuple[SubjectsInWorlds, Mapping[str, int]]:
    """Return the subjects of the only design in all worlds, and how many have each status.

    Parameters
    ----------
    records
        Place and record of every world, in order.
    """
    (design,) = prepared.designs
    who, shape = enrolled(prepared, design), (prepared.worlds.size, prepared.common.population.size)
    active, control = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    weight = np.tile(who.weight, (shape[0], 1))
    failed: Counter[str] = Counter()
    for place, world in records:
        active[place], control[place] = world.active[design.name], world.control[design.name]
        weight[place, [int(subject) for subject in world.failed]] = 0.0
        failed.update(world.failed.values())
    return SubjectsInWorlds(active, control, weight, who.stratum), count_statuses(prepared, failed)


def power_in_worlds(subjects: SubjectsInWorlds, size: TrialSize) -> Iterator[WorldPower]:
    """Yield the power in each world; ``influence`` is over all subjects, zero for those without weight."""
    for active, control, weight in subjects.worlds():
        yield power_of(active, control, weight, subjects.stratum, size)


def effective_subjects(subjects: SubjectsInWorlds) -> float:
    """Return Kish's effective number of subjects, the least over worlds."""
    weight = subjects.weight
    return float((weight.sum(axis=1) ** 2 / (weight**2).sum(axis=1)).min())


def benefit_in_worlds(subjects: SubjectsInWorlds) -> FloatArray:
    """Return the expected gain in response, active minus control, in the trial population of each world."""
    return np.array(
        [(weight * (active - control)).sum() / weight.sum() for active, control, weight in subjects.worlds()]
    )
