"""Adding subjects, worlds or visits changes no one who was there; nothing depends on company or order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifntrial.clinic.readings import draw_measurement_noise, measure, measurement_error
from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import CLINICAL, dose_table, simulate_arm, simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.errors import EvidenceError, InputError
from ifntrial.evidence.load import load_evidence
from ifntrial.model.values import typical_values
from ifntrial.patients.drawing import item_correlation
from ifntrial.patients.records import LatentCourse
from ifntrial.patients.sample import sample_population
from ifntrial.patients.untreated_year import untreated_changes
from ifntrial.worlds.draw import draw_worlds
from shipped import build_model, enroll, load_design, parameters_of

FEW = settings(max_examples=settings.default.max_examples // 4)
SEEDS = st.integers(0, 2**31)


def columns(population):
    """Return every column of a population with its kind and name."""
    groups = {
        "covariate": population.covariates,
        "parameter": population.parameters,
        "history": population.history,
    }
    yield ("weight", ""), population.prevalence_weight
    for kind, group in groups.items():
        for name, values in group.items():
            yield (kind, name), values


def assert_same_people(few, more):
    others = dict(columns(more))
    for key, values in columns(few):
        assert np.array_equal(values, others[key][: few.size]), key


# --- subjects -----------------------------------------------------------------------------------------------------


@FEW
@given(seed=SEEDS, few=st.integers(1, 40), more=st.integers(0, 60))
def test_a_larger_population_starts_with_the_same_people(seed, few, more):
    model, evidence = build_model(), load_evidence()
    assert_same_people(
        sample_population(model, evidence, few, seed), sample_population(model, evidence, few + more, seed)
    )


@FEW
@given(seed=SEEDS, first=st.integers(0, 300), count=st.integers(1, 20))
def test_a_population_can_be_drawn_in_blocks(seed, first, count):
    model, evidence = build_model(), load_evidence()
    whole = sample_population(model, evidence, first + count, seed)
    block = sample_population(model, evidence, count, seed, first=first)
    for (key, mine), (_, theirs) in zip(columns(block), columns(whole), strict=True):
        assert np.array_equal(mine, theirs[first:]), key


def test_enrolling_more_keeps_the_first(model, evidence):
    design = load_design("daisy")
    few, more = (enroll(design, model, evidence, count, 3) for count in (30, 90))
    assert_same_people(few.population, more.population)
    for enrollment, count in ((few, 30), (more, 90)):
        left_out = (*enrollment.refused.values(), *enrollment.implausible.values(), enrollment.thinned)
        assert enrollment.screened == count + sum(left_out)
        assert enrollment.population.size == count
        for condition in design.criteria():
            assert condition.holds(dict(enrollment.population.covariates)).all()


def test_a_design_that_hardly_anyone_can_enter_is_refused(model, evidence):
    design = load_design("daisy")
    closed = design.eligibility[0].model_copy(update={"condition": "age_years > 84.95"})
    with pytest.raises(InputError, match="let too few virtual patients in"):
        enroll(design.model_copy(update={"eligibility": (closed,)}), model, evidence, 50, 3)


def test_subjects_are_solved_alike_in_any_company(systemic_sclerosis, model):
    regimen, days = parse_regimen("120 mg SC every week"), [0.0, 28.0, 168.0]
    parameters = systemic_sclerosis.parameters
    whole = simulate_subjects(model, parameters, regimen, days, CLINICAL)
    chosen = np.array([41, 3, 17])
    alone = {name: values[chosen] for name, values in parameters.items()}
    assert np.array_equal(
        simulate_subjects(model, alone, regimen, days, CLINICAL).values, whole.values[chosen]
    )
    assert np.array_equal(
        simulate_subjects(model, parameters, regimen, days, CLINICAL, workers=2).values, whole.values
    )


def test_a_broken_subject_harms_no_other_and_says_why(systemic_sclerosis, model):
    regimen, days = parse_regimen("120 mg SC every week"), [0.0, 28.0]
    parameters = {name: values.copy() for name, values in systemic_sclerosis.parameters.items()}
    sound = simulate_subjects(model, parameters, regimen, days, CLINICAL)
    parameters["clearance"][5] = np.nan
    parameters["eta_clearance"][9] = np.inf
    found = simulate_subjects(model, parameters, regimen, days, CLINICAL)
    broken = np.isin(np.arange(found.size), (5, 9))
    assert found.words[broken].tolist() == ["bad_parameter"] * 2
    assert np.array_equal(found.is_ok, ~broken)
    assert np.array_equal(found.values[~broken], sound.values[~broken])
    assert len(found.status_table()) == found.size


# --- worlds -------------------------------------------------------------------------------------------------------


@FEW
@given(seed=SEEDS, few=st.integers(1, 30), more=st.integers(0, 40))
def test_more_worlds_keep_the_first(seed, few, more):
    model, evidence = build_model(), load_evidence()
    one, other = (draw_worlds(model, evidence, count, seed) for count in (few, few + more))
    assert np.array_equal(one.number, other.number[:few])
    for mine, theirs in ((one.parameters, other.parameters), (one.history, other.history)):
        assert set(mine) == set(theirs)
        for name, values in mine.items():
            assert np.array_equal(values, theirs[name][:few]), name


def test_draws_of_worlds_keep_to_the_declared_ranges(model, evidence):
    worlds = draw_worlds(model, evidence, 4000, 1)
    value = worlds.parameters
    domains = ("inflammation", "skin", "lung", "vessel", "patient_reported", "heart")
    for domain in domains:
        assert 0 < value[f"phi_{domain}"].min() < value[f"phi_{domain}"].max() < 0.8
    assert set(value["effect_follows_signal"]) == {0.0, 1.0}
    relative = np.mean(value["effect_follows_signal"] == 0.0)
    assert relative == pytest.approx(evidence.value("world.relative_form_share"), abs=0.025)
    assert 0 < value["a_mmf"].min() < value["a_mmf"].max() < 1
    assert value["a_mmf"].mean() == pytest.approx(1 / 4, abs=0.02)  # Beta(1, 3)
    assert 0.88 <= value["signature_imax"].min() <= value["signature_imax"].max() <= 1.0
    logit = np.log(value["phi_skin"] / (0.8 - value["phi_skin"]))
    other = np.log(value["phi_lung"] / (0.8 - value["phi_lung"]))
    assert 0.5 < np.corrcoef(logit, other)[0, 1] < 0.97, "domains fail or work together"
    for name, column in (*value.items(), *worlds.history.items()):
        assert np.isfinite(column).all(), name
    assert {
        "effect_follows_signal",
        "a_mmf",
        "brake",
        "brake_lung",
        *(f"phi_{domain}" for domain in domains),
    } <= set(value)


def test_bioavailability_is_drawn_as_declared(model, evidence):
    drawn = draw_worlds(model, evidence, 4000, 1).parameters["bioavailability"]
    assert np.median(drawn) == pytest.approx(0.88, abs=0.02)  # median 0.88, 90 % 0.75 to 0.97
    assert np.percentile(drawn, (5, 95)) == pytest.approx((0.75, 0.97), abs=0.03)
    assert drawn.max() <= 1.0


def test_worlds_can_be_taken_in_any_order_and_twice(model, evidence):
    worlds = draw_worlds(model, evidence, 5, 1).take(np.array([3, 3, 0]))
    assert worlds.number.tolist() == [3, 3, 0]
    assert worlds.size == 3
    assert all(len(values) == 3 for values in worlds.parameters.values())


# --- visits -------------------------------------------------------------------------------------------------------


def test_more_visits_change_no_course(systemic_sclerosis, model):
    regimen = parse_regimen("120 mg SC every week")
    few, more = np.array([0.0, 84.0, 364.0]), np.array([0.0, 7.0, 28.0, 84.0, 100.0, 200.0, 364.0])
    values = [
        simulate_subjects(model, systemic_sclerosis.parameters, regimen, days, CLINICAL).values
        for days in (few, more)
    ]
    shared = np.isin(more, few)
    # an extra visit may end a step of the solver early: the same to its tolerance
    assert values[1][:, shared] == pytest.approx(values[0], rel=1e-3, abs=1e-4)


def test_more_visits_change_no_reading(systemic_sclerosis, model, evidence):
    course = simulate_arm(
        model,
        systemic_sclerosis.parameters,
        parse_regimen("placebo"),
        [0.0, 4.0, 12.0, 24.0],
        arm="placebo",
        world=2,
    )
    part = LatentCourse(
        course.arm,
        course.world,
        course.visit_week[[0, 2]],
        {name: values[:, [0, 2]] for name, values in course.values.items()},
        course.status,
    )
    error, size = measurement_error(evidence), len(course.status)
    read = {
        name: measure(each, error, draw_measurement_noise(5, 2, tuple(each.visit_week), size, replicates))
        for name, each, replicates in (("whole", course, 3), ("part", part, 2))
    }
    for quantity, values in read["part"].items():
        assert np.array_equal(values, read["whole"][quantity][: len(values)][:, :, [0, 2]]), quantity


def test_a_reading_does_not_depend_on_the_arm(systemic_sclerosis, evidence):
    one, other = (draw_measurement_noise(5, 2, (0.0, 12.0), 20) for _ in range(2))
    for name in one.normal:
        assert np.array_equal(one.normal[name], other.normal[name])
    assert not np.array_equal(
        one.normal["mrss"], draw_measurement_noise(5, 3, (0.0, 12.0), 20).normal["mrss"]
    )


# --- who they are -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["population", "history"])
def test_correlations_of_the_items_are_possible(evidence, layer):
    rows = parameters_of(evidence, layer).items()
    wanted = item_correlation({name.removeprefix("correlation_"): row.value for name, row in rows})
    assert np.linalg.eigvalsh(wanted).min() > 0.05


def test_pharmacokinetic_spread_is_the_published_one(model, evidence):
    drawn = sample_population(model, evidence, 8000, 2).parameters
    for name in ("clearance", "central_volume", "receptor_concentration", "clearance_time_max"):
        variance = evidence.parameter(f"anifrolumab.{name}").spread
        assert drawn[f"eta_{name}"].var() == pytest.approx(variance, rel=0.06)
        assert abs(drawn[f"eta_{name}"].mean()) < 0.05 * np.sqrt(variance) + 0.005


def test_the_solved_untreated_year_is_that_of_the_closed_form(model, evidence):
    population = sample_population(model, evidence, 300, 4)
    world = typical_world(model, evidence)
    parameters = subject_parameters(model, evidence, population, world, 0)
    found = simulate_subjects(
        model, parameters, parse_regimen("placebo"), [0.0, 364.0], ["mrss", "fvc_percent"]
    )
    expected = untreated_changes(population, evidence, 52.0)
    for place, item in enumerate(("mrss", "fvc_percent")):
        change = found.values[:, 1, place] - found.values[:, 0, place]
        assert change == pytest.approx(expected[item], abs=0.02), item


# --- doses --------------------------------------------------------------------------------------------------------


def test_dose_table_turns_milligrams_into_nanomoles(model, lupus):
    parameters = {name: values[:3] for name, values in lupus.parameters.items()}
    table = dose_table(model, parse_regimen("300 mg IV every 4 weeks"), 60.0, parameters)
    assert table.amount == pytest.approx(300_000 / 148, rel=1e-9)  # 148 kDa
    assert set(table.state_names) == {"drug_central"}
    assert table.duration == pytest.approx(0.5 / 24)
    table = dose_table(model, parse_regimen("1 mg/kg SC once"), 60.0, parameters)
    assert table.amount == pytest.approx(1000 * parameters["body_weight"] / 148, rel=1e-9)
    assert table.bioavailability == pytest.approx(parameters["bioavailability"])
    assert dose_table(model, parse_regimen("placebo"), 60.0, parameters).rows == 0


def test_a_wrong_kind_of_unit_in_a_row_is_an_error(model, evidence):
    from dataclasses import replace

    rows = tuple(
        replace(row, unit="mg") if row.name == "anifrolumab.clearance" else row for row in evidence.parameters
    )
    with pytest.raises((EvidenceError, InputError), match="mg"):
        typical_values(model, replace(evidence, parameters=rows))
