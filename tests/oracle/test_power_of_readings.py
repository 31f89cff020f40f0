"""The power of every analysis that is no test of a response, against whole trials analysed one by one.

Patients are made up: no model is solved. Outcomes differ between patients and between repeats, one arm spreads more than
the other, readings are missing more often later, and two patients are on active for each on control.
"""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.catalog.readings import ANALYSES_OF_READINGS
from ifntrial.clinic.analysed import AnalysedArm
from ifntrial.likelihood.trial_of_subjects import TrialOfSubjects
from ifntrial.studies.mean_power import MeanTest, power_of_means
from ifntrial.studies.primary_values import PrimaryValues, values_of_arms
from ifntrial.studies.repeated_trials import TrialPopulation, repeat_trials
from shipped import load_design

REPEATS, PATIENTS, VISITS = 8, 400, 3
BY_NAME = {each.name: each for each in ANALYSES_OF_READINGS}
TRIALS = {"ancova": 1500, "mmrm": 300, "negative_binomial": 400, "log_rank": 800}


def arm(effect: float, spread: float, draw: np.random.Generator, own: np.ndarray) -> AnalysedArm:
    """Return changes at three visits of patients with a baseline and a course of their own."""
    baseline = own[:, 0] + 0.3 * draw.normal(size=(REPEATS, PATIENTS))
    time = np.arange(1, VISITS + 1) / VISITS
    course = own[:, 1, None] * time + effect * time * (1.0 + 0.5 * own[:, 2, None])
    noise = draw.normal(size=(REPEATS, PATIENTS, VISITS))
    outcome = course - 0.4 * baseline[..., None] + spread * (0.8 * noise + 0.6 * noise[..., :1])
    lost = draw.uniform(size=(REPEATS, PATIENTS)) < 0.25
    when = draw.integers(1, VISITS + 1, size=(REPEATS, PATIENTS))
    outcome = np.where(lost[..., None] & (np.arange(VISITS) >= when[..., None]), np.nan, outcome)
    outcome = np.where(draw.uniform(size=outcome.shape) < 0.05, np.nan, outcome)
    years = np.where(lost, when / VISITS, 1.0)
    return AnalysedArm(outcome, baseline, years)


def events(rate: float, draw: np.random.Generator, own: np.ndarray, *, are_times: bool) -> AnalysedArm:
    """Return counts, or times of the first event in weeks, of patients with rates of their own."""
    mine = rate * np.exp(0.6 * own[:, 1])
    years = np.where(
        draw.uniform(size=(REPEATS, PATIENTS)) < 0.2, draw.uniform(0.2, 1.0, (REPEATS, PATIENTS)), 1.0
    )
    if not are_times:
        return AnalysedArm(draw.poisson(mine * years)[..., None].astype(float), None, years)
    time = draw.exponential(1.0 / mine, size=(REPEATS, PATIENTS))
    weeks = np.where(time <= years, time * 365.25 / 7, np.inf)
    return AnalysedArm(weeks[..., None], None, years)


def population(name: str) -> tuple[AnalysedArm, AnalysedArm]:
    draw = np.random.default_rng(11)
    own = draw.normal(size=(PATIENTS, 3))
    if name in ("ancova", "mmrm"):
        active, control = arm(-0.75, 1.4, draw, own), arm(0.0, 1.0, draw, own)
        return active, replace(control, baseline=active.baseline)
    are_times = name == "log_rank"
    return events(0.8, draw, own, are_times=are_times), events(1.5, draw, own, are_times=are_times)


@pytest.mark.parametrize("name", sorted(TRIALS))
def test_the_power_is_the_share_of_whole_trials(name):
    design = load_design("daisy_2to1")
    design = design.model_copy(
        update={"size": design.size.model_copy(update={"planned": 90, "enrolled": None})}
    )
    analysis, (active, control) = BY_NAME[name], population(name)
    draw = np.random.default_rng(2)
    weight, stratum = draw.uniform(0.5, 1.5, PATIENTS), draw.integers(0, 2, PATIENTS)
    test = MeanTest(
        higher_is_better=False, alpha_one_sided=0.025, covariates=int(control.baseline is not None)
    )
    sampled = TrialOfSubjects(
        weight / weight.sum(), stratum, design.n_of(design.active), design.n_of(design.control)
    )
    if analysis.values == "last visit":
        active, control = (replace(each, outcome=each.outcome[..., -1:]) for each in (active, control))
    values = PrimaryValues(*values_of_arms(active, control, analysis, sampled), test, (active, control))
    found = power_of_means(
        values.outcomes, weight, stratum, test, n_active=sampled.n_active, n_control=sampled.n_control
    )
    trials = repeat_trials(
        design,
        analysis,
        test,
        TrialPopulation(active, control, weight, stratum),
        trials=TRIALS[name],
        seed=4,
        world=0,
    )
    assert trials.not_analysed == 0
    share = trials.significant / trials.trials
    assert 0.3 < share < 0.95, "nothing to compare"
    error = np.sqrt(share * (1 - share) / trials.trials)
    # the trials see the common patients as they are; the power is corrected for their number
    assert found.power == pytest.approx(share, abs=3.0 * error + 0.015), name
    assert found.difference == pytest.approx(trials.mean_estimate, rel=0.1, abs=0.02)
