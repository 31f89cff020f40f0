"""Malformed designs: every one refused with its line, what was given and what is allowed, none with a traceback."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.design.design import save_design
from ifntrial.errors import InputError
from ifntrial.yaml_files import line_of
from shipped import design_schema, load_design, shipped_designs

GOOD = """\
extends: daisy
schema_version: 1
name: mine
title: A design of my own
registration: ""
size: {planned: 240}
arms:
  - {name: drug, regimen: 300 mg IV every 4 weeks, allocation: 2}
  - {name: placebo, regimen: placebo IV every 4 weeks, is_control: true}
strata:
  - {name: ILD, condition: has_ild}
add_eligibility:
  - {text: high signature, condition: is_ifn_high}
  - {text: three years at most, condition: disease_duration_years <= 3}
key_secondary:
  - {endpoint: mrss_change, visit_week: 52}
assumed:
  randomization: {block_size: 6, reason: two blocks of 2:1 in one}
  schedule: {visit_weeks: [0, 12, 52], reason: as few visits as can be}
  rescue: {from_week: 24, share: 0.2, reason: an example of another rule}
"""

# what is replaced, by what, what the refusal says
EDITS = [
    ("extends: daisy", "extends: dasy", "did you mean daisy"),
    ("extends: daisy", "extends: [daisy]", "extends what is not a shipped design"),
    ("extends: daisy", "extends: 7", "extends what is not a shipped design"),
    ("schema_version: 1", "schema_version: 2", "line 2: 2"),
    ("schema_version: 1", "schema_version: one", "unknown schema_version"),
    ("extends: daisy\nschema_version: 1\n", "", "unknown schema_version"),
    ("name: mine", "name: ''", "line 3: name: String should have at least 1 character"),
    ("name: mine", "name: '../up'", "line 3: name: String should match pattern"),
    ("name: mine", f"name: {'x' * 61}", "line 3: name: String should have at most 60 characters"),
    ("name: mine", "name: [a]", "line 3: name: Input should be a valid string"),
    ("size: {planned: 240}", "size: 240", "line 6: size: "),
    ("planned: 240", "planned: 1", "line 6: size.planned: Input should be greater than or equal to 2"),
    ("planned: 240", "planned: -5", "line 6: size.planned"),
    ("planned: 240", "planned: 12.5", "line 6: size.planned"),
    ("planned: 240", "planned: many", "line 6: size.planned"),
    ("planned: 240", "planned: 1e30", "line 6: size.planned"),
    ("planned: 240", "plannd: 240", "did you mean planned"),
    ("regimen: 300 mg IV", "regimen: 300 furlong IV", "line 8: arms.0.regimen: .*unit 'furlong'"),
    (
        "regimen: 300 mg IV",
        "regimen: -300 mg IV",
        r"line 8: arms.0.regimen: (.|\n)*dose -300 mg is not between",
    ),
    ("regimen: 300 mg IV every 4 weeks", "regimen: 300 mg IM every 4 weeks", "line 8: arms.0.regimen"),
    ("regimen: 300 mg IV every 4 weeks", "regimen: 300 mg IV sometimes", "the regimen has no schedule"),
    ("regimen: 300 mg IV every 4 weeks", "regimen: 300 mg IV every month", "a month has no fixed length"),
    ("regimen: 300 mg IV every 4 weeks, ", "", "line 8: arms.0.regimen: Field required"),
    ("allocation: 2", "allocation: 0", "line 8: arms.0.allocation: Input should be greater"),
    ("is_control: true", "is_control: perhaps", "line 9: arms.1.is_control: Input should be a valid boolean"),
    ("is_control: true", "is_control: false", "exactly one arm must be the control, 0 are"),
    ("name: placebo", "name: drug", "arms have the same name"),
    ("arms:", "arms: {}\nother:", "line 7: arms: Input should be a valid tuple"),
    ("condition: has_ild", "condition: __import__('os')", "line 11: strata.0.condition: .*not allowed"),
    ("condition: has_ild", "condition: 'has_ild and'", "line 11: strata.0.condition: .*cannot be read"),
    ("condition: has_ild", "condition: ''", "line 11: strata.0.condition: .*empty or too long"),
    ("condition: has_ild", f"condition: {'(' * 300}a{')' * 300}", "line 11: strata.0.condition"),
    ("condition: is_ifn_high", "condition: lambda", "line 13: eligibility.6.condition"),
    ("condition: disease_duration_years <= 3", "condition: 3 <", "line 14: eligibility.7.condition"),
    ("condition: disease_duration_years <= 3", "kondition: 3", "did you mean condition"),
    ("add_eligibility:", "add_eligibility: none\nother:", "add_eligibility is not a list"),
    ("add_eligibility:", "eligibility: 5\nadd_eligibility:", "line 12: eligibility: Input should be a valid"),
    ("endpoint: mrss_change", "endpoint: mrss_chang", "line 16: .*did you mean mrss_change"),
    ("visit_week: 52", "visit_week: 51", "visit week 51 of mrss_change is not among the visits"),
    ("visit_week: 52", "visit_week: -1", "line 16: key_secondary.0.visit_week"),
    ("visit_week: 52", "visit_week: .nan", "line 16: key_secondary.0.visit_week: .*finite number"),
    ("block_size: 6", "block_size: 5", "block_size 5 is not a multiple"),
    ("block_size: 6", "block_size: 1000", "line 18: assumed.randomization.block_size"),
    (
        "reason: two blocks of 2:1 in one",
        "reason: usual",
        "line 18: assumed.randomization.reason: .*at least 10",
    ),
    ("[0, 12, 52]", "[12, 0, 52]", "line 19: assumed.schedule: .*start at 0 and increase"),
    ("[0, 12, 52]", "[0, 12, 12, 52]", "start at 0 and increase"),
    ("[0, 12, 52]", "[0]", "line 19: assumed.schedule.visit_weeks: .*at least 2 items"),
    ("[0, 12, 52]", "[0, .inf]", "line 19: assumed.schedule.visit_weeks.1: .*finite number"),
    ("[0, 12, 52]", "[0, 12, 52, 500]", "open_label_visit_weeks go on after them"),
    ("[0, 12, 52]", "0 to 52", "line 19: assumed.schedule.visit_weeks"),
    ("share: 0.2", "share: 20 %", "line 20: assumed.rescue.share: .*valid number"),
    ("share: 0.2", "share: 1.2", "line 20: assumed.rescue.share: .*less than or equal to 1"),
    ("share: 0.2", "share: 0.2, effect: {low: 0.9, high: 0.1}", "line 20: .*low must not be above high"),
    ("share: 0.2", "share: 0.2, effect: strong", "line 20: assumed.rescue.effect"),
    ("share: 0.2", "shares: 0.2", "line 20: .*did you mean share"),
    ("assumed:", "assumed: []\nother:", "line 17: assumed"),
    ("  rescue:", "  rescue: &a {b: *a}\n  dropout:", "not valid YAML"),
    ("name: mine", "name: mine\nname: twice", "line 4: key 'name' is given twice, first in line 3"),
    ("title: A design", "title: [A design", "not valid YAML"),
    ("title: A design of my own", "title: !!python/object/apply:os.getcwd []", "not valid YAML"),
]


def edited(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1, old
    return GOOD.replace(old, new, 1)


def test_the_design_behind_the_edits_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")
    # the extension's visits are inherited from DAISY
    assert load_design(path).size.planned == 240


def test_own_entry_criteria_replace_the_inherited_ones(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(edited("add_eligibility:", "eligibility:"), encoding="utf-8")
    assert [each.text for each in load_design(path).eligibility] == ["high signature", "three years at most"]


def test_there_are_fifty_and_more() -> None:
    assert len({new for _, new, _ in EDITS}) >= 50


@pytest.mark.parametrize(("old", "new", "message"), EDITS, ids=[f"{i}" for i in range(len(EDITS))])
def test_a_malformed_design_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(edited(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message) as refusal:
        load_design(path)
    assert "To do:" in str(refusal.value)


@pytest.mark.parametrize("place", range(0, len(EDITS), 12))
def test_the_command_line_says_so_without_a_traceback(tmp_path: Path, place: int) -> None:
    old, new, _ = EDITS[place]
    path = tmp_path / "bad.yaml"
    path.write_text(edited(old, new), encoding="utf-8")
    ended = CliRunner().invoke(cli, ["design", "check", str(path)])
    assert isinstance(ended.exception, InputError)
    assert "To do:" in str(ended.exception)


def test_check_knows_what_is_known_of_a_subject(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(edited("condition: has_ild", "condition: has_idl or antibody > 3"), encoding="utf-8")
    ended = CliRunner().invoke(cli, ["design", "check", str(path)])
    assert isinstance(ended.exception, InputError)
    assert "no covariate 'has_idl'" in str(ended.exception)
    assert "did you mean has_ild" in str(ended.exception)
    path.write_text(edited("condition: has_ild", "condition: antibody > 3"), encoding="utf-8")
    assert "mixes text and numbers" in str(CliRunner().invoke(cli, ["design", "check", str(path)]).exception)


def test_every_shipped_design_passes_the_whole_check() -> None:
    ended = CliRunner().invoke(cli, ["design", "check", *shipped_designs()])
    assert ended.exit_code == 0, ended.output
    assert ended.output.count(": fine (") == len(shipped_designs())


def test_lines_are_those_of_the_deepest_field_that_is_there() -> None:
    assert line_of(GOOD, ("assumed", "rescue", "share")) == 20
    assert line_of(GOOD, ("arms", 1, "name")) == 9
    assert line_of(GOOD, ("arms", 1, "allocation")) == 9
    assert line_of(GOOD, ("background",)) is None
    assert line_of(GOOD, ()) is None


# --- the schema ---------------------------------------------------------------------------------------------------


def shipped_text(name: str) -> dict:
    import ifntrial.design

    folder = Path(ifntrial.design.__file__).parent / "designs"
    return yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", shipped_designs())
def test_the_schema_takes_every_shipped_file_and_its_whole_form(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    validator = jsonschema.Draft202012Validator(design_schema())
    for content in (shipped_text(name), yaml.safe_load(save_design(load_design(name)))):
        assert [error.message for error in validator.iter_errors(content)] == []


def test_the_schema_takes_the_example_and_refuses_what_it_can_see() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    validator = jsonschema.Draft202012Validator(design_schema())
    jsonschema.Draft202012Validator.check_schema(design_schema())
    assert validator.is_valid(yaml.safe_load(GOOD))
    for old, new in (
        ("extends: daisy", "extends: dasy"),
        ("planned: 240", "planned: 1"),
        ("share: 0.2", "share: 1.2"),
        ("share: 0.2", "shares: 0.2"),
        ("[0, 12, 52]", "[0]"),
        ("extends: daisy\n", ""),
    ):
        assert not validator.is_valid(yaml.safe_load(edited(old, new))), new


def test_every_reference_of_the_schema_leads_somewhere() -> None:
    schema = design_schema()

    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [each for value in node.values() for each in references(value)]
        return [each for value in node for each in references(value)] if isinstance(node, list) else []

    found = references(schema)
    assert len(found) > 20
    assert {each.removeprefix("#/$defs/") for each in found} <= set(schema["$defs"])
