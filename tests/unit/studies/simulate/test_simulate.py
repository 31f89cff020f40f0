"""Regimens followed: troughs and peaks where they are, measures as the course says, tables and values of a user's own."""

import numpy as np
import pytest

from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.dose_plans import plan_regimen
from ifntrial.course.exposure import select_population
from ifntrial.course.looks import choose_looks
from ifntrial.course.replaced import read_replacements
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.errors import InputError, TableError, UnitError, UnknownNameError
from ifntrial.report.terminal.courses import simulation_lines
from ifntrial.solver import Tolerance
from ifntrial.studies.simulate.plans import plans_of_regimens, plans_of_table
from ifntrial.studies.simulate.study import simulate_regimen
from ifntrial.studies.simulate.subjects import Setting
from ifntrial.studies.simulate.tables import read_covariates, read_observed
from shipped import CATALOG

MODEL = CATALOG.model("anifrolumab", ())
POOL = CATALOG.pool(MODEL)
SUBJECTS, SEED = 12, 7


def setting(**changes):
    usual = {
        "weeks": 52.0, "subjects": SUBJECTS, "selection": "all", "seed": SEED, "asked_days": np.empty(0), "level": 3.88
    }  # fmt: skip
    return Setting(**{**usual, **changes})


def follow(*texts, **changes):
    asked = setting(**changes)
    plans = plans_of_regimens([parse_regimen(text) for text in texts], MODEL, asked.weeks * 7)
    return simulate_regimen(POOL, plans, asked)


def course(text, days, tolerance=1e-9, **values):
    """Return the concentration of the same subjects at given days, solved by itself, (subjects, days)."""
    population = select_population(POOL, "all", SUBJECTS, SEED)
    own = subject_parameters(MODEL, CATALOG.evidence, population, typical_world(MODEL, CATALOG.evidence), 0)
    own |= {name: values[name] for name in values}
    found = simulate_subjects(
        MODEL, own, parse_regimen(text), days, ["concentration"], tolerance=Tolerance(tolerance)
    )
    return found.of("concentration")


@pytest.fixture(scope="module")
def four_weekly():
    return follow("300 mg IV every 4 weeks")


def test_troughs_are_the_course_just_before_each_dose(four_weekly):
    days = np.arange(0.0, 365.0, 28.0)
    exact = np.median(course("300 mg IV every 4 weeks", days), axis=0)
    found = four_weekly.followed[0]
    assert [each.begins_day for each in found.intervals] == days[:-1].tolist()
    assert [each.trough_before.q50 for each in found.intervals] == pytest.approx(
        exact[:-1], rel=1e-6, abs=1e-9
    )
    assert [each.trough_after.q50 for each in found.intervals] == pytest.approx(exact[1:], rel=1e-6)
    places = [found.time_days.index(day) for day in days]
    assert [found.concentration.q50[place] for place in places] == pytest.approx(exact, rel=1e-6, abs=1e-9)


def test_peaks_are_at_the_end_of_each_infusion(four_weekly):
    ends = np.arange(0.0, 364.0, 28.0) + 1 / 48
    exact = np.median(course("300 mg IV every 4 weeks", np.append(0.0, ends))[:, 1:], axis=0)
    found = four_weekly.followed[0]
    assert [each.peak.q50 for each in found.intervals] == pytest.approx(exact, rel=1e-6)
    for each in found.intervals:
        assert (each.peak_days.q05, each.peak_days.q95) == pytest.approx((1 / 48, 1 / 48))


def test_areas_are_those_of_a_far_finer_course(four_weekly):
    days = np.unique(np.concatenate([np.linspace(336.0, 364.0, 20_001), [336 + 1 / 48]]))
    fine = course("300 mg IV every 4 weeks", np.append(0.0, days))[:, 1:]
    area = np.median(np.trapezoid(fine, days, axis=1))
    last = four_weekly.followed[0].intervals[-1]
    # what the looks leave: less than one part in a thousand
    assert last.area.q50 == pytest.approx(area, rel=1e-3)
    assert last.average.q50 == pytest.approx(area / 28.0, rel=1e-3)
    above = np.median((fine[:, :-1] > 3.88) @ np.diff(days))
    assert last.days_above.q50 == pytest.approx(above, abs=0.02)


def test_accumulation_is_last_over_first(four_weekly):
    days = np.array([0.0, 28.0, 336.0, 364.0])
    exact = course("300 mg IV every 4 weeks", days)
    steady = four_weekly.followed[0].steady_state
    assert steady.dose == 13
    assert steady.accumulation_trough.q50 == pytest.approx(np.median(exact[:, 3] / exact[:, 1]), rel=1e-6)
    assert steady.trough_change.q50 == pytest.approx(np.median(exact[:, 3] / exact[:, 2] - 1), abs=1e-6)
    assert steady.is_reached == (abs(steady.trough_change.q50) < 0.05)


