"""Expected events of safety in closed form: hazards, shares that come early, organ events, and time at risk."""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.safety import (
    SAFETY_EVENTS,
    EarlyShares,
    draw_early_shares,
    expected_by,
    told_events,
    years_at_risk,
)
from ifntrial.evidence.distributions import prior_distribution
from ifntrial.evidence.load import load_evidence
from shipped import load_design
from toy_trial import EXACT, toy_course, toy_covariates

YEAR = 365.25 / 7.0
EVENTS = {event.name: event for event in SAFETY_EVENTS}
SHARES = EarlyShares({"hypersensitivity": 0.2, "antidrug_antibodies": 0.1}, {"hypersensitivity": 0.04}, 4.0)


@pytest.fixture(scope="module")
def design():
    return load_design("daisy")


@pytest.fixture(scope="module")
def arm(design):
    courses = {each.name: toy_course(each.name, 0.0, 200, design.visit_weeks) for each in design.arms}
    found = observe_arms(design, courses, toy_covariates(200), EXACT, seed=2)[design.active.name]
    leaving = np.where(np.arange(200) % 2, 26.0, np.inf)[None]
    return replace(found, leaving_week=leaving, discontinuation_week=np.full((1, 200), np.inf))


def expected(name, arm, design, is_active=True):
    return expected_by(EVENTS[name], arm, 52.0, design.assumed, SHARES, is_active=is_active)[0]


def test_time_at_risk_ends_with_the_trial_or_leaving(arm):
    assert years_at_risk(arm, 52.0)[0, :2] == pytest.approx([52.0 / YEAR, 26.0 / YEAR])


def test_a_hazard_of_the_model_is_taken_until_leaving(arm, design):
    """Three events per hundred years of 52 weeks."""
    assert expected("zoster", arm, design)[:2] == pytest.approx([0.03, 0.015])


def test_a_share_that_comes_early_halves_what_is_left_every_half_time(arm, design):
    found = expected("hypersensitivity", arm, design)
    assert found[:2] == pytest.approx([0.2 * (1 - 0.5**13), 0.2 * (1 - 0.5**6.5)])
    assert expected("hypersensitivity", arm, design, is_active=False)[0] == pytest.approx(
        0.04 * (1 - 0.5**13)
    )
    assert expected("antidrug_antibodies", arm, design, is_active=False).tolist() == [0.0] * 200
    stopped = replace(arm, discontinuation_week=np.full((1, 200), 4.0))
    assert expected("hypersensitivity", stopped, design) == pytest.approx(np.full(200, 0.1))


def test_an_organ_event_has_the_rate_of_the_design_times_that_of_the_organ(arm, design):
    rate = design.assumed.organ_events.gut_failure
    assert expected("gut_failure", arm, design)[:2] == pytest.approx(rate * np.array([52.0, 26.0]) / YEAR)
    halved = arm.values | {"gut_failure_relative_hazard": np.full(arm.values["mrss"].shape, 0.5)}
    found = expected("gut_failure", replace(arm, values=halved), design)
    assert found[0] == pytest.approx(0.5 * rate * 52.0 / YEAR)


@pytest.mark.parametrize(
    ("drug", "route", "early"),
    [
        ("anifrolumab", "SC", {"hypersensitivity", "injection_site_reaction", "antidrug_antibodies"}),
        ("anifrolumab", "IV", {"hypersensitivity", "infusion_reaction", "antidrug_antibodies"}),
        ("tocilizumab", "SC", set()),
    ],
)
def test_reactions_are_told_by_route_and_of_the_drug_they_were_seen_on(drug, route, early):
    assert {event.name for event in told_events(drug, route) if event.kind == "early"} == early


def test_shares_are_drawn_from_their_priors_by_world():
    evidence = load_evidence()
    drawn = [draw_early_shares(evidence, 1, world) for world in range(400)]
    prior = prior_distribution(evidence.parameter("safety.hypersensitivity_active"))
    found = np.array([each.active["hypersensitivity"] for each in drawn])
    assert found.mean() == pytest.approx(prior.mean(), abs=4 * prior.std() / 20)
    assert np.unique(found).size == 400
    assert draw_early_shares(evidence, 1, 7) == drawn[7]
    assert draw_early_shares(evidence, 1, -1).active["hypersensitivity"] == 0.028


def test_everything_of_lupus_says_so():
    for event in SAFETY_EVENTS:
        assert (event.borrowed == "") == (event.kind == "organ"), event.name
