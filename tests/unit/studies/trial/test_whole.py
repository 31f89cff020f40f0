"""Whole trials on the model: actual days, stopping without later doses, and the open-label extension."""

import numpy as np
import pandas as pd
import pytest

from ifntrial.clinic.consequences import returning
from ifntrial.clinic.estimand import observe_under_estimand
from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.readings import measurement_error
from ifntrial.clinic.stopping import solved_without_later_doses
from ifntrial.clinic.visit_days import at_actual_days
from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import (
    CLINICAL,
    dose_table,
    simulate_arm,
    simulate_subjects,
    without_doses_from,
)
from ifntrial.design.design import TrialDesign
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.errors import InputError
from ifntrial.formats.adam.tables import build_adeff, build_adsl
from ifntrial.patients.sample import sample_population
from ifntrial.solver import Tolerance
from ifntrial.studies.trial.whole import dosing_with_extension, run_trial, solve_arms
from shipped import design_from_mapping, endpoint_named, load_design, true_effect

N, SEED = 40, 8
WEEKLY = parse_regimen("120 mg SC every week")


@pytest.fixture(scope="module")
def people(model, evidence):
    population = sample_population(model, evidence, N, SEED)
    world = typical_world(model, evidence)
    return population, world, subject_parameters(model, evidence, population, world, 0)


@pytest.fixture(scope="module")
def daisy() -> TrialDesign:
    return load_design("daisy")


@pytest.fixture(scope="module")
def solved(daisy, model, people):
    return solve_arms(daisy, model, people[2], world=0)


@pytest.fixture(scope="module")
def arms(daisy, model, evidence, people):
    population, world, _ = people
    return run_trial(daisy, model, evidence, population, world, 0, seed=SEED, replicates=2)


# --- actual days --------------------------------------------------------------------------------------------------

# largest error of the line between planned visits over subjects and visits, as a share of the SD of one reading
WORST_SHARE, SHARE_OF_MOST = 0.15, 0.06
READ = ("mrss", "fvc_percent", "haq_di", "patient_global", "physician_global")
SUPPRESSION = ("signature_suppression_blood", "signature_suppression_skin")


def test_the_line_between_visits_is_close_to_the_course_solved_on_the_day(daisy, model, evidence, people):
    weeks = np.array(daisy.visit_weeks)
    error = measurement_error(evidence)
    planned = simulate_arm(model, people[2], WEEKLY, weeks, arm="a", world=0)
    for shift in (-7.0, 7.0):
        days = weeks * 7.0 + np.where(weeks > 0, shift, 0.0)
        exact = simulate_subjects(model, people[2], WEEKLY, days, CLINICAL)
        offsets = np.broadcast_to(days - weeks * 7.0, (1, N, len(weeks)))
        for name in (*READ, *SUPPRESSION):
            sd = error["signature_sd" if name in SUPPRESSION else f"{name}_sd"]
            found = at_actual_days(planned.values[name], weeks, offsets)[0]
            off = np.abs(found - exact.of(name))[:, 1:]
            if name in SUPPRESSION:
                # a slow subject may still be on the way up at week 3
                assert np.quantile(off, 0.95) < 0.2 * sd, (name, shift)
                continue
            assert off.max() < WORST_SHARE * sd, (name, shift)
            assert np.quantile(off, 0.95) < SHARE_OF_MOST * sd, (name, shift)


# --- stopping -----------------------------------------------------------------------------------------------------


def test_doses_from_the_stop_on_are_left_out(model, people):
    parameters = {name: values[:3] for name, values in people[2].items()}
    doses = dose_table(model, WEEKLY, 70.0, parameters)
    kept = without_doses_from(doses, np.array([0.0, 21.0, np.inf]))
    assert np.bincount(kept.subject, minlength=3).tolist() == [0, 3, 10]
    assert kept.time[kept.subject == 1].tolist() == [0.0, 7.0, 14.0]


def test_a_visit_on_any_day_is_before_the_dose_of_that_day(model, people):
    daily = parse_regimen("1 mg SC every day")
    course = simulate_arm(model, people[2], daily, (0.0, 29 / 7, 61 / 7), arm="a", world=0)
    found = simulate_subjects(model, people[2], daily, [0.0, 29.0, 61.0], CLINICAL, tolerance=Tolerance(1e-4))
    for name in CLINICAL:
        assert np.array_equal(course.values[name], found.of(name)), name


