"""Eligibility by readings: regression to the mean comes from selection and error, and from nothing else."""

import numpy as np
import pytest

from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.readings import measurement_error
from ifntrial.patients.records import LatentCourse
from ifntrial.patients.sample import sample_population
from shipped import enroll, load_design

WEEKS = np.array([0.0, 52.0])
N = 40_000


@pytest.fixture(scope="module")
def chosen(model, evidence):
    """Diffuse disease with a read skin score of 25 to 40."""
    people = sample_population(model, evidence, N, 3)
    seen = people.covariates
    inside = (seen["subset"] == "diffuse") & (seen["mrss"] >= 25) & (seen["mrss"] <= 40)
    return people.take(np.flatnonzero(inside))


def read_unchanged(design, people, evidence, error=None):
    """Return what a trial reads of people whose true scores stay as they are."""
    names = ("mrss", "haq_di", "patient_global", "physician_global", "fvc_percent")
    true = {name: np.repeat(people.parameters[f"{name}_baseline"][:, None], 2, axis=1) for name in names}
    course = LatentCourse("placebo", 0, WEEKS, true, np.full(people.size, "ok"))
    readings = observe_arms(
        design, {"placebo": course}, people.covariates, error or measurement_error(evidence), seed=5
    )
    return readings["placebo"]


def asset_with(screening):
    design = load_design("asset_like")
    schedule = design.assumed.schedule.model_copy(
        update={"screening": screening, "visit_weeks": (0.0, 52.0), "open_label_visit_weeks": ()}
    )
    return design.model_copy(update={"assumed": design.assumed.model_copy(update={"schedule": schedule})})


def skin_change(design, people, evidence):
    arm = read_unchanged(design, people, evidence)
    values = arm.values["mrss"][0]
    return np.nanmean(values[:, 1] - values[:, 0])


def test_whoever_starts_from_a_high_screening_reading_is_read_lower_later(chosen, evidence):
    """By what selection picked of the error: the mean of reading less truth at screening."""
    picked = np.mean(chosen.covariates["mrss"] - chosen.parameters["mrss_baseline"])
    assert picked > 0.5
    change = skin_change(asset_with("at_baseline"), chosen, evidence)
    assert change == pytest.approx(-picked, abs=0.15)


def test_a_baseline_visit_of_its_own_has_none(chosen, evidence):
    assert skin_change(asset_with("before_baseline"), chosen, evidence) == pytest.approx(0.0, abs=0.15)


def test_without_error_there_is_none(model, with_rows):
    exact = with_rows({"measurement.mrss_sd": 1e-9})
    people = sample_population(model, exact, 2000, 3)
    gap = people.covariates["mrss"] - people.parameters["mrss_baseline"]
    assert np.abs(gap).max() <= 0.5 + 1e-6, "rounding alone"


def test_screening_belongs_to_the_candidate(model, evidence):
    few, more = (sample_population(model, evidence, count, 9).covariates for count in (50, 80))
    for name in ("mrss", "haq_di", "fvc_percent", "patient_global", "physician_global", "mrss_change_before"):
        assert np.array_equal(few[name], more[name][:50]), name


def test_criteria_look_at_readings_and_not_at_the_truth(model, evidence):
    population = enroll(load_design("asset_like"), model, evidence, 300, 3).population
    read, true = population.covariates["mrss"], population.parameters["mrss_baseline"]
    assert read.min() >= 10
    assert read.max() <= 35
    assert np.sum((true < 10) | (true > 35)) >= 3, "some true scores lie outside"


def test_readings_keep_to_steps_and_scales(model, evidence):
    seen = sample_population(model, evidence, 3000, 4).covariates
    for name, step, low, high in (
        ("mrss", 1, 0, 51),
        ("haq_di", 0.125, 0, 3),
        ("physician_global", 1, 0, 10),
    ):
        assert np.allclose(seen[name] / step, np.round(seen[name] / step))
        assert seen[name].min() >= low
        assert seen[name].max() <= high
