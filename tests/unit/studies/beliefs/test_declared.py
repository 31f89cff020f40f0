"""The declared beliefs against the same published numbers worked out by sums over a grid, and what they rest on."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import beta, norm

from ifntrial.errors import InputError
from ifntrial.studies.beliefs.declared import declared_beliefs, in_log_odds
from shipped import CATALOG

SKIN = {
    "tocilizumab": [(-3.55, 1.88), (-1.73, 1.05)],
    "riociguat": [(-2.34, 1.35)],
    "abatacept": [(-1.75, 1.62)],
}
"""Difference in skin score at weeks 48 to 52 and its standard error: faSScinate, focuSSced, RISE-SSc, ASSET."""
POOL = (0.428, 0.215)
LUPUS = [(0.719, 0.155), (0.626, 0.273)]
COMMON_SCALE = np.pi / np.sqrt(3) / 7.0
"""Log odds per point of skin score, at 7 points a standard deviation of change."""


@pytest.fixture(scope="module")
def beliefs(evidence):
    return {belief.name: belief for belief in declared_beliefs(evidence)}


def between_drugs():
    """SD between drugs on the skin score: half-normal of scale 2, flat mean, drugs' trials half as far apart."""
    tau = np.linspace(1e-4, 16.0, 6001)
    weight = np.exp(-0.5 * (tau / 2.0) ** 2)
    means, variances = [], []
    for trials in SKIN.values():
        y, v = np.array(trials).T
        v = v[:, None] ** 2 + (0.5 * tau) ** 2
        variance = 1 / (1 / v).sum(axis=0)
        mean = variance * (y[:, None] / v).sum(axis=0)
        inner = norm.pdf(y[:, None], mean, np.sqrt(v)).prod(axis=0) * np.sqrt(variance)
        weight = weight * inner
        means.append(mean)
        variances.append(variance + tau**2)
    means, variances = np.array(means), np.array(variances)
    whole = 1 / (1 / variances).sum(axis=0)
    middle = whole * (means / variances).sum(axis=0)
    weight = weight * norm.pdf(means, middle, np.sqrt(variances)).prod(axis=0) * np.sqrt(whole)
    return tau, weight / weight.sum(), middle, whole


def cdf_of(weights, means, sds, x):
    return float((weights * norm.cdf(x, means, sds)).sum())


@pytest.mark.parametrize("x", [-0.5, 0.0, 0.428, 0.9, 1.5])
def test_the_next_drug_by_response_is_the_pool_with_drugs_as_far_apart_as_on_skin(beliefs, x):
    """Two drugs in the pool, a tenth set aside for a drug that is unlike the class: N(0, 0.5)."""
    tau, weight, _, _ = between_drugs()
    sds = np.sqrt(POOL[1] ** 2 + 1.5 * (COMMON_SCALE * tau) ** 2)
    expected = 0.9 * cdf_of(weight, POOL[0], sds, x) + 0.1 * norm.cdf(x, 0, 0.5)
    stated = beliefs["ssc_reference_class"].statement
    assert stated.address == "rcriss20_observed"
    assert stated.effect.cdf(x) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("x", [-5.0, -2.0, 0.0, 1.5])
def test_the_next_drug_by_skin(beliefs, x):
    tau, weight, middle, whole = between_drugs()
    sds = np.sqrt(whole + tau**2)
    expected = 0.9 * cdf_of(weight, middle, sds, x) + 0.1 * norm.cdf(x, 0, 0.5 / COMMON_SCALE)
    stated = beliefs["ssc_skin_class"].statement
    assert stated.address == "mrss_year"
    assert stated.effect.cdf(x) == pytest.approx(expected, abs=2e-4)


def whole_lupus_effect():
    """Two trials of one drug, SD between them half-normal of scale 0.5, flat mean."""
    y, se = np.array(LUPUS).T
    tau = np.linspace(1e-4, 4.0, 6001)
    v = se[:, None] ** 2 + tau**2
    variance = 1 / (1 / v).sum(axis=0)
    mean = variance * (y[:, None] / v).sum(axis=0)
    weight = (
        np.exp(-0.5 * (tau / 0.5) ** 2)
        * norm.pdf(y[:, None], mean, np.sqrt(v)).prod(axis=0)
        * np.sqrt(variance)
    )
    return weight / weight.sum(), mean, np.sqrt(variance)


@pytest.mark.parametrize("x", [0.05, 0.2, 0.35, 0.7])
def test_a_share_of_the_lupus_effect(beliefs, x):
    weight, mean, sd = whole_lupus_effect()
    share = (np.arange(400) + 0.5) / 400
    density = beta(2, 2).pdf(share) / beta(2, 2).pdf(share).sum()
    expected = sum(p * cdf_of(weight, s * mean, s * sd, x) for s, p in zip(share, density, strict=True))
    for name, address in (
        ("lupus_bridge", "rcriss25_composite"),
        ("lupus_bridge_observed", "rcriss20_observed"),
    ):
        stated = beliefs[name].statement
        assert stated.address == address
        assert stated.effect.cdf(x) == pytest.approx(expected, abs=3e-4)
    skin = beliefs["lupus_bridge_skin"].statement
    assert skin.effect.cdf(-x / COMMON_SCALE) == pytest.approx(1 - expected, abs=3e-4)


def test_net_harm_is_a_worse_skin_score_and_nothing_else(beliefs):
    stated = beliefs["net_harm"].statement
    assert (stated.address, stated.below_zero, stated.only_harm) == ("mrss_year", "harm", True)
    # half of a half-normal of scale 1 lies below 0.6745
    assert 2 * (stated.effect.cdf(0.6745) - 0.5) == pytest.approx(0.5, abs=1e-4)


def test_irrelevant_states_nothing_and_the_weights_are_a_declared_judgement(beliefs):
    assert beliefs["irrelevant"].statement is None
    assert {name: belief.share for name, belief in beliefs.items()} == {
        "irrelevant": 0.3,
        "ssc_reference_class": 0.35,
        "lupus_bridge": 0.3,
        "net_harm": 0.05,
        "ssc_skin_class": 0.0,
        "lupus_bridge_observed": 0.0,
        "lupus_bridge_skin": 0.0,
    }


def test_every_statement_has_an_address_of_the_package(beliefs):
    stated = [belief.statement for belief in beliefs.values() if belief.statement is not None]
    assert {each.address for each in stated} <= set(CATALOG.addresses)
    assert all(each.basis for each in stated)


def test_a_log_odds_ratio_in_points_of_skin_score(evidence):
    assert in_log_odds(evidence, "odds_ratio") == 1.0
    assert in_log_odds(evidence, "mean_difference") == pytest.approx(3.859, abs=5e-4)


def test_a_class_without_contrasts_is_an_error_or_left_out_where_that_is_asked(evidence):
    left = replace(
        evidence, effects=tuple(row for row in evidence.effects if row.comparison_class != "ssc_response")
    )
    with pytest.raises(InputError, match="no trial of the class 'ssc_response'"):
        declared_beliefs(left)
    names = [belief.name for belief in declared_beliefs(left, is_whole=False)]
    assert "ssc_reference_class" not in names
    assert {"irrelevant", "ssc_skin_class", "lupus_bridge"} <= set(names)