@pytest.mark.parametrize("day", [29, 61])
def test_who_stops_at_a_visit_gets_no_dose_on_that_day(model, people, day):
    parameters = {name: values[:4] for name, values in people[2].items()}
    weeks = (0.0, day / 7, 16.0)
    course = simulate_arm(model, parameters, parse_regimen("40 mg SC every day"), weeks, arm="a", world=0)
    stopping = solved_without_later_doses(model, parameters, parse_regimen("40 mg SC every day"), course)
    stopped = stopping(np.full((1, 4), day / 7))["signature_suppression_blood"][0, :, -1]
    planned = parse_regimen(f"40 mg SC every day x {day}")
    expected = simulate_arm(model, parameters, planned, weeks, arm="a", world=0)
    assert stopped == pytest.approx(expected.values["signature_suppression_blood"][:, -1], abs=1e-6)


def test_after_stopping_the_drug_and_its_effect_go_away(daisy, model, people):
    weeks = daisy.visit_weeks
    course = simulate_arm(model, people[2], WEEKLY, weeks, arm="anifrolumab", world=0)
    stop = np.full((2, N), np.inf)
    stop[0, :10] = 14.3
    stop[1, 5] = 0.0
    values = solved_without_later_doses(model, people[2], WEEKLY, course)(stop)
    blood, treated = values["signature_suppression_blood"], course.values["signature_suppression_blood"]
    assert np.array_equal(blood[0, 10:], treated[10:])
    assert np.array_equal(blood[0, :10, :3], treated[:10, :3]), "until the stop the same to the last bit"
    assert (blood[0, :10, -1] < 0.2 * treated[:10, -1] + 0.05).all()
    untreated = simulate_arm(model, people[2], parse_regimen("placebo"), weeks, arm="p", world=0)
    for name in ("mrss", "fvc_percent"):
        assert values[name][1, 5] == pytest.approx(untreated.values[name][5], rel=2e-3, abs=2e-3), name


def test_each_subject_is_solved_alike_whoever_else_stops(daisy, model, people):
    course = simulate_arm(model, people[2], WEEKLY, daisy.visit_weeks, arm="a", world=0)
    after = solved_without_later_doses(model, people[2], WEEKLY, course)
    alone, together = np.full((1, N), np.inf), np.full((1, N), 30.0)
    alone[0, 7] = 30.0
    assert np.array_equal(after(alone)["mrss"][0, 7], after(together)["mrss"][0, 7])


def test_the_half_life_is_a_rough_stand_in_for_the_solved_course(daisy, model, people):
    """Both lie between going on and never having been treated; neither is asked to be the other."""
    weeks = np.array(daisy.visit_weeks)
    course = simulate_arm(model, people[2], WEEKLY, weeks, arm="a", world=0)
    control = simulate_arm(model, people[2], parse_regimen("placebo"), weeks, arm="p", world=0)
    stop = np.full((1, N), 24.0)
    rough = returning(course, control, daisy.assumed.estimand.return_half_life_weeks)(stop)["mrss"]
    exact = solved_without_later_doses(model, people[2], WEEKLY, course)(stop)["mrss"]
    low = np.minimum(course.values["mrss"], control.values["mrss"])
    high = np.maximum(course.values["mrss"], control.values["mrss"])
    assert ((rough >= low - 1e-9) & (rough <= high + 1e-9)).all()
    assert ((exact >= low - 0.3) & (exact <= high + 0.3)).mean() > 0.95


def test_estimands_of_the_model_differ_by_strategy(daisy, model, evidence, people):
    population, _, parameters = people
    often = {"at_random": 1.5, "reason": "so many stop that strategies differ among few subjects"}
    effects = {}
    schedule = daisy.assumed.schedule.model_copy(update={"open_label_visit_weeks": ()})
    short = daisy.model_copy(update={"assumed": daisy.assumed.model_copy(update={"schedule": schedule})})
    solved = solve_arms(short, model, parameters, world=0)
    for strategy in ("hypothetical", "treatment_policy", "while_on_treatment"):
        design = design_from_mapping(
            {
                "extends": "daisy",
                "schema_version": 1,
                "primary": {"endpoint": "signature_suppression_blood", "visit_week": 52},
                "assumed": {
                    "dropout": often,
                    "schedule": {"open_label_visit_weeks": []},
                    "estimand": {
                        "discontinuation": strategy,
                        "rescue": "hypothetical",
                        "summary": "mean_difference",
                    },
                },
            }
        )
        counted = observe_under_estimand(
            design,
            solved.courses,
            population.covariates,
            measurement_error(evidence),
            seed=SEED,
            replicates=2,
            after_stop=solved.after_stop,
        )
        effects[strategy] = true_effect(
            design, counted, population.prevalence_weight, endpoint="signature_suppression_blood"
        ).effect
    assert effects["treatment_policy"] < 0.7 * effects["hypothetical"]
    assert effects["treatment_policy"] < effects["while_on_treatment"]
    assert len(set(effects.values())) == 3


