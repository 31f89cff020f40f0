import numpy as np
import pytest

from ifntrial.worlds.quantiles import Band, Spread, quantile_band, quantile_spread

VALUES, WEIGHT = np.array([0.9, 0.2, np.nan, 0.6]), np.array([1.0, 1.0, 5.0, 2.0])
# middles of weight: 0.125 for 0.2, 0.5 for 0.6, 0.875 for 0.9
EXPECTED = {"q05": 0.2, "q25": 0.2 + 0.4 / 3, "q50": 0.6, "q75": 0.6 + 0.3 * 2 / 3, "q95": 0.9}


@pytest.mark.parametrize(("found", "kind"), [(quantile_band, Band), (quantile_spread, Spread)])
def test_quantiles_lie_at_the_middle_of_each_worlds_weight(found, kind):
    band = found(VALUES, WEIGHT)
    assert type(band) is kind
    for name in kind.__slots__:
        assert getattr(band, name) == pytest.approx(EXPECTED[name]), name


def test_worlds_without_weight_do_not_count():
    band = quantile_band(np.array([0.1, 0.2, 0.8]), np.array([0.0, 0.0, 1.0]))
    assert (band.q05, band.q50, band.q95) == (0.8, 0.8, 0.8)