def test_what_is_printed_does_not_climb_and_fall_with_a_grid(four_weekly):
    lines = list(simulation_lines(four_weekly))
    rows = [line.split() for line in lines if line[:6].strip().isdigit()]
    assert [(row[0], row[1]) for row in rows] == [(str(n), f"{4.0 * (n - 1):.1f}") for n in range(1, 14)]
    before = [float(row[2]) for row in rows]
    assert before[5:] == sorted(before[5:]) or max(before[5:]) < 1.3 * min(before[5:])
    assert any(line.startswith("Cmax") for line in lines)


def test_several_regimens_stand_side_by_side_in_the_same_subjects():
    result = follow("300 mg IV every 4 weeks", "120 mg SC weekly", weeks=8.0)
    assert [each.regimen for each in result.followed] == ["300 mg IV every 4 weeks", "120 mg SC every week"]
    assert result.followed[1] == follow("120 mg SC weekly", weeks=8.0).followed[0]
    assert [each.doses for each in result.followed] == [2, 8]


def test_a_loading_dose_is_followed_by_the_rest():
    result = follow("600 mg IV once, then 300 mg IV every 4 weeks", weeks=12.0).followed[0]
    exact = np.median(course("600 mg IV once, then 300 mg IV every 4 weeks", [0.0, 28.0, 56.0]), axis=0)
    assert [each.trough_before.q50 for each in result.intervals] == pytest.approx(exact, rel=1e-6, abs=1e-9)
    # doses that differ have no accumulation
    assert result.steady_state is None


def test_a_dose_at_once_peaks_just_after_it():
    result = follow("300 mg IV bolus every 4 weeks", weeks=8.0).followed[0]
    assert result.intervals[0].trough_before.q50 == 0.0
    infused = follow("300 mg IV every 4 weeks", weeks=8.0).followed[0]
    assert result.intervals[0].peak.q50 > infused.intervals[0].peak.q50
    assert result.intervals[0].peak_days.q95 == pytest.approx(0.0, abs=1e-6)


def test_times_that_are_asked_for_are_looked_at():
    result = follow("300 mg IV every 4 weeks", weeks=8.0, asked_days=np.array([3.3, 28.0])).followed[0]
    exact = np.median(course("300 mg IV every 4 weeks", [0.0, 3.3, 28.0])[:, 1:], axis=0)
    places = [result.time_days.index(day) for day in (3.3, 28.0)]
    assert [result.concentration.q50[place] for place in places] == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize(
    "text", ["300 mg IV every 4 weeks", "120 mg SC every week", "5 mg SC twice a day", "1 mg IV every hour",
             "300 mg IV once", "300 mg IV every 4 weeks x 2 from day 30"]
)  # fmt: skip
def test_every_interval_that_is_looked_at_has_its_trough_and_peak(text):
    plan = plan_regimen(parse_regimen(text), 200.0)
    looks = choose_looks(plan, 200.0, np.empty(0), 20_000)
    assert len(looks.days) < 1_200
    assert np.all(np.diff(looks.days) > 0)
    starts = np.unique(plan.start_days)
    assert {looks.days[each.first] for each in looks.intervals} <= set(starts)
    assert looks.intervals[0].dose == 1
    assert looks.intervals[-1].dose == len(starts)
    for each in looks.intervals:
        ends = starts[each.dose - 1] + plan.length_days[each.dose - 1]
        assert np.any(np.abs(looks.days - ends) < 1e-9)
        assert each.last - each.first >= 15


def test_a_value_that_is_set_moves_everyone_by_its_ratio():
    text = "300 mg IV every 4 weeks"
    chosen = read_replacements(["anifrolumab.clearance=0.386 L/day"], MODEL, CATALOG.evidence)
    result = follow(text, weeks=8.0, replacements=chosen)
    assert result.replaced == {"anifrolumab.clearance": "0.386 L/day, not 0.193 L/day"}
    population = select_population(POOL, "all", SUBJECTS, SEED)
    own = subject_parameters(MODEL, CATALOG.evidence, population, typical_world(MODEL, CATALOG.evidence), 0)
    exact = course(text, [0.0, 28.0], clearance=2.0 * own["clearance"])[:, 1]
    assert result.followed[0].intervals[0].trough_after.q50 == pytest.approx(np.median(exact), rel=1e-6)


