"""Randomization lists: every arm its share of every block, and a list of its own for every seed, trial and stratum."""

import numpy as np
import pytest

from ifntrial.clinic.randomize import randomize, randomize_arms
from ifntrial.errors import InputError

STRATA = (0, 3, 5)


@pytest.mark.parametrize(
    ("allocation", "block", "in_a_block"),
    [
        ((1, 1), 4, [2, 2]),
        ((2, 1), 3, [2, 1]),
        ((2, 1), 6, [4, 2]),
        ((3, 1), 4, [3, 1]),
        ((1, 3), 8, [2, 6]),
        ((1, 1, 1), 6, [2, 2, 2]),
        ((2, 1, 1), 8, [4, 2, 2]),
    ],
)
def test_every_block_of_every_stratum_holds_each_arm_in_its_share(allocation, block, in_a_block):
    stratum = np.tile(STRATA, 10 * block)  # the strata enrol in turn
    arms = randomize_arms(stratum, allocation, block_size=block, seed=1, trial=2)
    for code in STRATA:
        blocks = arms[stratum == code].reshape(10, block)
        assert [np.bincount(one, minlength=len(allocation)).tolist() for one in blocks] == [in_a_block] * 10
    if len(allocation) == 2:
        active = randomize(stratum, block_size=block, active_per_block=in_a_block[0], seed=1, trial=2)
        assert np.array_equal(active, arms == 0)


@pytest.mark.parametrize(("block", "active"), [(4, 2), (6, 4), (4, 3)])
def test_every_place_of_a_block_is_as_likely_active(block, active):
    lists = [
        randomize(np.zeros(20 * block, dtype=int), block_size=block, active_per_block=active, seed=1, trial=t)
        for t in range(100)
    ]
    share = np.reshape(lists, (-1, block)).mean(axis=0)
    assert share == pytest.approx(active / block, abs=4 * np.sqrt(0.25 / 2000))


def test_no_two_seeds_trials_or_strata_have_the_same_list():
    stratum = np.repeat(range(8), 40)
    lists = [
        tuple(arms[stratum == code])
        for seed in (1, 2)
        for trial in range(3)
        for arms in [randomize_arms(stratum, (2, 1, 1), block_size=4, seed=seed, trial=trial)]
        for code in range(8)
    ]
    assert len(set(lists)) == len(lists) == 48
    pairs = [randomize(stratum, block_size=4, active_per_block=2, seed=1, trial=t) for t in range(3)]
    halves = [tuple(pair[stratum == code]) for pair in pairs for code in range(8)]
    assert len(set(halves)) == 24


def test_a_stratum_keeps_its_list_whoever_else_enrols():
    alone = randomize(np.full(22, 3), block_size=4, active_per_block=2, seed=1)
    mixed = np.array([0, 3, 1] * 22)
    among_others = randomize(mixed, block_size=4, active_per_block=2, seed=1)
    assert np.array_equal(among_others[mixed == 3], alone)


def test_later_subjects_change_no_earlier_one():
    stratum = np.repeat([0, 1, 2], [40, 22, 3])
    few = randomize(stratum, block_size=4, active_per_block=2, seed=1)
    more = randomize(np.append(stratum, [0, 1, 2]), block_size=4, active_per_block=2, seed=1)
    assert np.array_equal(more[:65], few)


@pytest.mark.parametrize("active", [0, 4, 5])
def test_a_block_without_one_of_the_arms_is_refused(active):
    with pytest.raises(InputError, match="cannot hold both arms"):
        randomize(np.zeros(8, dtype=int), block_size=4, active_per_block=active, seed=1)


def test_a_block_that_does_not_hold_the_shares_is_refused():
    with pytest.raises(InputError, match="a multiple of 3"):
        randomize_arms(np.zeros(8, dtype=int), (2, 1), block_size=4, seed=1)
