"""Interim looks of designs against figures printed by others, and growth of the size against drawn trials.

Sources: rpact, slides of the package's authors at ROeS 2025 (three equal looks, O'Brien-Fleming-like spending,
non-binding futility at z of zero, power 0.8) and of January 2026 (looks at 30, 60 and 100 %, futility at the first
only): bounds, chances to stop, sizes and inflation factors as their summaries print them. gsDesign technical manual,
default design. Lan and DeMets, Biometrika 1983, with Reboussin et al., Control Clin Trials 2000;21:190.
"""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from ifntrial.design.looks import Futility, Looks, Spending
from ifntrial.statistics.looks.conditional import conditional_power, predictive_probability, z_at
from ifntrial.statistics.looks.plan import boundaries
from ifntrial.statistics.looks.promising_zone import PromisingZone, new_size
from ifntrial.statistics.looks.sequential import design_sequential
from ifntrial.statistics.looks.stages import stages

WHY = "what is checked here"
FAR = -40.0


def looks(information, spending="obrien_fleming", gamma=None, futility=None, alpha=0.025):
    plan = Looks(
        information=information,
        efficacy=Spending(spending=spending, gamma=gamma),
        futility=futility,
        reason=WHY,
    )
    return boundaries(plan, alpha)


def drift_for(design, power):
    return brentq(lambda drift: stages(design, None, drift).power - power, 1.0, 6.0, xtol=1e-10)


EQUAL = looks((1 / 3, 2 / 3), futility=Futility(z=(0.0, 0.0)))
UNEQUAL = looks((0.3, 0.6), futility=Futility(z=(0.0, FAR)))


def test_rpact_three_equal_looks_bounds():
    assert EQUAL.critical == pytest.approx([3.710, 2.511, 1.993], abs=5.1e-4)
    assert EQUAL.alpha_spent == pytest.approx([0.0001, 0.0060, 0.0250], abs=5.1e-5)
    assert ndtr(-EQUAL.critical) == pytest.approx([0.0001, 0.0060, 0.0231], abs=5.1e-5)


def test_rpact_three_equal_looks_without_an_effect():
    found = stages(EQUAL, None, 0.0)
    assert found.efficacy[:2] == pytest.approx([0.0001, 0.0059], abs=5.1e-5)
    assert found.futility[:2] == pytest.approx([0.5000, 0.1250], abs=5.1e-5)
    assert (found.efficacy + found.futility)[:2] == pytest.approx([0.5001, 0.1309], abs=5.1e-5)


def test_rpact_three_equal_looks_with_the_effect():
    drift = drift_for(EQUAL, 0.8)
    found = stages(EQUAL, None, drift)
    assert np.cumsum(found.efficacy) == pytest.approx([0.0204, 0.4371, 0.8000], abs=5.1e-5)
    assert found.futility[:2] == pytest.approx([0.0480, 0.0035], abs=5.1e-5)
    # 209.8 patients at most and 170.9 expected: what they share is free of the t distribution of their example
    assert found.size == pytest.approx(170.9 / 209.8, abs=5e-4)


def test_rpact_looks_at_30_and_60_percent():
    drift = drift_for(UNEQUAL, 0.8)
    assert UNEQUAL.alpha_spent == pytest.approx([0.0000, 0.0038, 0.0250], abs=5.1e-5)
    inflation = (drift / (ndtri(0.975) + ndtri(0.8))) ** 2
    assert inflation == pytest.approx(1.0718, abs=5.1e-5)
    sizes = [inflation * stages(UNEQUAL, None, share * drift).size for share in (1.0, 0.5, 0.0)]
    assert sizes == pytest.approx([0.8826, 0.8852, 0.695], abs=5.1e-4)


@pytest.mark.parametrize(
    ("spending", "gamma", "bounds"),
    [
        ("obrien_fleming", None, [4.8769, 3.3569, 2.6803, 2.2898, 2.0310]),
        ("pocock", None, [2.4380, 2.4268, 2.4101, 2.3966, 2.3859]),
    ],
)
def test_lan_and_demets_five_equal_looks(spending, gamma, bounds):
    assert looks((0.2, 0.4, 0.6, 0.8), spending, gamma).critical == pytest.approx(bounds, abs=5.1e-4)


def test_gsdesign_hwang_shih_decani_with_futility_by_beta():
    futility = Futility(beta=0.1, spending=Spending(spending="hwang_shih_decani", gamma=-2))
    found = looks((1 / 3, 2 / 3), "hwang_shih_decani", -4, futility)
    assert found.critical == pytest.approx([3.01, 2.55, 2.00], abs=5.1e-3)
    assert found.futility[:2] == pytest.approx([-0.24, 0.94], abs=5.1e-3)


def test_gsdesign_default_design_sizes():
    futility = Futility(beta=0.1, spending=Spending(spending="hwang_shih_decani", gamma=-2))
    found = looks((1 / 3, 2 / 3), "hwang_shih_decani", -4, futility)
    drift = drift_for(found, 0.9)
    ratio = (drift / (ndtri(0.975) + ndtri(0.9))) ** 2
    assert ratio == pytest.approx(1.070, abs=5.1e-4)
    assert [ratio * stages(found, None, share * drift).size for share in (0.0, 1.0)] == pytest.approx(
        [0.6249, 0.7913], abs=5.1e-5
    )


