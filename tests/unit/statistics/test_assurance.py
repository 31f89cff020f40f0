"""Chances of success over worlds of unequal weight, and what they ask of a trial, by hand."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import t

from ifntrial.errors import InputError
from ifntrial.statistics.assurance import (
    Estimate,
    assurance,
    mean_power,
    power_in_world,
    tally_power,
    what_to_believe,
)
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.statistics.power import WorldPower
from ifntrial.statistics.sample_size import required_size

SHARE, CONTROL = np.array([0.3, 0.7]), np.array([0.35, 0.3])
TWO = StratumRates(SHARE, np.array([0.7, 0.45]), CONTROL)


def world(power: float, *influence: float) -> WorldPower:
    error = float(np.sqrt(np.sum(np.square(influence))))
    return WorldPower(power, error, TWO, np.array(influence))


WORLDS = [world(0.2, 0.01, -0.02), world(0.6, 0.03, 0.01), world(0.9, 0.0, 0.02)]
WEIGHTS = np.array([1.0, 2.0, 1.0])


def chance(worlds: list[WorldPower], weight: np.ndarray | None = None) -> Estimate:
    weights = {"other": np.ones(len(worlds)), "own": np.ones(len(worlds)) if weight is None else weight}
    return assurance(tally_power(worlds, weights), "own")


def test_the_chance_of_success_is_the_weighted_mean_of_power():
    found = chance(WORLDS, WEIGHTS)
    assert found.estimate == pytest.approx(0.25 * 0.2 + 0.5 * 0.6 + 0.25 * 0.9)
    # Kish's number of worlds is 16 / 6
    units = 16 / 6
    squares = 0.0625 * (0.2 - 0.575) ** 2 + 0.25 * (0.6 - 0.575) ** 2 + 0.0625 * (0.9 - 0.575) ** 2
    half = t.ppf(0.975, units - 1) * np.sqrt(squares * units / (units - 1))
    assert (found.low, found.high) == (max(0.0, 0.575 - half), min(1.0, 0.575 + half))
    together = np.array([0.25 * 0.01 + 0.5 * 0.03, 0.25 * -0.02 + 0.5 * 0.01 + 0.25 * 0.02])
    half = 1.959963984540054 * np.sqrt((together**2).sum())
    assert (found.mc_low, found.mc_high) == pytest.approx((0.575 - half, 0.575 + half))
    known = mean_power(np.array([0.2, 0.6, 0.9]), WEIGHTS, 0.01)
    assert (known.estimate, known.low, known.high) == (found.estimate, found.low, found.high)
    half = 1.959963984540054 * 0.01
    assert (known.mc_low, known.mc_high) == pytest.approx((0.575 - half, 0.575 + half))


def test_many_worlds_have_a_narrow_interval():
    powers = np.linspace(0.3, 0.7, 100)
    found = chance([world(power, 0.0) for power in powers])
    half = t.ppf(0.975, 99) * powers.std(ddof=1) / 10.0
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half))


def test_one_world_says_nothing_about_others():
    found = chance(WORLDS[:1])
    assert (found.low, found.high) == (0.0, 1.0)
    alone = power_in_world(WORLDS[1].power, WORLDS[1].standard_error)
    half = 1.959963984540054 * np.sqrt(1e-3)
    assert (alone.estimate, alone.low, alone.mc_high) == pytest.approx((0.6, 0.6 - half, 0.6 + half))


def test_what_to_believe_is_the_power_of_one_stratum():
    rows = what_to_believe(
        100, 50, log_odds_ratios=(0.0, 0.7), placebo_rates=(0.3, 0.5), alpha_one_sided=0.05
    )
    assert [(row.log_odds_ratio, row.placebo_rate) for row in rows] == [
        (0.0, 0.3),
        (0.0, 0.5),
        (0.7, 0.3),
        (0.7, 0.5),
    ]
    for row in rows:
        assert row.active_rate == pytest.approx(expit(logit(row.placebo_rate) + row.log_odds_ratio))
        one = StratumRates(np.ones(1), np.array([row.active_rate]), np.array([row.placebo_rate]))
        assert row.power == pytest.approx(float(cmh_power(one, 100, 50, 0.05)), abs=1e-12)


@pytest.mark.parametrize("share", [0.5, 2 / 3, 0.25])
def test_the_required_size_is_the_smallest_that_reaches_the_target(share):
    worlds = [TWO, StratumRates(SHARE, CONTROL, CONTROL)]
    weight = np.array([3.0, 1.0])

    def mean_power(total: int) -> float:
        sizes = total * share, total * (1 - share)
        powers = [float(cmh_power(rates, *sizes, 0.05)) for rates in worlds]
        return 0.75 * powers[0] + 0.25 * powers[1]

    found = required_size(worlds, 0.6, world_weight=weight, active_share=share, alpha_one_sided=0.05)
    assert mean_power(found.total) >= 0.6 > mean_power(found.total - 1)
    assert found.achieved == pytest.approx(mean_power(found.total))
    assert found.ceiling == 0.75
    none = required_size(worlds, 0.9, world_weight=weight, active_share=share, alpha_one_sided=0.05)
    assert (none.total, none.achieved) == (None, pytest.approx(mean_power(100_000)))


@pytest.mark.parametrize(
    "bad",
    [
        {"target": 0.05},
        {"target": 1.0},
        {"active_share": 0.0},
        {"active_share": 1.0},
        {"world_weight": np.array([1.0])},
        {"world_weight": np.array([1.0, -1.0])},
        {"world_weight": np.zeros(2)},
        {"world_weight": np.array([1.0, np.inf])},
        {"worlds": ()},
    ],
)
def test_a_size_that_cannot_be_searched_is_refused(bad):
    asked = {"worlds": (TWO, TWO), "target": 0.6, "alpha_one_sided": 0.05} | bad
    with pytest.raises(InputError, match="size of a trial cannot be searched"):
        required_size(**asked)
