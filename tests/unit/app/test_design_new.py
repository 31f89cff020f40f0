"""A first file for a trial of one's own: written from flags or answers, fine at once, never over another file."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.errors import FileError, InputError
from shipped import load_design

FLAGS = ("--week", "24", "--patients", "90", "--regimen", "300 mg IV every 4 weeks")


def called(*words: str, said: str | None = None):
    return CliRunner().invoke(cli, ["design", *words], input=said)


@pytest.mark.parametrize(
    ("endpoint", "summary", "strategy"),
    [
        ("mrss_responder", "risk_difference", "composite"),
        ("rcriss", "risk_difference", "composite"),
        ("serious_infection", "risk_difference", "composite"),
        ("mrss_change", "mean_difference", "treatment_policy"),
        ("fvc_ml_change", "mean_difference", "treatment_policy"),
        ("nt_probnp_ratio", "mean_difference", "treatment_policy"),
        ("new_ulcers", "mean_difference", "treatment_policy"),
        ("clinical_worsening", "mean_difference", "treatment_policy"),
    ],
)
def test_what_is_written_is_fine(tmp_path: Path, endpoint: str, summary: str, strategy: str) -> None:
    path = tmp_path / "mine.yaml"
    assert called("new", str(path), "--endpoint", endpoint, *FLAGS).exit_code == 0
    checked = called("check", str(path))
    assert checked.output == f"{path}: fine (mine, 90 patients)\n"
    design = load_design(path)
    assert (design.primary.endpoint, design.primary.visit_week, design.treatment_weeks) == (endpoint, 24, 24)
    plan = design.assumed.estimand
    assert (plan.summary, plan.discontinuation, plan.rescue) == (summary, strategy, strategy)
    assert design.visit_weeks == (0, 4, 12, 24)
    assert design.key_secondary == ()
    assert [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]


def test_every_flag_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    ended = called(
        *("new", str(path), "--endpoint", "mrss_change", "--week", "30.5", "--patients", "100"),
        *("--regimen", "5 mg/kg IV weekly x 4", "--regimen", "300 mg IV every 4 weeks", "--ratio", "2:2:1"),
        *("--visits", "0, 2, 30.5", "--enter", "is_ifn_high", "--enter", 'antibody != "ACA"'),
        *("--name", "phase_2", "--title", "Ours: 2:2:1 #1", "--extends", "daisy_2to1"),
    )
    assert ended.exit_code == 0, ended.output
    design = load_design(path)
    assert (design.name, design.title, design.size.planned) == ("phase_2", "Ours: 2:2:1 #1", 100)
    assert [(arm.name, arm.allocation) for arm in design.arms] == [
        ("anifrolumab 1", 2), ("anifrolumab 2", 2), ("placebo", 1)
    ]  # fmt: skip
    assert design.control.planned_dosing().is_placebo
    assert design.visit_weeks == (0, 2, 30.5)
    assert [each.condition for each in design.eligibility[-2:]] == ["is_ifn_high", 'antibody != "ACA"']
    assert design.assumed.randomization.block_size == 10
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["extends"] == "daisy_2to1"


def test_an_active_control_and_another_drug(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    words = ("--regimen", "5 mg orally twice a day", "--drug", "tofacitinib")
    given = ("--endpoint", "mrss_change", "--week", "24", "--patients", "90")
    assert called("new", str(path), *given, *words).exit_code == 0
    design = load_design(path)
    assert design.active.drug_name == "tofacitinib"
    assert design.control.planned_dosing().is_placebo
    other = tmp_path / "other.yaml"
    low = ("--control", "30 mg IV every 4 weeks")
    assert called("new", str(other), "--endpoint", "mrss_change", *FLAGS, *low).exit_code == 0
    assert load_design(other).control.name == "control"


def test_what_is_not_given_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    ended = called("new", str(path), "--week", "36", said="clinical_worsening\n80\n120 mg SC every week\n")
    assert ended.exit_code == 0, ended.output
    design = load_design(path)
    assert (design.primary.endpoint, design.size.planned, design.treatment_weeks) == (
        "clinical_worsening",
        80,
        36,
    )
    assert design.control.regimen == "placebo SC every week"


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("mine", encoding="utf-8")
    ended = called("new", str(path), "--endpoint", "mrss_change", *FLAGS)
    assert isinstance(ended.exception, FileError)
    assert "is there already" in str(ended.exception)
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--endpoint", "mrss_chang"), "did you mean mrss_change"),
        (("--ratio", "2:x"), "write it like this"),
        (("--ratio", "2"), "does not fit the arms"),
        (("--ratio", "0:1"), "arms.0.allocation"),
        (("--visits", "0,4,weekly"), "Given: weekly"),
        (("--visits", "0,4"), "visit week 24 of mrss_change is not among"),
        (("--week", "nan"), "--week is out of range"),
        (("--week", "inf"), "--week is out of range"),
        (("--week", "-4"), "--week is out of range"),
        (("--patients", "0"), "size.planned"),
        (("--regimen", "300 mg IM monthly"), "IM"),
        (("--control", "nothing"), "nothing"),
(("--enter", "is_ifn_hig", "--patients", "1"), r"size.planned(.|\n)*'is_ifn_hig'|'is_ifn_hig'(.|\n)*size.planned"),
        (("--drug", "aspirin"), "aspirin"),
        (("--name", "../up"), "name: String should match"),
        (("--extends", "dasy"), "did you mean daisy"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_written(tmp_path: Path, words, message: str) -> None:
    path = tmp_path / "mine.yaml"
    given = ["new", str(path), "--endpoint", "mrss_change", "--week", "24", "--patients", "90"]
    regimen = () if "--regimen" in words else ("--regimen", "300 mg IV every 4 weeks")
    ended = called(*given, *regimen, *words)
    assert isinstance(ended.exception, InputError), ended.output
    with pytest.raises(InputError, match=message):
        raise ended.exception
    assert not path.exists()


def test_a_question_without_an_answer_is_refused(tmp_path: Path) -> None:
    ended = called("new", str(tmp_path / "mine.yaml"), said="")
    assert isinstance(ended.exception, InputError)
    assert "give --endpoint" in str(ended.exception)
