"""The slopes of the power of the stratified test, against differences of the power itself."""

import numpy as np
import pytest

from ifntrial.statistics.cmh_power import StratumRates, cmh_power, power_slopes


@pytest.mark.parametrize("strata", [1, 2, 5])
@pytest.mark.parametrize(("n_active", "n_control"), [(157, 157), (200, 100)])
def test_slopes_are_what_small_steps_show(strata, n_active, n_control):
    random = np.random.default_rng(strata)
    rates = (
        random.dirichlet(np.ones(strata)),
        random.uniform(0.1, 0.7, strata),
        random.uniform(0.1, 0.6, strata),
    )
    found = power_slopes(StratumRates(*rates), n_active, n_control, 0.025)
    step = 1e-6
    for part in range(3):
        for stratum in range(strata):
            power = []
            for sign in (-1, 1):
                moved = [each.copy() for each in rates]
                moved[part][stratum] += sign * step
                power.append(float(cmh_power(StratumRates(*moved), n_active, n_control)))
            assert found[part][stratum] == pytest.approx((power[1] - power[0]) / (2 * step), abs=1e-8)


def test_where_power_is_certain_nothing_moves_it():
    certain = StratumRates(np.ones(1), np.ones(1), np.zeros(1))
    assert [each.tolist() for each in power_slopes(certain, 100, 100, 0.025)] == [[0.0], [0.0], [0.0]]


def test_the_last_digits_of_rates_do_not_reach_the_slopes():
    """Differences of powers over a small step had lost half of the digits."""
    rates = np.array([0.3, 0.7]), np.array([0.41, 0.33]), np.array([0.2, 0.3])
    plain = power_slopes(StratumRates(*rates), 157, 157, 0.025)
    shaken = power_slopes(StratumRates(*(each * (1 + 2e-16) for each in rates)), 157, 157, 0.025)
    for one, other in zip(plain, shaken, strict=True):
        assert other == pytest.approx(one, rel=1e-13)
