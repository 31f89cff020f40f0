"""One virtual trial: each subject once in its own arm, the test as planned, the tables and the command."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.design.design import save_design
from ifntrial.formats.adam.tables import build_adeff
from ifntrial.studies.trial.one_trial import assign_arms
from shipped import design_from_mapping, load_design, primary_by_arm, primary_tests, simulate_one_trial

SEED, N = 5, 30


@pytest.fixture(scope="module")
def small():
    return design_from_mapping(
        {"extends": "daisy", "schema_version": 1, "name": "small", "size": {"planned": N}}
    )


@pytest.fixture(scope="module")
def trial(small, model, evidence):
    return simulate_one_trial(small, seed=SEED)


def test_a_trial_that_is_not_randomized_fills_its_arms_in_order():
    design = load_design("anifrolumab_ssc_phase1")
    assigned, _ = assign_arms(design, {"mrss": np.zeros(34)}, 1)
    assert (np.diff(assigned) >= 0).all()
    assert np.bincount(assigned).tolist() == [arm.allocation for arm in design.arms]


def test_each_subject_is_in_the_tables_once_in_the_arm_it_got(small, trial):
    adsl, adeff = trial.tables["adsl"], trial.tables["adeff"]
    assert len(adsl) == N == adsl["USUBJID"].nunique()
    names = np.array([arm.name for arm in small.arms])
    assert adsl["TRT01P"].tolist() == names[trial.assigned].tolist()
    assert set(adsl["WORLD"]) == {-1}
    arm_of = adsl.set_index("USUBJID")["TRT01P"]
    for table in trial.tables.values():
        assert (table["TRT01P"] == table["USUBJID"].map(arm_of)).all()
    assert (adeff.groupby("USUBJID").size() == len(small.all_visit_weeks) * adeff["PARAMCD"].nunique()).all()
    whole = build_adeff(small, trial.arms["placebo"])
    own = adeff[adeff["TRT01P"] == "placebo"]
    expected = whole[whole["USUBJID"].isin(own["USUBJID"])].sort_values("USUBJID", kind="stable")
    assert np.array_equal(own["AVAL"].to_numpy(), expected["AVAL"].to_numpy(), equal_nan=True)


def test_the_drug_is_in_serum_only_of_those_who_get_it(trial):
    adpc = trial.tables["adpc"]
    active = adpc[(adpc["TRT01P"] == "anifrolumab") & (adpc["ADAYS"] == 28)]
    assert (active["AVAL"].dropna() > 1).all()
    placebo = adpc[(adpc["TRT01P"] == "placebo") & (adpc["ADAYS"] <= 364)]
    assert np.abs(placebo["AVAL"].dropna()).max() < 1e-6


def test_the_primary_endpoint_is_that_of_the_own_arm(trial):
    (test,) = primary_tests(trial)
    rows = {row.arm: row for row in primary_by_arm(trial)}
    assert sum(row.subjects for row in rows.values()) == N
    difference = rows["anifrolumab"].mean - rows["placebo"].mean
    assert test.estimate == pytest.approx(difference, abs=0.15), (
        "weighted over strata, about the plain difference"
    )
    assert test.low <= test.estimate <= test.high
    assert 0 <= test.p_two_sided <= 1


@pytest.mark.parametrize("method", ["logistic", "miettinen_nurminen"])
def test_the_planned_method_is_used(trial, method):
    from dataclasses import replace

    design = trial.design
    analysis = design.assumed.analysis.model_copy(update={"method": method})
    assumed = design.assumed.model_copy(update={"analysis": analysis})
    other = replace(trial, design=design.model_copy(update={"assumed": assumed}))
    (test,) = primary_tests(other)
    assert ("logistic" in test.method) == (method == "logistic")
    assert test.problem or np.isfinite(test.estimate)


def test_a_change_is_compared_by_analysis_of_covariance(trial):
    from dataclasses import replace

    design = trial.design
    primary = design.primary.model_copy(update={"endpoint": "mrss_change"})
    (test,) = primary_tests(replace(trial, design=design.model_copy(update={"primary": primary})))
    assert "covariance" in test.method
    assert test.low < test.estimate < test.high


def test_the_command_writes_tables_dictionary_and_summary(small, trial, tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(save_design(small), encoding="utf-8")
    out = tmp_path / "out"
    words = ["design", "simulate", str(path), "--seed", str(SEED), "--workers", "2", "--out", str(out)]
    ended = CliRunner().invoke(cli, words)
    assert ended.exit_code == 0, ended.output
    for text in ("One virtual trial in the typical world", "enrolled 30", "rescued", "Not for diagnosis"):
        assert text in ended.output
    for name, table in trial.tables.items():
        pd.testing.assert_frame_equal(pd.read_parquet(out / f"{name}.parquet"), table, check_dtype=False)
    define = pd.read_csv(out / "define.csv")
    assert len(define) == sum(len(table.columns) for table in trial.tables.values())
    result = json.loads((out / "trial.json").read_text(encoding="utf-8"))
    assert sum(arm["enrolled"] for arm in result["arm_conduct"]) == N
    for arm in result["arm_conduct"]:
        assert arm["completed_treatment"] + sum(arm["stopped"].values()) == arm["enrolled"]
    screening = result["screening"]
    parts = [*screening["refused"].values(), *screening["implausible"].values()]
    assert sum(parts) + screening["thinned"] + N == screening["screened"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["dasy"], "neither a shipped design nor a file"),
        (["daisy", "--tables", "parket"], "did you mean parquet"),
        (["daisy", "--world", "-5"], "there is no such world"),
    ],
)
def test_mistakes_are_answered_before_anything_is_simulated(words, message, tmp_path):
    ended = CliRunner().invoke(cli, ["design", "simulate", *words, "--out", str(tmp_path / "out")])
    assert ended.exit_code != 0
    assert message in ended.output + str(ended.exception)
    assert not (tmp_path / "out").exists()


def test_transport_files_without_their_library_are_refused_at_once(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    ended = CliRunner().invoke(cli, ["design", "simulate", "daisy", "--tables", "xpt"])
    assert ended.exit_code != 0
    assert "pip install '.[xpt]'" in ended.output + str(ended.exception)


def test_the_folder_of_another_run_is_left_alone(tmp_path):
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    ended = CliRunner().invoke(cli, ["design", "simulate", "daisy", "--out", str(tmp_path)])
    assert ended.exit_code != 0
    assert "another run" in ended.output + str(ended.exception)
