"""The probability of success under each belief once more, from stated beliefs and simulated response rates alone.

Power is the normal approximation of the Mantel-Haenszel test at each world's rates by stratum. Its mean at a given effect
is a probit curve through the run's worlds, fitted with SciPy; this is integrated over the density that the belief states
at its address, with the power of no effect for its mass below zero. There are no cells, no control variates and no worlds
but those of the run; how likely each was to be drawn is all that is taken over.
"""

import numpy as np
import pytest
from scipy.optimize import curve_fit
from scipy.special import ndtr
from scipy.stats import norm

from ifntrial.studies.forecast.run import ForecastPlan, run_worlds
from ifntrial.studies.forecast.summary import answer
from ifntrial.worlds.weigh import base_weights
from shipped import CATALOG, load_design, prepare_forecast

WORLDS, SUBJECTS, PER_ARM, TENTHS = 240, 40, 157, 10
BELIEFS = (
    "ssc_reference_class",
    "lupus_bridge",
    "ssc_skin_class",
    "lupus_bridge_observed",
    "lupus_bridge_skin",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    prepared = prepare_forecast(ForecastPlan(load_design("daisy"), WORLDS, SUBJECTS, 3))
    return prepared, run_worlds(prepared, tmp_path_factory.mktemp("run"), 2)


@pytest.fixture(scope="module")
def found(run):
    return answer(*run).by_prior


def power_of_rates(active, control):
    """Return the power of a one-sided test of two rates, unstratified, at 157 patients in each arm."""
    middle = 0.5 * (active + control)
    null = np.sqrt(2 * middle * (1 - middle) / PER_ARM)
    alternative = np.sqrt((active * (1 - active) + control * (1 - control)) / PER_ARM)
    return ndtr((active - control - norm.ppf(0.975) * null) / alternative)


def curve(x, start, slope, bend):
    return ndtr(start + slope * x + bend * x**2)


def recalculated(prepared, worlds, name, left_out):
    """Return the chance of success under a belief, without the worlds of one tenth of the run, or of none."""
    belief = next(each for each in prepared.beliefs if each.name == name)
    implied, choice = CATALOG.calibration.implied, prepared.choice
    place = implied.at[belief.statement.address]
    sign = -1.0 if place.is_lower_better else 1.0
    effect = sign * place.effect[choice.positions]
    likelihood = base_weights(implied, CATALOG.evidence)[choice.positions] * choice.ratio
    used = choice.has_effect & ~implied.is_protective[choice.positions] & (effect > 0)
    used &= np.arange(len(effect)) % TENTHS != left_out
    rule, scale = worlds.rules[""], place.effect.std()
    fit, _ = curve_fit(
        curve,
        effect[used] / scale,
        power_of_rates(rule.active[used], rule.control[used]),
        (-1.8, 1.5, 0.0),
        sigma=1 / np.sqrt(likelihood[used]),
        maxfev=20_000,
    )
    edges = np.linspace(0.0, (sign * place.effect[~implied.is_protective]).max(), 801)
    stated = belief.statement.effect
    mass = np.abs(np.diff(stated.cdf(sign * edges)))
    harm = stated.cdf(0.0) if sign > 0 else 1.0 - stated.cdf(0.0)
    middle = 0.5 * (edges[1:] + edges[:-1]) / scale
    return (0.025 * harm + (mass * curve(middle, *fit)).sum()) / (harm + mass.sum())


@pytest.mark.parametrize("name", BELIEFS)
def test_the_chance_of_success_follows_from_the_belief_and_the_simulated_responses(run, found, name):
    """Within one point, and two standard errors of what the worlds drawn leave open in either way to use them."""
    expected = float(recalculated(*run, name, None))
    parts = np.array([recalculated(*run, name, tenth) for tenth in range(TENTHS)])
    jackknife = np.sqrt((TENTHS - 1) * parts.var())
    chance = found[name].assurance
    allowed = 0.01 + 2.0 * np.hypot(jackknife, chance.parts.worlds_error)
    assert allowed < 0.08, "the comparison says something"
    assert chance.estimate == pytest.approx(expected, abs=allowed)


def test_no_effect_is_the_level_of_the_test(found):
    assert found["irrelevant"].assurance.estimate == pytest.approx(0.025, abs=1e-9)
    for band in (found["irrelevant"].mrss_difference, found["irrelevant"].fvc_difference):
        assert band.q05 == pytest.approx(0.0, abs=1e-6), "to the accuracy of the solver"
        assert band.q95 == pytest.approx(0.0, abs=1e-6)


def test_every_belief_is_met_at_its_address(found):
    for name in (*BELIEFS, "net_harm"):
        assert found[name].prior_check.is_met, name
