"""Power of a design in a world from shared responses, and how it differs between designs over all worlds."""

from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.design.design import TrialDesign
from ifntrial.levels import NORMAL_95
from ifntrial.statistics.assurance import PowerInWorlds, error_of_sum
from ifntrial.statistics.looks.plan import OverLooks, over_looks
from ifntrial.statistics.mean_over_worlds import mean_over_worlds
from ifntrial.statistics.power import WorldPower, power_of_stratified_cmh, stratum_index
from ifntrial.studies.compare.plan import PreparedComparison
from ifntrial.studies.mean_power import MeanTest, power_of_means
from ifntrial.studies.outcomes import Outcomes
from ifntrial.studies.over_looks import power_over_looks
from ifntrial.studies.primary_values import mean_test
from ifntrial.ties import are_equal, reaches


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Whom a design enrolls of the common subjects.

    Parameters
    ----------
    weight
        How many real patients each stands for; zero for others, shape (subjects,).
    stratum
        Number of the randomization stratum, shape (subjects,).
    """

    weight: FloatArray
    stratum: IntArray


@dataclass(frozen=True, slots=True)
class TrialSize:
    """The size of a trial, and its test.

    Parameters
    ----------
    total
        Patients in all arms.
    active_share, control_share
        Of the two arms that are compared.
    alpha_one_sided
        Level.
    test
        How means are compared; None where shares of responders are.
    looks
        Interim looks; None without.
    """

    total: float
    active_share: float
    control_share: float
    alpha_one_sided: float
    test: MeanTest | None = None
    looks: OverLooks | None = None

    @property
    def sign(self) -> float:
        """1 where a higher difference is better, -1 where a lower one is."""
        return 1.0 if self.test is None else self.test.sign

    def with_total(self, total: float) -> "TrialSize":
        """Return the same trial with another number of patients."""
        return replace(self, total=total)


def enrolled(prepared: PreparedComparison, design: TrialDesign) -> Enrolled:
    """Return whom a design enrolls."""
    population = prepared.common.population
    stratum, _ = stratum_index(design, dict(population.covariates))
    return Enrolled(prepared.common.is_member[design.name] * population.prevalence_weight, stratum)


def size_of(design: TrialDesign) -> TrialSize:
    """Return a design's size and how it is shared out; a further arm counts in the total alone."""
    total = design.size.analyzed
    active, control = (design.n_of(arm) / total for arm in (design.active, design.control))
    return TrialSize(
        total, active, control, design.assumed.analysis.alpha_one_sided, looks=over_looks(design)
    )


def size_in(prepared: PreparedComparison, design: TrialDesign) -> TrialSize:
    """Return a design's size with its test."""
    endpoint, own = prepared.catalog.endpoints[design.primary.endpoint], size_of(design)
    is_response = endpoint.kind == "responder"
    return own if is_response else replace(own, test=mean_test(design, endpoint))


def power_of_outcomes(
    outcomes: Outcomes, weight: FloatArray, stratum: IntArray, size: TrialSize
) -> WorldPower:
    """Return the power in one world of the test of a trial; other arguments as in ``power_of``."""
    if size.test is None:
        return power_of(outcomes.active.value, outcomes.control.value, weight, stratum, size)
    own = weight > 0
    found = power_of_means(
        Outcomes(outcomes.active.of(own), outcomes.control.of(own)),
        weight[own],
        stratum[own],
        size.test,
        n_active=size.total * size.active_share,
        n_control=size.total * size.control_share,
    )
    return power_over_looks(replace(found, influence=_of_everyone(found.influence, own)), size.looks)


def _of_everyone(influence: FloatArray, own: BoolArray) -> FloatArray:
    whole = np.zeros(len(own))
    whole[own] = influence
    return whole


def power_of(
    active: FloatArray, control: FloatArray, weight: FloatArray, stratum: IntArray, size: TrialSize
) -> WorldPower:
    """Return the power in one world; ``influence`` is over all common subjects, zero for those without weight.

    Parameters
    ----------
    active, control
        Chance of response, shape (subjects,).
    weight
        How many real patients each stands for; zero where not simulated or not enrolled, shape (subjects,).
    stratum
        Number of the randomization stratum, shape (subjects,).
    """
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
    return power_over_looks(replace(found, influence=_of_everyone(found.influence, has_weight)), size.looks)


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


def paired_difference(found: PowerInWorlds, reference: PowerInWorlds, weighting: str) -> Difference:
    """Return how much better one trial does than another: in the same worlds, on the same subjects."""
    weight = found.weights[weighting] / found.weights[weighting].sum()
    gap = found.power - reference.power
    over_worlds = mean_over_worlds(gap, weight)
    mean = over_worlds.mean
    half = 0.0 if are_equal(gap[weight > 0]) else over_worlds.half_width
    chance = NORMAL_95 * error_of_sum(found.influence[weighting] - reference.influence[weighting])
    return Difference(
        estimate=mean,
        low=max(mean - half, -1.0),
        high=min(mean + half, 1.0),
        mc_low=max(mean - chance, -1.0),
        mc_high=min(mean + chance, 1.0),
        better_in=float(weight[reaches(gap, SAME)].sum()),
        worse_in=float(weight[reaches(-gap, SAME)].sum()),
    )
