"""A drug without effect wins 2.5 % of trials, through the whole path: dose, course, readings, conduct, rule, test.

Source: the definition of a one-sided level of 2.5 %; binomial error over 10,000 repeats.
"""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import simulate_arm
from ifntrial.statistics.power import power_of_stratified_cmh, stratum_index
from ifntrial.statistics.replicates import run_replicates
from ifntrial.studies.common_trial import responses as responses_of
from ifntrial.studies.common_trial import trial_on
from ifntrial.studies.forecast.world import ForecastTrial, simulate_world
from ifntrial.worlds.draw import draw_worlds
from shipped import CATALOG, enroll, load_design

SUBJECTS, WORLDS, REPLICATES = 80, 3, 10_000
LEVEL = 0.025
DRUG_EFFECT = (
    "phi_inflammation",
    "phi_skin",
    "phi_lung",
    "phi_vessel",
    "phi_patient_reported",
    "phi_heart",
    "brake",
    "brake_lung",
)


@pytest.fixture(scope="module")
def trial(model, evidence):
    """Three structural worlds of DAISY in which nothing of the disease passes through the receptor."""
    design = load_design("daisy")
    worlds = draw_worlds(model, evidence, WORLDS, 8)
    none = {name: np.zeros(WORLDS) for name in DRUG_EFFECT}
    population = enroll(design, model, evidence, SUBJECTS, 8).population
    return ForecastTrial(
        trial_on(CATALOG, model, design, population, seed=8, replicates=8),
        endpoints=dict(CATALOG.endpoints),
        panels=1,
        panel_of_world=(0,) * WORLDS,
        worlds=replace(worlds, parameters={**worlds.parameters, **none}),
    )


@pytest.fixture(scope="module", params=range(WORLDS))
def responses(trial, request):
    parameters = subject_parameters(
        trial.common.model, trial.common.evidence, trial.common.population, trial.worlds, request.param
    )
    courses = {
        arm.name: simulate_arm(
            trial.common.model,
            parameters,
            arm.dosing(),
            trial.design.visit_weeks,
            arm=arm.name,
            world=request.param,
        )
        for arm in trial.design.arms
    }
    suppressed = courses["anifrolumab"].values["signature_suppression_blood"][:, -1]
    assert np.median(suppressed[trial.common.population.covariates["is_ifn_high"].astype(bool)]) > 0.7, (
        "the drug is given, and it works on the signature"
    )
    return responses_of(trial.common, courses)


def test_every_subject_responds_alike_in_both_arms_by_every_rule(responses):
    assert len(responses) > 5
    for rule, found in responses.items():
        assert np.array_equal(found.active, found.control), rule
        assert 0 < found.control.mean() < 1, rule


def test_power_is_the_level(trial, responses):
    stratum, _ = stratum_index(trial.design, dict(trial.common.population.covariates))
    found = power_of_stratified_cmh(
        responses[""].active,
        responses[""].control,
        trial.common.population.prevalence_weight,
        stratum,
        n_active=157,
        n_control=157,
        alpha_one_sided=LEVEL,
    )
    assert found.power == pytest.approx(LEVEL, abs=1e-9)
    repeated = run_replicates(found.rates, 314, replicates=REPLICATES, seed=8)
    half = 3 * np.sqrt(LEVEL * (1 - LEVEL) / REPLICATES)
    assert LEVEL - half < repeated.significant < LEVEL + half


def test_a_world_reports_it(trial):
    world = simulate_world(trial, 0).record.numbers
    numbers = world.rules[""]
    assert numbers.power == pytest.approx(LEVEL, abs=1e-9)
    assert numbers.active == numbers.control
    assert numbers.log_odds_ratio == 0.0
    assert world.status == {"ok": 2 * SUBJECTS}


def test_an_effect_does_not_hide_in_this_path(trial):
    """The same worlds with a strong effect on every domain leave the level far behind."""
    strong = {name: np.full(WORLDS, 0.0 if name.startswith("brake") else 0.6) for name in DRUG_EFFECT}
    changed = replace(trial, worlds=replace(trial.worlds, parameters={**trial.worlds.parameters, **strong}))
    world = simulate_world(changed, 0).record.numbers
    assert world.rules[""].power > 0.5
