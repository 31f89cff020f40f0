"""Power of a design in every world from shared responses, and how it differs between designs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student_t

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.design.design import TrialDesign
from ifntrial.levels import NORMAL_95, UPPER_TAIL
from ifntrial.statistics.power import WorldPower, power_of_stratified_cmh, stratum_index
from ifntrial.studies.compare.plan import PreparedComparison
from ifntrial.studies.compare.run import SharedResponses
from ifntrial.ties import are_equal, reaches


@dataclass(frozen=True, slots=True)
class SubjectResponses:
    """Chance of response of subjects in every world, with what the analysis needs to know of them.

    Parameters
    ----------
    active, control
        Shape (worlds, subjects).
    weight
        How many real patients each stands for; zero where not simulated, shape (worlds, subjects).
    stratum
        Number of the randomization stratum, shape (subjects,).
    """

    active: FloatArray
    control: FloatArray
    weight: FloatArray
    stratum: IntArray

    def weighed(self, factor: FloatArray) -> "SubjectResponses":
        """Return the same subjects with their weights multiplied, ``factor`` of shape (subjects,)."""
        return replace(self, weight=self.weight * factor)


@dataclass(frozen=True, slots=True)
class TrialSize:
    """Number of patients in all arms, shares of the two arms that are compared, and one-sided level of the test."""

    total: float
    active_share: float
    control_share: float
    alpha_one_sided: float

    def with_total(self, total: float) -> "TrialSize":
        """Return the same trial with another number of patients."""
        return replace(self, total=total)


def responses_of(
    prepared: PreparedComparison, responses: SharedResponses, design: TrialDesign
) -> SubjectResponses:
    """Return the responses of the subjects that a design enrolls; others have weight zero."""
    reading, population = prepared.reading_of[design.name], prepared.common.population
    member = prepared.common.is_member[design.name] * population.prevalence_weight
    stratum, _ = stratum_index(design, dict(population.covariates))
    return SubjectResponses(
        responses.active[reading].astype(np.float64),
        responses.control[reading].astype(np.float64),
        np.where(responses.is_solved, member, 0.0),
        stratum,
    )


def size_of(design: TrialDesign) -> TrialSize:
    """Return a design's size and how it is shared out; a further arm counts in the total alone."""
    total = design.size.analyzed
    active, control = (design.n_of(arm) / total for arm in (design.active, design.control))
    return TrialSize(total, active, control, design.assumed.analysis.alpha_one_sided)


def power_in_worlds(subjects: SubjectResponses, size: TrialSize) -> list[WorldPower]:
    """Return the power in each world; ``influence`` is over all common subjects, zero for those without weight."""
    return [
        _power(*world, subjects.stratum, size)
        for world in zip(subjects.active, subjects.control, subjects.weight, strict=True)
    ]


def _power(
    active: FloatArray,
    control: FloatArray,
    weight: FloatArray,
    stratum: IntArray,
    size: TrialSize,
) -> WorldPower:
    has_weight = weight > 0
    found = power_of_stratified_cmh(
        active[has_weight],
        control[has_weight],
        weight[has_weight],
        stratum[has_weight],
        n_active=size.total * size.active_share,
        n_control=size.total * size.control_share,
        alpha_one_sided=size.alpha_one_sided,
    )
    influence = np.zeros(len(weight))
    influence[has_weight] = found.influence
    return replace(found, influence=influence)


@dataclass(frozen=True, slots=True)
class Difference:
    """Difference of two probabilities of success, paired by world.

    Parameters
    ----------
    estimate
        Weighted mean over worlds of the difference in power.
    low, high
        95 % interval with worlds as the unit.
    mc_low, mc_high
        95 % interval from the finite number of simulated subjects alone.
    better_in
        Weighted share of worlds in which the power is higher by at least ``SAME``.
    worse_in
        Weighted share of worlds in which it is lower by at least ``SAME``.
    """

    estimate: float
    low: float
    high: float
    mc_low: float
    mc_high: float
    better_in: float
    worse_in: float


SAME = 0.001
"""Powers that differ by less count as the same."""


def paired_difference(
    worlds: Sequence[WorldPower], reference: Sequence[WorldPower], world_weight: FloatArray
) -> Difference:
    """Return how much better ``worlds`` do than ``reference``: the same worlds and subjects, in the same order."""
    weight = world_weight / world_weight.sum()
    gap = np.array([one.power - other.power for one, other in zip(worlds, reference, strict=True)])
    mean = float((weight * gap).sum())
    units = 1.0 / float((weight**2).sum())
    if are_equal(gap[weight > 0]):
        half = 0.0
    elif units > 1.0 + 1e-9:
        error = np.sqrt((weight**2 * (gap - mean) ** 2).sum() * units / (units - 1.0))
        half = float(student_t.ppf(UPPER_TAIL, max(units - 1.0, 1.0)) * error)
    else:
        half = 2.0
    influence = np.sum(
        [
            w * (one.influence - other.influence)
            for w, one, other in zip(weight, worlds, reference, strict=True)
        ],
        axis=0,
    )
    chance = NORMAL_95 * float(np.sqrt((influence**2).sum()))
    return Difference(
        estimate=mean,
        low=max(mean - half, -1.0),
        high=min(mean + half, 1.0),
        mc_low=max(mean - chance, -1.0),
        mc_high=min(mean + chance, 1.0),
        better_in=float(weight[reaches(gap, SAME)].sum()),
        worse_in=float(weight[reaches(-gap, SAME)].sum()),
    )
