"""The design file and the scoring rule, which hold numbers of their own, agree with the evidence tables.

Sources: DAISY registry record and design paper; Khanna 2016 (ACR CRISS).
"""

from importlib import resources

import pytest
import yaml

from ifntrial.clinic.endpoints import acr_criss
from ifntrial.evidence.load import load_evidence
from shipped import parameters_of

EVIDENCE = load_evidence()


@pytest.fixture(scope="module")
def daisy():
    text = (resources.files("ifntrial.design") / "designs" / "daisy.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def test_daisy_size_and_duration(daisy):
    row = parameters_of(EVIDENCE, "daisy")
    assert daisy["size"] == {"planned": row["planned_size"].value, "enrolled": row["enrolled_size"].value}
    assert daisy["treatment_weeks"] == row["treatment_duration"].value
    assert daisy["open_label_weeks"] == row["open_label_duration"].value
    assert daisy["follow_up_weeks"] == row["follow_up_duration"].value


def test_daisy_dose(daisy):
    row = parameters_of(EVIDENCE, "daisy")
    assert row["dose_interval"].value == 1
    assert f"{row['dose'].value:g} mg SC every week" in {arm["regimen"] for arm in daisy["arms"]}


def test_daisy_entry_criteria(daisy):
    row = parameters_of(EVIDENCE, "daisy")
    conditions = " and ".join(rule["condition"] for rule in daisy["eligibility"])
    for expected in (
        f"{row['age_at_least'].value:g} <= age_years <= {row['age_at_most'].value:g}",
        f"disease_duration_years <= {row['disease_duration_at_most'].value:g}",
        f"haq_di >= {row['haq_di_at_least'].value:g}",
        f"patient_global >= {row['patient_global_at_least'].value:g}",
        f"mrss > {row['mrss_above_early'].value:g}",
        f"mrss >= {row['mrss_at_least_late'].value:g}",
    ):
        assert expected in conditions
    stratum = row["duration_stratum"].value / 12
    assert f"disease_duration_years < {stratum:g}" in {rule["condition"] for rule in daisy["strata"]}


def test_daisy_responder_rule(daisy):
    row = parameters_of(EVIDENCE, "rcriss")
    rule = daisy["assumed"]["responder_rule"]
    assert rule["percent"] == row["daisy_threshold"].value
    assert rule["items_needed"] == row["items_needed"].value
    assert rule["fvc_percent"] == row["fvc_threshold"].value


def test_acr_criss_coefficients():
    row = parameters_of(EVIDENCE, "acr_criss")
    assert row["intercept"].value == acr_criss.INTERCEPT
    assert {
        item: row[f"{item}_change"].value for item in acr_criss.PER_UNIT_OF_CHANGE
    } == acr_criss.PER_UNIT_OF_CHANGE
