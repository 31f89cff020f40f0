"""Probability of success over many worlds, and what one would have to believe for it."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.levels import ALPHA_ONE_SIDED, NORMAL_95
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.statistics.mean_over_worlds import mean_over_worlds
from ifntrial.statistics.power import WorldPower

LOG_ODDS_RATIOS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.64, 0.8, 1.0)
PLACEBO_RATES = (0.2, 0.3, 0.4, 0.5, 0.6)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A probability with two 95 % intervals.

    Parameters
    ----------
    estimate
        The probability.
    low, high
        With worlds as the unit: how it would vary had other worlds been drawn.
    mc_low, mc_high
        From the finite number of simulated subjects alone.
    """

    estimate: float
    low: float
    high: float
    mc_low: float
    mc_high: float


@dataclass(frozen=True, slots=True)
class PowerInWorlds:
    """Power of one trial in many worlds with the same subjects, of whom sums over worlds are kept.

    Parameters
    ----------
    power
        In each world, shape (worlds,).
    active, control
        Share of responders, or mean of what is tested, in the population of each world, shape (worlds,).
    difference
        That the test is expected to state, active minus control, shape (worlds,).
    weights
        Name of a weighting to the weight of each world, shape (worlds,).
    influence
        Name of a weighting to what each subject adds to the error of the mean power, shape (subjects,).
    sign
        1 where a higher difference is better, -1 where a lower one is.
    """

    power: FloatArray
    active: FloatArray
    control: FloatArray
    difference: FloatArray
    weights: Mapping[str, FloatArray]
    influence: Mapping[str, FloatArray]
    sign: float = 1.0


class PowerTally:
    """Takes the power of one trial in one world after another, in their order.

    Parameters
    ----------
    weights
        Name of a weighting to the non-negative weight of each world, shape (worlds,).
    sign
        As in ``PowerInWorlds``.
    """

    def __init__(self, weights: Mapping[str, FloatArray], sign: float = 1.0) -> None:
        self._weights, self._sign = weights, sign
        self._shares = {name: _normalized(len(weight), weight) for name, weight in weights.items()}
        # power, active, control, difference of one world after another
        self._worlds = array("d")
        self._influence: dict[str, FloatArray] = {}

    def add(self, world: WorldPower) -> None:
        """Take the next world."""
        place = len(self._worlds) // 4
        own = {name: share[place] for name, share in self._shares.items()}
        self._influence = add_influence(self._influence, own, world.influence)
        self._worlds.extend((world.power, *world.rates.overall, world.difference))

    def total(self) -> PowerInWorlds:
        """Return what was taken, once all worlds are."""
        power, active, control, difference = np.array(self._worlds).reshape(-1, 4).T.copy()
        return PowerInWorlds(power, active, control, difference, self._weights, self._influence, self._sign)


def tally_power(
    worlds: Iterable[WorldPower], weights: Mapping[str, FloatArray], sign: float = 1.0
) -> PowerInWorlds:
    """Return the power in all worlds, taken one after another; ``sign`` as in ``PowerInWorlds``."""
    tally = PowerTally(weights, sign)
    for world in worlds:
        tally.add(world)
    return tally.total()


def assurance(found: PowerInWorlds, weighting: str) -> Estimate:
    """Return the mean power over worlds.

    Errors from the finite number of subjects add up over worlds instead of averaging out, as subjects are the same.

    Raises
    ------
    InputError
        If the weights do not fit.
    """
    return mean_power(found.power, found.weights[weighting], error_of_sum(found.influence[weighting]))


def mean_power(powers: FloatArray, world_weight: FloatArray | None, monte_carlo_error: float) -> Estimate:
    """Return the mean power over worlds, as ``assurance`` does, with its Monte Carlo standard error known already."""
    found = mean_over_worlds(powers, _normalized(len(powers), world_weight))
    return _clipped(found.mean, found.half_width, NORMAL_95 * monte_carlo_error)


def add_influence(
    sums: Mapping[str, FloatArray], world_shares: Mapping[str, float], influence: FloatArray
) -> dict[str, FloatArray]:
    """Return, under each name, the sum over worlds of what each subject adds to the error of the mean power.

    Parameters
    ----------
    sums
        Of the worlds before, each (subjects,); empty before the first.
    world_shares
        Name to the share of this world in the mean; shares of all worlds add up to one.
    influence
        Of this world, shape (subjects,).
    """
    return {name: sums.get(name, 0.0) + share * influence for name, share in world_shares.items()}


def error_of_sum(influence: FloatArray) -> float:
    """Return the Monte Carlo standard error of a mean power on common subjects, whose errors add up over worlds."""
    return float(np.sqrt((influence**2).sum()))


def _normalized(worlds: int, world_weight: FloatArray | None) -> FloatArray:
    if worlds == 0:
        raise InputError("no world was simulated", allowed="one world or more", fix="ask for more worlds")
    weight = np.ones(worlds) if world_weight is None else np.asarray(world_weight, dtype=np.float64)
    if weight.shape != (worlds,) or not np.all(weight >= 0) or not 0 < weight.sum() < np.inf:
        raise InputError(
            "the weights of the worlds cannot be used",
            given=f"{weight.shape} weights for {worlds} worlds",
            allowed="one non-negative weight per world, not all zero",
            fix="give a weight for each world",
        )
    return np.asarray(weight / weight.sum())


def _clipped(estimate: float, half: float, mc_half: float) -> Estimate:
    return Estimate(
        estimate=estimate,
        low=max(estimate - half, 0.0),
        high=min(estimate + half, 1.0),
        mc_low=max(estimate - mc_half, 0.0),
        mc_high=min(estimate + mc_half, 1.0),
    )


def power_in_world(power: float, standard_error: float) -> Estimate:
    """Return the power in one named world; both intervals are Monte Carlo, as there is only one world."""
    half = NORMAL_95 * standard_error
    return _clipped(power, half, half)


@dataclass(frozen=True, slots=True)
class BeliefRow:
    """Power if the drug's log odds ratio and the placebo rate were as given."""

    log_odds_ratio: float
    placebo_rate: float
    active_rate: float
    power: float


def what_to_believe(
    n_active: float,
    n_control: float,
    *,
    log_odds_ratios: Sequence[float] = LOG_ODDS_RATIOS,
    placebo_rates: Sequence[float] = PLACEBO_RATES,
    alpha_one_sided: float = ALPHA_ONE_SIDED,
) -> tuple[BeliefRow, ...]:
    """Return power over true log odds ratio and placebo rate, for a population of one stratum.

    Raises
    ------
    InputError
        If a placebo rate is not between 0 and 1.
    """
    if not all(0 < rate < 1 for rate in placebo_rates):
        raise InputError(
            "a placebo rate is not between 0 and 1",
            given=repr(tuple(placebo_rates)),
            allowed="0 < rate < 1",
            fix="correct it",
        )
    rows = []
    for log_odds_ratio in log_odds_ratios:
        for placebo in placebo_rates:
            active = float(expit(logit(placebo) + log_odds_ratio))
            rates = StratumRates(share=np.ones(1), active=np.array([active]), control=np.array([placebo]))
            power = float(cmh_power(rates, n_active, n_control, alpha_one_sided))
            rows.append(BeliefRow(log_odds_ratio, placebo, active, power))
    return tuple(rows)
