"""Regimens at the edge of what is allowed, and words in every unit and rhythm."""

import numpy as np
import pytest

from ifntrial.dosing.regimen import Regimen, parse_regimen
from ifntrial.errors import InputError, UnitError


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"dose_mg": 20_000.0}, {"dose_mg": 20_000.1}),
        ({"dose_mg": 0.0}, {"dose_mg": -0.1}),
        ({"dose_mg_per_kg": 200.0}, {"dose_mg_per_kg": 200.1}),
        ({"dose_mg": 1.0, "interval_days": 366.0}, {"dose_mg": 1.0, "interval_days": 366.1}),
        ({"dose_mg": 1.0, "interval_days": 0.01}, {"dose_mg": 1.0, "interval_days": 0.009}),
        ({"dose_mg": 1.0, "n_doses": 5000}, {"dose_mg": 1.0, "n_doses": 5001}),
        ({"dose_mg": 1.0, "n_doses": 1}, {"dose_mg": 1.0, "n_doses": 0}),
        ({"dose_mg": 1.0, "infusion_hours": 24.0}, {"dose_mg": 1.0, "infusion_hours": 24.1}),
        ({"dose_mg": 1.0, "infusion_hours": 0.0}, {"dose_mg": 1.0, "infusion_hours": -0.1}),
        ({"dose_mg": 1.0, "first_dose_day": 0.0}, {"dose_mg": 1.0, "first_dose_day": -0.1}),
        ({"dose_mg": 1.0, "first_dose_day": 1e6}, {"dose_mg": 1.0, "first_dose_day": float("inf")}),
        ({"dose_mg": 1.0}, {"dose_mg": 1.0, "dose_mg_per_kg": 1.0}),
        ({"dose_mg_per_kg": 1.0}, {}),
        ({"dose_miu": 1_000.0}, {"dose_miu": 1_000.1}),
        ({"dose_miu": 1.0}, {"dose_miu": 1.0, "dose_mg": 1.0}),
    ],
)
def test_a_regimen_at_the_edge_of_what_is_possible(fields, refused):
    Regimen("IV", **fields)
    with pytest.raises(InputError, match="is not possible"):
        Regimen("IV", **refused)


@pytest.mark.parametrize("route", ["SC", "oral"])
def test_only_an_intravenous_dose_is_infused(route):
    Regimen(route, dose_mg=1.0)
    with pytest.raises(InputError, match="no length of infusion"):
        Regimen(route, dose_mg=1.0, infusion_hours=0.5)
    with pytest.raises(InputError, match="neither SC, IV nor oral"):
        Regimen("nasal", dose_mg=1.0)


@pytest.mark.parametrize(
    ("regimen", "is_placebo"),
    [
        (Regimen("SC", dose_mg=0.0), True),
        (Regimen("SC", dose_mg_per_kg=0.0), True),
        (Regimen("SC", dose_mg=1.0), False),
        (Regimen("SC", dose_mg_per_kg=1.0), False),
    ],
)
def test_a_placebo_is_a_dose_of_zero(regimen, is_placebo):
    assert regimen.is_placebo == is_placebo


@pytest.mark.parametrize(
    ("regimen", "until", "expected"),
    [
        (Regimen("SC", dose_mg=1, interval_days=7), 15.0, [0, 7, 14]),
        (Regimen("SC", dose_mg=1, interval_days=7, first_dose_day=3), 17.0, [3, 10]),
        (Regimen("SC", dose_mg=1, interval_days=7, first_dose_day=3), 17.1, [3, 10, 17]),
        (Regimen("SC", dose_mg=1, interval_days=7, n_doses=2, first_dose_day=3), 50.0, [3, 10]),
        (Regimen("SC", dose_mg=1, interval_days=7, n_doses=9), 14.0, [0, 7]),
        (Regimen("SC", dose_mg=1, first_dose_day=3), 4.0, [3]),
        (Regimen("SC", dose_mg=1, first_dose_day=3), 3.0, []),
        (Regimen("SC", dose_mg=1, interval_days=7, first_dose_day=30), 14.0, []),
        # three times a day: rounding makes no dose of the last moment
        (Regimen("oral", dose_mg=1, interval_days=1 / 3), 1.0, [0, 1 / 3, 2 / 3]),
    ],
)
def test_times_of_doses(regimen, until, expected):
    assert regimen.dose_times_days(until) == pytest.approx(np.array(expected))


@pytest.mark.parametrize(
    ("text", "dose_mg", "dose_mg_per_kg"),
    [
        ("0.3 g IV once", 300.0, None),
        ("500 ug IV once", 0.5, None),
        ("500 µg IV once", 0.5, None),
        ("500 mcg IV once", 0.5, None),
        ("0.001 g/kg IV once", None, 1.0),
        ("500 mcg/kg IV once", None, 0.5),
        ("1e2 mg IV once", 100.0, None),
    ],
)
def test_units_of_a_dose(text, dose_mg, dose_mg_per_kg):
    found = parse_regimen(text)
    assert found.dose_mg == (None if dose_mg is None else pytest.approx(dose_mg))
    assert found.dose_mg_per_kg == (None if dose_mg_per_kg is None else pytest.approx(dose_mg_per_kg))