# --- open-label extension -----------------------------------------------------------------------------------------


def test_placebo_gets_the_drug_from_the_end_of_the_randomized_treatment(daisy, solved):
    regimen = dosing_with_extension(daisy, daisy.control)
    assert regimen.dose_times_days(400.0)[0] == 52 * 7
    assert dosing_with_extension(daisy, daisy.active) == daisy.active.dosing()
    placebo = solved.courses["placebo"]
    assert placebo.visit_week.tolist() == [0, 4, 12, 24, 36, 52, 76, 104]
    blood = placebo.values["signature_suppression_blood"]
    assert np.abs(blood[:, :6]).max() < 0.05
    high = solved.courses["anifrolumab"].values["signature_suppression_blood"]
    assert blood[:, -1] == pytest.approx(high[:, -1], abs=0.05)


@pytest.mark.parametrize("day", [29, 61, 364])
def test_an_extension_begins_on_the_day_on_which_the_randomized_treatment_ends(daisy, day):
    short = daisy.model_copy(update={"treatment_weeks": day / 7})
    assert dosing_with_extension(short, daisy.control).first_dose_day == day


def test_the_randomized_year_is_the_same_with_and_without_the_extension(daisy, model, evidence, people, arms):
    population, world, _ = people
    schedule = daisy.assumed.schedule.model_copy(update={"open_label_visit_weeks": ()})
    short = daisy.model_copy(update={"assumed": daisy.assumed.model_copy(update={"schedule": schedule})})
    alone = run_trial(short, model, evidence, population, world, 0, seed=SEED, replicates=2)
    for name in ("rcriss", "mrss_change"):
        for arm in alone:
            year, two = (
                endpoint_named(name).compute(each[arm], 52.0, daisy.assumed) for each in (alone, arms)
            )
            # the solver may step otherwise, and a line to a later visit replaces one that goes on: single points
            assert np.nanmean(np.abs(year - two)) < 0.15, (name, arm)
    assert alone["placebo"].visit_week[-1] == 52


def test_readings_of_the_extension_are_flagged_and_not_for_the_planned_analyses(daisy, arms):
    table = build_adeff(daisy, arms["placebo"])
    later = table["AVISITN"] > 52
    assert set(table.loc[later, "APERIODC"]) == {"OPEN LABEL"}
    assert set(table.loc[~later, "APERIODC"]) == {"TREATMENT"}
    assert set(table.loc[later, "ANL01FL"]) == {""}
    assert (table.loc[~later, "ANL01FL"] == "Y").equals(table.loc[~later, "OBSERVED"])
    assert set(table.loc[later, "TRTA"]) == {"anifrolumab", "none"}
    assert set(table.loc[~later, "TRTA"]) <= {"placebo", "none"}
    adsl = build_adsl(daisy, arms["placebo"], np.ones(N))
    assert set(adsl["TRT02P"]) == {"anifrolumab"}
    gone = adsl.loc[adsl["EOTWK"] < 52, "USUBJID"]
    assert (table[table["USUBJID"].isin(gone) & later]["TRTA"] == "none").all()


def test_study_days_are_planned_days_within_their_window(daisy, arms):
    table = build_adeff(daisy, arms["anifrolumab"])
    day = table["ADY"] - 1
    seen = table["OBSERVED"]
    assert day[seen].notna().all()
    assert day[~seen].isna().all()
    assert (day[seen] - 7 * table["AVISITN"][seen]).abs().max() == 7
    assert (table.loc[seen & (table["AVISITN"] == 0), "ADY"] == 1).all(), "no day 0"


def test_a_placebo_that_stops_is_never_treated(daisy, model, evidence, people):
    population, _, parameters = people
    solved = solve_arms(daisy, model, parameters, world=0)
    early = np.full((1, N), 20.0)
    stopped = solved.after_stop["placebo"](early)["signature_suppression_blood"]
    assert np.abs(stopped).max() < 0.05
    plain = observe_arms(
        daisy,
        solved.courses,
        population.covariates,
        measurement_error(evidence),
        seed=SEED,
        after_stop=solved.after_stop,
    )
    assert isinstance(build_adeff(daisy, plain["placebo"]), pd.DataFrame)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"open_label_visit_weeks": [40]}, "start at 0 and increase"),
        ({"open_label_visit_weeks": [60, 500]}, "500 are not within the extension, above week 52"),
    ],
)
def test_visits_outside_the_extension_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        design_from_mapping({"extends": "daisy", "schema_version": 1, "assumed": {"schedule": changes}})
