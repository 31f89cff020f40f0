"""Compare designs on the same worlds and subjects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student_t

from ifntrial.errors import InputError, listed
from ifntrial.trial.assurance import Estimate, assurance
from ifntrial.trial.operating import WorldPower
from ifntrial.trial.sample_size import RequiredSize, required_size


@dataclass(frozen=True, slots=True)
class ComparedDesign:
    """One design beside the first.

    Parameters
    ----------
    name
        Of the design.
    assurance
        Its own probability of success.
    difference, low, high
        Assurance minus that of the first design, paired by world, with the 95 % interval of worlds as units.
    better_in
        Share of worlds in which its power is higher than the first design's.
    size_for_target
        What it would take to reach the target.
    """

    name: str
    assurance: Estimate
    difference: float
    low: float
    high: float
    better_in: float
    size_for_target: RequiredSize


def compare_designs(
    worlds_by_design: Mapping[str, Sequence[WorldPower]], *, target: float = 0.8, active_share: float = 0.5
) -> tuple[ComparedDesign, ...]:
    """Return each design against the first; worlds must be the same, in the same order.

    Raises
    ------
    InputError
        If designs have different numbers of worlds.
    """
    counts = {name: len(worlds) for name, worlds in worlds_by_design.items()}
    if not counts or len(set(counts.values())) != 1 or 0 in counts.values():
        raise InputError(
            "designs can be compared on the same worlds only",
            given=listed(f"{name}: {count} worlds" for name, count in counts.items()) or "no design",
            allowed="the same worlds for each design",
            fix="run each design with the same seed and number of worlds",
        )
    first = np.array([world.power for world in next(iter(worlds_by_design.values()))])
    rows = []
    for name, worlds in worlds_by_design.items():
        gap = np.array([world.power for world in worlds]) - first
        count = len(gap)
        half = (
            float(student_t.ppf(0.975, count - 1) * gap.std(ddof=1) / np.sqrt(count)) if count > 1 else np.inf
        )
        rows.append(
            ComparedDesign(
                name=name,
                assurance=assurance(worlds),
                difference=float(gap.mean()),
                low=max(float(gap.mean()) - half, -1.0),
                high=min(float(gap.mean()) + half, 1.0),
                better_in=float((gap > 0).mean()),
                size_for_target=required_size(
                    [world.rates for world in worlds], target, active_share=active_share
                ),
            )
        )
    return tuple(rows)
