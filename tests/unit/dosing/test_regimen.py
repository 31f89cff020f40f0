"""Regimens in words: what is read, and what is refused with which words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifntrial.dosing.regimen import Regimen, parse_regimen
from ifntrial.errors import InputError

READ = [
    ("300 mg IV every 4 weeks", Regimen("IV", dose_mg=300, interval_days=28, infusion_hours=0.5)),
    ("300 mg i.v. q4w over 60 min", Regimen("IV", dose_mg=300, interval_days=28, infusion_hours=1.0)),
    ("120 mg SC every week", Regimen("SC", dose_mg=120, interval_days=7)),
    ("120 mg SC once weekly", Regimen("SC", dose_mg=120, interval_days=7)),
    ("120mg subcutaneous qw", Regimen("SC", dose_mg=120, interval_days=7)),
    ("1 mg/kg IV once", Regimen("IV", dose_mg_per_kg=1, n_doses=1, infusion_hours=0.5)),
    ("5 mg/kg IV weekly x 4", Regimen("IV", dose_mg_per_kg=5, interval_days=7, n_doses=4, infusion_hours=0.5)),
    ("500 ug/kg IV every 2 weeks for 12 weeks from week 2",
     Regimen("IV", dose_mg_per_kg=0.5, interval_days=14, n_doses=6, infusion_hours=0.5, first_dose_day=14)),
    ("5 mg orally twice a day", Regimen("oral", dose_mg=5, interval_days=0.5)),
    ("5 mg po b.i.d.", Regimen("oral", dose_mg=5, interval_days=0.5)),
    ("15 mg orally once a day", Regimen("oral", dose_mg=15, interval_days=1)),
    ("15 mg oral daily for 2 weeks", Regimen("oral", dose_mg=15, interval_days=1, n_doses=14)),
    ("5 mg oral every 12 hours", Regimen("oral", dose_mg=5, interval_days=0.5)),
    ("5 mg oral q8h", Regimen("oral", dose_mg=5, interval_days=8 / 24)),
    ("5 mg oral three times daily", Regimen("oral", dose_mg=5, interval_days=1 / 3)),
    ("5 mg oral every 5 hours", Regimen("oral", dose_mg=5, interval_days=5 / 24)),
    ("120 mg SC twice weekly", Regimen("SC", dose_mg=120, interval_days=3.5)),
    ("placebo orally twice a day", Regimen("oral", dose_mg=0, interval_days=0.5)),
    ("placebo SC every week", Regimen("SC", dose_mg=0, interval_days=7)),
    ("placebo", Regimen("SC", dose_mg=0, n_doses=1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "regimen"), READ)
def test_words_are_read_and_written_back(text: str, regimen: Regimen) -> None:
    assert parse_regimen(text) == regimen
    assert parse_regimen(regimen.words()) == regimen


REFUSED = [
    ("", "not understood"),
    ("anifrolumab", "not understood"),
    ("-5 mg SC weekly", "dose -5 mg is not between"),
    ("nan mg SC weekly", "not understood"),
    ("1e9 mg SC weekly", "not between 0 and 20000 mg"),
    ("120 ml SC weekly", "unit 'ml' of the dose is not known"),
    ("120 SC weekly", "the unit of the dose is missing"),
    ("120 mg nasally daily", "route 'nasally' is not modelled"),
    ("5 mg orally daily over 30 min", "an oral dose has no length of infusion"),
    ("120 mg SC", "no schedule"),
    ("120 mg SC every month", "month has no fixed length"),
    ("120 mg SC every 0 weeks", "not positive"),
    ("120 mg SC weekly banana", "'banana' in the regimen"),
    ("120 mg SC weekly over 30 min", "no length of infusion"),
    ("300 mg IV weekly over 90 h", "infusion of 90 h"),
    ("120 mg SC weekly x -3", "number of doses -3"),
    ("5 mg IV once x 4", "cannot be repeated"),
    ("5 mg IV weekly from day -3", "before day 0"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_not_a_regimen_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_regimen(text)


def test_doses_are_given_before_the_end_only() -> None:
    weekly = parse_regimen("120 mg SC every week")
    assert weekly.dose_times_days(28.0).tolist() == [0.0, 7.0, 14.0, 21.0]
    assert parse_regimen("5 mg/kg IV weekly x 4").dose_times_days(365.0).tolist() == [0.0, 7.0, 14.0, 21.0]
    assert parse_regimen("1 mg/kg IV once").dose_times_days(365.0).tolist() == [0.0]
    assert len(weekly.dose_times_days(0.0)) == 0


def test_amount_by_body_weight_and_flat() -> None:
    body_weight_kg = np.array([50.0, 80.0])
    assert parse_regimen("5 mg/kg IV weekly x 4").dose_amounts_mg(body_weight_kg).tolist() == [250.0, 400.0]
    assert parse_regimen("120 mg SC weekly").dose_amounts_mg(body_weight_kg).tolist() == [120.0, 120.0]
    assert parse_regimen("placebo SC weekly").dose_amounts_mg(body_weight_kg).tolist() == [0.0, 0.0]


@given(dose=st.integers(1, 2000), days=st.integers(1, 200), until=st.floats(0, 800))
def test_dose_times_are_spaced_and_complete(dose: int, days: int, until: float) -> None:
    times = parse_regimen(f"{dose} mg SC every {days} days").dose_times_days(until)
    assert len(times) == int(np.ceil(until / days - 1e-9))
    assert np.all(np.diff(times) == days)
    assert np.all(times < until)
