"""What a study would print, against distributions of SciPy and sums by hand; all numbers are made up."""

import math

import numpy as np
import pytest
from scipy import stats

from ifntrial.evidence.records import Observation
from ifntrial.studies.validate.predictive import predict


def row(**changed: object) -> Observation:
    cells = {
        "id": "made_up.placebo.mrss_change.w52",
        "trial": "made up",
        "arm": "placebo",
        "population": "SSc",
        "visit_week": 52.0,
        "endpoint": "mrss_change",
        "statistic": "mean",
        "value": -4.0,
        "low": None,
        "high": None,
        "interval_kind": "none",
        "sd": None,
        "n": None,
        "unit": "mrss_point",
        "source": "made_up",
        "use": "test",
    }
    return Observation(**{**cells, **changed})


def test_one_world_leaves_sampling_alone():
    found = predict(row(value=-4.0), [-5.0], 0.8, None)
    assert found.percentile == pytest.approx(100 * stats.norm(-5.0, 0.8).cdf(-4.0), abs=1e-9)
    assert found.standardized == pytest.approx(-1.25)
    assert (found.world_sd, found.sampling_sd, found.worlds) == (0.0, pytest.approx(0.8), 1)
    assert found.band.q05 == pytest.approx(stats.norm(-5.0, 0.8).ppf(0.05), abs=1e-6)


def test_worlds_and_sampling_are_a_mixture():
    """Two worlds at -6 and -2 with error 1: the value -4 lies in the middle, 2 of an SD of sqrt(4 + 1) from neither."""
    found = predict(row(value=-4.0), [-6.0, -2.0], 1.0, None)
    assert found.percentile == pytest.approx(50.0)
    assert (found.center, found.world_sd, found.standardized) == (-4.0, 2.0, 0.0)
    other = predict(row(value=0.0), [-6.0, -2.0], 1.0, None)
    by_hand = 50 * (stats.norm.cdf(6.0) + stats.norm.cdf(2.0))
    assert other.percentile == pytest.approx(by_hand)
    assert other.standardized == pytest.approx(-4.0 / math.sqrt(5.0))


def test_many_normal_worlds_are_a_wider_normal():
    """Worlds at even quantiles of N(-4, 1.8), error 0.9: printed values are N(-4, sqrt(1.8^2 + 0.9^2))."""
    worlds = stats.norm(-4.0, 1.8).ppf((np.arange(4000) + 0.5) / 4000)
    found = predict(row(value=-0.5), worlds, 0.9, None)
    wide = stats.norm(-4.0, math.hypot(1.8, 0.9))
    assert found.percentile == pytest.approx(100 * wide.cdf(-0.5), abs=0.02)
    assert found.band.q95 == pytest.approx(wide.ppf(0.95), abs=0.01)
    assert found.standardized == pytest.approx((-4.0 + 0.5) / wide.std(), rel=1e-3)


def test_a_share_is_a_mixture_of_binomials_and_a_tie_is_shared():
    """18 patients, 9 seen, worlds with 40 and 60 %: half of the chance of 9 lies below, by symmetry 50 %."""
    share = row(statistic="proportion", value=50.0, n=18, unit="percent")
    assert predict(share, [40.0, 60.0], None, 18).percentile == pytest.approx(50.0)
    found = predict(row(statistic="proportion", value=7.3, n=1257, unit="percent"), [10.0], None, 1257)
    law = stats.binom(1257, 0.10)
    assert found.percentile == pytest.approx(100 * (law.cdf(91) + law.cdf(92)) / 2)
    assert found.band.q05 == pytest.approx(100 * law.ppf(0.05) / 1257)
    assert found.standardized == pytest.approx((10.0 - 7.3) / (100 * math.sqrt(0.1 * 0.9 / 1257)))


def test_a_share_of_everybody_in_all_worlds_is_met_or_not():
    met = predict(row(statistic="proportion", value=100.0, n=18, unit="percent"), [100.0], None, 18)
    assert (met.percentile, met.standardized) == (50.0, 0.0)


def test_a_correlation_is_normal_after_fishers_transformation():
    found = predict(row(statistic="correlation", value=0.4, n=103, unit="1"), [0.2], None, 103)
    assert found.percentile == pytest.approx(
        100 * stats.norm(math.atanh(0.2), 0.1).cdf(math.atanh(0.4)), abs=1e-9
    )
    assert found.center == pytest.approx(0.2)
    assert predict(row(statistic="correlation", value=0.4, unit="1"), [0.2], None, None) is None


def test_a_ratio_is_normal_on_the_scale_of_its_logarithm():
    """1.79 (1.20 to 2.65) is 0.2021 of a logarithm; a world at 1 lies 2.88 below."""
    ratio = row(statistic="hazard_ratio", value=1.79, low=1.20, high=2.65, interval_kind="ci95", unit="1")
    found = predict(ratio, [1.0], 0.37, None)
    assert found.standardized == pytest.approx(-math.log(1.79) / 0.20211, rel=1e-3)


def test_without_an_error_or_a_value_nothing_is_predicted():
    assert predict(row(), [-4.0], None, None) is None
    assert predict(row(value=None), [-4.0], 1.0, None) is None
    assert predict(row(statistic="proportion", value=50.0), [40.0], 3.0, None) is None


def test_worlds_without_a_number_are_left_out():
    found = predict(row(), [-4.0, math.nan], 1.0, None)
    assert found.worlds == 1
    assert predict(row(), [math.nan], 1.0, None) is None
