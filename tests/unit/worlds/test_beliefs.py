"""What a statement means, by hand and by quadrature."""

import numpy as np
import pytest

from ifntrial.worlds.beliefs import Statement
from made_up_worlds import normal

# of a standard normal: density at 0 and distribution at 1
DENSITY_AT_0, BELOW_1 = 0.3989422804014327, 0.8413447460685429


def test_a_statement_spreads_as_its_distribution():
    found = Statement("somewhere", normal(0.5, 0.2), "made up").spread((5, 50), is_lower_better=False)
    assert (found.mean, found.sd) == (pytest.approx(0.5, abs=1e-14), pytest.approx(0.2, abs=1e-14))
    assert found.quantiles == pytest.approx([0.5 - 0.2 * 1.6448536269514722, 0.5])


@pytest.mark.parametrize(("sign", "is_lower_better"), [(1.0, False), (-1.0, True)])
def test_where_harm_is_no_effect_the_worlds_have_zero(sign, is_lower_better):
    """max(X, 0) of N(1, 1): mean Phi(1) + phi(1), mean square 2 Phi(1) + phi(1)."""
    stated = Statement("somewhere", normal(sign * 1.0, 1.0), "made up")
    found = stated.spread_in_worlds((5, 50, 95), is_lower_better=is_lower_better)
    density_at_1 = DENSITY_AT_0 * np.exp(-0.5)
    mean = BELOW_1 + density_at_1
    assert found.mean == pytest.approx(sign * mean, rel=1e-12)
    assert found.sd == pytest.approx(np.sqrt(2 * BELOW_1 + density_at_1 - mean**2), rel=1e-12)
    assert sorted(sign * found.quantiles) == pytest.approx([0.0, 1.0, 1.0 + 1.6448536269514722])


@pytest.mark.parametrize(("sign", "is_lower_better"), [(1.0, True), (-1.0, False)])
def test_harm_alone_is_the_half_beyond_zero(sign, is_lower_better):
    """Half a standard normal has the mean sqrt(2 / pi) and the variance 1 - 2 / pi."""
    stated = Statement("somewhere", normal(0.0, 1.0), "made up", below_zero="harm", only_harm=True)
    for found in (
        stated.spread((50,), is_lower_better=is_lower_better),
        stated.spread_in_worlds((50,), is_lower_better=is_lower_better),
    ):
        assert found.mean == pytest.approx(sign * np.sqrt(2 / np.pi), rel=1e-12)
        assert found.sd == pytest.approx(np.sqrt(1 - 2 / np.pi), rel=1e-12)
        assert sign * found.quantiles == pytest.approx([0.6744897501960817])
