"""Value of information: a conjugate normal case in closed form, and the order of the three numbers in any case."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from ifntrial.studies.value.information import (
    Told,
    known_by_effect,
    of_study,
    perfect,
    told_by_study,
    worth,
)


def unit_normal_loss(middle: float, sd: float) -> float:
    """Return the expectation of what a normal number has above zero, less what its mean has."""
    return sd * norm.pdf(middle / sd) + middle * norm.cdf(middle / sd) - max(middle, 0.0)


@pytest.mark.parametrize(("middle", "sd", "error"), [(0.1, 0.3, 0.3), (-0.2, 0.4, 0.8), (0.0, 1.0, 0.1)])
def test_the_conjugate_normal_case(middle, sd, error):
    # what going is worth is the effect itself, normal; the study prints it with a normal error
    effect = norm.ppf((np.arange(20_000) + 0.5) / 20_000, middle, sd)
    weight = np.full(len(effect), 1.0 / len(effect))
    told = told_by_study(effect, effect, weight, error)
    of_sample = sd**2 / np.hypot(sd, error)
    assert of_study(told, 1.0, 0.0) == pytest.approx(unit_normal_loss(middle, of_sample), abs=2e-3 * sd)
    # what the study is about is all there is: the two ceilings are one
    assert perfect(effect, weight, 1.0, 0.0) == pytest.approx(unit_normal_loss(middle, sd), abs=1e-3 * sd)


@given(
    st.integers(0, 10_000),
    st.floats(0.02, 3.0),
    st.floats(0.3, 20.0),
)
def test_a_study_is_worth_no_more_than_its_subject_and_that_no_more_than_everything(seed, error, gain):
    numbers = np.random.default_rng(seed)
    effect = np.where(numbers.uniform(size=60) < 0.3, 0.0, numbers.normal(0.4, 0.5, 60))
    value = np.clip(norm.cdf(2.0 * effect - 1.0 + numbers.normal(0.0, 0.7, 60)), 0.0, 1.0)
    weight = numbers.dirichlet(np.ones(60))
    known = known_by_effect(value, effect, weight)
    told = told_by_study(known, effect, weight, error)
    of_sample = of_study(told, gain, 1.0)
    of_subject, of_all = perfect(known, weight, gain, 1.0), perfect(value, weight, gain, 1.0)
    assert -1e-12 <= of_sample <= of_subject + 1e-12 <= of_all + 2e-12
    # whatever the study prints, on average the answer stays
    assert (told.chance * told.answer).sum() == pytest.approx((weight * value).sum(), abs=1e-12)
    assert told.chance.sum() == pytest.approx(1.0)


def test_by_hand():
    # a fair coin tells nothing of value where both answers lead to the same decision
    told = Told(np.array([0.5, 0.5]), np.array([0.2, 0.6]))
    # now 0.4 of 4 is more than 1: go, worth 0.6; after: 0 and 1.4, mean 0.7
    assert of_study(told, 4.0, 1.0) == pytest.approx(0.1)
    assert of_study(told, 10.0, 1.0) == pytest.approx(0.0)
    assert worth(np.array([0.2, 0.6]), 4.0, 1.0).tolist() == pytest.approx([0.0, 1.4])
    assert perfect(np.array([0.0, 1.0]), np.array([0.6, 0.4]), 4.0, 1.0) == pytest.approx(0.4 * 3.0 - 0.6)


def test_a_more_exact_study_tells_more():
    effect = np.linspace(-1.0, 1.0, 101)
    weight = np.full(101, 1.0 / 101)
    values = [
        of_study(told_by_study(effect, effect, weight, error), 1.0, 0.1) for error in (2.0, 1.0, 0.5, 0.1)
    ]
    assert values == sorted(values)
    assert values[0] < values[-1]


def test_worlds_without_an_effect_are_one_cell():
    effect = np.array([0.0, 0.0, *np.arange(1.0, 11.0)[::-1]])
    value = np.array([0.2, 0.4, *np.arange(0.1, 1.05, 0.1)])
    weight = np.array([0.1, 0.3, *np.full(10, 0.06)])
    # five worlds of large effects, then five of small ones
    expected = [0.35, 0.35, *np.full(5, 0.3), *np.full(5, 0.8)]
    assert known_by_effect(value, effect, weight).tolist() == pytest.approx(expected)
