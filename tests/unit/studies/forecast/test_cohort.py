"""A scored cohort as the interferon layer of a forecast."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from ifntrial.app.forecast import command
from ifntrial.errors import InputError
from ifntrial.studies.forecast.cohort.patients import CohortPatient, read_cohort
from ifntrial.studies.forecast.cohort.predictions import patient_rows
from ifntrial.studies.forecast.records import SubjectNumbers
from shipped import enroll_twins, load_design

HEADER = "sample,subject,visit,signature,method,score,probability_high,class\n"
ROWS = (
    "s1,ann,,ifn4,mean_z,3.1,0.97,high\n"
    "s2,bob,,ifn4,mean_z,0.2,0.03,low\n"
    "s3,cid,,ifn4,mean_z,1.4,0.5,borderline\n"
    "s4,dan,,ifn4,mean_z,,,unclassified\n"
)


@pytest.fixture
def scores(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_every_row_of_the_table_is_read_also_those_without_a_score(scores):
    patients = read_cohort(scores).patients
    assert [patient.name for patient in patients] == ["ann", "bob", "cid", "dan"]
    assert patients[3].probability_high is None
    assert patients[3].reason


GROUPS = "sample,subject,visit,group,signature,method,score,probability_high,class,disease\n"


def grouped(folder, *rows: tuple[str, str, str]):
    path = folder / "grouped.csv"
    lines = [
        f"{name},{name},,{group},az_4_gene,mean_z,2.0,0.8,borderline,{disease}"
        for name, group, disease in rows
    ]
    path.write_text(GROUPS + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("word", ["healthy", "Healthy control", "HC", "normal"])
def test_healthy_people_are_left_out_by_name(tmp_path, word):
    cohort = read_cohort(grouped(tmp_path, ("ann", "patient", ""), ("hal", word, ""), ("bob", "SSc", "")))
    assert [patient.name for patient in cohort.patients] == ["ann", "bob"]
    assert cohort.notes[0] == "Left out, 1 healthy people: hal."
    with pytest.raises(InputError, match="no one in the score table is a patient"):
        read_cohort(grouped(tmp_path, ("hal", word, "")))


def test_the_disease_is_stated_assumed_or_refused(tmp_path):
    unsaid = read_cohort(grouped(tmp_path, ("ann", "patient", "")))
    assert "states no disease" in unsaid.notes[-1]
    assert read_cohort(grouped(tmp_path, ("ann", "patient", "dcSSc"))).notes == ()
    for group, disease in (("SLE", ""), ("patient", "lupus"), ("patient", "myositis"), ("patient", "gout")):
        path = grouped(tmp_path, ("ann", group, disease))
        with pytest.raises(InputError, match="--other-disease"):
            read_cohort(path)
        cohort = read_cohort(path, allow_other_disease=True)
        assert cohort.disease != "systemic sclerosis"
        assert cohort.notes
    with pytest.raises(InputError, match="systemic lupus"):
        read_cohort(grouped(tmp_path, ("ann", "patient", "SLE")), disease="SSc")
    with pytest.raises(InputError, match="rare disease"):
        read_cohort(grouped(tmp_path, ("ann", "patient", "")), disease="a rare disease")


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("platform", ("affymetrix", "nanostring"), "several platforms"),
        ("reference_id", ("one", "other"), "several healthy references"),
    ],
)
def test_scores_that_are_not_on_one_scale_are_refused(tmp_path, column, values, words):
    path = tmp_path / "mixed.csv"
    rows = [
        f"{name},{name},,ifn4,mean_z,2.0,0.8,borderline,{value}"
        for name, value in zip("ab", values, strict=True)
    ]
    path.write_text(HEADER.strip() + f",{column}\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_cohort(path)
    path.write_text(path.read_text().replace(values[1], values[0]), encoding="utf-8")
    assert len(read_cohort(path).patients) == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("s1,ann,,ifn4,mean_z,3.1,0.03,high,scored", "class 'high' and probability_high 0.03"),
        ("s1,ann,,ifn4,mean_z,3.1,0.97,low,scored", "class 'low' and probability_high 0.97"),
        ("s1,ann,,ifn4,mean_z,,0.97,unclassified,not scored", "counts as not scored"),
        ("s1,ann,,ifn4,mean_z,3.1,,unclassified,not scored", "counts as not scored"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_with_its_line(tmp_path, row, words):
    path = tmp_path / "edited.csv"
    path.write_text(HEADER.strip() + ",status\n" + row + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_cohort(path)
    assert "line 2" in str(caught.value)


def test_every_patient_has_thirty_different_twins(model, evidence):
    patients = tuple(
        CohortPatient(f"p{i}", p, q) for i, (p, q) in enumerate(((1.0, 0.0), (0.0, 1.0), (0.4, 0.5)))
    )
    enrollment, owner = enroll_twins(patients, load_design("daisy"), model, evidence, 20, seed=3)
    tone = enrollment.population.parameters["ifn_tone_blood"]
    for place in range(3):
        assert len(set(tone[owner == place])) == 30


def test_twins_are_high_in_the_share_of_the_probability_and_keep_their_own_traits(model, evidence):
    patients = (CohortPatient("a", 1.0, 0.9), CohortPatient("b", 0.0, 0.5), CohortPatient("c", 0.5, 0.5))
    enrollment, owner = enroll_twins(patients, load_design("daisy"), model, evidence, 60, seed=3)
    is_high = enrollment.population.covariates["is_ifn_high"].astype(bool)
    assert [is_high[owner == i].mean() for i in range(3)] == [1.0, 0.0, 0.5]
    assert (enrollment.population.parameters["is_ifn_low"] == ~is_high).all()


def test_a_higher_score_gets_twins_with_a_stronger_tone(model, evidence):
    patients = (CohortPatient("weak", 1.0, 0.1), CohortPatient("strong", 1.0, 0.9))
    enrollment, owner = enroll_twins(patients, load_design("daisy"), model, evidence, 40, seed=3)
    tone = enrollment.population.parameters["ifn_tone_blood"]
    assert tone[owner == 1].min() > tone[owner == 0].max()


def test_patient_rows_average_over_twins_in_each_world():
    patients = (CohortPatient("a", 1.0, 0.5), CohortPatient("b", None, 0.5, "not scored"))
    found = SubjectNumbers(
        active=np.array([[0.5, 0.7], [0.3, 0.3]]),
        control=np.full((2, 2), 0.3),
        suppression_blood=np.array([[0.8, 0.9], [0.8, np.nan]]),
    )
    first, second = patient_rows(patients, [0, 0], found, np.array([1.0, 1.0]))
    assert first.benefit.q50 == pytest.approx(0.15)  # halfway between worlds with 0.3 and 0.0
    assert first.response_control == pytest.approx(0.3)
    assert (first.status, first.virtual_patients) == ("predicted", 2)
    assert (second.status, second.reason) == ("not predicted", "not scored")


def test_of_several_signatures_the_one_of_the_trials_is_taken(tmp_path):
    path = tmp_path / "scores.csv"
    row = "s1,ann,,{},mean_z,1,{},high\n"
    path.write_text(HEADER + row.format("ags_6", 0.6) + row.format("az_4_gene", 0.9), encoding="utf-8")
    (patient,) = read_cohort(path).patients
    assert (patient.signature, patient.probability_high) == ("az_4_gene", 0.9)
    (other,) = read_cohort(path, "ags_6").patients
    assert (other.signature, other.probability_high) == ("ags_6", 0.6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER, "has no rows"),
        (HEADER + "s1,a,,ifn4,mean_z,1.0,,unclassified\n", "no patient"),
        (HEADER + "s1,a,,ifn4,mean_z,1,0.5,high\ns2,b,,ags6,median,1,0.5,high\n", "several signatures"),
    ],
)
def test_a_table_that_cannot_serve_is_refused_with_the_reason(tmp_path, text, said):
    path = tmp_path / "scores.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_cohort(path)


def test_a_forecast_for_a_cohort_gives_one_row_per_patient_and_says_research_only(scores, tmp_path):
    out = tmp_path / "run"
    arguments = [
        "daisy",
        "--worlds",
        "6",
        "--subjects",
        "12",
        "--workers",
        "1",
        "--cohort",
        str(scores),
        "--out",
        str(out),
    ]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    rows = json.loads((out / "forecast.json").read_text(encoding="utf-8"))["cohort"]
    assert [row["patient"] for row in rows] == ["ann", "bob", "cid", "dan"]
    assert [row["virtual_patients"] for row in rows] == [30, 30, 30, 0]
    assert "90 subjects in place of 12" in result.output
    assert "; 90 subjects" in result.output
    assert "each an average over 30 virtual patients with that signature" in result.output
    assert "never a prediction for one person" in result.output
    assert rows[0]["suppression_blood"]["q50"] > rows[1]["suppression_blood"]["q50"]
    assert len((out / "cohort.csv").read_text(encoding="utf-8").splitlines()) == 5
    page = (out / "report.html").read_text(encoding="utf-8").lower()
    assert "research only, never a prediction for one person" in page
    assert "not for diagnosis or treatment" in page
