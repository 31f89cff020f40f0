"""The page of the model is made from the model: complete, typeset, and not stale."""

import re
from pathlib import Path

import pytest

from ifntrial.report.model_page import COMMAND, model_page
from shipped import build_model

PAGE = Path(__file__).parents[3] / "docs" / "model.md"


@pytest.fixture(scope="module")
def page(evidence) -> str:
    return model_page(build_model(), evidence)


def test_the_committed_page_is_what_the_model_says_now(page):
    assert PAGE.read_text(encoding="utf-8") == page, f"write it anew: {COMMAND}"


def test_every_mechanism_symbol_and_parameter_is_on_it(page, model):
    for mechanism in model.mechanisms:
        assert f"## {mechanism.name}\n" in page
    for item in (*model.species, *model.assignments, *model.observables):
        assert f"| `{item.name}` | {item.meaning} |" in page
    for parameter in model.parameters:
        assert re.search(
            rf"^\| `(\w+\.)?{parameter.name}`(: row `[\w.]+`)? \| .+ \|$", page, flags=re.MULTILINE
        ), parameter.name


def test_every_source_of_a_parameter_is_listed(page):
    cited = set(re.findall(r"\[(\w+)\]\(#sources\)", page))
    listed = set(re.findall(r"^- \*\*(\w+)\*\*:", page, flags=re.MULTILINE))
    assert cited
    assert cited == listed


def test_an_equation_for_each_variable_of_each_place(page, model):
    """Equations that stand once for several places count as many times as places are named."""
    places = [len(names.split(",")) for names in re.findall(r"^For X = (.+):$", page, flags=re.MULTILINE)]
    equations = page.count("```math")
    wanted = len(model.species) + len(model.assignments) + len(model.observables)
    assert equations - len(places) + sum(places) == wanted


def test_equations_have_balanced_braces(page):
    for equation in re.findall(r"```math\n(.*?)\n```", page, flags=re.DOTALL):
        assert equation.count("{") == equation.count("}")
        assert equation.count(r"\left") == equation.count(r"\right")


def test_a_model_without_a_mechanism_still_lists_its_symbols(evidence):
    page = model_page(build_model(without=["safety"]), evidence)
    assert "## safety" in page
