"""One panel of worlds for all beliefs: each belief finds its own distribution in it."""

from types import SimpleNamespace

import numpy as np
import pytest

from ifntrial.errors import InputError
from ifntrial.worlds import choose
from ifntrial.worlds.choose import choose_worlds
from ifntrial.worlds.draw import Worlds
from ifntrial.worlds.weigh import ORDINARY, PROTECTIVE, WITHOUT_EFFECT
from made_up_worlds import NOTHING, WORLDS, belief, made_up_implied

BELIEFS = (
    NOTHING,
    belief("response", 0.9, 0.3, "large", 2.0),
    belief("response", 0.4, 0.2, "small"),
    belief("skin", -2.0, 1.0, "beside", 0.0),
    belief("response", 0.0, 0.3, "harm", 0.5, below_zero="harm", only_harm=True),
)


@pytest.fixture(autouse=True)
def all_worlds_meet_what_was_published(monkeypatch):
    monkeypatch.setattr(choose, "base_weights", lambda implied, evidence: np.ones(implied.size))


def chosen(worlds=240, seed=1, beliefs=BELIEFS):
    return choose_worlds(beliefs, made_up_implied(), None, worlds, seed)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_belief_has_its_mean_and_spread_in_the_panel(seed):
    choice, effect = chosen(seed=seed), made_up_implied().at["response"].effect
    met = np.where(choice.has_effect, effect[choice.positions], 0.0)
    # a mean of 0.9 and an SD of 0.3, of which 0.13 % lies below zero
    for name, mean, sd in (("large", 0.9, 0.3), ("small", 0.4, 0.2), ("harm", -0.239, 0.181)):
        weight = choice.counts[name]
        found = (weight * met).sum()
        assert weight.sum() == pytest.approx(1.0)
        assert found == pytest.approx(mean, abs=0.02), name
        assert np.sqrt((weight * (met - found) ** 2).sum()) == pytest.approx(sd, abs=0.03), name


def test_a_belief_in_no_effect_counts_worlds_without_one_only():
    choice = chosen()
    assert choice.counts["nothing"][choice.has_effect].sum() == 0
    assert (choice.part == WITHOUT_EFFECT).sum() == 40
    assert (choice.part == PROTECTIVE).sum() == 30
    assert (choice.part == ORDINARY).sum() == 170


def test_worlds_are_sorted_by_their_effect():
    choice, effect = chosen(), made_up_implied().at["response"].effect
    met = np.where(choice.has_effect, effect[choice.positions], 0.0)
    assert (np.diff(met) >= 0).all()


def test_the_mixture_has_the_shares_of_its_beliefs():
    choice = chosen()
    assert choice.shares == pytest.approx(
        {"nothing": 1 / 4.5, "large": 2 / 4.5, "small": 1 / 4.5, "beside": 0.0, "harm": 0.5 / 4.5}
    )
    by_hand = (
        choice.counts["nothing"]
        + 2 * choice.counts["large"]
        + choice.counts["small"]
        + 0.5 * choice.counts["harm"]
    ) / 4.5
    np.testing.assert_allclose(choice.counts["mixture"], by_hand)
    assert choice.structural_mixture.sum() == pytest.approx(1.0)


def test_the_same_worlds_can_be_weighed_by_other_beliefs():
    choice = chosen()
    other = choice.weighed_by((belief("response", 0.6, 0.2),), made_up_implied(), np.ones(WORLDS))
    effect = made_up_implied().at["response"].effect
    met = np.where(other.has_effect, effect[other.positions], 0.0)
    assert (other.counts["some"] * met).sum() == pytest.approx(0.6, abs=0.03)
    assert np.array_equal(other.positions, choice.positions)
    assert set(other.counts) == {"some", "mixture"}


def test_another_seed_draws_other_worlds_and_the_same_seed_the_same():
    assert np.array_equal(chosen().positions, chosen().positions)
    assert not np.array_equal(chosen().positions, chosen(seed=2).positions)


def test_worlds_without_an_effect_have_all_of_it_at_zero():
    choice = chosen()
    effect = (
        "phi_inflammation",
        "phi_skin",
        "phi_lung",
        "phi_vessel",
        "phi_patient_reported",
        "phi_heart",
        "brake",
        "brake_lung",
    )
    structural = Worlds(
        np.arange(WORLDS),
        {name: np.ones(WORLDS) for name in (*effect, "a_mmf")},
        {},
        np.zeros(WORLDS, dtype=bool),
    )
    made = SimpleNamespace(structural_worlds=lambda model, evidence, positions: structural.take(positions))
    worlds = choice.worlds_of(made, None, None)
    for name in effect:
        np.testing.assert_array_equal(worlds.parameters[name], choice.has_effect.astype(float))
    assert (worlds.parameters["a_mmf"] == 1.0).all()


@pytest.mark.parametrize("worlds", [5, 2**53 + 1])
def test_a_number_of_worlds_out_of_range_is_refused(worlds):
    with pytest.raises(InputError, match="6 to 9007199254740992"):
        chosen(worlds)


def test_more_worlds_than_there_are_are_each_drawn_as_often_as_they_are_likely():
    choice = chosen(10**12)
    assert len(choice.positions) < 3 * WORLDS
    # of a trillion even the least likely of these are drawn often: what each counts is its weight itself
    large = choice.counts["large"][choice.part == ORDINARY]
    exact = choice.beliefs["large"].in_part(ORDINARY)[choice.positions[choice.part == ORDINARY]]
    np.testing.assert_allclose(large, exact, rtol=1e-4)


def test_some_worlds_stand_for_all_of_their_part():
    choice = chosen()
    left = choice.only(np.arange(0, len(choice.positions), 3))
    assert len(left.positions) == -(-len(choice.positions) // 3)
    assert left.absent == len(choice.positions) - len(left.positions)
    for name, count in choice.counts.items():
        assert left.counts[name].sum() == pytest.approx(1.0)
        assert left.absent_weight[name] == pytest.approx(1.0 - count[::3].sum())
        for part in (ORDINARY, WITHOUT_EFFECT, PROTECTIVE):
            there = left.counts[name][left.part == part].sum()
            assert there == pytest.approx(count[choice.part == part].sum(), abs=1e-12)


def test_a_mean_over_some_worlds_is_off_by_no_more_than_what_the_absent_ones_count():
    choice = chosen()
    gone = slice(150, 200)
    there = np.delete(np.arange(len(choice.positions)), gone)
    left = choice.only(there)
    for power in (np.arange(len(choice.positions)) >= 150, np.arange(len(choice.positions)) < 150):
        for name, count in choice.counts.items():
            apart = abs((count * power).sum() - (left.counts[name] * power[there]).sum())
            assert apart <= left.absent_weight[name] + 1e-12


def test_worlds_that_hold_nothing_of_a_belief_are_refused():
    choice = chosen()
    with pytest.raises(InputError, match="none of the worlds drawn counts under the belief 'nothing'"):
        choice.only(np.flatnonzero(choice.has_effect))


def test_beliefs_without_a_weight_are_refused():
    with pytest.raises(InputError, match="no belief has a weight"):
        chosen(beliefs=(belief("response", 0.4, 0.2, share=0.0),))