def test_one_look_half_way_by_hand():
    # spending half of alpha evenly: the first bound is the plain quantile of half of it
    found = looks((0.5,), "linear")
    assert found.critical[0] == pytest.approx(-ndtri(0.0125))
    assert stages(found, None, 0.0).power == pytest.approx(0.025, abs=1e-10)


def test_a_binding_bound_buys_a_lower_end():
    free = looks((0.5,), futility=Futility(z=(0.5,)))
    bound = looks((0.5,), futility=Futility(z=(0.5,), binding=True))
    assert bound.critical[1] < free.critical[1]
    assert stages(bound, None, 0.0).power == pytest.approx(0.025, abs=1e-10)
    assert stages(free, None, 0.0).power < 0.025


def test_looks_for_futility_alone_leave_the_end_its_level():
    plan = Looks(information=(0.5,), efficacy=None, futility=Futility(z=(0.0,)), reason=WHY)
    found = boundaries(plan, 0.025)
    assert np.isinf(found.critical[0])
    assert found.critical[1] == pytest.approx(-ndtri(0.025))


@pytest.mark.parametrize(
    ("rule", "chance"),
    [("conditional_power", conditional_power), ("predictive_probability", predictive_probability)],
)
def test_the_z_of_a_chance_gives_it_back(rule, chance):
    assert chance(z_at(rule, 0.2, 0.4, 1.96), 0.4, 1.96) == pytest.approx(0.2)


def test_conditional_power_by_hand():
    # half way at z 1.5 with critical value 1.96: trend gives a final mean of 2.1213, SD 0.7071 of what is to come
    assert conditional_power(1.5, 0.5, 1.96) == pytest.approx(ndtr((2.12132 - 1.96) / 0.70711), abs=1e-5)
    assert conditional_power(1.5, 0.5, 1.96, drift=0.0) == pytest.approx(
        ndtr((1.06066 - 1.96) / 0.70711), abs=1e-5
    )


def test_predictive_probability_of_drawn_drifts():
    draw = np.random.default_rng(4)
    z, rate, end, mean, sd = 1.2, 0.4, 2.0, 1.0, 2.0
    known = rate + sd**-2
    drift = draw.normal((mean * sd**-2 + z * np.sqrt(rate)) / known, known**-0.5, 400_000)
    final = z * np.sqrt(rate) + draw.normal(drift * (1 - rate), np.sqrt(1 - rate))
    found = predictive_probability(z, rate, end, prior_mean=mean, prior_sd=sd)
    assert found == pytest.approx(float((final > end).mean()), abs=0.003)


ZONE = PromisingZone(0.36, 0.8, 2.0)


@pytest.mark.parametrize("drift", [0.0, 2.2, 2.8])
def test_growth_against_drawn_trials(drift):
    design = design_sequential((0.5, 1.0), spending="obrien_fleming", futility=(0.0,))
    draw, trials = np.random.default_rng(7), 400_000
    first = draw.normal(drift * np.sqrt(0.5), 1.0, trials)
    goes_on = (first < design.critical[0]) & (first >= 0.0)
    power = conditional_power_of(first, float(design.critical[1]))
    wanted = (
        (ndtri(0.8) + (design.critical[1] - np.sqrt(0.5) * first) / np.sqrt(0.5)) / (first / np.sqrt(0.5))
    ) ** 2
    size = np.where((power >= 0.36) & (power < 0.8), np.clip(0.5 + wanted, 1.0, 2.0), 1.0)
    second = draw.normal(drift * np.sqrt(size - 0.5), 1.0)
    end = np.sqrt(0.5) * first + np.sqrt(0.5) * second >= design.critical[1]
    won = (first >= design.critical[0]) | (goes_on & end)
    found = stages(design, ZONE, drift)
    assert found.power == pytest.approx(float(won.mean()), abs=0.003)
    assert found.grown == pytest.approx(float((goes_on & (size > 1.0)).mean()), abs=0.003)
    assert found.size == pytest.approx(float(np.where(goes_on, size, 0.5).mean()), abs=0.003)
    if drift == 0.0:
        assert found.power < 0.025, "the level holds whatever the size"


def conditional_power_of(z, end):
    return ndtr((z / np.sqrt(0.5) - end) / np.sqrt(0.5))


def test_a_size_is_what_gives_the_target():
    z, rate, end = 1.45, 0.5, 1.96
    size = float(new_size(np.array([z]), rate, end, PromisingZone(0.3, 0.8, 3.0))[0])
    trend = z / np.sqrt(rate)
    mean = np.sqrt(rate) * z + np.sqrt(1 - rate) * trend * np.sqrt(size - rate)
    assert ndtr((mean - end) / np.sqrt(1 - rate)) == pytest.approx(0.8)
