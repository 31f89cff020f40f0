"""Regimens as prescribers write them: each text of a table is read as meant, or refused with what is wrong."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifntrial.course.simulate import dose_table
from ifntrial.dosing.regimen import Regimen, parse_regimen, require_same_drug
from ifntrial.errors import InputError
from ifntrial.model.drugs import DRUGS
from shipped import build_model

TEXTS = Path(__file__).with_name("regimen_texts.csv")
ROWS = list(csv.DictReader(TEXTS.read_text(encoding="utf-8").splitlines()))


def test_the_table_is_large_and_knows_both_ends():
    assert len(ROWS) >= 150
    assert len({row["text"] for row in ROWS}) == len(ROWS)
    assert all(bool(row["words"]) != bool(row["refused"]) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"])
def test_a_text_is_read_as_meant_or_refused_with_what_is_wrong(row):
    if row["refused"]:
        with pytest.raises(InputError) as caught:
            parse_regimen(row["text"])
        message = str(caught.value)
        assert row["refused"] in message
        assert "To do:" in message
        return
    regimen = parse_regimen(row["text"])
    assert regimen.words() == row["words"]
    assert regimen.drug == row["drug"]
    assert parse_regimen(regimen.words()) == regimen


@pytest.mark.parametrize(
    "text", ["300 mg IM weekly", "300 ml IV weekly", "300 nl IV weekly", "300 mb IV weekly", "300 mg SV weekly",
             "300 IV every 4 weeks", "300 mg every 4 weeks", "300 mg i v o weekly", "300 mg oraly daily"]
)  # fmt: skip
def test_no_hint_changes_a_route_or_a_unit_by_its_spelling(text):
    with pytest.raises(InputError) as caught:
        parse_regimen(text)
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "times", "amounts"),
    [
        # a single dose: what follows is due after its own interval
        ("600 mg IV loading dose, then 300 mg every 4 weeks", [0, 28, 56, 84], [600, 300, 300, 300]),
        # repeated doses: one more of their intervals
        ("300 mg IV weekly x 3, then 150 mg every 4 weeks", [0, 7, 14, 21, 49, 77], [300] * 3 + [150] * 3),
        # a stated length ends where it says
        (
            "300 mg IV every 4 weeks for 6 weeks, then 150 mg weekly x 2",
            [0, 28, 42, 49],
            [300, 300, 150, 150],
        ),
        # a stated day wins, and ends what has no end
        (
            "300 mg IV every 4 weeks, then 150 mg from week 7 every 4 weeks",
            [0, 28, 49, 77],
            [300, 300, 150, 150],
        ),
        ("3 mg/kg IV at weeks 0, 2 and 6, then every 8 weeks", [0, 14, 42, 98], [150] * 4),
        ("3 mg/kg IV at weeks 0, 4 and 8, then every 8 weeks", [0, 28, 56, 112], [150] * 4),
    ],
)
def test_doses_of_parts_one_after_another(text, times, amounts):
    regimen = parse_regimen(text)
    until = times[-1] + 1.0
    assert regimen.dose_times_days(until).tolist() == times
    given = [
        float(part.dose_amounts_mg(np.array([50.0]))[0])
        for part in regimen.parts
        for _ in part.dose_times_days(until)
    ]
    assert given == amounts
    later = regimen.starting_on(10.0).dose_times_days(until + 10.0)
    assert later.tolist() == [time + 10.0 for time in times]


def test_every_part_reaches_the_compartment_of_its_route():
    model = build_model()
    regimen = parse_regimen("300 mg IV over 60 min once, then 120 mg SC weekly from week 2")
    values = {
        "body_weight": np.array([70.0]), "molar_mass": np.array([0.148]), "bioavailability": np.array([0.8])
    }  # fmt: skip
    found = dose_table(model, regimen, 22.0, values)
    states = [found.state_names[place] for place in found.state]
    assert list(zip(found.time.tolist(), states, strict=True)) == [
        (0.0, "drug_central"), (14.0, "drug_depot"), (21.0, "drug_depot")
    ]  # fmt: skip
    # mg to nmol: 1000 ug per mg, 148 ug per nmol
    assert found.amount.tolist() == pytest.approx([300e3 / 148, 120e3 / 148, 120e3 / 148])
    assert found.duration.tolist() == pytest.approx([1 / 24, 0, 0])
    assert found.bioavailability.tolist() == [1.0, 0.8, 0.8]


def test_words_that_name_a_drug_hold_for_that_drug_alone():
    regimen = parse_regimen("Xeljanz 5 mg orally twice a day")
    require_same_drug(regimen, "tofacitinib")
    with pytest.raises(InputError, match="is one of tofacitinib, and anifrolumab is given"):
        require_same_drug(regimen, "anifrolumab")


def test_more_doses_than_anyone_is_given_are_refused_before_any_memory_is_taken():
    hourly = parse_regimen("1 mg IV every hour")
    assert len(hourly.dose_times_days(5000 / 24)) == 5000
    with pytest.raises(InputError, match="8736 doses are planned within 364 days"):
        hourly.dose_times_days(364.0)


def test_every_drug_that_is_shipped_is_known_by_its_name():
    for name, drug in DRUGS.items():
        assert parse_regimen(f"{name} {drug.usual}").drug == name


@pytest.mark.parametrize(
    "text", ["300 mg IV weekly " * 10_000, "1" * 2_000 + " mg IV once", "300 mg IV once, then " * 40]
)
def test_a_text_without_end_is_refused_at_once(text):
    with pytest.raises(InputError):
        parse_regimen(text)


_intervals = st.one_of(
    st.sampled_from([1 / 2, 1 / 3, 1 / 4, 7 / 3, 3.5, 1 / 24, 5 / 24, 1.0, 7.0, 28.0]),
    st.integers(1, 366).map(float),
    st.floats(0.01, 366.0),
)
_days = st.one_of(st.just(0.0), st.integers(1, 400).map(float), st.floats(0.0, 400.0))


@st.composite
def _regimens(draw: st.DrawFn) -> Regimen:
    """Draw up to three parts from the last to the first, each before the one that follows it."""
    found = None
    start = draw(_days) + 800.0
    for place in range(draw(st.integers(1, 3))):
        route = draw(st.sampled_from(["SC", "IV", "oral"]))
        is_per_kg, is_once = draw(st.booleans()), draw(st.booleans())
        dose = draw(
            st.one_of(
                st.integers(0, 200).map(float), st.floats(1e-6, 200.0).map(lambda x: float(f"{x:.12g}"))
            )
        )
        n_doses = draw(st.integers(1, 5)) if found is not None or draw(st.booleans()) else None
        interval = None if is_once else draw(_intervals)
        hours = draw(st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0, 50 / 60]), st.floats(0.0, 24.0)))
        first = (
            draw(_days) if found is None else found.first_dose_day - (interval or 0.0) * (n_doses or 1) - 1.0
        )
        if first < 0:
            break
        found = Regimen(
            route,
            dose_mg=None if is_per_kg else dose,
            dose_mg_per_kg=dose if is_per_kg else None,
            interval_days=interval,
            n_doses=1 if is_once else n_doses,
            infusion_hours=hours if route == "IV" else 0.0,
            first_dose_day=start if found is None and place == 0 else first,
            then=found,
        )
    assert found is not None
    return found


@given(_regimens())
def test_the_words_of_a_regimen_are_read_as_the_same_regimen(regimen):
    assert parse_regimen(regimen.words()) == regimen
