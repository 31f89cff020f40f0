"""The chance that correlated normal variables all lie below their limits, in cases with an answer in closed form."""

import numpy as np
import pytest
from scipy.special import ndtr

from ifntrial.statistics.normal_orthant import all_below


@pytest.mark.parametrize("correlation", [-0.9, -0.3, 0.0, 0.5, 0.95])
def test_two_variables_below_zero(correlation):
    """A quarter and the arc sine of the correlation over a full turn."""
    found = all_below(np.zeros(2), np.array([[1.0, correlation], [correlation, 1.0]]))
    assert found == pytest.approx(0.25 + np.arcsin(correlation) / (2 * np.pi), abs=1e-5)


@pytest.mark.parametrize(("one", "two", "three"), [(0.2, 0.5, 0.7), (-0.4, 0.1, 0.3), (0.8, 0.8, 0.8)])
def test_three_variables_below_zero(one, two, three):
    """An eighth and the arc sines of all correlations over two full turns."""
    found = all_below(np.zeros(3), np.array([[1, one, two], [one, 1, three], [two, three, 1.0]]))
    expected = 0.125 + (np.arcsin(one) + np.arcsin(two) + np.arcsin(three)) / (4 * np.pi)
    assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("limits", [[-1.96, 0.5], [1.0, -0.3, 2.0], [0.1, -2.0, 0.7, 1.5]])
def test_independent_variables_multiply(limits):
    values = np.array(limits)
    assert all_below(values, np.eye(len(values))) == pytest.approx(float(np.prod(ndtr(values))), abs=1e-12)


def test_the_same_variable_twice_is_the_lower_limit():
    assert all_below(np.array([0.3, 1.0]), np.ones((2, 2))) == pytest.approx(float(ndtr(0.3)), abs=2e-4)
