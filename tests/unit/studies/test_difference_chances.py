"""How likely a benefit and a loss that matters are, by hand."""

import numpy as np
import pytest

from ifntrial.studies.difference_chances import chances, smallest_relevant


def test_shares_of_worlds_are_counted_by_their_weight():
    gain = np.array([4.0, 2.0, 0.0, -1.0, -3.5, -3.0])
    weight = np.array([1.0, 2.0, 3.0, 1.0, 2.0, 1.0])
    found = chances(gain, weight, 3.0)
    assert found.better == pytest.approx(0.3)
    assert found.no_difference == pytest.approx(0.3)
    assert found.worse == pytest.approx(0.4)
    assert found.relevant_gain == pytest.approx(0.1)
    assert found.relevant_loss == pytest.approx(0.2)  # exactly 3 is not more than 3


def test_the_last_digit_of_a_mean_is_no_difference():
    """What a processor rounds otherwise: 50.1 - 50.1 as the sum of other parts, and 3 as 0.1 + 2.9."""
    gain = np.array([7e-15, -7e-15, 3.0 + 4e-16, -3.0 - 4e-16])
    found = chances(gain, np.ones(4), 3.0)
    assert (found.better, found.no_difference, found.worse) == (0.25, 0.5, 0.25)
    assert (found.relevant_gain, found.relevant_loss) == (0.0, 0.0)


def test_without_a_published_change_nothing_is_called_relevant():
    found = chances(np.array([1.0]), np.array([2.0]), None)
    assert (found.better, found.relevant_gain, found.relevant_loss) == (1.0, None, None)


@pytest.mark.parametrize(
    ("item", "change"), [("mrss", 5.0), ("fvc_percent", 3.0), ("haq_di", 0.1), ("troponin", None)]
)
def test_smallest_changes_are_the_published_ones(evidence, item, change):
    assert smallest_relevant(evidence, item) == change