def test_a_unit_that_is_no_mass_is_refused():
    with pytest.raises(UnitError, match="unit 'mmol' of the dose is not known"):
        parse_regimen("5 mmol SC weekly")


@pytest.mark.parametrize(
    ("words", "interval_days"),
    [
        ("daily", 1.0), ("once a day", 1.0), ("every day", 1.0), ("every other day", 2.0), ("every 3 days", 3.0),
        ("weekly", 7.0), ("per week", 7.0), ("every other week", 14.0), ("q2w", 14.0), ("qw", 7.0), ("q3d", 3.0),
        ("q12h", 0.5), ("every 6 hours", 0.25), ("twice daily", 0.5), ("four times a day", 0.25), ("tid", 1 / 3),
        ("q.i.d.", 0.25), ("three times a week", 7 / 3), ("every 1.5 weeks", 10.5),
    ],
)  # fmt: skip
def test_rhythms_in_words(words, interval_days):
    found = parse_regimen(f"5 mg SC {words}")
    assert found.interval_days == pytest.approx(interval_days, rel=1e-15)
    assert found.n_doses is None


@pytest.mark.parametrize(
    ("words", "n_doses", "infusion_hours", "first_dose_day"),
    [
        ("weekly", None, 0.5, 0.0),
        ("weekly x 4", 4, 0.5, 0.0),
        ("weekly for 4 doses", 4, 0.5, 0.0),
        ("weekly for 4 weeks", 4, 0.5, 0.0),
        ("weekly for 10 days", 2, 0.5, 0.0),
        ("every 2 days for 1 day", 1, 0.5, 0.0),
        ("weekly over 90 min", None, 1.5, 0.0),
        ("weekly over 2 h", None, 2.0, 0.0),
        ("weekly over 1 hour from day 3", None, 1.0, 3.0),
        ("weekly starting on day 3", None, 0.5, 3.0),
        ("weekly x 4 over 60 min from week 2", 4, 1.0, 14.0),
        ("single dose", 1, 0.5, 0.0),
        ("once x 1", 1, 0.5, 0.0),
    ],
)
def test_number_length_and_start_in_words(words, n_doses, infusion_hours, first_dose_day):
    found = parse_regimen(f"5 mg IV {words}")
    assert (found.n_doses, found.infusion_hours, found.first_dose_day) == (
        n_doses,
        infusion_hours,
        first_dose_day,
    )
    assert found.text == f"5 mg IV {words}"


@pytest.mark.parametrize(
    ("regimen", "words"),
    [
        (Regimen("SC", dose_mg=120, interval_days=7), "120 mg SC every week"),
        (Regimen("SC", dose_mg=120, interval_days=14, n_doses=3), "120 mg SC every 2 weeks x 3"),
        (Regimen("IV", dose_mg_per_kg=5, n_doses=1, infusion_hours=0.5), "5 mg/kg IV once"),
        (Regimen("IV", dose_mg=5, interval_days=28, infusion_hours=1), "5 mg IV every 4 weeks over 1 h"),
        (Regimen("oral", dose_mg=5, interval_days=0.5), "5 mg orally twice a day"),
        (Regimen("oral", dose_mg=5, interval_days=1), "5 mg orally every day"),
        (Regimen("oral", dose_mg=5, interval_days=5 / 24), "5 mg orally every 5 hours"),
        (
            Regimen("SC", dose_mg=5, interval_days=3.5, first_dose_day=2),
            "5 mg SC every 3.5 days from day 2, counted from day 0",
        ),
    ],
)
def test_a_regimen_in_words(regimen, words):
    assert regimen.words() == words


@pytest.mark.parametrize(
    ("words", "million_units"),
    [
        ("4.5 MU SC three times a week", 4.5),
        ("4.5 MIU SC three times a week", 4.5),
        ("4.5 million IU SC three times a week", 4.5),
        ("4.5 million units SC three times a week", 4.5),
        ("4500000 IU SC three times a week", 4.5),
    ],
)
def test_a_dose_by_activity_is_read_and_written(words, million_units):
    regimen = parse_regimen(words)
    assert (regimen.dose_miu, regimen.dose_mg, regimen.dose_mg_per_kg) == (million_units, None, None)
    assert regimen.interval_days == pytest.approx(7 / 3)
    assert regimen.words() == "4.5 MU SC three times a week"
    assert parse_regimen(regimen.words()) == regimen
    assert not regimen.is_placebo


def test_an_activity_is_a_mass_by_the_specific_activity_of_the_drug():
    regimen, weights = parse_regimen("4.5 MU SC once"), np.array([50.0, 80.0])
    # 4.5 MIU at 200 and at 300 MIU/mg
    found = regimen.dose_amounts_mg(weights, np.array([200.0, 300.0]))
    assert found == pytest.approx([0.0225, 0.015])
    with pytest.raises(InputError, match="not dosed by activity"):
        regimen.dose_amounts_mg(weights)


def test_an_activity_per_weight_is_refused():
    with pytest.raises(UnitError, match="does not go by body weight"):
        parse_regimen("0.1 MU/kg SC every week")
