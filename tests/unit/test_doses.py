"""A tiny study of doses from regimens to page: exposure orders the doses, the words follow the numbers."""

import json
from copy import deepcopy

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.design.design import load_design
from ifntrial.errors import FileError, InputError
from ifntrial.report.doses.page import NEEDED, SECTIONS, render_doses
from ifntrial.report.doses.words import lowest_sentence, route_sentence, saturation_sentence
from ifntrial.studies.compare.plan import MOST_DESIGNS, plan_of, prepare
from ifntrial.studies.compare.run import simulate_responses
from ifntrial.studies.compare.worlds import gather_power
from ifntrial.studies.doses.doses import REGIMENS, doses_result, with_regimens
from made_up import FACTS

LOW, HIGH = "30 mg SC every week", "1000 mg IV every 4 weeks"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    prepared = prepare(plan_of(with_regimens(load_design("daisy"), [LOW, HIGH]), 6, 20, 5))
    run = simulate_responses(prepared, tmp_path_factory.mktemp("doses"))
    return doses_result(prepared, gather_power(prepared, run.records()))


def middle(result, name):
    return [each["exposure"][name]["median"] for each in result["regimens"]]


def test_the_design_comes_first_and_no_regimen_twice():
    designs = with_regimens(load_design("daisy"), ["120 mg SC weekly", LOW, LOW, *REGIMENS])
    words = [design.active.dosing().words() for design in designs]
    assert words[0] == "120 mg SC every week"
    assert len(set(words)) == len(words) == 1 + len(REGIMENS)
    assert all(design.control.dosing().is_placebo for design in designs)


@pytest.mark.parametrize(
    "regimens", [["placebo"], [f"{dose} mg SC every week" for dose in range(10, 10 + MOST_DESIGNS)]]
)
def test_a_placebo_or_too_many_regimens_are_refused(regimens):
    with pytest.raises(InputError, match="cannot be compared"):
        with_regimens(load_design("daisy"), regimens)


def test_more_drug_gives_more_exposure_occupancy_and_suppression(result):
    assert [each["words"] for each in result["regimens"]] == ["120 mg SC every week", LOW, HIGH]
    for name in ("auc", "trough", "occupancy_blood", "suppression_blood", "suppression_skin"):
        own, low, high = middle(result, name)
        assert low < own <= high + 1e-9, name
    for each in result["regimens"]:
        for values in each["exposure"].values():
            assert values["q05"] <= values["q95"]
            assert values["mc_low"] <= values["median"] <= values["mc_high"]
        assert 0 <= each["exposure"]["occupied"]["median"] <= 1


def test_the_design_itself_does_not_differ_from_itself(result):
    for block in result["regimens"][0]["by_prior"].values():
        assert block["versus_own"]["estimate"] == 0.0
        assert 0 < block["assurance"]["estimate"] < 1


def test_the_sentences_follow_the_numbers(result):
    assert "saturated: 1000 mg IV" in saturation_sentence(result)
    assert "the IV regimen nearest" in route_sentence(result)
    changed = deepcopy(result)
    top = changed["regimens"][2]
    top["exposure"]["suppression_skin"]["median"] = changed["regimens"][0]["exposure"]["suppression_skin"][
        "median"
    ]
    top["exposure"]["suppression_blood"]["median"] = changed["regimens"][0]["exposure"]["suppression_blood"][
        "median"
    ]
    assert "is saturated" in saturation_sentence(changed)
    top["exposure"]["suppression_blood"]["median"] += 0.06
    assert "is not saturated" in saturation_sentence(changed)
    low = changed["regimens"][1]
    for block in low["by_prior"].values():
        block["versus_own"]["estimate"] = -0.005
    assert f"that of {LOW}" in lowest_sentence(changed)
    low["by_prior"]["lupus_bridge"]["versus_own"]["estimate"] = -0.02
    assert "Every regimen computed with less exposure" in lowest_sentence(changed)


def test_the_design_alone_is_answered_too(result):
    alone = result | {"regimens": result["regimens"][:1]}
    assert "No regimen computed exposes" in saturation_sentence(alone)
    assert "No regimen of another route" in route_sentence(alone)


def test_the_page_shows_every_section_and_names_missing_keys(result):
    page = render_doses(json.loads(json.dumps(result)), FACTS)
    for name, title in SECTIONS.items():
        assert f'id="{name}"' in page
        assert title in page
    assert "http://" not in page.split("<script", 1)[0]
    for key in ("regimens", "priors"):
        assert key in NEEDED
        with pytest.raises((InputError, FileError), match=key):
            render_doses({name: value for name, value in result.items() if name != key}, FACTS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dasy"], "daisy"),
        (["daisy", "--regimen", "placebo"], "cannot be compared"),
        (["daisy", "--regimen", "12 mgg SC"], "mgg"),
    ],
)
def test_the_command_refuses_wrong_input_in_words(arguments, words):
    found = CliRunner().invoke(cli, ["doses", *arguments])
    assert found.exit_code != 0
    assert words in str(found.exception)
