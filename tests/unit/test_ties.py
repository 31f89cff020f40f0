"""Numbers that are equal but for rounding: their order, and on which side of a limit they lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifntrial.ties import (
    are_equal,
    exceeds,
    first_largest,
    first_smallest,
    reaches,
    stable_order,
    weighted_percentiles,
    with_ties,
)

tenths = st.lists(st.integers(-40, 40), min_size=1, max_size=40)
luck = st.integers(0, 2**32 - 1)


def shaken(values, seed):
    """Return the values with each moved by up to three units in its last place."""
    random = np.random.default_rng(seed)
    array = np.array(values, dtype=float)
    return array + random.integers(-3, 4, len(array)) * np.spacing(np.abs(array))


@given(tenths, luck)
def test_the_order_does_not_hang_on_the_last_digits(whole, seed):
    values = [each / 10 for each in whole]
    by_hand = sorted(range(len(whole)), key=lambda place: (whole[place], place))
    assert stable_order(values, scale=1.0).tolist() == by_hand
    assert stable_order(shaken(values, seed), scale=1.0).tolist() == by_hand


@given(tenths, luck)
def test_the_first_of_the_best_is_taken(whole, seed):
    values = shaken([each / 10 for each in whole], seed)
    assert first_largest(values, scale=1.0) == whole.index(max(whole))
    assert first_smallest(values, scale=1.0) == whole.index(min(whole))


@given(tenths, luck)
def test_ties_that_rounding_parted_are_ties_again(whole, seed):
    values = with_ties(shaken([5.0 + each / 10 for each in whole], seed))
    for one, first in zip(whole, values, strict=True):
        for other, second in zip(whole, values, strict=True):
            assert (first == second) == (one == other)


def test_missing_and_infinite_values_keep_their_place():
    values = [np.nan, 2.0, np.inf, -np.inf, np.nan, 1.0]
    assert stable_order(values).tolist() == [3, 5, 1, 2, 0, 4]
    assert stable_order([]).tolist() == []
    assert first_largest([np.nan, 1.0, 2.0]) == 2
    assert np.isnan(with_ties(values)[[0, 4]]).all()
    assert with_ties([]).tolist() == []


@pytest.mark.parametrize("limit", [0.3, 8.1, 1e9, -0.3, 1e-12])
def test_a_limit_is_reached_by_what_is_equal_to_it(limit):
    below, above = np.nextafter(limit, -np.inf), np.nextafter(limit, np.inf)
    assert reaches([below, limit, above], limit).all()
    assert not exceeds([below, limit, above], limit).any()
    step = 1e-6 * abs(limit)
    assert reaches([limit - step, limit + step], limit).tolist() == [False, True]
    assert exceeds([limit - step, limit + step], limit).tolist() == [False, True]


def test_a_limit_of_zero_needs_a_scale():
    assert not exceeds([1e-17, 0.0, -1e-17], 0.0, scale=1.0).any()
    assert reaches([1e-17, 0.0, -1e-17], 0.0, scale=1.0).all()
    assert exceeds([1e-17, 0.0], 0.0).tolist() == [True, False]


def test_a_missing_value_reaches_nothing():
    assert not reaches([np.nan, 1.0], np.nan).any()
    assert not exceeds([np.nan], 0.0).any()
    assert exceeds([1.0, np.inf], np.inf).tolist() == [False, False]
    assert reaches([1.0, np.inf], np.inf).tolist() == [False, True]


def test_equal_values_are_told_from_a_small_spread():
    assert are_equal([0.1 + 0.2, 0.3, 0.3])
    assert are_equal([])
    assert not are_equal([0.3, 0.3 + 1e-8])
    assert not are_equal([0.0, 1e-30])


def test_percentiles_count_by_weight():
    # shares of 10, 20, 30 are 0.25, 0.5, 0.25, their middles 0.125, 0.5, 0.875
    values = [30.0, 10.0, 20.0, np.nan, 99.0, np.inf]
    weight = np.array([1.0, 1.0, 2.0, 5.0, 0.0, 3.0])
    found = weighted_percentiles(values, weight, (5, 12.5, 31.25, 50, 68.75, 87.5, 95))
    assert found == pytest.approx([10.0, 10.0, 15.0, 20.0, 25.0, 30.0, 30.0])


def test_percentiles_of_values_that_rounding_parted_take_them_in_their_order():
    values, weight = np.array([1.0, 1.0 - 1e-15, 0.5]), np.array([2.0, 1.0, 1.0])
    assert weighted_percentiles(values, weight, (12.5, 31.25)) == pytest.approx([0.5, 0.75])


def test_percentiles_rise_where_values_differ_by_their_last_digit():
    values = np.array([0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3])
    found = weighted_percentiles(values, np.ones(5), (5, 25, 50, 75, 95))
    assert (np.diff(found) >= 0).all()
    assert found == pytest.approx([0.3] * 5, rel=1e-15)
