"""Event tables: every numeric case against the closed form of one compartment."""

import numpy as np
import pandas as pd
import pytest
import sympy

from ifntrial.dosing.event_tables.read import read_event_table
from ifntrial.dosing.event_tables.run_in import lay_out
from ifntrial.solver import OdeSystem, Tolerance, simulate, symbol

KA, KE = 0.3, 0.1
SITE, BLOOD = symbol("site"), symbol("blood")
# absorbed from the site with 0.3 a day, eliminated from the blood with 0.1 a day
SYSTEM = OdeSystem("pk", ("site", "blood"), (), (-KA * SITE, KA * SITE - KE * BLOOD), (sympy.Integer(0),) * 2)
TIMES = [0.5, 3.0, 6.0, 9.0, 13.0, 20.0]


def bolus(amount, at=0.0):
    """Amount in the blood after a dose into it."""
    return lambda t: np.where(t > at, amount * np.exp(-KE * np.maximum(t - at, 0)), 0.0)


def absorbed(amount, at=0.0):
    """Amount in the blood after a dose at the site."""
    return lambda t: np.where(
        t > at,
        amount * KA / (KA - KE) * (np.exp(-KE * np.maximum(t - at, 0)) - np.exp(-KA * np.maximum(t - at, 0))),
        0.0,
    )


def infused(rate, length, at=0.0):
    """Amount in the blood during and after an infusion into it."""

    def amount(t):
        since = np.maximum(t - at, 0)
        return (
            rate
            / KE
            * (1 - np.exp(-KE * np.minimum(since, length)))
            * np.exp(-KE * np.maximum(since - length, 0))
        )

    return amount


def infused_at_site(rate, length, at=0.0):
    """Amount in the blood during and after an infusion at the site: the two exponentials, each integrated."""

    def amount(t):
        since = np.maximum(t - at, 0)
        on, off = np.minimum(since, length), np.maximum(since - length, 0)
        parts = [(1 - np.exp(-k * on)) / k * np.exp(-k * off) for k in (KE, KA)]
        return rate * KA / (KA - KE) * (parts[0] - parts[1])

    return amount


def total(*parts):
    return lambda t: sum(part(t) for part in parts)


def steady(amount, interval, at=0.0):
    """Amount in the blood after doses into it that were given for ever, the last at ``at``."""
    return bolus(amount / (1 - np.exp(-KE * interval)), at)


def blood(table, times, **given):
    doses = table.to_doses("site", "blood", **given)
    return simulate(SYSTEM, {}, doses, times, tolerance=Tolerance(1e-10), outputs=("blood",)).of("blood")


