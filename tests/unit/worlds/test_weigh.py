"""Worlds weighed by a belief have its distribution at its address, and nothing is moved where worlds do not reach."""

import numpy as np
import pytest

from ifntrial.errors import InputError, UnknownNameError
from ifntrial.worlds.weigh import ORDINARY, PROTECTIVE, WITHOUT_EFFECT, weigh
from made_up_worlds import NOTHING, WORLDS, belief, made_up_implied

BASE = np.linspace(0.5, 1.5, WORLDS)
"""Worlds need not meet published results equally well."""


def moments(weight, values):
    mean = (weight * values).sum() / weight.sum()
    return mean, np.sqrt((weight * (values - mean) ** 2).sum() / weight.sum())


@pytest.mark.parametrize(("mean", "sd"), [(0.9, 0.2), (1.1, 0.25), (0.6, 0.1)])
def test_the_mean_the_spread_and_the_quartiles_are_those_stated(mean, sd):
    implied = made_up_implied()
    found = weigh(belief("response", mean, sd), implied, BASE)
    effect = implied.at["response"].effect
    assert found.effect.sum() + found.no_effect.sum() == pytest.approx(1.0, abs=1e-12)
    assert moments(found.effect, effect) == (pytest.approx(mean, abs=0.005), pytest.approx(sd, abs=0.005))
    for level, z in ((0.25, -0.67449), (0.5, 0.0), (0.75, 0.67449)):
        assert found.effect[effect < mean + z * sd].sum() == pytest.approx(level, abs=0.006)
    assert found.effect[implied.is_protective].sum() == 0


def test_a_lower_score_is_a_benefit_where_the_address_says_so():
    implied = made_up_implied()
    found = weigh(belief("skin", -3.0, 0.7), implied, BASE)
    assert moments(found.effect, implied.at["skin"].effect) == (
        pytest.approx(-3.0, abs=0.02),
        pytest.approx(0.7, abs=0.02),
    )
    assert found.no_effect.sum() < 1e-4


def test_mass_on_the_side_of_harm_stands_for_no_effect():
    """N(0.5, 0.5) has 15.87 % below zero."""
    implied = made_up_implied()
    found = weigh(belief("response", 0.5, 0.5), implied, BASE)
    assert found.no_effect.sum() == pytest.approx(0.15866, abs=2e-3)
    assert found.in_part(WITHOUT_EFFECT).sum() == found.no_effect.sum()
    assert found.in_part(PROTECTIVE).sum() == 0
    assert found.no_effect[implied.is_protective].sum() == 0


def test_mass_on_the_side_of_harm_stands_for_harm_where_that_is_believed():
    implied = made_up_implied()
    found = weigh(belief("response", 0.5, 0.5, below_zero="harm"), implied, BASE)
    assert found.no_effect.sum() == 0
    assert found.in_part(PROTECTIVE).sum() == pytest.approx(0.15866, abs=0.01)
    assert found.in_part(ORDINARY).sum() == pytest.approx(0.84134, abs=0.01)
    effect = implied.at["response"].effect
    # of that tail half lies below -0.2047: the 7.93 % point of N(0.5, 0.5)
    harm = found.in_part(PROTECTIVE)
    assert harm[effect < -0.2047].sum() / harm.sum() == pytest.approx(0.5, abs=0.02)


def test_harm_alone_leaves_out_the_side_of_benefit():
    implied = made_up_implied()
    found = weigh(belief("response", 0.0, 0.3, below_zero="harm", only_harm=True), implied, BASE)
    assert found.in_part(PROTECTIVE).sum() == pytest.approx(1.0)
    # a half-normal of scale 0.3 has the mean 0.3 sqrt(2 / pi)
    assert (found.effect * implied.at["response"].effect).sum() == pytest.approx(-0.23937, abs=0.005)
    assert found.unreached < 0.02


def test_no_effect_is_all_of_the_belief_that_interferon_is_irrelevant():
    implied = made_up_implied()
    found = weigh(NOTHING, implied, BASE)
    assert found.effect.sum() == 0
    assert found.no_effect.sum() == pytest.approx(1.0)
    assert found.no_effect[0] / found.no_effect[1999] == pytest.approx(BASE[0] / BASE[1999])


def test_what_no_world_reaches_is_left_out_and_said():
    """Worlds end at 2: of N(1.4, 0.3) 2.28 % lie beyond."""
    found = weigh(belief("response", 1.4, 0.3), made_up_implied(), BASE)
    assert found.unreached == pytest.approx(0.0228, abs=0.011)
    assert found.effect.sum() + found.no_effect.sum() == pytest.approx(1.0)


def test_a_belief_beyond_all_worlds_is_refused():
    with pytest.raises(InputError, match=r"worlds do not reach enough of the belief 'some'.*50 % of it"):
        weigh(belief("response", 2.0, 0.2), made_up_implied(), BASE)


def test_an_address_that_is_not_known_is_named():
    with pytest.raises(UnknownNameError, match="address"):
        weigh(belief("respons", 0.5, 0.2), made_up_implied(), BASE)


def test_effective_worlds_count_those_with_an_effect():
    """Of worlds up to 2, N(1, 0.1) uses about 2 sqrt(pi) SDs: 0.3545 of 2 of 2,000 worlds."""
    found = weigh(belief("response", 1.0, 0.1), made_up_implied(), np.ones(WORLDS))
    assert found.effective == pytest.approx(354, rel=0.05)
