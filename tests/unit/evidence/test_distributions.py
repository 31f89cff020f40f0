"""The words for spreads and priors mean what the documentation says."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import chi2

from ifntrial.errors import UnknownNameError
from ifntrial.evidence.distributions import between_subject, prior_distribution
from ifntrial.evidence.load import load_evidence
from ifntrial.evidence.vocabulary import PRIOR_KINDS, SPREAD_KINDS

ROW = replace(load_evidence().parameter("anifrolumab.clearance"), value=4.0)


@pytest.mark.parametrize(
    ("kind", "a", "b", "median"),
    [
        ("normal", 4.0, 2.0, 4.0),
        ("lognormal", 4.0, 0.5, 4.0),
        ("uniform", 3.0, 5.0, 4.0),
        ("loguniform", 1.0, 16.0, 4.0),
        ("beta", 2.0, 2.0, 0.5),
    ],
)
def test_prior_numbers_mean_what_they_say(kind, a, b, median):
    prior = prior_distribution(replace(ROW, prior=kind, prior_a=a, prior_b=b))
    assert prior.median() == pytest.approx(median)
    if kind == "normal":
        assert prior.std() == pytest.approx(b)
    if kind == "lognormal":
        assert np.diff(np.log(prior.ppf([0.5, 0.8413447]))) == pytest.approx(b, rel=1e-5)
    if kind in ("uniform", "loguniform"):
        assert prior.support() == pytest.approx((a, b))


@pytest.mark.parametrize(
    ("shape", "rate", "low", "high"),
    [(4.0, 0.367, 2.9697, 23.890), (2.0, 3.2, 0.075687, 1.74114)],
)
def test_a_gamma_prior_is_that_of_events_in_time(shape, rate, low, high):
    """Bounds are half chi-squared quantiles of twice as many degrees of freedom, over time (Garwood 1936)."""
    prior = prior_distribution(replace(ROW, prior="gamma", prior_a=shape, prior_b=rate))
    assert prior.mean() == pytest.approx(shape / rate)
    assert prior.ppf([0.025, 0.975]) == pytest.approx([low, high], rel=1e-4)
    assert prior.ppf([0.025, 0.975]) == pytest.approx(chi2(2 * shape).ppf([0.025, 0.975]) / (2 * rate))


@pytest.mark.parametrize(
    ("kind", "spread", "upper"),
    [
        ("omega2_lognormal", 0.09, 4.0 * np.exp(0.3)),
        ("omega2_additive", 0.09, 4.3),
        ("sd", 0.5, 4.5),
        ("cv_lognormal", 0.3, 4.0 * np.exp(np.sqrt(np.log(1.09)))),
    ],
)
def test_spreads_have_the_value_as_median_and_the_stated_width(kind, spread, upper):
    subjects = between_subject(replace(ROW, spread=spread, spread_kind=kind))
    assert subjects.median() == pytest.approx(4.0)
    assert subjects.ppf(0.8413447) == pytest.approx(upper, rel=1e-5)
    if kind == "cv_lognormal":
        assert subjects.std() / subjects.mean() == pytest.approx(spread)


def test_a_share_is_spread_on_its_logit_and_stays_one():
    """Odds of 0.8 are 4, and 8.87 one standard deviation of 0.797 above; the mean is by quadrature over the normal."""
    subjects = between_subject(replace(ROW, value=0.8, spread=0.797, spread_kind="sd_logit"))
    assert subjects.median() == pytest.approx(0.8)
    assert subjects.ppf(0.8413447) == pytest.approx(8.8753 / 9.8753, rel=1e-4)
    assert subjects.cdf(subjects.ppf(0.2)) == pytest.approx(0.2)
    assert subjects.cdf([0.0, 1.0]).tolist() == [0.0, 1.0]
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    by_hand = np.average(expit(np.log(4.0) + 0.797 * nodes), weights=weights)
    assert subjects.mean() == pytest.approx(by_hand, rel=1e-6)


def test_every_kind_but_none_has_a_distribution():
    for kind in PRIOR_KINDS[1:]:
        assert prior_distribution(replace(ROW, prior=kind, prior_a=1.0, prior_b=2.0)).std() > 0
    for kind in SPREAD_KINDS[1:]:
        assert between_subject(replace(ROW, value=0.4, spread=0.1, spread_kind=kind)).std() > 0


def test_a_row_without_prior_or_spread_says_so():
    with pytest.raises(UnknownNameError, match="prior kind 'none'"):
        prior_distribution(replace(ROW, prior="none"))
    with pytest.raises(UnknownNameError, match="spread kind 'none'"):
        between_subject(replace(ROW, spread=None, spread_kind="none"))


def test_every_shipped_prior_holds_its_value_between_its_tails():
    for row in load_evidence().parameters:
        if row.prior != "none":
            low, high = prior_distribution(row).ppf([0.005, 0.995])
            assert low < row.value < high, row.name
