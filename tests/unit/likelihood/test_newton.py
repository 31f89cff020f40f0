"""Maxima by Newton steps: found where they are, in any unit, and not found where there is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifntrial.likelihood.newton import climb


def bowl(center, curvature, height=0.0):
    """Return an upside-down paraboloid."""

    def terms(x):
        gap = x - center
        return height - 0.5 * gap @ curvature @ gap, -curvature @ gap, curvature

    return terms


@given(st.lists(st.integers(-12, 12), min_size=2, max_size=2), st.integers(-12, 12), st.floats(-0.99, 0.99))
def test_units_of_parameters_and_of_the_value_do_not_matter(powers, power, correlation):
    unit = 10.0 ** np.array(powers)
    curvature = 10.0**power * np.array([[1.0, correlation], [correlation, 1.0]]) / np.outer(unit, unit)
    center = unit * np.array([3.0, -2.0])
    found = climb(bowl(center, curvature), np.zeros(2))
    assert found.is_found
    assert found.point / unit == pytest.approx([3.0, -2.0], rel=1e-7)
    expected = np.sqrt(1.0 / (10.0**power * (1.0 - correlation**2)))
    assert found.standard_errors() / unit == pytest.approx([expected, expected], rel=1e-9)


def test_a_gradient_that_rounding_keeps_from_zero_is_no_reason_to_fail():
    random = np.random.default_rng(4)

    def terms(x):
        # the slope of a large sum is off by far more than 1e-9, however near the top
        noise = 1e-6 * random.standard_normal(1)
        return -1e8 * (x[0] - 1.0) ** 2 + 1e9, -2e8 * (x - 1.0) + noise, np.array([[2e8]])

    found = climb(terms, np.array([30.0]))
    assert found.is_found
    assert found.point[0] == pytest.approx(1.0, abs=1e-12)


def test_from_where_the_function_curves_up_it_climbs_all_the_same():
    def terms(x):
        return float(np.cos(x[0])), -np.sin(x), np.array([[np.cos(x[0])]])

    for start in (2.0, 3.1, 4.0):
        found = climb(terms, np.array([start]))
        assert found.is_found
        assert found.point[0] % (2 * np.pi) == pytest.approx(0.0, abs=1e-9) or found.point[0] % (
            2 * np.pi
        ) == pytest.approx(2 * np.pi)


def test_the_edge_of_the_domain_is_not_crossed():
    def terms(x):
        if x[0] <= 0:
            return -np.inf, np.zeros(1), np.eye(1)
        return float(50 * np.log(x[0]) - x[0]), 50 / x - 1, np.array([[50 / x[0] ** 2]])

    for start in (1e-6, 1.0, 1e4):
        found = climb(terms, np.array([start]))
        assert found.is_found
        assert found.point[0] == pytest.approx(50.0)


def rises_for_ever(x):
    return float(x[0]), np.ones(1), np.zeros((1, 1))


def rises_ever_faster(x):
    return float(x[0] ** 2), 2 * x, np.array([[-2.0]])


def levels_off_on_a_ridge(x):
    decay = np.exp(-x[0])
    return float(x[1] ** 2 - decay), np.array([decay, 2 * x[1]]), np.diag([decay, -2.0])


@pytest.mark.parametrize(
    ("terms", "size"), [(rises_for_ever, 1), (rises_ever_faster, 1), (levels_off_on_a_ridge, 2)]
)
def test_where_there_is_no_maximum_none_is_found(terms, size):
    assert not climb(terms, np.full(size, 0.5)).is_found