def test_units_of_a_value_that_is_set_are_converted():
    a, b = (
        read_replacements([text], MODEL, CATALOG.evidence)[0]
        for text in ("anifrolumab.clearance=0.2L/day", "anifrolumab.clearance = 200 mL/day")
    )
    assert a.value == pytest.approx(b.value)
    share = read_replacements(["anifrolumab.bioavailability=0.7"], MODEL, CATALOG.evidence)[0]
    assert share.is_share
    assert share.value == 0.7


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("anifrolumab.clearance", InputError, "is not understood"),
        ("anifrolumab.clearance=", InputError, "is not understood"),
        ("anifrolumab.clearance=0.2", InputError, "has no unit"),
        ("anifrolumab.clearance=0.2 mg", UnitError, "cannot be converted"),
        ("anifrolumab.clearance=-0.2 L/day", InputError, "is not possible"),
        ("anifrolumab.clearance=900 L/day", InputError, "is not possible"),
        ("anifrolumab.clearence=0.2 L/day", InputError, "did you mean anifrolumab.clearance"),
        ("tofacitinib.absorption_rate=3/day", InputError, "no value of anifrolumab"),
        ("anifrolumab.bioavailability=70", InputError, "a share is not possible"),
    ],
)
def test_a_value_that_cannot_be_set_is_refused(text, error, message):
    with pytest.raises(error, match=message):
        read_replacements([text], MODEL, CATALOG.evidence)


def test_a_value_set_twice_is_refused():
    with pytest.raises(InputError, match="set twice"):
        read_replacements(["anifrolumab.clearance=0.2 L/day"] * 2, MODEL, CATALOG.evidence)


EVENTS = "ID,TIME,EVID,AMT,CMT,RATE,II,ADDL,SS,WT\n"


def test_an_event_table_gives_what_its_regimen_gives(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS + "7,0,1,300,2,14400,28,1,0,.\n7,3.3,0,.,.,.,.,.,.,.\n8,0,1,120,1,0,7,7,0,.\n")
    plans, notes = plans_of_table(path, MODEL, None, 364.0)
    assert [plan.label for plan in plans] == ["subject 7", "subject 8"]
    assert notes == ("Times are taken as days",)
    found = simulate_regimen(POOL, plans, setting(weeks=8.0)).followed
    asked = [
        *follow("300 mg IV every 4 weeks", weeks=8.0, asked_days=np.array([3.3])).followed,
        *follow("120 mg SC weekly", weeks=8.0).followed,
    ]
    for one, other in zip(found, asked, strict=True):
        for mine, own in zip(one.intervals, other.intervals, strict=True):
            assert mine.trough_after.q50 == pytest.approx(own.trough_after.q50, rel=1e-6)
            assert mine.peak.q50 == pytest.approx(own.peak.q50, rel=1e-6)
    assert 3.3 in found[0].time_days


def test_records_after_the_end_are_told_and_a_course_without_a_dose_is_refused(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS + "7,0,1,300,2,14400,0,0,0,.\n7,99,0,.,.,.,.,.,.,.\n7,100,1,300,2,0,0,0,0,.\n")
    plans, notes = plans_of_table(path, MODEL, None, 28.0)
    assert notes[-1] == "Records after week 4 are not followed: 2"
    found = simulate_regimen(POOL, plans, setting(weeks=4.0)).followed[0]
    assert (found.doses, found.time_days[-1]) == (1, 28.0)
    for rows in ("7,30,1,300,2,0,0,0,0,.\n", "7,1,0,.,.,.,.,.,.,.\n"):
        path.write_text(EVENTS + rows)
        with pytest.raises(InputError, match="subject 7 is given no dose within 28 days"):
            plans_of_table(path, MODEL, None, 28.0)


