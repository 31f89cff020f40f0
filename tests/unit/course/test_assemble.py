"""A subject's parameters in one world by hand: typical values, what the world moves, and what the subject owns."""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.model.drugs import DRUGS
from ifntrial.model.values import typical_values
from ifntrial.patients.history import natural_history
from ifntrial.patients.organs import organ_goals
from ifntrial.patients.sample import sample_population
from ifntrial.worlds.draw import Worlds
from shipped import build_model

N = 6
SHARED_AND_OWN = (
    "signature_amplitude_blood",
    "signature_amplitude_skin",
    "capillary_density_baseline",
    "nt_probnp_baseline",
    "troponin_baseline",
)


@pytest.fixture(scope="module")
def people(model, evidence):
    return sample_population(model, evidence, N, 1)


def two_worlds(model, evidence, **changed: float) -> Worlds:
    """Return the typical world, and one in which parameters or entries of ``history`` are changed."""
    typical = typical_world(model, evidence)
    return Worlds(
        np.array([7, 8]),
        {name: np.array([v[0], changed.get(name, v[0])]) for name, v in typical.parameters.items()},
        {name: np.array([v[0], changed.get(name, v[0])]) for name, v in typical.history.items()},
        np.array([False, False]),
    )


def test_the_typical_world_holds_the_values_of_the_tables(model, evidence):
    world = typical_world(model, evidence)
    values = {name: float(column[0]) for name, column in world.parameters.items()}
    assert values.pop("bioavailability") == evidence.value("anifrolumab.bioavailability")
    assert values == typical_values(model, evidence)
    assert values["k_skin_matrix_turnover"] == evidence.value("k_skin_matrix_turnover")
    rows = {"mrss": "mrss", "haq_di": "haq_di", "patient_global": "patient_global"}
    rows |= {"physician_global": "physician_global", "fvc_percent": "fvc"}
    history = {name: float(column[0]) for name, column in world.history.items()}
    for item, row in rows.items():
        assert history[f"trial_{item}"] == 0.0
        assert history[f"mmf_{item}"] == evidence.value(f"history.{row}_change_mmf")
    assert history["progression_share"] == evidence.value("history.fvc_progression_share")
    assert len(history) == 11
    assert world.number.tolist() == [-1]


def test_a_drug_whose_tables_name_no_bioavailability_is_absorbed_whole(evidence):
    model = build_model(DRUGS["tofacitinib"])
    assert "tofacitinib.bioavailability" not in {row.name for row in evidence.parameters}
    assert typical_world(model, evidence).parameters["bioavailability"].tolist() == [1.0]


def test_a_subject_owns_what_was_drawn_for_it(model, evidence, people):
    found = subject_parameters(model, evidence, people, typical_world(model, evidence), 0)
    for name in people.parameters.keys() - {"eta_bioavailability"}:
        assert found[name] == pytest.approx(people.parameters[name], rel=1e-12), name
    typical = typical_values(model, evidence)
    goals = set(
        natural_history(
            people,
            evidence,
            typical,
            {
                "progression_share": 1.0,
                **dict.fromkeys(
                    (
                        f"{kind}_{item}"
                        for kind in ("trial", "mmf")
                        for item in ("mrss", "haq_di", "patient_global", "physician_global", "fvc_percent")
                    ),
                    0.0,
                ),
            },
        )
    )
    goals |= set(organ_goals(people, evidence, typical))
    for name, value in typical.items():
        if name not in goals and name not in people.parameters:
            assert found[name].tolist() == [value] * N, name


@pytest.mark.parametrize("name", SHARED_AND_OWN)
def test_a_world_moves_what_subjects_own(model, evidence, people, name):
    """Both deviate from the typical value: the two deviations multiply."""
    assert name in people.parameters
    worlds = two_worlds(model, evidence, **{name: 3.0 * evidence.value(name)})
    plain, moved = (subject_parameters(model, evidence, people, worlds, place)[name] for place in (0, 1))
    assert plain == pytest.approx(people.parameters[name])
    assert moved == pytest.approx(3.0 * people.parameters[name])
    assert np.ptp(plain) > 0


def test_a_world_sets_what_no_subject_owns(model, evidence, people):
    found = subject_parameters(model, evidence, people, two_worlds(model, evidence, phi_skin=0.37), 1)
    assert found["phi_skin"].tolist() == [0.37] * N


def test_subjects_absorb_more_or_less_than_the_share_of_their_world(model, evidence, people):
    """The logit of 0.6 moved by 0, log 2 and -log 3: odds of 1.5, 3 and 0.5."""
    own = np.log([1.0, 2.0, 1 / 3, 1.0, 2.0, 1 / 3])
    moved = replace(people, parameters={**people.parameters, "eta_bioavailability": own})
    found = subject_parameters(model, evidence, moved, two_worlds(model, evidence, bioavailability=0.6), 1)
    assert found["bioavailability"] == pytest.approx([0.6, 0.75, 1 / 3] * 2)
    assert "eta_bioavailability" not in found


def test_the_speed_and_the_effect_of_a_trial_reach_the_goals(model, evidence, people):
    fast = two_worlds(model, evidence, k_skin_matrix_turnover=np.log(2.0) / 365.25, trial_mrss=0.0)
    plain = subject_parameters(model, evidence, people, two_worlds(model, evidence, trial_mrss=0.0), 1)
    found = subject_parameters(model, evidence, people, fast, 1)
    base, speed = people.parameters["mrss_baseline"], evidence.value("k_skin_matrix_turnover")
    change = (plain["mrss_goal"] - base) * -np.expm1(-365.25 * speed)
    inside = (plain["mrss_goal"] > 0) & (plain["mrss_goal"] < 51)  # goals are kept on the scale
    assert inside.sum() >= 3
    assert found["mrss_goal"][inside] == pytest.approx((base + 2.0 * change)[inside])


def test_a_patient_moves_from_its_own_baseline_as_the_world_moves_it(model, evidence, people):
    steady = replace(people, history={**people.history, "nt_probnp": np.zeros(N)})
    typical = evidence.value("nt_probnp_baseline")
    worlds = two_worlds(model, evidence, nt_probnp_baseline=2.0 * typical)
    one, other = (subject_parameters(model, evidence, steady, worlds, place) for place in (0, 1))
    assert other["nt_probnp_goal"] == pytest.approx(2.0 * one["nt_probnp_goal"])


def test_no_effect_of_a_trial_pushes_the_skin_below_zero(evidence):
    """Tocilizumab is known by the difference its trials saw: a low score cannot fall by all of it."""
    model = build_model(DRUGS["tocilizumab"])
    people = sample_population(model, evidence, 2, 1)
    steady = replace(
        people,
        parameters={**people.parameters, "mrss_baseline": np.array([0.2, 40.0])},
        history={**people.history, "mrss": np.zeros(2)},
    )
    worlds = two_worlds(model, evidence, mrss_difference_in_trial=-9.0, trial_mrss=9.0)
    found = subject_parameters(model, evidence, steady, worlds, 1)
    # seen after 48 weeks; by then the untreated score has gone this part of the way from its baseline to the goal
    reached = -np.expm1(-336.0 * evidence.value("k_skin_matrix_turnover"))
    assert 0 < reached * found["mrss_goal"][0] < 9.0
    assert found["mrss_difference_in_trial"] == pytest.approx([-reached * found["mrss_goal"][0], -9.0])
