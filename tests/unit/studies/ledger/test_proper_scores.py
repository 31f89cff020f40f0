"""Scores worked out on paper, and what they refuse."""

import numpy as np
import pytest

from ifntrial.errors import InputError
from ifntrial.normal_mixture import NormalMixture
from ifntrial.studies.ledger.proper_scores import (
    brier_score,
    crps,
    crps_of_mixture,
    energy_score,
    interval_score,
    log_score,
    pit,
)

DRAWS = np.array([-0.05, 0.0, 0.05, 0.1, 0.2])


@pytest.mark.parametrize(
    ("chance", "happened", "log", "brier"),
    [(0.3, True, 1.2039728043, 0.49), (0.3, False, 0.3566749439, 0.09), (0.5, False, 0.6931471806, 0.25)],
)
def test_a_chance(chance, happened, log, brier):
    assert log_score(chance, happened) == pytest.approx(log, abs=1e-10)
    assert brier_score(chance, happened) == pytest.approx(brier, abs=1e-12)


def test_what_had_no_chance_costs_everything():
    assert log_score(0.0, True) == log_score(1.0, False) == float("inf")


def test_draws_by_hand():
    # distances to 0.08: 0.13, 0.08, 0.03, 0.02, 0.12, mean 0.076; half the mean distance of 25 pairs: 0.048
    assert crps(DRAWS, 0.08) == pytest.approx(0.028, abs=1e-12)
    assert crps(DRAWS[::-1], 0.08) == pytest.approx(0.028, abs=1e-12)
    assert crps(np.array([0.0, 1.0]), 0.5) == pytest.approx(0.25)
    assert crps(np.ones(3), 3.0) == pytest.approx(2.0)


def test_a_point_that_weighs_two_is_two_draws():
    twice = np.array([0.0, 1.0, 1.0])
    assert crps(np.array([0.0, 1.0]), 0.2, np.array([1.0, 2.0])) == pytest.approx(crps(twice, 0.2))
    assert pit(np.array([0.0, 1.0]), 0.5, np.array([1.0, 2.0])) == pytest.approx(1.0 / 3.0)


def test_one_normal_distribution():
    standard = NormalMixture(np.ones(1), np.zeros(1), np.ones(1))
    assert crps_of_mixture(standard, 0.0) == pytest.approx(0.2336949773, abs=1e-10)
    narrow = NormalMixture(np.ones(1), np.array([0.05]), np.array([0.04]))
    assert crps_of_mixture(narrow, 0.1) == pytest.approx(0.0314793661, abs=1e-10)


def test_a_mixture_of_two_that_are_the_same_is_one():
    both = NormalMixture(np.array([0.3, 0.7]), np.full(2, 1.0), np.full(2, 2.0))
    assert crps_of_mixture(both, 3.0) == pytest.approx(
        crps_of_mixture(NormalMixture(np.ones(1), np.ones(1), np.full(1, 2.0)), 3.0)
    )


@pytest.mark.parametrize(("observed", "expected"), [(0.1, 0.26), (0.3, 1.86), (-0.1, 1.46)])
def test_an_interval(observed, expected):
    assert interval_score(-0.04, 0.22, observed) == pytest.approx(expected, abs=1e-12)


def test_two_quantities_by_hand():
    draws = np.array([[0.0, 0.0], [3.0, 4.0], [-1.0, 1.0]])
    # distances to (1, 1): root 2, root 13, 2; between pairs: 5, root 2, 5
    assert energy_score(draws, np.array([1.0, 1.0])) == pytest.approx(1.0716756612, abs=1e-10)
    in_one = energy_score(DRAWS[:, None], np.array([0.08]))
    assert in_one == pytest.approx(0.028, abs=1e-12)


def test_the_place_of_what_was_seen():
    assert pit(DRAWS, 0.08) == pytest.approx(0.6)
    assert pit(DRAWS, 0.05) == pytest.approx(0.6)


def test_nothing_cannot_be_scored():
    with pytest.raises(InputError, match="without points"):
        crps(np.array([]), 1.0)
    with pytest.raises(InputError, match="without points"):
        pit(DRAWS, 1.0, np.zeros(5))
