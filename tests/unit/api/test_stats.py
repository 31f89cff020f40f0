"""The analyses of a virtual trial by name: the same as its own primary analysis, and as the functions on its arrays."""

import numpy as np
import pandas as pd
import pytest

import ifntrial as ift


@pytest.fixture(scope="module")
def trial():
    return ift.simulate_trial(ift.load_design("daisy").changed(size=100), seed=7, workers=1)


def test_a_response_is_tested_as_the_trial_does(trial):
    (primary,) = trial.primary_result.tests
    found = ift.stats.cmh(trial, "rcriss", sparse_strata="pool")
    assert float(found.risk_difference) == primary.estimate
    assert float(found.p_two_sided) == primary.p_two_sided
    assert trial.table()["estimate"].dropna().tolist() == [primary.estimate]
    assert ift.stats.miettinen_nurminen(trial, "rcriss").estimate == pytest.approx(primary.estimate, abs=0.02)
    with pytest.raises(ift.InputError, match="separated perfectly"):
        ift.stats.logistic(trial, "rcriss")  # so few in each stratum


def readings(trial, code: str, weeks: tuple[float, ...]) -> tuple[pd.DataFrame, pd.Series]:
    table = trial.tables["adeff"]
    own = table[(table["PARAMCD"] == code) & table["AVISITN"].isin(weeks)]
    changes = own.pivot(index="USUBJID", columns="AVISITN", values="CHG").sort_index()
    return changes, own.groupby("USUBJID")["TRT01P"].first().sort_index() != "placebo"


def test_a_change_by_ancova_is_that_of_the_tables(trial):
    changes, is_active = readings(trial, "MRSS", (52.0,))
    adsl = trial.tables["adsl"].set_index("USUBJID").sort_index()
    arrays = ift.stats.arrays
    base = (
        trial.tables["adeff"]
        .query("PARAMCD == 'MRSS' and AVISITN == 0")
        .set_index("USUBJID")["AVAL"]
        .sort_index()
    )
    stratum = pd.Series(trial.trial.stratum, adsl.index)
    columns = np.column_stack([arrays.indicators(stratum.to_numpy()), base.to_numpy()])
    expected = arrays.ancova(changes[52.0].to_numpy(), is_active.to_numpy(), columns)
    found = ift.stats.ancova(trial, "mrss_change")
    assert found.estimate == pytest.approx(expected.estimate, rel=1e-9)
    assert found.standard_error == pytest.approx(expected.standard_error, rel=1e-9)


def test_of_one_visit_a_mixed_model_is_an_analysis_of_covariance(trial):
    one = ift.stats.mmrm(trial, "mrss_change", weeks=[52])
    other = ift.stats.ancova(trial, "mrss_change")
    assert one.estimate == pytest.approx(other.estimate, rel=1e-6)
    assert one.standard_error == pytest.approx(other.standard_error, rel=1e-6)
    all_visits = ift.stats.mmrm(trial, "mrss_change", weeks=[24, 52])
    assert abs(all_visits.estimate - one.estimate) < 2 * one.standard_error


def test_times_and_counts(trial):
    cox, rank = ift.stats.cox(trial, "clinical_worsening"), ift.stats.log_rank(trial, "clinical_worsening")
    assert cox.p_two_sided == pytest.approx(rank.p_two_sided, abs=0.05)
    assert ift.stats.negative_binomial(trial, "new_ulcers").scale == "log rate ratio"


@pytest.mark.parametrize(
    ("analysis", "endpoint", "given", "said"),
    [
        ("mmrm", "rcriss", {}, "endpoint 'rcriss' is no change"),
        ("cmh", "mrss_change", {}, "Allowed: rcriss"),
        ("cmh", "rcris", {}, "did you mean rcriss"),
        ("cmh", "rcriss", {"arm": "placebo"}, "the control is compared with itself"),
        ("ancova", "mrss_change", {"week": 3.0}, "visit week 3 is not in the trial"),
        ("mmrm", "mrss_change", {"weeks": [4, 12]}, "week 52 is not among the visits of the model"),
    ],
)
def test_what_cannot_be_analysed_is_refused(trial, analysis, endpoint, given, said):
    with pytest.raises(ift.InputError, match=said):
        getattr(ift.stats, analysis)(trial, endpoint, **given)
