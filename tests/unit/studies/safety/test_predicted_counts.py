"""Predicted counts against Poisson, negative binomial and Skellam distributions of SciPy."""

import numpy as np
import pytest
from scipy.stats import gamma, nbinom, poisson, skellam

from ifntrial.errors import InputError
from ifntrial.studies.safety.predicted_counts import predict_counts

LEVELS = (0.05, 0.5, 0.95)


def test_one_world_gives_poisson_counts():
    found = predict_counts(np.array([7.3]), np.array([2.1]), np.array([3.0]))
    assert found.quantiles(0, LEVELS) == poisson(7.3).ppf(LEVELS).tolist()
    assert found.quantiles(1, LEVELS) == poisson(2.1).ppf(LEVELS).tolist()
    assert found.joint.sum() == pytest.approx(1.0, abs=1e-6)


def test_worlds_that_are_gamma_give_negative_binomial_counts():
    """About 4 events in 36.7 patient-years, predicted for 150 patient-years."""
    means = 150.0 * gamma(4.0, scale=1 / 36.7).ppf((np.arange(4000) + 0.5) / 4000)
    found = predict_counts(means, means, np.ones(4000))
    expected = nbinom(4.0, 36.7 / (36.7 + 150.0))
    assert found.quantiles(0, LEVELS) == expected.ppf(LEVELS).tolist()
    chances = found.joint.sum(axis=1)
    assert chances[:60] == pytest.approx(expected.pmf(np.arange(60)), abs=2e-4)


def test_differences_of_two_counts_are_skellam():
    found = predict_counts(np.array([9.0]), np.array([4.0]), np.array([1.0]))
    expected = skellam(9.0, 4.0)
    assert found.difference_quantiles((1.0, 1.0), LEVELS) == expected.ppf(LEVELS).tolist()
    more = expected.sf(0) + expected.pmf(0) / 2
    assert found.chance_of_more((1.0, 1.0)) == pytest.approx(more, abs=1e-6)
    assert found.difference_quantiles((2.0, 2.0), LEVELS) == pytest.approx(0.5 * expected.ppf(LEVELS))


def test_counts_of_one_world_belong_together():
    """Both arms high or both low: the difference is narrower than of arms that vary apart."""
    means, weight = np.array([1.0, 20.0]), np.array([1.0, 1.0])
    together = predict_counts(means, means, weight)
    apart = predict_counts(means, means[::-1], weight)
    width = [np.diff(each.difference_quantiles((1.0, 1.0), (0.05, 0.95)))[0] for each in (together, apart)]
    assert width[0] < 0.7 * width[1]


def test_nothing_is_expected_where_nothing_can_happen():
    found = predict_counts(np.zeros(2), np.zeros(2), np.ones(2))
    assert found.quantiles(0, LEVELS) == [0, 0, 0]
    assert found.difference_quantiles((1.0, 1.0), LEVELS) == [0.0, 0.0, 0.0]
    assert found.chance_of_more((1.0, 1.0)) == pytest.approx(0.5)


def test_more_events_than_memory_holds_are_refused_unless_the_world_does_not_count():
    many = np.array([3.0, 2.5e6])
    with pytest.raises(InputError, match="more events of one kind than a trial can have"):
        predict_counts(many, np.array([3.0, 3.0]), np.array([0.99, 0.01]))
    found = predict_counts(many, np.array([3.0, 3.0]), np.array([1.0, 0.0]))
    assert found.joint.sum() == pytest.approx(1.0)
    assert found.joint.shape[0] < 30


def test_worlds_count_by_their_weights():
    found = predict_counts(np.array([1.0, 6.0]), np.array([2.0, 2.0]), np.array([3.0, 1.0]))
    expected = 0.75 * poisson(1.0).pmf(np.arange(12)) + 0.25 * poisson(6.0).pmf(np.arange(12))
    assert found.joint.sum(axis=1)[:12] == pytest.approx(expected, abs=1e-6)