HEAD = "ID,TIME,EVID,AMT,CMT,RATE,II,ADDL\n"
GIVEN = {
    "a dose into the blood": (HEAD + "1,0,1,100,2,0,0,0", bolus(100)),
    "a dose at the site": (HEAD + "1,0,1,100,1,0,0,0", absorbed(100)),
    "the blood where CMT is missing": ("ID,TIME,EVID,AMT\n1,0,1,100", bolus(100)),
    "the blood where CMT is a point": (HEAD + "1,0,1,100,.,.,.,.", bolus(100)),
    "compartments by name": (
        "ID,TIME,EVID,AMT,CMT\n1,0,1,100,Depot\n1,2,1,50,central", total(absorbed(100), bolus(50, 2))
    ),
    "an infusion by its rate": (HEAD + "1,0,1,100,2,50,0,0", infused(50, 2)),
    "an infusion by its length": ("ID,TIME,EVID,AMT,DUR\n1,0,1,100,4", infused(25, 4)),
    "a modelled rate": ("ID,TIME,EVID,AMT,CMT,RATE,R2\n1,0,1,100,2,-1,50", infused(50, 2)),
    "a modelled length": ("ID,TIME,EVID,AMT,CMT,RATE,D2\n1,0,1,100,2,-2,4", infused(25, 4)),
    "a modelled length in DUR": ("ID,TIME,EVID,AMT,CMT,RATE,DUR\n1,0,1,100,2,-2,4", infused(25, 4)),
    "additional doses": (HEAD + "1,1,1,100,2,0,4,2", total(bolus(100, 1), bolus(100, 5), bolus(100, 9))),
    "an interval without repeats": (HEAD + "1,0,1,100,2,0,7,0", bolus(100)),
    "infusions that overlap": (HEAD + "1,0,1,100,2,10,4,3", total(*(infused(10, 10, 4 * k) for k in range(4)))),
    "infusions that meet": (HEAD + "1,0,1,100,2,25,4,2", infused(25, 12)),
    "a delay": ("ID,TIME,EVID,AMT,CMT,ALAG2\n1,0,1,100,2,2", bolus(100, 2)),
    "a delay of any compartment": ("ID,TIME,EVID,AMT,CMT,ALAG\n1,0,1,100,1,2", absorbed(100, 2)),
    "a delay of each": (
        "ID,TIME,EVID,AMT,CMT,ALAG1,ALAG2\n1,0,1,100,2,5,0\n1,0,1,100,1,5,0", total(bolus(100), absorbed(100, 5))
    ),
    "a share that arrives": ("ID,TIME,EVID,AMT,CMT,F1\n1,0,1,100,1,0.4", absorbed(40)),
    "a share shortens an infusion by its rate": (
        "ID,TIME,EVID,AMT,CMT,RATE,F\n1,0,1,100,2,25,0.5", infused(25, 2)
    ),
    "a share lowers the rate of an infusion by its length": (
        "ID,TIME,EVID,AMT,CMT,DUR,F\n1,0,1,100,2,4,0.5", infused(12.5, 4)
    ),
    "a share at the site shortens an infusion": (
        "ID,TIME,EVID,AMT,CMT,RATE,F1\n1,0,1,100,1,25,0.5", infused_at_site(25, 2)
    ),
    "a reset after a dose of its time": (HEAD + "1,0,1,100,2,0,0,0\n1,7,1,100,2,0,0,0\n1,7,3,.,2,0,0,0",
                                         lambda t: np.where(t < 7, bolus(100)(t), 0)),
    "a reset before a dose of its time": (HEAD + "1,0,1,100,2,0,0,0\n1,7,3,0,2,0,0,0\n1,7,1,100,2,0,0,0",
                                          lambda t: np.where(t < 7, bolus(100)(t), bolus(100, 7)(t))),
    "a reset with a dose": (HEAD + "1,0,1,100,2,0,0,0\n1,7,4,50,2,0,0,0",
                            lambda t: np.where(t < 7, bolus(100)(t), bolus(50, 7)(t))),
    "two resets with doses at one time": (HEAD + "1,0,4,100,2,0,0,0\n1,0,4,40,2,0,0,0", bolus(40)),
    "a reset that cuts an infusion": (HEAD + "1,0,1,100,2,5,0,0\n1,7,4,50,2,0,0,0",
                                      lambda t: np.where(t < 7, infused(5, 20)(t), bolus(50, 7)(t))),
    "two doses at one time": (HEAD + "1,0,1,100,2,0,0,0\n1,0,1,100,2,0,0,0", bolus(200)),
    "points in an observation": (HEAD + "1,0,1,100,2,0,0,0\n1,7,0,.,.,.,.,.", bolus(100)),
    "another event": (HEAD + "1,0,1,100,2,0,0,0\n1,7,2,0,0,0,0,0", bolus(100)),
    "a row marked by a sign": (HEAD + "1,0,1,100,2,0,0,0\n#1,7,1,100,2,0,0,0\n@1,8,1,1,2,0,0,0", bolus(100)),
    "a row marked in column C": ("C,ID,TIME,EVID,AMT\n.,1,0,1,100\nC,1,7,1,100", bolus(100)),
    "dates": ("ID,DATE,TIME,EVID,AMT\n1,2026-02-27,0,1,100\n1,2026-03-06,0,1,100", total(bolus(100), bolus(100, 7))),
    "dates across a leap day": (
        "ID,DATE,EVID,AMT\n1,2028-02-28,1,100\n1,2028-03-01,1,100", total(bolus(100), bolus(100, 2))
    ),
    "days in DATE and clock times": (
        "ID,DATE,TIME,EVID,AMT\n1,3,8:30,1,100\n1,5,20:30,1,100", total(bolus(100), bolus(100, 2.5))
    ),
    "clock times of one day": ("ID,TIME,EVID,AMT\n1,8:00,1,100\n1,20:00,1,100", total(bolus(100), bolus(100, 0.5))),
    "columns of another order and case": ("amt,Evid,id,time\n100,1,1,0", bolus(100)),
    "columns that say nothing of doses": ("ID,TIME,DV,MDV,EVID,AMT,RACE\n1,0,.,1,1,100,2\n1,1,3.2,0,0,.,2", bolus(100)),
    "names of CDISC": ("USUBJID,AFRLT,EVID,AMT,STUDYID\n01-003,0,1,100,XYZ", bolus(100)),
    "tabs": ("ID\tTIME\tEVID\tAMT\n1\t0\t1\t100", bolus(100)),
    "a mark of byte order, and line ends of Windows": ("\ufeffID,TIME,EVID,AMT\r\n1,0,1,100\r\n", bolus(100)),
    "an amount as Fortran writes it": ("ID,TIME,EVID,AMT\n1,0,1,1.0D2", bolus(100)),
}  # fmt: skip


