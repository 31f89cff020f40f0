"""Designs as data: what is shipped is valid, comes back the same from YAML, and bad files say what to do."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from ifntrial.design.design import save_design
from ifntrial.errors import FileError, InputError
from shipped import design_from_mapping, design_schema, load_design, shipped_designs


@pytest.fixture
def daisy() -> dict[str, Any]:
    return yaml.safe_load(save_design(load_design("daisy")))


@pytest.mark.parametrize("name", shipped_designs())
def test_shipped_design_comes_back_from_yaml(name: str, tmp_path: Path) -> None:
    design = load_design(name)
    path = tmp_path / "design.yaml"
    path.write_text(save_design(design), encoding="utf-8")
    assert load_design(path) == design
    assert design.name == name


@pytest.mark.parametrize("name", shipped_designs())
def test_every_assumed_rule_gives_its_reason(name: str) -> None:
    for _, rule in load_design(name).assumed:
        assert len(rule.reason) >= 10


def test_daisy_holds_the_registered_facts() -> None:
    design = load_design("daisy")
    assert (design.size.planned, design.size.enrolled, design.size.analyzed) == (306, 314, 314)
    assert (design.n_of(design.active), design.n_of(design.control)) == (157, 157)
    assert design.active.regimen == "120 mg SC every week"
    assert design.control.dosing().is_placebo
    assert [factor.condition for factor in design.strata] == [
        "has_ild",
        "uses_mmf",
        "disease_duration_years < 1.5",
    ]
    assert (design.primary.endpoint, design.primary.visit_week) == ("rcriss", 52)
    assert design.assumed.responder_rule.percent == 25


def test_schema_names_every_field_of_the_file(daisy: dict[str, Any]) -> None:
    assert set(daisy) <= set(design_schema()["properties"])


BREAKS: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("negative dose", lambda d: d["arms"][0].update(regimen="-5 mg SC weekly"), "dose -5 mg is not between"),
    (
        "unknown unit",
        lambda d: d["arms"][0].update(regimen="120 ml SC weekly"),
        "unit 'ml' of the dose is not known",
    ),
    ("misspelled field", lambda d: d.update(eligability=[]), "did you mean eligibility"),
    (
        "absurd size",
        lambda d: d["size"].update(planned=10**9),
        "size.planned: .*less than or equal to 1000000",
    ),
    ("text for a number", lambda d: d["size"].update(enrolled="many"), "size.enrolled: .*integer"),
    (
        "visit not planned",
        lambda d: d["primary"].update(visit_week=50),
        "visit week 50 of rcriss is not among",
    ),
    (
        "visits not in order",
        lambda d: d["assumed"]["schedule"].update(visit_weeks=[0, 52, 12]),
        "start at 0 and increase",
    ),
    (
        "two visits on one day",
        lambda d: d["assumed"]["schedule"].update(visit_weeks=[0, 12, 12.05, 52]),
        "the visits of weeks 12 and 12.05 fall on one day; a day is 0.143 weeks",
    ),
    (
        "visit on the day of baseline",
        lambda d: d["assumed"]["schedule"].update(visit_weeks=[0, 0.07, 52]),
        "weeks 0 and 0.07 fall on one day",
    ),
    (
        "not a number",
        lambda d: d["assumed"]["schedule"].update(visit_weeks=[0, float("nan"), 52]),
        "finite number",
    ),
    (
        "code as condition",
        lambda d: d["strata"][0].update(condition="open('x')"),
        "holds what is not allowed",
    ),
    (
        "no control",
        lambda d: d["arms"][1].update(is_control=False),
        "exactly one arm must be the control, 0 are",
    ),
    ("same arm twice", lambda d: d["arms"][1].update(name="anifrolumab"), "arms have the same name"),
    (
        "block and ratio",
        lambda d: d["assumed"]["randomization"].update(block_size=5),
        "not a multiple of the allocation",
    ),
    ("no reason", lambda d: d["assumed"]["rescue"].pop("reason"), "assumed.rescue.reason: Field required"),
    ("share above one", lambda d: d["assumed"]["rescue"].update(share=1.5), "less than or equal to 1"),
    (
        "unknown word",
        lambda d: d["assumed"]["responder_rule"].update(fvc_kind="absolute"),
        "'relative' or 'points'",
    ),
    ("other version", lambda d: d.update(schema_version=2), "unknown schema_version"),
    ("one arm", lambda d: d.update(arms=d["arms"][:1]), "exactly one arm must be the control, 0 are"),
    ("control alone", lambda d: d.update(arms=d["arms"][1:]), "an arm besides the control is needed"),
    ("no arm", lambda d: d.update(arms=[]), "at least 1 item"),
    (
        "control without randomization",
        lambda d: d.update(is_randomized=False),
        "not randomized has no control, 1 are",
    ),
]


@pytest.mark.parametrize(
    ("change", "message"), [case[1:] for case in BREAKS], ids=[case[0] for case in BREAKS]
)
def test_a_broken_design_is_refused_with_its_place(
    daisy: dict[str, Any], change: Callable[[dict[str, Any]], object], message: str
) -> None:
    change(daisy)
    with pytest.raises(InputError, match=message):
        design_from_mapping(daisy)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty or too large"),
        ("name: [unclosed", "not valid YAML"),
        ("schema_version: 1\nschema_version: 1\n", "given twice"),
        ("- just\n- a list\n", "holds no fields"),
        ("name: x\n", "unknown schema_version"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_design(path)


def test_an_unknown_design_names_the_closest() -> None:
    with pytest.raises(FileError, match="did you mean daisy"):
        load_design("dasy")


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(bytes([0xFF, 0xFE, 0x00, 0x80]))
    with pytest.raises(FileError, match="cannot be read"):
        load_design(path)


def test_entry_criteria_of_daisy_keep_the_right_subjects() -> None:
    covariates = {
        "age_years": np.array([50.0, 75.0, 50.0, 50.0, 50.0]),
        "disease_duration_years": np.array([1.0, 1.0, 3.0, 3.0, 1.0]),
        "antibody": np.array(["ATA", "ATA", "ARA", "ARA", "aca"]),
        "haq_di": np.array([1.0, 1.0, 1.0, 0.0, 1.0]),
        "patient_global": np.array([4.0, 4.0, 4.0, 2.0, 4.0]),
        "mrss": np.array([12.0, 12.0, 12.0, 20.0, 20.0]),
        "fvc_percent": np.array([45.0, 80.0, 80.0, 80.0, 80.0]),
    }
    kept = np.logical_and.reduce(
        [criterion.holds(covariates) for criterion in load_design("daisy").criteria()]
    )
    assert kept.tolist() == [True, False, False, False, False]


def test_a_design_can_hold_only_what_differs_from_another() -> None:
    daisy = load_design("daisy")
    variant = design_from_mapping(
        {
            "extends": "daisy",
            "schema_version": 1,
            "name": "my_trial",
            "size": {"planned": 400},
            "add_eligibility": [{"text": "IFN-high", "condition": "is_ifn_high"}],
            "assumed": {"rescue": {"share": 0.1, "reason": "an example of another rule"}},
        }
    )
    assert variant.size.analyzed == 400
    assert variant.eligibility[:-1] == daisy.eligibility
    assert variant.assumed.rescue.share == 0.1
    assert variant.assumed.rescue.from_week == daisy.assumed.rescue.from_week
    assert variant.assumed.dropout.model_dump(exclude={"reason"}) == daisy.assumed.dropout.model_dump(
        exclude={"reason"}
    )
    assert variant.arms == daisy.arms


def test_weeks_with_decimals_agree_where_their_days_do() -> None:
    text = {
        "extends": "daisy",
        "schema_version": 1,
        "name": "short",
        "treatment_weeks": 4.2,
        "open_label_weeks": 8.2,
        "follow_up_weeks": 0,
        "primary": {"endpoint": "rcriss", "visit_week": 4.2},
        "key_secondary": [],
        "assumed": {"schedule": {"visit_weeks": [0, 2, 4.2], "open_label_visit_weeks": [12.4]}},
    }
    assert 4.2 + 8.2 < 12.4, "a sum of decimals misses the visit of that day"
    assert design_from_mapping(text).all_visit_weeks == (0.0, 2.0, 4.2, 12.4)
    text["assumed"]["schedule"]["open_label_visit_weeks"] = [12.6]
    with pytest.raises(
        InputError, match=r"are not within the extension, above week 4[.]2 and up to week 12[.]4"
    ):
        design_from_mapping(text)


def test_a_design_that_extends_nothing_known_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean daisy"):
        design_from_mapping({"extends": "dasy", "schema_version": 1})


def test_a_trial_without_control_says_so() -> None:
    phase_1 = load_design("anifrolumab_ssc_phase1")
    assert [arm.dosing().n_doses for arm in phase_1.arms] == [1] * 6 + [4] * 3
    assert sum(phase_1.arms[i].allocation for i in range(9)) == phase_1.size.enrolled
    with pytest.raises(InputError, match="no control arm"):
        _ = phase_1.control


WRONG = (
    None,
    [],
    {},
    "",
    "text",
    -1,
    10**30,
    float("nan"),
    float("inf"),
    True,
    [[]],
    {"a": {}},
    b"bytes",
    "2024-01-01",
)


def paths(node: object, above: tuple = ()) -> list[tuple]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [above, *(path for key, child in children for path in paths(child, (*above, key)))]


def test_no_value_anywhere_gives_anything_but_a_clear_refusal(daisy: dict[str, Any]) -> None:
    refusals = []
    for path in paths(daisy)[1:]:
        for wrong in WRONG:
            changed = deepcopy(daisy)
            place = changed
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = wrong
            try:
                design_from_mapping(changed)
            except InputError as error:
                refusals.append(str(error))
    assert len(refusals) > 500
    assert all("To do:" in refusal for refusal in refusals)


@pytest.mark.parametrize(
    "text", ["[" * 5000, "a: &a [*a]", "? {a: 1}\n: 2", "!!python/object/apply:os.system ['x']", "\x00"]
)
def test_hostile_yaml_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        load_design(path)


def test_capitals_of_names_in_a_file_do_not_matter():
    own = {"extends": "DAISY_IV", "schema_version": 1, "name": "mine"}
    design = design_from_mapping(own | {"arms": [
        {"name": "active", "regimen": "300 mg IV every 4 weeks", "drug": "Anifrolumab"},
        {"name": "placebo", "regimen": "placebo", "is_control": True},
    ]})  # fmt: skip
    assert design.arms[0].drug == "anifrolumab"
    assert load_design("Daisy") == load_design("daisy")