def test_a_delay_moves_the_interval_of_its_dose(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("ID,TIME,EVID,AMT,CMT,RATE,II,ADDL,ALAG2\n7,0,1,300,2,14400,14,1,2\n")
    plans, _ = plans_of_table(path, MODEL, None, 364.0)
    found = simulate_regimen(POOL, plans, setting(weeks=4.0)).followed[0]
    assert [(each.begins_day, each.ends_day) for each in found.intervals] == [(2.0, 16.0), (16.0, 28.0)]
    exact = course("300 mg IV every 2 weeks from day 2, counted from day 0", [0.0, 16.0, 28.0])
    assert found.intervals[0].trough_after.q50 == pytest.approx(np.median(exact[:, 1]), rel=1e-6)
    assert found.concentration.q50[-1] == pytest.approx(np.median(exact[:, 2]), rel=1e-6)


def test_doses_at_steady_state_are_those_of_years(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS + "7,0,1,300,2,14400,28,0,1,.\n")
    plans, notes = plans_of_table(path, MODEL, None, 364.0)
    assert notes[-1] == "Steady state: the doses before were given for 208 weeks"
    found = simulate_regimen(POOL, plans, setting(weeks=4.0)).followed[0]
    exact = course("300 mg IV every 4 weeks", [0.0, 1456.0, 1456.0 + 1 / 48, 1484.0])
    first = found.intervals[0]
    assert (first.dose, first.begins_day, first.ends_day, found.doses) == (1, 0.0, 28.0, 1)
    assert first.trough_before.q50 == pytest.approx(np.median(exact[:, 1]), rel=1e-6)
    assert first.peak.q50 == pytest.approx(np.median(exact[:, 2]), rel=1e-6)
    assert first.trough_after.q50 == pytest.approx(np.median(exact[:, 3]), rel=1e-6)
    assert found.time_days[0] == 0.0


def test_who_gets_the_doses_of_a_table_weighs_what_it_says(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS + "7,0,1,300,2,14400,0,0,0,110\n")
    plans, _ = plans_of_table(path, MODEL, None, 364.0)
    found = simulate_regimen(POOL, plans, setting(weeks=4.0)).followed[0]
    exact = course("300 mg IV once", [0.0, 28.0], body_weight=np.full(SUBJECTS, 110.0))[:, 1]
    assert found.concentration.q50[-1] == pytest.approx(np.median(exact), rel=1e-6)


def test_a_table_of_covariates_says_who_is_followed(tmp_path):
    path = tmp_path / "who.csv"
    path.write_text("ID,WT,IFN_HIGH\n1,50,0\n2,70,1\n3,.,1\n")
    table = read_covariates(path)
    result = follow("1 mg/kg IV once", weeks=2.0, subjects=3, covariates=table)
    assert result.people.subjects == 3
    assert "as in the table of covariates" in result.people.meaning
    heavier = {**table, "body_weight": 2.0 * table["body_weight"]}
    other = follow("1 mg/kg IV once", weeks=2.0, subjects=3, covariates=heavier)
    assert other.followed[0].intervals[0].area.q50 > 1.2 * result.followed[0].intervals[0].area.q50
    with pytest.raises(InputError, match="status of the signature is given twice"):
        follow("1 mg/kg IV once", weeks=2.0, subjects=3, covariates=table, selection="healthy")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ID,WT\n1,-3", "WT is not possible: row 1"),
        ("ID,WT\n1,heavy", "WT is not possible: row 1"),
        ("ID,IFN_HIGH\n1,2", "IFN_HIGH is not possible: row 1"),
        ("ID,WT,AGE\n1,70,40", "column AGE is none that the drug's course depends on"),
        ("ID\n1", "neither body weight nor the status"),
        ("ID,WT,WEIGHT\n1,70,70", "two columns say the same"),
        ("ID,WT\n1,70\n1,80", "a subject is there twice"),
    ],
)
def test_a_table_of_covariates_that_cannot_be_used(tmp_path, text, message):
    (tmp_path / "who.csv").write_text(text)
    with pytest.raises(TableError, match=message):
        read_covariates(tmp_path / "who.csv")


def test_own_measurements_are_read_and_counted(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "ID,TIME,EVID,AMT,DV,READ_OUT\n1,0,1,300,.,.\n1,24,0,.,50,.\n1,48,0,.,1e6,.\n1,48,0,.,0.5,occupancy_blood\n"
    )
    points = read_observed(path, "hour")
    assert [(each.read_out, each.day, each.measured) for each in points] == [
        ("concentration", 1.0, 50.0), ("concentration", 2.0, 1e6), ("occupancy_blood", 2.0, 0.5)
    ]  # fmt: skip
    lines = list(simulation_lines(follow("300 mg IV once", weeks=2.0, observed=points)))
    assert "Own measurements of concentration: 1 of 2 within 5 to 95 % of subjects" in lines
    with pytest.raises(InputError, match="3 measurements are after the end"):
        follow("300 mg IV once", weeks=0.1, observed=points)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("TIME\n1", TableError, "column 'DV' is absent"),
        ("TIME,DV\n1,high", TableError, "DV is not a number: row 1"),
        ("TIME,DV\n-1,3", TableError, "TIME is not a number, or below 0: row 1"),
        ("TIME,DV\n1,.", TableError, "it holds 0 measurements"),
        ("TIME,DV,OUTPUT\n1,3,liver", UnknownNameError, "read-out 'liver' is not known"),
    ],
)
def test_own_measurements_that_cannot_be_used(tmp_path, text, error, message):
    (tmp_path / "own.csv").write_text(text)
    with pytest.raises(error, match=message):
        read_observed(tmp_path / "own.csv", None)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["300 mg IV once from week 60"], "no dose is given within 364 days"),
        (["300 mg IV q4w", "300 mg IV every 4 weeks"], "a regimen is given twice"),
        (["Xeljanz 5 mg orally bid"], "is one of tofacitinib, and anifrolumab is given"),
    ],
)
def test_regimens_that_cannot_be_followed(texts, message):
    with pytest.raises(InputError, match=message):
        plans_of_regimens([parse_regimen(text) for text in texts], MODEL, 364.0)