def read(tmp_path, text, **given):
    path = tmp_path / "events.csv"
    path.write_bytes(text.encode())
    return read_event_table(path, **given)


@pytest.mark.parametrize("name", GIVEN)
def test_a_table_gives_what_the_closed_form_gives(tmp_path, name):
    text, amount = GIVEN[name]
    found = blood(read(tmp_path, text), TIMES)
    assert found.shape == (1, 6)
    assert found[0] == pytest.approx(amount(np.array(TIMES)), rel=1e-7, abs=1e-7)


def test_hours_are_hours_in_every_column(tmp_path):
    head = "ID,TIME,EVID,AMT,CMT,RATE,II,ADDL,ALAG2\n"
    table = read(tmp_path, head + "1,12,1,100,2,2,48,1,24", time_unit="hour")
    # 2 mg/h are 48 mg/day, from half a day and a day of delay on, again two days later
    expected = total(infused(48, 100 / 48, 1.5), infused(48, 100 / 48, 3.5))
    assert blood(table, TIMES)[0] == pytest.approx(expected(np.array(TIMES)), rel=1e-7)


def test_bioavailability_of_the_model_counts_where_the_table_has_none(tmp_path):
    text = "ID,TIME,EVID,AMT,CMT,F1\n1,0,1,100,1,.\n1,2,1,100,1,0.25\n1,3,1,100,2,."
    found = blood(read(tmp_path, text), TIMES, bioavailability=0.5)
    expected = total(absorbed(50), absorbed(25, 2), bolus(100, 3))
    assert found[0] == pytest.approx(expected(np.array(TIMES)), rel=1e-7)


def test_a_rate_is_kept_where_less_arrives(tmp_path):
    found = blood(read(tmp_path, HEAD + "1,0,1,100,1,25,0,0"), TIMES, bioavailability=0.5)
    assert found[0] == pytest.approx(infused_at_site(25, 2)(np.array(TIMES)), rel=1e-7)


def test_names_are_text(tmp_path):
    table = read(
        tmp_path, HEAD + "001,0,1,100,2,0,0,0\n1,0,1,50,2,0,0,0\n1.0,0,1,25,2,0,0,0\nb 7,0,1,10,2,0,0,0"
    )
    assert table.ids == ("001", "1", "1.0", "b 7")
    assert table.total_dose_mg().tolist() == [100.0, 50.0, 25.0, 10.0]
    frame = read_event_table(
        pd.DataFrame({"ID": [2, 1], "TIME": [0.0, 0.0], "EVID": [1, 1], "AMT": [50, 60.5]})
    )
    assert frame.ids == ("2", "1")
    assert frame.total_dose_mg().tolist() == [50.0, 60.5]


def test_occasions_stand_apart(tmp_path):
    rows = "7,0,1,100,2,0,0,0\n7,3,0,.,.,.,.,.\n7,0,4,50,2,0,0,0\n7,3,0,.,.,.,.,.\n8,0,1,10,2,0,0,0\n"
    table = read(tmp_path, HEAD + rows)
    assert (table.ids, table.occasions) == (("7", "7", "8"), (1, 2, 1))
    found = blood(table, TIMES)
    for course, amount in enumerate((100, 50, 10)):
        assert found[course] == pytest.approx(bolus(amount)(np.array(TIMES)), rel=1e-7)


def laid_out_blood(table, run_in_days):
    """Return the amount at every observation of the table, in the order of its records."""
    laid = lay_out(table, run_in_days)
    doses = laid.events.to_doses("site", "blood")
    looks = laid.look_days()
    found = []
    for stretch in range(len(laid.course)):
        mine = (laid.events.subject == stretch) & (laid.events.kind == 0)
        if mine.any():
            run = simulate(SYSTEM, {}, doses, looks[mine], tolerance=Tolerance(1e-10), outputs=("blood",))
            found += run.of("blood")[stretch].tolist()
    return np.array(found)


