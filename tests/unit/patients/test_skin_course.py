"""Progressing, stable and regressing skin: what the class hangs on, that it lasts, and where its numbers come from."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from ifntrial.patients.course_fit import fit_course, read_change
from ifntrial.patients.sample import sample_population, skin_patients
from ifntrial.patients.skin_course import (
    PROGRESSING,
    REGRESSING,
    SKIN_LAW,
    SkinPatient,
    change_in_a_year,
    class_chances,
    class_change,
    course_of,
    liability,
)
from ifntrial.patients.untreated_year import untreated_changes

N = 40_000


@pytest.fixture(scope="module")
def law(evidence):
    return SKIN_LAW.read(evidence)


@pytest.fixture(scope="module")
def people(model, evidence):
    return sample_population(model, evidence, N, 12)


@pytest.fixture(scope="module")
def early_diffuse(people):
    seen = people.covariates
    return (seen["subset"] == "diffuse") & (seen["disease_duration_years"] <= 5)


def one(**changed) -> SkinPatient:
    usual = {
        "is_diffuse": True,
        "has_ara": False,
        "duration_years": 1.5,
        "score": 22.0,
        "above_reference": 0.0,
        "signature": 0.0,
    }
    return SkinPatient(**{name: np.array([value]) for name, value in (usual | changed).items()})


def chance(law, course, **changed) -> float:
    return float(class_chances(law, one(**changed))[course][0])


def test_the_chance_of_a_class_is_that_of_an_ordered_probit(law):
    told = replace(law, progress_threshold=1.0, regress_threshold=-0.5)
    assert chance(told, PROGRESSING) == pytest.approx(norm.sf(1.0))
    assert chance(told, REGRESSING) == pytest.approx(norm.cdf(-0.5))


def test_early_disease_progresses_and_late_disease_regresses(law):
    for course, sign in ((PROGRESSING, -1.0), (REGRESSING, 1.0)):
        by_duration = [chance(law, course, duration_years=years) for years in (0.5, 1.0, 2.0, 5.0, 15.0)]
        assert (np.diff(by_duration) * sign > 0).all()


def test_polymerase_antibodies_come_earlier_and_go_faster(law):
    for years, more in ((0.5, True), (6.0, False)):
        with_ara, without = (
            chance(law, PROGRESSING, has_ara=ara, duration_years=years) for ara in (True, False)
        )
        assert (with_ara > without) == more


def test_high_scores_regress_and_high_signatures_progress(law):
    assert chance(law, REGRESSING, above_reference=1.0) > chance(law, REGRESSING, above_reference=-1.0)
    assert chance(law, PROGRESSING, signature=1.0) > chance(law, PROGRESSING, signature=-1.0)


def test_no_change_leaves_the_scale(law):
    for score in (0.5, 25.0, 50.5):
        for course in (PROGRESSING, REGRESSING, 0):
            for within in (-6.0, 6.0):
                who = one(score=score)
                change = change_in_a_year(law, who, np.array([course]), np.array([within]))[0]
                assert 0.0 <= score + change <= 51.0
    assert class_change(law, one(score=50.0))[PROGRESSING][0] == pytest.approx(1.0)


def test_untreated_change_hangs_on_duration_antibody_and_signature(people, evidence, early_diffuse):
    change, seen = untreated_changes(people, evidence)["mrss"], people.covariates
    here = early_diffuse & ~seen["uses_mmf"].astype(bool)
    chosen = here & (seen["mrss"] >= 15)
    assert np.corrcoef(np.log(seen["disease_duration_years"][chosen]), change[chosen])[0, 1] < -0.1
    by_time = [
        change[chosen & (seen["disease_duration_years"] >= a) & (seen["disease_duration_years"] < b)].mean()
        for a, b in ((0.0, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 5.0))
    ]
    assert (np.diff(by_time) < 0).all(), "longer disease falls faster"
    assert (
        np.corrcoef(seen["is_ifn_high"][here].astype(float), people.history["skin_course"][here])[0, 1] > 0.01
    )
    first, later = seen["disease_duration_years"] < 0.75, seen["disease_duration_years"] > 2.5
    ara = seen["antibody"] == "ARA"
    course = people.history["skin_course"]
    gap = [course[here & ara & part].mean() - course[here & ~ara & part].mean() for part in (first, later)]
    assert gap[0] > gap[1] + 0.1, "their higher scores take back what early disease adds"


def test_there_are_rapid_progressors_and_they_can_be_chosen(people, evidence, early_diffuse):
    """A rise of more than 5 points and 25 % of the true score in a year."""
    change, own = untreated_changes(people, evidence)["mrss"], people.parameters["mrss_baseline"]
    rises = (change > 5.0) & (change >= 0.25 * own)
    duration = people.covariates["disease_duration_years"]
    shares = [rises[early_diffuse & part].mean() for part in (duration < 1, duration > 3)]
    assert shares[0] > shares[1] + 0.05
    assert rises[early_diffuse].mean() > 0.03


def test_the_year_before_foretells_the_next_one(people, early_diffuse):
    before, course = people.covariates["mrss_change_before"], people.history["skin_course"]
    here = early_diffuse & (people.covariates["disease_duration_years"] > 1.0)
    worse, better = (course[here & part].mean() for part in (before >= 5, before <= -5))
    assert worse > better + 0.1
    new = people.covariates["disease_duration_years"] < 1.0
    gap = before[new] - people.parameters["mrss_baseline"][new]
    assert abs(gap.mean()) < 0.2, "who has been ill for less than a year had no score a year ago"


def test_without_persistence_it_foretells_less(model, with_rows, early_diffuse):
    kept = []
    for persistence in (0.0, 0.9):
        people = sample_population(model, with_rows({"skin_course.persistence": persistence}), N, 12)
        here = early_diffuse & (people.covariates["disease_duration_years"] > 1.0)
        kept.append(
            np.corrcoef(people.covariates["mrss_change_before"][here], people.history["skin_course"][here])[
                0, 1
            ]
        )
    assert kept[1] > kept[0] + 0.1


def test_the_closed_form_over_classes_is_the_mean_of_drawn_patients(model, evidence):
    """Read change of a year, over classes and spread, against the same patients with their drawn classes."""
    who, people = skin_patients(evidence, N, 12), sample_population(model, evidence, N, 12)
    own = dict(people.parameters) | {"uses_mmf": np.zeros(N)}
    true = untreated_changes(replace(people, parameters=own), evidence, 52.0)["mrss"]
    mean, sd = read_change(evidence, SKIN_LAW.read(evidence), who, 52.0)
    assert mean == pytest.approx(true.mean(), abs=4 * true.std() / np.sqrt(N))
    assert sd == pytest.approx(np.sqrt(true.var() + 2 * 2.45**2), rel=0.02)


def test_drawn_classes_have_their_chances(evidence, people, law):
    who = skin_patients(evidence, N, 12)
    for course, chances in class_chances(law, who).items():
        assert np.mean(people.history["skin_course"] == course) == pytest.approx(chances.mean(), abs=0.01)
    assert set(course_of(law, liability(law, who) + 9.0)) == {PROGRESSING}


def test_the_rows_hold_what_the_fit_gives(model, evidence):
    found = fit_course(model, evidence)
    value = evidence.value
    assert found.progress_threshold == pytest.approx(value("skin_course.progress_threshold"), abs=0.01)
    assert found.regress_threshold == pytest.approx(value("skin_course.regress_threshold"), abs=0.01)
    row = evidence.parameter("history.mrss_change_mmf")
    assert (found.mmf_mean, found.mmf_sd) == pytest.approx((row.value, row.prior_b), abs=0.05)
    # one level between two arms that differ by less than trials do
    assert found.change["asset.placebo.mrss_change.w52"] == pytest.approx((-3.7, 7.6), abs=1.8)
    assert found.change["fasscinate.placebo.mrss_change.w48"] == pytest.approx((-3.1, 6.3), abs=1.8)
