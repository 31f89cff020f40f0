"""The page of one simulated regimen. All numbers here are made up."""

import math
import re
from dataclasses import replace
from xml.etree import ElementTree as Xml

import pytest

from drawn import SVG, Seen, figures_in, seen_in, words_in
from ifntrial.report.simulate.page import render_simulation
from ifntrial.studies.simulate.result import (
    AtSteadyState,
    DosingInterval,
    FollowedRegimen,
    ObservedPoint,
    OverSubjects,
    People,
    ReadOut,
    Simulation,
    Units,
)
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
    regimen = FollowedRegimen(
        regimen="300 mg IV every 4 weeks",
        doses=13,
        subjects_status={"ok": 198, "step_limit": 2},
        time_days=tuple(days),
        asked_days=(),
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
        intervals=tuple(interval(dose) for dose in range(1, 14)),
        steady_state=AtSteadyState(13, known(0.01), True, known(1.53), known(1.2), known(2.1)),
        half_life_days=known(13.2),
    )
    return Simulation(
        drug="anifrolumab",
        weeks=52.0,
        engagement="occupancy",
        without_mechanisms=(),
        replaced={},
        people=People("all", "patients with systemic sclerosis", 200),
        units=Units(),
        counted_above=3.88,
        notes=("Times are taken as days",),
        followed=(regimen,),
        observed=(ObservedPoint("concentration", 14.0, 33.5),),
    )


def known(value: float) -> OverSubjects:
    return OverSubjects(0.5 * value, value, 2.0 * value, 1.0)


def interval(dose: int) -> DosingInterval:
    begins = 28.0 * (dose - 1)
    return DosingInterval(
        dose, begins, begins + 28.0, True, known(1.0 * dose), known(1.0 * dose + 1), known(90.0), known(0.02),
        known(1.0 * dose), known(750.0), known(26.8), known(27.0),
    )  # fmt: skip


@pytest.fixture(scope="module")
def page() -> str:
    return render_simulation(made_up_simulation(), FACTS)


def medians(page: str, name: str) -> dict[str, Seen]:
    return {each.label: each for each in seen_in(figures_in(page)[name]) if each.role == "median"}


def test_each_figure_shows_weeks_and_percentages(page):
    figures = figures_in(page)
    lines = medians(page, "occupancy")
    assert list(lines) == ["Blood", "Skin"]
    assert "stroke-dasharray" in lines["Skin"].attributes
    assert "stroke-dasharray" not in lines["Blood"].attributes
    assert [words for words in words_in(figures["occupancy"]) if words.isdecimal()][:5] == [
        "0",
        "13",
        "26",
        "39",
        "52",
    ]


def test_the_two_suppressions_have_their_own_figure(page):
    for name, words in (
        ("suppression", "Signature lowered"),
        ("ifn_driven_suppression", "Interferon-driven part removed"),
    ):
        assert "Blood" in medians(page, name)
        title = Xml.fromstring(figures_in(page)[name]).find(f"{SVG}title").text
        assert title.startswith(words)


def test_the_numbers_of_a_course_are_percentages(page):
    """Before the first dose the made-up courses begin at 90 / 91.5 of 0.85, and of 0.95."""
    for name, end in (("suppression", 0.85), ("ifn_driven_suppression", 0.95)):
        first = page.files[f"figures/{name}.csv"].splitlines()[1]
        assert first.startswith(f"0,{100 * end * 90 / 91.5:.1f} (")


def test_the_page_says_who_was_followed_and_who_failed(page):
    assert "200 virtual subjects: patients with systemic sclerosis" in page
    assert "198 virtual subjects were solved to the end." in page
    assert "2 (step limit)" in page
    assert page.count("Not for diagnosis or treatment") == 2


def test_a_drug_that_shows_no_engagement_has_no_figure_of_it():
    page = render_simulation(replace(made_up_simulation(), engagement=""), FACTS)
    assert 'id="concentration"' in page
    assert 'id="occupancy"' not in page


