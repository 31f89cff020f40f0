"""The page of one simulated regimen. All numbers here are made up."""

import json
import math
import re
from dataclasses import replace

import pytest

from ifntrial.report.simulate.page import render_simulation
from ifntrial.studies.simulate.result import People, ReadOut, Simulation, Units
from made_up import FACTS


def read_out(values: list[float]) -> ReadOut:
    return ReadOut(
        tuple(0.6 * v for v in values), tuple(values), tuple(1.1 * v for v in values), tuple(values)
    )


def made_up_simulation() -> Simulation:
    """Return a simulation whose every number is made up."""
    days = [float(day) for day in range(0, 365)]
    level = [90 * math.exp(-(day % 28) / 9) for day in days]
    taken = [value / (value + 1.5) for value in level]
    nothing = read_out([0.0] * len(days))
    return Simulation(
        regimen="300 mg IV every 4 weeks",
        drug="anifrolumab",
        engagement="occupancy",
        without_mechanisms=(),
        weeks=52.0,
        people=People("all", "patients with systemic sclerosis", 200),
        subjects_status={"ok": 198, "step_limit": 2},
        time_days=tuple(days),
        units=Units(),
        concentration=read_out(level),
        occupancy_blood=read_out(taken),
        occupancy_skin=read_out([0.9 * value for value in taken]),
        ifn_alpha_bound_blood=nothing,
        ifn_alpha_bound_skin=nothing,
        kinase_inhibition_blood=nothing,
        kinase_inhibition_skin=nothing,
        ifn_driven_suppression_blood=read_out([0.95 * value for value in taken]),
        ifn_driven_suppression_skin=read_out([0.9 * value for value in taken]),
        suppression_blood=read_out([0.85 * value for value in taken]),
        suppression_skin=read_out([0.4 * value for value in taken]),
        signature_blood=nothing,
        signature_skin=nothing,
    )


@pytest.fixture(scope="module")
def page() -> str:
    return render_simulation(made_up_simulation(), FACTS)


def data_of(page: str, name: str) -> dict[str, object]:
    return json.loads(re.search(rf'id="{name}-data">(.*?)</script>', page, flags=re.DOTALL).group(1))


def test_each_figure_shows_weeks_and_percentages(page):
    figure = data_of(page, "occupancy")
    blood, skin = (trace for trace in figure["data"] if trace.get("name"))
    assert (blood["name"], skin["name"]) == ("Blood", "Skin")
    assert blood["x"][14] == 2.0
    assert blood["y"][0] == pytest.approx(100 * 90 / 91.5)
    assert skin["line"]["dash"] == "dash"


def test_the_two_suppressions_have_their_own_figure(page):
    for name, letter, end in (("suppression", "b", 0.85), ("ifn_driven_suppression", "a", 0.95)):
        blood = next(trace for trace in data_of(page, name)["data"] if trace.get("name") == "Blood")
        assert blood["y"][0] == pytest.approx(100 * end * 90 / 91.5)
        title = re.search(rf'id="{name}"[^>]*aria-label="([^"]*)"', page).group(1)
        assert title.startswith(f"({letter})")


def test_the_page_says_who_was_followed_and_who_failed(page):
    assert "200 virtual subjects: patients with systemic sclerosis" in page
    assert "198 virtual subjects were solved to the end." in page
    assert "2 (step limit)" in page
    assert page.count("Not for diagnosis or treatment") == 2


def test_a_drug_that_shows_no_engagement_has_no_figure_of_it():
    page = render_simulation(replace(made_up_simulation(), engagement=""), FACTS)
    assert 'id="concentration"' in page
    assert 'id="occupancy"' not in page
