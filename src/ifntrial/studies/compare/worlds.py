"""All worlds of a comparison: the power of each design at each size, with sums over worlds in place of subjects."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ifntrial.statistics.assurance import PowerInWorlds, PowerTally
from ifntrial.studies.compare.plan import PreparedComparison, world_weights
from ifntrial.studies.compare.power import enrolled, power_of_outcomes, size_in
from ifntrial.studies.compare.run import WorldResponses, outcomes_from


@dataclass(frozen=True, slots=True)
class ComparedWorlds:
    """What all worlds say of each design.

    Parameters
    ----------
    power
        Name of a design to number of patients to power in every world.
    effective_subjects
        Name of a design to Kish's effective number of subjects, the least over worlds.
    statuses
        Status to how many subjects have it over all worlds, see ``count_statuses``.
    """

    power: Mapping[str, Mapping[int, PowerInWorlds]]
    effective_subjects: Mapping[str, float]
    statuses: Mapping[str, int]


def gather_power(
    prepared: PreparedComparison,
    records: Iterable[tuple[int, WorldResponses]],
    sizes: Callable[[int], Sequence[int]] = lambda own: (own,),
) -> ComparedWorlds:
    """Return all worlds, one after another in memory.

    Parameters
    ----------
    records
        Place and record of every world, in order.
    sizes
        Of a design's own number of patients: those at which its power is wanted.
    """
    weights = world_weights(prepared)
    designs = {
        design.name: (enrolled(prepared, design), size_in(prepared, design)) for design in prepared.designs
    }
    tallies = {
        design.name: {
            size: PowerTally(weights, designs[design.name][1].sign) for size in sizes(design.size.analyzed)
        }
        for design in prepared.designs
    }
    effective = dict.fromkeys(designs, np.inf)
    failed: Counter[str] = Counter()
    for _, world in records:
        failed.update(world.failed.values())
        for name, (who, own) in designs.items():
            reading = prepared.reading_of[name]
            outcomes = outcomes_from([each.astype(np.float64) for each in world.numbers(reading)])
            weight = who.weight.copy()
            weight[[int(subject) for subject in world.failed]] = 0.0
            effective[name] = min(effective[name], float(weight.sum() ** 2 / (weight**2).sum()))
            for size, tally in tallies[name].items():
                tally.add(power_of_outcomes(outcomes, weight, who.stratum, own.with_total(size)))
    return ComparedWorlds(
        power={
            name: {size: tally.total() for size, tally in by_size.items()}
            for name, by_size in tallies.items()
        },
        effective_subjects=effective,
        statuses=count_statuses(prepared, failed),
    )


def count_statuses(prepared: PreparedComparison, failed: Mapping[str, int]) -> dict[str, int]:
    """Return how many subjects over all worlds are ``ok``, or have the first arm that failed with its reason."""
    solved = prepared.worlds.size * prepared.common.population.size - sum(failed.values())
    found = {**failed, "ok": solved} if solved else dict(failed)
    return {word: found[word] for word in sorted(found)}
