"""The page of one simulated regimen. All numbers here are made up."""

import json
import math
import re

import pytest

from ifntrial.errors import InputError
from ifntrial.report.simulate.page import NEEDED, render_simulation
from made_up import FACTS


def bands(values: list[float]) -> dict[str, list[float]]:
    return {"5": [0.6 * v for v in values], "50": values, "95": [1.1 * v for v in values]}


def made_up_simulation() -> dict[str, object]:
    """Return a simulation whose every number is made up."""
    days = [float(day) for day in range(0, 365)]
    level = [90 * math.exp(-(day % 28) / 9) for day in days]
    taken = [value / (value + 1.5) for value in level]
    shares = {
        "occupancy_blood": taken,
        "occupancy_skin": [0.9 * value for value in taken],
        "suppression_blood": [0.85 * value for value in taken],
        "suppression_skin": [0.4 * value for value in taken],
        "ifn_driven_suppression_blood": [0.95 * value for value in taken],
        "ifn_driven_suppression_skin": [0.9 * value for value in taken],
    }
    return {
        "regimen": "300 mg IV every 4 weeks",
        "drug": "anifrolumab",
        "weeks": 52.0,
        "population": {"name": "all", "meaning": "patients with systemic sclerosis", "subjects": 200},
        "subjects_status": {"ok": 198, "step_limit": 2},
        "time_days": days,
        "concentration": bands(level),
        **{name: bands(values) for name, values in shares.items()},
    }


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


def test_only_what_the_page_needs_is_needed():
    result = {key: value for key, value in made_up_simulation().items() if key in NEEDED}
    assert "300 mg IV every 4 weeks" in render_simulation(result, FACTS)


@pytest.mark.parametrize("key", NEEDED)
def test_an_absent_key_is_named(key):
    result = made_up_simulation()
    del result[key]
    with pytest.raises(InputError, match=rf"key '{key}' is absent"):
        render_simulation(result, FACTS)
