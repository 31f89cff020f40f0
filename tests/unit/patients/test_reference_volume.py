"""Volumes of healthy people against the published table, spline values of quarter years as an MIT package holds them."""

import numpy as np
import pytest

from ifntrial.patients.reference_volume import healthy_volume, volume_parameters


@pytest.mark.parametrize(
    ("is_female", "age", "height", "litres"),
    [
        (True, 50.0, 163.0, 3.2520),
        (False, 50.0, 176.0, 4.5285),
        (True, 40.0, 170.0, 3.8666),
        (False, 60.25, 180.0, 4.4930),
    ],
)
def test_volume_is_that_of_the_equations(evidence, is_female, age, height, litres):
    found = healthy_volume(evidence, np.array([is_female]), np.array([age]), np.array([height]))
    assert found[0] / 1000.0 == pytest.approx(litres, rel=2e-3)


def test_one_percent_and_its_loss_with_age(evidence):
    """A woman of 50 and 163 cm: 32.5 mL; of the difference between knots 0.2 % and the age exponent, 0.26 mL a year."""
    found = volume_parameters(evidence, np.array([True]), np.array([50.0]), np.array([163.0]))
    assert found["fvc_ml_per_percent"][0] == pytest.approx(32.52, rel=2e-3)
    assert found["fvc_ml_per_percent_ageing"][0] * 365.25 == pytest.approx(0.252, abs=0.02)