LOOKS = "".join(f"1,{time},0,.,2,.,.,.,.\n" for time in (0.5, 3.0, 6.0, 9.0, 13.0, 20.0))
SS = "ID,TIME,EVID,AMT,CMT,RATE,II,ADDL,SS\n"
STEADY = {
    "doses for ever": ("1,0,1,100,2,0,7,0,1\n", steady(100, 7)),
    "doses for ever and more": ("1,0,1,100,2,0,7,1,1\n", total(steady(100, 7), bolus(100, 7))),
    # the sum over all earlier infusions of 2 days: a geometric series from the end of one on
    "infusions for ever": (
        "1,0,1,100,2,50,7,0,1\n",
        lambda t: infused(50, 2)(t)
        + 500 * (1 - np.exp(-0.2)) * np.exp(-0.1 * (5 + t)) / (1 - np.exp(-0.7)),
    ),
    "an infusion longer than the interval": (
        "1,0,1,100,2,10,4,0,1\n",
        lambda t: sum(infused(10, 10, -4 * k)(t) for k in range(200)),
    ),
    "a constant infusion until now": ("1,0,1,0,2,50,0,0,1\n", bolus(500)),
    "steady state forgets what was before": ("1,0,1,999,2,0,0,0,0\n1,0,1,100,2,0,7,0,1\n", steady(100, 7)),
    "steady state on top of what was before": (
        "1,0,1,999,2,0,0,0,0\n1,0,1,100,2,0,7,0,2\n", total(bolus(999), steady(100, 7))
    ),
    "two rhythms at steady state": (
        "1,0,1,100,2,0,7,0,1\n1,0,1,30,2,0,2,0,2\n", total(steady(100, 7), steady(30, 2))
    ),
    "a delay at steady state": (
        # at time 0 the latest dose was given 5 days ago, and the next is due in 2
        "1,0,1,100,2,0,7,0,1\n", lambda t: steady(100, 7, -5)(t) + bolus(100, 2)(t)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STEADY)
def test_doses_at_steady_state_give_the_sum_over_all_earlier_doses(tmp_path, name):
    rows, amount = STEADY[name]
    text = SS + rows + LOOKS
    if name.startswith("a delay"):
        text = text.replace("ADDL,SS\n", "ADDL,SS,ALAG2\n", 1).replace(",7,0,1\n", ",7,0,1,2\n", 1)
        text = text.replace(",.,.,.,.\n", ",.,.,.,.,.\n")
    found = laid_out_blood(read(tmp_path, text), 350.0)
    assert found == pytest.approx(amount(np.array(TIMES)), rel=1e-7)


def test_a_longer_run_in_changes_nothing(tmp_path):
    table = read(tmp_path, SS + STEADY["two rhythms at steady state"][0] + LOOKS)
    assert laid_out_blood(table, 300.0) == pytest.approx(laid_out_blood(table, 400.0), rel=1e-8)
    assert laid_out_blood(table, 3.0) != pytest.approx(laid_out_blood(table, 400.0), rel=1e-2)


def test_steady_state_later_in_a_course_leaves_what_was_seen_before(tmp_path):
    rows = "1,0,1,40,2,0,0,0,0\n1,2,0,.,.,.,.,.,.\n1,5,1,100,2,0,7,0,2\n1,6,0,.,.,.,.,.,.\n"
    found = laid_out_blood(read(tmp_path, SS + rows), 350.0)
    at_six = bolus(40)(np.array([6.0])) + steady(100, 7, 5)(np.array([6.0]))
    assert found == pytest.approx([40 * np.exp(-0.2), at_six[0]], rel=1e-7)


def test_an_observation_listed_after_a_dose_of_its_time_sees_it(tmp_path):
    rows = "1,0,1,100,2,0,0,0,0\n1,7,0,.,.,.,.,.,.\n1,7,1,50,2,0,0,0,0\n1,7,0,.,.,.,.,.,.\n"
    found = laid_out_blood(read(tmp_path, SS + rows), 10.0)
    trough = 100 * np.exp(-0.7)
    assert found == pytest.approx([trough, trough + 50], rel=1e-7)


def test_what_was_left_out_or_supposed_is_said(tmp_path):
    table = read(tmp_path, "ID,TIME,EVID,AMT,RACE,SMOKER\n1,0,1,100,2,0\n#1,0,1,100,2,0")
    assert table.notes == (
        "Times are taken as days",
        "Rows marked as comments and left out: 2",
        "Columns of which nothing is made: RACE, SMOKER",
    )


def test_who_they_are_goes_by_course(tmp_path):
    table = read(tmp_path, "ID,TIME,EVID,AMT,WT,IFN_HIGH\n1,0,1,100,70,1\n1,7,1,100,70,.\n2,0,1,100,.,0")
    assert table.covariates["body_weight"].tolist() == pytest.approx([70.0, np.nan], nan_ok=True)
    assert table.covariates["is_ifn_high"].tolist() == [1.0, 0.0]
