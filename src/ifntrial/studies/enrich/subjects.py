"""The subjects of one design in all worlds, which a study of enrichment weighs again and again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ifntrial.arrays import FloatArray, IntArray, SingleArray
from ifntrial.statistics.power import WorldPower
from ifntrial.studies.aside import put_aside
from ifntrial.studies.compare.plan import PreparedComparison
from ifntrial.studies.compare.power import TrialSize, enrolled, power_of_outcomes
from ifntrial.studies.compare.run import WorldResponses, outcomes_from
from ifntrial.studies.compare.worlds import count_statuses
from ifntrial.studies.outcomes import Outcomes


@dataclass(frozen=True, slots=True)
class SubjectsInWorlds:
    """Chance of response of every subject in every world, with what the analysis needs to know of them.

    Each selection weighs the same subjects otherwise, in hundreds of ways, so that a number is kept for each subject
    and world, in single precision: shares of a few replicates are exact in it. They need not be in memory.

    Parameters
    ----------
    chances
        What is kept of each subject, see ``WorldResponses.numbers``, and last one where it was simulated or zero where
        not, shape (worlds, numbers, subjects): of a response three numbers.
    weight
        How many real patients each stands for, shape (subjects,).
    stratum
        Number of the randomization stratum, shape (subjects,).
    """

    chances: SingleArray
    weight: FloatArray
    stratum: IntArray

    def weighed(self, factor: FloatArray) -> "SubjectsInWorlds":
        """Return the same subjects with their weights multiplied, ``factor`` of shape (subjects,)."""
        return replace(self, weight=self.weight * factor)

    def worlds(self) -> Iterator[tuple[Outcomes, FloatArray]]:
        """Yield outcomes and weight in each world, each (subjects,); who is not simulated has weight zero."""
        for world in self.chances:
            *numbers, is_simulated = world.astype(np.float64)
            yield outcomes_from(numbers), self.weight * is_simulated


def gather_subjects(
    prepared: PreparedComparison, records: Iterable[tuple[int, WorldResponses]], folder: Path
) -> tuple[SubjectsInWorlds, Mapping[str, int]]:
    """Return the subjects of the only design in all worlds, and how many have each status.

    Parameters
    ----------
    records
        Place and record of every world, in order.
    folder
        Where there is room for their chances of response; nothing is left in it.

    Raises
    ------
    FileError
        If there is no room.
    """
    (design,) = prepared.designs
    who, size = enrolled(prepared, design), prepared.common.population.size
    failed: Counter[str] = Counter()
    with put_aside(folder, np.float32) as aside:
        for _, world in records:
            is_simulated = np.ones(size)
            is_simulated[[int(subject) for subject in world.failed]] = 0.0
            aside.add(np.stack([*world.numbers(design.name), is_simulated]))
            failed.update(world.failed.values())
        chances = aside.total()
    return SubjectsInWorlds(chances, who.weight, who.stratum), count_statuses(prepared, failed)


def power_in_worlds(subjects: SubjectsInWorlds, size: TrialSize) -> Iterator[WorldPower]:
    """Yield the power in each world; ``influence`` is over all subjects, zero for those without weight."""
    for outcomes, weight in subjects.worlds():
        yield power_of_outcomes(outcomes, weight, subjects.stratum, size)


def effective_subjects(subjects: SubjectsInWorlds) -> float:
    """Return Kish's effective number of subjects, the least over worlds."""
    return float(min(weight.sum() ** 2 / (weight**2).sum() for _, weight in subjects.worlds()))


def benefit_in_worlds(subjects: SubjectsInWorlds) -> FloatArray:
    """Return the expected gain, active minus control, in the trial population of each world, shape (worlds,)."""
    return np.array([_gain(outcomes, weight) for outcomes, weight in subjects.worlds()])


def _gain(outcomes: Outcomes, weight: FloatArray) -> float:
    active, control = outcomes.active, outcomes.control
    if active.known.all() and control.known.all():
        return float((weight * (active.value - control.value)).sum() / weight.sum())
    own, other = (
        float((weight * each.value).sum() / (weight * each.known).sum()) for each in (active, control)
    )
    return own - other
