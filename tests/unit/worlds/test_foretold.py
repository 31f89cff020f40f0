"""Bayes factors by hand: beliefs that foretold the trial of interferon given to patients well, and badly."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from ifntrial.worlds.foretold import foretell
from ifntrial.worlds.predictions import DATA_ROWS, Predictions
from made_up_worlds import NOTHING, WORLDS, belief, made_up_implied

LUNG = "black1999.interferon_vs_placebo.fvc_percent_change.w52"
SKIN = "black1999.interferon_vs_placebo.mrss_change.w52"
# the published difference and its standard error, with the discrepancy of the row below
PUBLISHED, SPREAD = -9.5, np.hypot((16.6 - 2.4) / (2 * 1.959964), 5.0)


@pytest.fixture(scope="module")
def lung_alone(evidence):
    """The tables with the skin score of that trial and all drug levels kept from weighing worlds."""
    others = {row.observation for row in DATA_ROWS} - {LUNG}
    kept = tuple(replace(row, use="prior") if row.id in others else row for row in evidence.observations)
    return replace(evidence, observations=kept)


def implied(worse, better):
    """Return worlds in which interferon lowers lung function by ``worse`` points, or, protective ones, raises it."""
    found = made_up_implied()
    difference = np.where(found.is_protective, better, -worse)
    return replace(found, predictions=Predictions((LUNG,), difference[:, None].astype(float)))


BELIEFS = (
    replace(NOTHING, share=0.5),
    belief("response", 1.0, 0.01, name="drives", share=0.3),
    belief("response", 0.0, 0.3, name="restrains", share=0.2, below_zero="harm", only_harm=True),
)


def likelihood(difference):
    return norm.pdf((difference - PUBLISHED) / SPREAD) / norm.pdf(0.0)


def test_a_bayes_factor_is_the_likelihood_under_the_belief_over_the_mixture(lung_alone):
    found = foretell(BELIEFS, implied(6.0, 3.0), lung_alone)
    each = {"nothing": likelihood(0.0), "drives": likelihood(-6.0), "restrains": likelihood(3.0)}
    mixture = 0.5 * each["nothing"] + 0.3 * each["drives"] + 0.2 * each["restrains"]
    for name, value in each.items():
        assert found[name].bayes_factor == pytest.approx(value / mixture, rel=1e-6), name
    assert found["mixture"].bayes_factor == 1.0
    assert found["drives"].bayes_factor > 1.0 > found["restrains"].bayes_factor > 0.0


def test_what_a_belief_foretold_is_told_over_its_worlds_and_is_nothing_without_an_effect(lung_alone):
    found = foretell(BELIEFS, implied(6.0, 3.0), lung_alone)
    assert found["drives"].fvc_difference.q50 == -6.0
    assert found["restrains"].fvc_difference.q50 == 3.0
    assert (found["nothing"].fvc_difference.q05, found["nothing"].fvc_difference.q95) == (0.0, 0.0)
    assert found["mixture"].fvc_difference.q25 == -6.0


def test_net_harm_keeps_its_worlds_however_badly_it_foretold_the_trial(lung_alone):
    found = foretell(BELIEFS, implied(6.0, 30.0), lung_alone)
    assert 0.0 < found["restrains"].bayes_factor < 1e-6
    assert len(implied(6.0, 30.0).number) == WORLDS


def test_nothing_is_told_where_the_trial_weighs_no_worlds(lung_alone):
    without = tuple(replace(row, use="prior") if row.id == LUNG else row for row in lung_alone.observations)
    assert foretell(BELIEFS, implied(6.0, 3.0), replace(lung_alone, observations=without)) == {}
