"""Arms that name a drug: the same people in the same worlds, the effect that the drug's trial found, clear refusals."""

import numpy as np
import pytest

from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import simulate_arm
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.errors import InputError
from ifntrial.model import DRUGS
from ifntrial.studies.trial.one_trial import other_treatments, world_numbered
from ifntrial.studies.trial.whole import run_trial
from shipped import (
    CATALOG,
    build_model,
    design_from_mapping,
    enroll,
    load_design,
    simulate_one_trial,
)

SEED, N = 3, 16
WEEKLY = "162 mg SC every week"


def changed(arm: dict, **more: object):
    control = {"name": "placebo", "regimen": "placebo SC every week", "is_control": True}
    content = {"extends": "daisy", "schema_version": 1, "size": {"planned": N}, "arms": [arm, control]}
    return design_from_mapping(content | more)


@pytest.fixture(scope="module")
def versus():
    return load_design("anifrolumab_vs_tocilizumab").model_copy(
        update={"size": load_design("daisy").size.model_copy(update={"planned": N, "enrolled": None})}
    )


def test_naming_the_default_drug_changes_no_bit(model, evidence):
    arm = {"name": "anifrolumab", "regimen": "120 mg SC every week"}
    plain = simulate_one_trial(changed(arm), seed=SEED)
    named = simulate_one_trial(changed(arm | {"drug": "anifrolumab"}), seed=SEED)
    for name, table in plain.tables.items():
        assert named.tables[name].equals(table), name


@pytest.mark.parametrize("world", [None, 7])
def test_every_drug_meets_the_same_people_in_the_same_world(versus, model, evidence, world):
    people = enroll(versus, model, evidence, N, SEED).population
    own = subject_parameters(model, evidence, people, world_numbered(CATALOG, model, world), 0)
    other = other_treatments(CATALOG, versus, model, world=world, seed=SEED)["tocilizumab"]
    drugs_own = {x.name for drug in (model, other.model) for x in drug.drug.structure.parameters}
    shared = {x.name for x in model.parameters} - drugs_own
    assert len(shared) > 50
    for name in (*shared, "body_weight"):
        assert np.array_equal(own[name], other.parameters[name]), name


def test_a_drug_known_by_its_trial_shifts_the_skin_as_its_row_says(versus, model, evidence):
    toci = build_model(DRUGS["tocilizumab"])
    people = enroll(versus, toci, evidence, N, SEED).population
    parameters = subject_parameters(toci, evidence, people, typical_world(toci, evidence), 0)
    weeks = (0.0, 24.0, 48.0)
    treated, untreated = (
        simulate_arm(toci, parameters, parse_regimen(words), weeks, arm="a", world=0).values["mrss"][:, -1]
        for words in (WEEKLY, "placebo")
    )
    row = evidence.value("tocilizumab.mrss_difference_in_trial")
    is_free = parameters["mrss_difference_in_trial"] == row
    assert is_free.sum() >= N // 2
    assert (treated - untreated)[is_free] == pytest.approx(np.full(is_free.sum(), row), rel=0.05)


def test_the_skin_score_never_falls_below_zero(model, evidence):
    toci = build_model(DRUGS["tocilizumab"])
    people = enroll(load_design("daisy"), toci, evidence, N, SEED).population
    people.parameters["mrss_baseline"][:] = 3.0
    people.history["mrss"][:] = -2.0
    parameters = subject_parameters(toci, evidence, people, typical_world(toci, evidence), 0)
    assert (parameters["mrss_goal"] == 0).all()
    course = simulate_arm(toci, parameters, parse_regimen(WEEKLY), (0.0, 52.0, 260.0), arm="a", world=0)
    assert course.values["mrss"].min() > -1e-6


def test_a_trial_against_an_active_comparator_runs_whole(versus, model, evidence):
    trial = simulate_one_trial(versus, seed=SEED)
    assert set(trial.tables["adsl"]["TRT01P"]) == {"anifrolumab", "tocilizumab"}
    assert set(trial.tables["adpc"]["TRT01P"]) == {"anifrolumab"}, (
        "a trial-level drug has no measured concentration"
    )
    suppression = {
        name: arm.values["signature_suppression_blood"][0, :, -1] for name, arm in trial.arms.items()
    }
    assert np.nanmean(suppression["anifrolumab"]) > np.nanmean(suppression["tocilizumab"]) + 0.2


@pytest.mark.parametrize(
    ("arm", "message"),
    [
        ({"drug": "tocilizumab", "regimen": "162 mg IV every week"}, "not given by this route"),
        ({"drug": "tocilizumub", "regimen": WEEKLY}, "did you mean tocilizumab"),
        ({"regimen": "5 mg orally twice a day"}, "not given by this route"),
    ],
)
def test_a_drug_that_is_unknown_or_not_given_so_is_refused(arm, message):
    with pytest.raises(InputError, match=message):
        changed({"name": "active"} | arm)


def test_a_model_that_was_not_given_is_named(versus, model, evidence):
    people = enroll(versus, model, evidence, N, SEED).population
    with pytest.raises(InputError, match="whose model was not given"):
        run_trial(versus, model, evidence, people, typical_world(model, evidence), 0, seed=SEED)
