"""``ifntrial evidence``: check, show, without."""

import json
import shutil

import pytest
from click.testing import CliRunner

from ifntrial.app.evidence import command
from ifntrial.errors import FileError, UnknownNameError
from ifntrial.evidence.load import TABLES_FOLDER
from ifntrial.evidence.rows import Published

SMALL = ("--worlds", "6", "--subjects", "10", "--workers", "1")


@pytest.fixture(autouse=True, scope="module")
def one_forecast_for_all(tmp_path_factory):
    """Work in a folder of its own: the first command without a source makes its forecast there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("without"))
        yield


def _run(*words):
    small = SMALL if words[0] == "without" else ()
    return CliRunner().invoke(command, [*words, *small])


def test_show_says_everything_about_a_parameter():
    shown = _run("show", "anifrolumab.bioavailability")
    assert shown.exit_code == 0
    for said in (
        "0.88",
        "beta(20, 3)",
        "0.741 to 0.962",
        "assumed",
        "tummala2018: Tummala",
        "used by            dose",
        "AUC ratio",
    ):
        assert said in shown.output


def test_show_names_the_mechanisms_that_use_a_parameter():
    shown = _run("show", "anifrolumab.kss").output
    assert "doi:10.1002/jcph.2055" in shown
    assert "pharmacokinetics" in shown
    assert "jak_stat" in shown


def test_show_says_everything_about_an_observation():
    shown = _run("show", "senscis.placebo_ata_positive.fvc_slope.w52").output
    for said in ("SENSCIS", "-93.5 (-110.8 to -76.2, one_se) mL/year", "177", "fit", "PMC9306495"):
        assert said in shown


def test_show_gives_every_row_of_that_name():
    shown = _run("show", "asset").output
    assert "source 'asset'" in shown
    assert "entity 'asset'" in shown


def test_show_of_an_unknown_name_offers_the_closest():
    outcome = _run("show", "anifrolumab.clearence")
    assert isinstance(outcome.exception, UnknownNameError)
    assert "did you mean anifrolumab.clearance" in str(outcome.exception)


def test_without_lists_what_hangs_on_a_source():
    listed = _run("without", "chia2022").output
    assert "anifrolumab.signature_ic80 = 3.88 ug/mL (fitted)" in listed
    assert "tulip_pooled.300_mg_iv_every_4_weeks.trough.w24 = 15.6 ug/mL (test)" in listed
    assert "exposure_drives_response" in listed
    assert "0 claims it speaks against" in listed


def test_show_and_without_tell_of_contrasts():
    shown = _run("show", "mrss.asset.w52").output
    assert "effect 'mrss.asset.w52'" in shown
    assert "from its two-sided p of 0.28" in shown
    listed = _run("without", "desires").output
    assert "1 trial contrasts:\n  mrss.desires.w24 = -8.44 (SE 1.47) mrss_point (sensitivity)" in listed
    assert "rcriss20.asset.w52 = no usable number (absent)" in _run("without", "asset").output


def test_check_counts_the_double_uses_that_are_known_and_lists_them_with_the_reason():
    told = _run("check").output
    assert "22 trial contrasts: 12 absent, 7 class, 3 sensitivity" in told
    assert "1 with a second use that is known and stands:" in told
    assert (
        "revised_criss_development.placebo.rcriss20_response.w52 behind rcriss20.pool.w52: the placebo level"
        in told
    )


def test_check_reports_every_problem_of_other_tables_and_fails(tmp_path):
    tables = tmp_path / "tables"
    shutil.copytree(TABLES_FOLDER, tables)
    path = tables / "parameters.csv"
    text = (
        path.read_text(encoding="utf-8")
        .replace("0.712,nmol/L", "0.712,nmoll")
        .replace(",chia2022,", ",chia2023,")
    )
    path.write_text(text + "orphan,1,kg,,none,none,,,chia2022,measured,\n", encoding="utf-8")
    outcome = _run("check", "--tables", str(tables))
    assert outcome.exit_code == 1
    for said in (
        "unit 'nmoll' is not known",
        "source 'chia2023' does not exist",
        "parameter 'orphan' is used by nothing",
    ):
        assert said in outcome.output


def test_check_reports_malformed_tables_and_fails(tmp_path):
    tables = tmp_path / "tables"
    shutil.copytree(TABLES_FOLDER, tables)
    path = tables / "parameters.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("0.712,nmol/L", "lots,nmol/L"), encoding="utf-8")
    outcome = _run("check", "--tables", str(tables))
    assert outcome.exit_code == 1
    assert "value is 'lots'" in outcome.output


def test_show_names_the_modules_that_read_a_parameter():
    assert (
        "used by            patients/untreated_year.py, worlds/draw.py\n"
        in _run("show", "history.fvc_progression_share").output
    )


@pytest.mark.parametrize("name", ["measurement.mrss_sd_other_rater", "world.phi_logit_mean_sd"])
def test_a_row_whose_name_only_looks_like_one_that_is_read_has_no_user(name):
    assert "used by            nothing yet\n" in _run("show", name).output


def test_check_finds_an_orphan_that_would_fit_a_name_put_together_by_a_program(tmp_path):
    tables = tmp_path / "tables"
    shutil.copytree(TABLES_FOLDER, tables)
    path = tables / "parameters_population.csv"
    orphan = "history.troponin_change_mean,1,ng/L,,none,none,,,judgement,assumed,fits {item}_change_mean\n"
    path.write_text(path.read_text(encoding="utf-8") + orphan, encoding="utf-8")
    assert (
        "parameter 'history.troponin_change_mean' is used by nothing"
        in _run("check", "--tables", str(tables)).output
    )


def test_check_finds_a_row_that_the_program_reads_and_the_tables_lack(tmp_path):
    tables = tmp_path / "tables"
    shutil.copytree(TABLES_FOLDER, tables)
    path = tables / "parameters_worlds.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("world.relative_form_share,", "world.relative_form_shore,"), encoding="utf-8"
    )
    shown = _run("check", "--tables", str(tables)).output
    assert "parameter 'world.relative_form_share' is read by the program and does not exist" in shown
    assert "parameter 'world.relative_form_shore' is used by nothing" in shown


def test_check_finds_code_that_fits_to_a_test_row(monkeypatch):
    goals = Published(("focussced.placebo.mrss_change.w48", "asset.placebo.mrss_change.w52"), is_fitted=True)
    monkeypatch.setattr("ifntrial.patients.targets.BALANCED", goals)
    outcome = _run("check")
    assert outcome.exit_code == 1
    assert "a fit uses observation 'focussced.placebo.mrss_change.w48', which is for 'test'" in outcome.output
    assert "asset.placebo" not in outcome.output


def test_check_of_a_folder_without_tables_is_one_message(tmp_path):
    outcome = _run("check", "--tables", str(tmp_path))
    assert isinstance(outcome.exception, FileError)


@pytest.mark.parametrize("words", [("show", "brake"), ("without", "asset"), ("without", "radic2026")])
def test_commands_end_well_on_the_shipped_tables(words):
    outcome = _run(*words)
    assert outcome.exit_code == 0, outcome.output


def test_show_without_and_check_write_json(tmp_path):
    paths = {name: tmp_path / f"{name}.json" for name in ("show", "without", "check")}
    assert _run("show", "asset", "--json", str(paths["show"])).exit_code == 0
    assert _run("without", "tummala2018", "--json", str(paths["without"])).exit_code == 0
    assert _run("check", "--json", str(paths["check"])).exit_code == 0
    read = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in paths.items()}
    assert {row["table"] for row in read["show"]["rows"]} == {"source", "entity"}
    assert read["check"]["problems"] == []
    effect = read["without"]
    assert "anifrolumab.bioavailability" in {row["name"] for row in effect["parameter_rows"]}
    assert set(effect["assurance_by_prior"]) == {
        "irrelevant",
        "ssc_reference_class",
        "lupus_bridge",
        "net_harm",
        "ssc_skin_class",
        "lupus_bridge_observed",
        "lupus_bridge_skin",
        "mixture",
    }
    assert all(set(chance) == {"with", "without"} for chance in effect["assurance_by_prior"].values())
    assert any(row.endswith("auc.ratio") for row in effect["rows_that_no_longer_weigh"])
    before_after = effect["sd_ratios"]["bioavailability"]
    assert before_after["with"] < before_after["without"]
