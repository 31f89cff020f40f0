"""Effects by status: the interval of a ratio against the roots of its equation, rows of the tables, the whole by hand."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
from scipy.optimize import brentq

from ifntrial.catalog import shipped
from ifntrial.errors import EvidenceError
from ifntrial.studies.validate.by_status import effect_by_status, fieller, seen_by_status

LOW = "tulip_pooled.anifrolumab_vs_placebo.bicla_response.w52.sle_ifn_low"
HIGH = "tulip_pooled.anifrolumab_vs_placebo.bicla_response.w52.sle_ifn_high"


@pytest.mark.parametrize(
    ("a", "error_a", "b", "error_b"), [(2.0, 0.5, 4.0, 0.5), (9.3, 8.8, 18.2, 3.9), (-1.0, 2.0, -6.0, 1.0)]
)
def test_the_ends_of_a_ratio_are_where_the_difference_is_just_told(a, error_a, b, error_b):
    def told(ratio):
        return (a - ratio * b) ** 2 - 1.959963984540054**2 * (error_a**2 + (ratio * error_b) ** 2)

    low, high = fieller(a, error_a, b, error_b)
    assert low == pytest.approx(brentq(told, -10.0, a / b), abs=1e-9)
    assert high == pytest.approx(brentq(told, a / b, 10.0), abs=1e-9)


def test_an_effect_that_is_not_told_from_none_gives_no_interval():
    assert fieller(1.0, 0.5, 1.9, 1.0) is None
    assert fieller(1.0, 0.5, 2.0, 1.0) is not None


def test_lupus_by_hand(evidence):
    row = seen_by_status("BICLA", evidence.observation(LOW), evidence.observation(HIGH))
    # Vital 2022: 9.3 (-8.0 to 26.5) against 18.2 (10.5 to 25.8) points
    assert (row.low, row.high) == (9.3, 18.2)
    assert row.ratio == pytest.approx(0.510989, abs=1e-6)
    assert row.ratio_low < 0.0 < 1.0 < row.ratio_high


def test_a_rate_ratio_is_compared_as_its_logarithm(evidence):
    low, high = (evidence.observation(id.replace("bicla_response", "flare_rate")) for id in (LOW, HIGH))
    row = seen_by_status("flares", low, high)
    assert (row.low, row.high) == (pytest.approx(log(1.12)), pytest.approx(log(0.7)))
    assert row.ratio < 0.0


def test_an_effect_without_an_interval_is_named(evidence):
    bare = replace(evidence.observation(LOW), low=None, high=None)
    with pytest.raises(EvidenceError, match="needs its standard error"):
        seen_by_status("BICLA", bare, evidence.observation(HIGH))


def test_what_the_law_foretells():
    found = effect_by_status(shipped())
    assert found.low_signal == pytest.approx(0.0033)
    skin, _ = found.foretold
    # the share of worlds in which everyone loses what the reference patient does is declared as a fifth
    assert 0.0 < skin.ratio_over_worlds.q05 < skin.ratio_over_worlds.q50 < 0.1
    assert skin.alike_share == pytest.approx(0.2, abs=0.05)
    assert found.seen_in_lupus[0].endpoint.startswith("BICLA")
    assert len(found.seen_in_lupus) == 5
    assert np.isfinite([row.ratio for row in found.seen_in_lupus]).all()
