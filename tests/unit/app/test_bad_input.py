"""Bad input through the command line: exit code 2, no traceback, one message with what, given, allowed, what to do."""

import subprocess
import sys
from importlib import import_module

import pytest
import yaml

from ifntrial.app import cli
from shipped import load_design

REGIMEN = "300 mg IV every 4 weeks"
TINY = ("--weeks", "1", "--subjects", "2")


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line; return exit code and what it said, both streams together."""

    def call(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["ifntrial", *map(str, arguments)])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return call


def assert_refused(ended: tuple[int, str], *said: str) -> None:
    """Require exit code 2 and a message that holds every text of ``said``."""
    code, shown = ended
    assert code == 2, shown
    assert "Traceback" not in shown
    assert shown.count("ifntrial: ") + shown.count("Error: ") == 1, f"not one message: {shown}"
    for text in said:
        assert text.lower() in shown.lower(), f"'{text}' is not in: {shown}"


def assert_complete(ended: tuple[int, str], given: str, allowed: str, fix: str = "To do:") -> None:
    """Require what was given, what is allowed and what to do."""
    assert_refused(ended, given, allowed, fix)
    assert "allowed" in ended[1].lower() or "range" in ended[1].lower() or "one of" in ended[1].lower()


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "given", "allowed"),
    [
        (("forcast", "daisy"), "forcast", "simulate, map, score"),
        (("",), "''", "simulate, map, score"),
        (("forecast", "dasy"), "dasy", "daisy"),
        (("forecast", "daisy", "--without", "fibrosiss"), "fibrosiss", "fibrosis"),
        (("simulate", REGIMEN, "--drug", "anifrolumap", *TINY), "anifrolumap", "anifrolumab"),
        (("simulate", REGIMEN, "--population", "ifn-medium", *TINY), "ifn-medium", "ifn-high"),
        (("simulate", REGIMEN, "--without", "pharmacokinetic", *TINY), "pharmacokinetic", "pharmacokinetics"),
        (("evidence", "show", "anifrolumab.clearence"), "anifrolumab.clearence", "anifrolumab.clearance"),
        (("evidence", "without", "almquist2021"), "almquist2021", "almquist2022"),
    ],
)
def test_an_unknown_name_says_which_exist_and_the_closest(run, arguments, given, allowed):
    assert_complete(run(*arguments), given, allowed)


# --- regimens -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("300 furlongs IV every 4 weeks", "furlongs"),
        ("300 L IV every 4 weeks", "l"),
        ("300 IV every 4 weeks", "300 IV every 4 weeks"),
        ("-300 mg IV every 4 weeks", "-300"),
        ("1e9 mg IV every 4 weeks", "1e+09"),
        ("5000 mg/kg IV once", "5000"),
        ("300 mg by mouth every 4 weeks", "by"),
        ("300 mg IV", "300 mg IV"),
        ("300 mg IV every 0 weeks", "every 0 weeks"),
        ("300 mg IV every -4 weeks", "every -4 weeks"),
        ("300 mg IV every month", "every month"),
        ("300 mg IV every 4 weeks please", "please"),
        ("300 mg IV every 4 weeks x 0", "0"),
        ("300 mg IV every 4 weeks x -2", "-2"),
        ("300 mg IV every 4 weeks over 300 hours", "300 h"),
        ("300 mg SC every week over 30 min", "subcutaneous"),
        ("300 mg IV once x 4", "once x 4"),
        ("300 mg IV every 4 weeks every 2 weeks", "every 2 weeks"),
        ("three hundred mg IV every 4 weeks", "three hundred"),
        ("", "''"),
        ("nan mg IV every 4 weeks", "nan"),
        ("inf mg IV every 4 weeks", "inf"),
        ("300 mg IV every 900 weeks", "6300"),
    ],
)
def test_a_regimen_that_is_not_possible(run, words, given):
    ended = run("simulate", words, *TINY)
    assert_refused(ended, given, "To do:")
    assert "120 mg SC every week" in ended[1] or "Allowed:" in ended[1]


# --- sizes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "given", "allowed"),
    [
        (("simulate", REGIMEN, "--weeks", "0"), "0", "0.1 to 520"),
        (("simulate", REGIMEN, "--weeks", "-5"), "-5", "0.1 to 520"),
        (("simulate", REGIMEN, "--weeks", "1e6"), "1e+06", "0.1 to 520"),
        (("simulate", REGIMEN, "--weeks", "nan"), "nan", "0.1 to 520"),
        (("simulate", REGIMEN, "--subjects", "0"), "0", "1 to 20000"),
        (("simulate", REGIMEN, "--subjects", "-3"), "-3", "1 to 20000"),
        (("simulate", REGIMEN, "--subjects", "10000000"), "1e+07", "1 to 20000"),
        (("forecast", "daisy", "--worlds", "0"), "0", "6 to 9007199254740992"),
        (("forecast", "daisy", "--worlds", "-1"), "-1", "6 to 9007199254740992"),
        (("forecast", "daisy", "--worlds", "9007199254740993"), "9007199254740993", "6 to 9007199254740992"),
        (("forecast", "daisy", "--subjects", "1"), "1", "10 to 20000"),
        (("forecast", "daisy", "--subjects", "999999"), "999999", "10 to 20000"),
        (("calibrate", "--worlds", "1"), "1", "100 to 100000"),
        (("calibrate", "--subjects", "1"), "1", "8 to 10000"),
    ],
)
def test_an_absurd_size(run, arguments, given, allowed):
    assert_refused(run(*arguments), given, allowed, "out of range", "To do:")


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (("simulate", REGIMEN, "--weeks", "many"), "many"),
        (("simulate", REGIMEN, "--subjects", "2.5"), "2.5"),
        (("simulate", REGIMEN, "--seed", "-1"), "-1"),
        (("simulate", REGIMEN, "--seed", str(2**64)), str(2**64)),
        (("simulate", REGIMEN, "--seed", "abc"), "abc"),
        (("simulate", REGIMEN, "--workers", "0"), "0"),
        (("simulate", REGIMEN, "--workers", "100000"), "100000"),
        (("forecast", "daisy", "--seed", "1.5"), "1.5"),
        (("forecast", "daisy", "--workers", "-2"), "-2"),
        (("simulate", REGIMEN, "--wekes", "4"), "--wekes"),
        (("simulate",), "REGIMEN"),
        (("forecast",), "DESIGN"),
        (("reproduce",), "RUN"),
        (("simulate", REGIMEN, "more"), "more"),
    ],
)
def test_an_option_that_is_not_understood(run, arguments, given):
    assert_refused(run(*arguments), given)


# --- designs ------------------------------------------------------------------------------------------------------


def forecast_of(run, path):
    return run("forecast", path, "--worlds", "6", "--subjects", "10")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ("empty", "0 bytes", "Allowed:", "To do:")),
        ("a: [1, 2\nb: }", ("not valid YAML", "line", "To do:")),
        ("name: one\nname: two\n", ("key 'name' is given twice", "line 1", "To do:")),
        ("- just\n- a list\n", ("holds no fields", "list", "Allowed:", "To do:")),
        ("just text", ("holds no fields", "str", "Allowed:", "To do:")),
        ("schema_version: 99\n", ("unknown schema_version", "99", "Allowed:", "To do:")),
        ("name: x\n", ("unknown schema_version", "None", "Allowed:", "To do:")),
        ("schema_version: 1\n", ("arms: Field required", "primary: Field required", "Allowed:", "To do:")),
        ("a: &a [*a]\n", ("not valid YAML", "recursive", "To do:")),
        ("x: !!python/object/apply:os.system ['true']\n", ("not valid YAML", "To do:")),
        ("x" * 300_000, ("too large", "300000 bytes", "Allowed:", "To do:")),
    ],
)
def test_a_file_that_is_not_a_design(run, tmp_path, text, said):
    path = tmp_path / "design.yaml"
    path.write_text(text, encoding="utf-8")
    assert_refused(forecast_of(run, path), *said)


def test_a_file_that_is_not_text(run, tmp_path):
    path = tmp_path / "design.yaml"
    path.write_bytes(b"\xff\xfe\x00\xd8name")
    assert_refused(forecast_of(run, path), "cannot be read", "UTF-8", "To do:")


def test_a_folder_instead_of_a_design(run, tmp_path):
    assert_refused(forecast_of(run, tmp_path), "neither a shipped design nor a file", "daisy", "To do:")


CHANGES = {
    "unknown key": (lambda d: d.update(arm=[]), ("arm: Extra inputs", "did you mean arms")),
    "wrong type": (lambda d: d["size"].update(planned="many"), ("size.planned", "given: many")),
    "too few subjects": (lambda d: d["size"].update(enrolled=1), ("size.enrolled", "given: 1")),
    "unknown unit of a dose": (
        lambda d: d["arms"][0].update(regimen="120 stone SC every week"),
        ("arms.0.regimen", "unit 'stone'"),
    ),
    "negative dose": (
        lambda d: d["arms"][0].update(regimen="-120 mg SC every week"),
        ("arms.0.regimen", "-120"),
    ),
    "two arms of one name": (lambda d: d["arms"][0].update(name="placebo"), ("arms have the same name",)),
    "no control": (
        lambda d: d["arms"][1].update(is_control=False),
        ("exactly one arm must be the control, 0 are",),
    ),
    "only one arm": (lambda d: d.update(arms=d["arms"][1:]), ("an arm besides the control is needed",)),
    "no arm": (lambda d: d.update(arms=[]), ("arms:",)),
    "condition without meaning": (
        lambda d: d["eligibility"][0].update(condition="age_years >="),
        ("eligibility.0.condition",),
    ),
    "condition that is code": (
        lambda d: d["eligibility"][0].update(condition="__import__('os').system('true')"),
        ("eligibility.0.condition",),
    ),
    "visits out of order": (
        lambda d: d["assumed"]["schedule"].update(visit_weeks=[0, 52, 24]),
        ("visit_weeks must start at 0 and increase",),
    ),
    "primary at no visit": (lambda d: d["primary"].update(visit_week=51), ("visit week 51",)),
    "blocks that do not fit": (
        lambda d: d["assumed"]["randomization"].update(block_size=5),
        ("block_size 5 is not a multiple",),
    ),
    "level out of range": (
        lambda d: d["assumed"]["analysis"].update(alpha_one_sided=0.9),
        ("alpha_one_sided", "given: 0.9"),
    ),
    "an assumption without a reason": (
        lambda d: d["assumed"]["rescue"].pop("reason"),
        ("assumed.rescue.reason: Field required",),
    ),
    "not a number": (lambda d: d.update(treatment_weeks=float("nan")), ("treatment_weeks",)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_design_that_is_not_usable(run, tmp_path, change):
    content = load_design("daisy").model_dump(mode="json", exclude_none=True)
    alter, said = CHANGES[change]
    alter(content)
    path = tmp_path / "design.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert_refused(forecast_of(run, path), "is not usable", "Allowed:", "To do:", *said)


LATE = {
    "unknown endpoint": (lambda d: d["primary"].update(endpoint="rcris"), ("rcris", "rcriss")),
    "endpoint that is no response": (lambda d: d["primary"].update(endpoint="mrss_change"), ("mrss_change",)),
    "unknown covariate of a stratum": (
        lambda d: d["strata"][0].update(condition="has_ids"),
        ("has_ids", "has_ild"),
    ),
    "unknown covariate of a criterion": (
        lambda d: d["eligibility"][0].update(condition="age_in_years > 18"),
        ("age_in_years", "age_years"),
    ),
    "criteria that no one meets": (
        lambda d: d["eligibility"][0].update(condition="age_years > 300"),
        ("too few virtual patients",),
    ),
}


@pytest.mark.parametrize("change", LATE)
def test_a_design_that_cannot_be_forecast(run, tmp_path, change):
    content = load_design("daisy").model_dump(mode="json", exclude_none=True)
    alter, said = LATE[change]
    alter(content)
    path = tmp_path / "design.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    arguments = ("forecast", path, "--worlds", "6", "--subjects", "10", "--workers", "1")
    assert_refused(run(*arguments, "--out", tmp_path / "run"), "Allowed:", "To do:", *said)


# --- files that are written ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--out", "--json"])
def test_a_place_that_cannot_be_written(run, tmp_path, option):
    occupied = tmp_path / "a file"
    occupied.write_text("", encoding="utf-8")
    assert_refused(run("simulate", REGIMEN, *TINY, option, occupied / "below"), "a file", "To do:")


def test_json_into_a_folder(run, tmp_path):
    assert_refused(run("simulate", REGIMEN, *TINY, "--json", tmp_path), str(tmp_path), "directory")


def test_out_into_a_file(run, tmp_path):
    path = tmp_path / "file"
    path.write_text("", encoding="utf-8")
    assert_refused(run("simulate", REGIMEN, *TINY, "--out", path), str(path), "is a file")


def test_a_forecast_below_a_file(run, tmp_path):
    path = tmp_path / "file"
    path.write_text("", encoding="utf-8")
    ended = run("forecast", "daisy", "--worlds", "6", "--subjects", "10", "--out", path / "run")
    assert_refused(ended, "cannot be made", "To do:")


# --- runs ---------------------------------------------------------------------------------------------------------


def test_reproduce_what_is_no_run(run, tmp_path):
    assert_refused(
        run("reproduce", tmp_path), "not the folder of a finished run", "no manifest.json", "To do:"
    )


def test_reproduce_what_does_not_exist(run, tmp_path):
    assert_refused(run("reproduce", tmp_path / "gone"), "gone", "To do:")


# --- tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("gene\n", "no rows"),
        ("gene,a,b\nIFI27,1,x\nMX1,2,3\n", "x"),
        ("gene,a,a\nIFI27,1,2\nMX1,2,3\n", "a"),
        ("gene,a,b\nNOSUCH1,1,2\nNOSUCH2,3,4\n", "genes"),
    ],
)
def test_an_expression_table_that_is_not_usable(run, tmp_path, text, said):
    path = tmp_path / "expression.csv"
    path.write_text(text, encoding="utf-8")
    assert_refused(run("score", path), said, "To do:")


def test_evidence_tables_that_lack_a_column_and_a_table(run, tmp_path):
    assert_refused(run("evidence", "check", "--tables", tmp_path), "is absent", str(tmp_path))


def test_the_installed_program_ends_with_2_and_one_message():
    code = "import sys; from ifntrial.app.cli import main; sys.argv[0] = 'ifntrial'; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code, "simulate", "300 furlongs IV once"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("ifntrial: unit 'furlongs' of the dose is not known.")
    assert "Traceback" not in ended.stderr


def test_every_command_refuses_an_unknown_option(run):
    for name in cli.COMMANDS:
        import_module(cli.COMMANDS[name][0])
        assert_refused(run(name, "--no-such-option"), "--no-such-option")
