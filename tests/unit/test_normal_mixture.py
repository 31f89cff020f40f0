"""A mixture of normal distributions against hand-worked moments and the normal distribution itself."""

import numpy as np
import pytest
from scipy.integrate import quad

from ifntrial.errors import InputError
from ifntrial.normal_mixture import NormalMixture

TWO = NormalMixture(np.array([0.25, 0.75]), np.array([-1.0, 3.0]), np.array([2.0, 0.5]))


def test_moments_by_hand() -> None:
    assert TWO.mean == 2.0
    # 0.25 (4 + 9) + 0.75 (0.25 + 1)
    assert TWO.sd == pytest.approx(4.1875**0.5, rel=1e-15)


def test_one_component_is_a_normal_distribution() -> None:
    one = NormalMixture(np.ones(1), np.array([2.0]), np.array([5.0]))
    assert float(one.quantile(0.975)) == pytest.approx(2.0 + 5.0 * 1.959963984540054, rel=1e-14)
    assert float(one.cdf(-3.0)) == pytest.approx(0.15865525393145705, rel=1e-14)
    assert float(one.pdf(2.0)) == pytest.approx(0.3989422804014327 / 5.0, rel=1e-14)


def test_shapes_are_kept() -> None:
    places = np.array([[0.1, 0.2, 0.3], [0.5, 0.6, 0.9]])
    for function in (TWO.pdf, TWO.cdf, TWO.quantile):
        found = function(places)
        assert found.shape == (2, 3)
        assert float(found[1, 0]) == float(function(0.5))
    assert TWO.quantile(np.array([])).shape == (0,)


def test_the_density_is_the_slope_of_the_distribution() -> None:
    x = np.linspace(-6.0, 5.0, 12)
    assert (TWO.cdf(x + 1e-5) - TWO.cdf(x - 1e-5)) / 2e-5 == pytest.approx(TWO.pdf(x), rel=1e-7, abs=1e-10)


@pytest.mark.parametrize(
    "mixture",
    [
        TWO,
        NormalMixture(np.array([0.3, 0.7]), np.array([-50.0, 3.0]), np.array([0.01, 5.0])),
        NormalMixture(np.full(3, 1 / 3), np.array([1e6, 1e6 + 1, 1e6]), np.array([1e-3, 1e-3, 2.0])),
    ],
)
def test_quantiles_undo_the_distribution(mixture: NormalMixture) -> None:
    p = np.array([1e-300, 1e-20, 1e-9, 0.01, 0.3, 0.300001, 0.5, 0.77, 0.999, 1 - 1e-12])
    found = mixture.quantile(p)
    assert np.all(np.diff(found) >= 0)
    # the value itself has no more digits than its size allows
    room = mixture.pdf(found) * 4 * np.spacing(np.abs(found)) / p
    assert np.all(np.abs(mixture.cdf(found) / p - 1) <= 1e-11 + room)


def test_even_probabilities_draw_the_mixture() -> None:
    drawn = TWO.quantile((np.arange(20_000) + 0.5) / 20_000)
    assert drawn.mean() == pytest.approx(2.0, abs=1e-3)
    assert drawn.std() == pytest.approx(4.1875**0.5, abs=1e-3)


@pytest.mark.parametrize("wrong", [0.0, 1.0, -0.1, np.nan])
def test_probabilities_that_have_no_quantile(wrong: float) -> None:
    with pytest.raises(InputError, match="a quantile was asked for a probability that has none"):
        TWO.quantile(np.array([0.5, wrong]))


def test_many_at_once_are_those_of_each_alone() -> None:
    wide = NormalMixture(np.array([0.3, 0.6, 0.1]), np.array([-50.0, 3.0, 4.0]), np.array([0.01, 5.0, 1e-6]))
    p = np.concatenate([[1e-300, 1e-12], (np.arange(1000) + 0.5) / 1000])
    alone = [float(wide.quantile(each)) for each in p]
    assert wide.quantile(p) == pytest.approx(np.array(alone), rel=1e-12)


@pytest.mark.parametrize(("low", "high"), [(-np.inf, np.inf), (0.0, np.inf), (-np.inf, 0.5), (-1.5, 2.75)])
def test_moments_between_are_those_of_quadrature(low: float, high: float) -> None:
    found = TWO.moments_between(low, high)
    for power, moment in enumerate(found):
        expected, _ = quad(
            lambda x, k=power: x**k * float(TWO.pdf(x)),
            max(low, -30.0),
            min(high, 30.0),
            points=[-1.0, 3.0] if low < -1 else None,
            limit=500,
        )
        assert moment == pytest.approx(expected, rel=1e-9)