def table_below(page: str, heading: str) -> list[list[str]]:
    """Return the rows of the first table after a text."""
    body = page[page.index(heading) :]
    rows = re.findall(r"<tr>(.*?)</tr>", body[: body.index("</table>")], flags=re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_the_measures_stand_in_a_table(page):
    rows = {row[0]: row[1:] for row in table_below(page, 'id="measures"')}
    assert rows["Measure"] == ["Dose 1, week 0 to 4", "Dose 13, week 48 to 52"]
    assert rows["Peak, Cmax [µg/mL]"] == ["90 (45 to 180)"] * 2
    assert rows["Time of the peak, tmax"][0] == "0.48 (0.24 to 0.96) h"
    assert rows["Area under the curve, AUC [day µg/mL]"][0] == "750 (375 to 1500)"
    assert rows["Days above 3.88 µg/mL"][1] == "27 (14 to 54)"
    assert rows["Accumulation of the AUC"] == ["", "1.5 (0.77 to 3.1)"]
    assert rows["Steady state"] == ["", "reached"]
    assert rows["Half-life after the last dose [day]"] == ["", "13 (6.6 to 26)"]


def test_the_answer_is_what_there_is_at_the_end(page):
    """The last made-up day is the first after a dose: 90 exp(-0 / 9) of drug, 90 / 91.5 of it at the receptors."""
    rows = table_below(page, 'id="answer"')
    assert rows[0] == [
        "Regimen", "Serum [µg/mL]", "Receptors occupied, blood [%]", "Receptors occupied, skin [%]",
        "Signature lowered, blood [%]", "Signature lowered, skin [%]",
    ]  # fmt: skip
    assert rows[1][:3] == ["300 mg IV every 4 weeks", "90 (54 to 99)", "98 (59 to 108)"]


def test_regimens_beside_one_another_have_their_last_interval_in_one_table():
    one = made_up_simulation()
    other = replace(one.followed[0], regimen="120 mg SC every week", half_life_days=None)
    page = render_simulation(replace(one, followed=(one.followed[0], other)), FACTS)
    rows = {row[0]: row[1:] for row in table_below(page, 'id="measures"')}
    assert rows["Measure"] == ["300 mg IV every 4 weeks", "120 mg SC every week"]
    assert rows["Interval"] == ["Dose 13, week 48 to 52"] * 2
    assert rows["Half-life after the last dose [day]"] == ["13 (6.6 to 26)", ""]


def test_each_dose_has_its_trough_and_its_peak(page):
    rows = table_below(page, 'id="doses"')
    assert [row[0] for row in rows[1:]] == [str(dose) for dose in range(1, 14)]
    assert rows[2][1:4] == ["4", "2 (1 to 4)", "90 (45 to 180)"]


def test_own_measurements_lie_over_the_course(page):
    (points,) = (each for each in seen_in(figures_in(page)["concentration"]) if each.label == "measured")
    assert (points.numbers["x"], points.numbers["y"]) == ([2.0], [33.5])
    assert "Open circles: 1 own measurements" in page


def test_what_was_supposed_and_set_is_said():
    page = render_simulation(
        replace(made_up_simulation(), replaced={"anifrolumab.clearance": "0.25 L/day, not 0.193 L/day"}),
        FACTS,
    )
    assert "Values of the drug were set." in page
    assert "anifrolumab.clearance = 0.25 L/day, not 0.193 L/day" in page
    assert "Times are taken as days." in page


def test_several_regimens_share_the_figures():
    one = made_up_simulation()
    days = tuple(day + 0.5 for day in one.followed[0].time_days)
    other = replace(one.followed[0], regimen="120 mg SC every week", time_days=days)
    page = render_simulation(replace(one, followed=(one.followed[0], other)), FACTS)
    names = list(medians(page, "concentration"))
    assert names == ["300 mg IV every 4 weeks", "120 mg SC every week"]
    assert set(names) <= set(words_in(figures_in(page)["occupancy_skin"]))
    assert page.count("<h4>120 mg SC every week</h4>") == 2


def test_the_numbers_behind_a_course_are_those_before_each_dose(page):
    rows = table_below(page, 'id="concentration"')
    assert [row[0] for row in rows[1:14]] == [str(4 * dose) for dose in range(13)]
    # the made-up course is at 90 exp(0) on the day of each dose
    assert {row[1] for row in rows[1:14]} == {"90.0 (54.0 to 99.0)"}
