"""Dose tables and the schedules made from them."""

import numpy as np
import pytest

from ifntrial.errors import InputError, UnknownNameError
from ifntrial.solver.doses import DoseKind, DoseTable
from ifntrial.solver.schedule import Operation, build_schedule

STATES = ("depot", "central")


def operations(table, subject=0):
    plan = build_schedule(table, STATES)
    span = slice(plan.first[subject], plan.first[subject + 1])
    return [
        (t, Operation(o).name, STATES[s], v)
        for t, o, s, v in zip(
            plan.time[span], plan.operation[span], plan.state[span], plan.value[span], strict=True
        )
    ]


def test_repeats_lag_and_bioavailability_apply_to_a_bolus():
    table = DoseTable.regimen(
        2,
        state="depot",
        amount=[100.0, 200.0],
        start=1.0,
        interval=7.0,
        n_doses=3,
        lag=0.5,
        bioavailability=[0.5, 1],
    )
    assert operations(table, 0) == [(t, "ADD_STATE", "depot", 50.0) for t in (1.5, 8.5, 15.5)]
    assert operations(table, 1) == [(t, "ADD_STATE", "depot", 200.0) for t in (1.5, 8.5, 15.5)]


def test_add_state_ignores_lag_and_bioavailability():
    table = DoseTable.from_columns(
        1,
        subject=[0],
        time=1.0,
        state="depot",
        amount=8.0,
        kind=DoseKind.ADD_STATE,
        lag=3.0,
        bioavailability=0.5,
    )
    assert operations(table) == [(1.0, "ADD_STATE", "depot", 8.0)]


def test_bioavailability_scales_the_rate_of_a_duration_and_the_length_of_a_rate():
    by_duration = DoseTable.regimen(1, state="central", amount=10.0, duration=2.0, bioavailability=0.5)
    by_rate = DoseTable.regimen(1, state="central", amount=10.0, rate=5.0, bioavailability=0.5)
    assert operations(by_duration) == [(0.0, "SET_INPUT", "central", 2.5), (2.0, "SET_INPUT", "central", 0.0)]
    assert operations(by_rate) == [(0.0, "SET_INPUT", "central", 5.0), (1.0, "SET_INPUT", "central", 0.0)]


def test_overlapping_infusions_add_and_end_at_exactly_zero():
    table = DoseTable.from_columns(
        1,
        subject=[0, 0, 0],
        time=[0.0, 1.0, 1.0],
        state="central",
        amount=[0.3, 0.1, 0.7],
        duration=[3.0, 1.0, 4.0],
    )
    values = [value for *_, value in operations(table)]
    assert values[-1] == 0.0
    assert values[2] == pytest.approx(0.1 + 0.1 + 0.175)


def test_back_to_back_infusions_hand_over():
    table = DoseTable.regimen(1, state="central", amount=6.0, duration=2.0, interval=2.0, n_doses=2)
    assert [value for *_, value in operations(table)] == [3.0, 0.0, 3.0, 0.0]


def test_a_reset_ends_infusions_and_inputs_before_it_but_not_the_dose_after_it():
    table = DoseTable.from_columns(
        1,
        subject=[0, 0, 0, 0],
        time=[0.0, 0.0, 2.0, 2.0],
        state=["central", "depot", "central", "central"],
        amount=[10.0, 1.0, 0.0, 4.0],
        duration=[5.0, 0.0, 0.0, 1.0],
        kind=[DoseKind.INFUSION, DoseKind.SET_INPUT, DoseKind.RESET, DoseKind.INFUSION],
    )
    after = [step for step in operations(table) if step[0] >= 2.0]
    assert sorted(after[:2]) == [(2.0, "SET_INPUT", "central", 0.0), (2.0, "SET_INPUT", "depot", 0.0)]
    assert [step[1] for step in after] == ["SET_INPUT", "SET_INPUT", "RESET", "SET_INPUT", "SET_INPUT"]
    assert after[3:] == [(2.0, "SET_INPUT", "central", 4.0), (3.0, "SET_INPUT", "central", 0.0)]


def test_set_input_stays_beside_infusions():
    table = DoseTable.from_columns(
        1,
        subject=[0, 0],
        time=[0.0, 1.0],
        state="central",
        amount=[2.0, 3.0],
        duration=[0.0, 1.0],
        kind=[DoseKind.SET_INPUT, DoseKind.INFUSION],
    )
    assert [(time, value) for time, _, _, value in operations(table)] == [(0.0, 2.0), (1.0, 5.0), (2.0, 2.0)]


def test_values_that_are_not_finite_flag_only_their_subject():
    table = DoseTable.regimen(3, state="depot", amount=[1.0, np.nan, 2.0])
    plan = build_schedule(table, STATES)
    assert plan.is_bad.tolist() == [False, True, False]
    assert operations(table, 2) == [(0.0, "ADD_STATE", "depot", 2.0)]


def test_join_and_take_keep_names_and_order():
    first = DoseTable.regimen(3, state="depot", amount=[1.0, 2.0, 3.0])
    second = DoseTable.regimen(3, state="central", amount=[4.0, 5.0, 6.0], duration=1.0)
    taken = DoseTable.join(first, second).take([2, 0])
    assert operations(taken, 0)[0] == (0.0, "ADD_STATE", "depot", 3.0)
    assert operations(taken, 1)[1] == (0.0, "SET_INPUT", "central", 4.0)


def test_problems_of_a_table_are_listed_together():
    with pytest.raises(InputError) as error:
        DoseTable.from_columns(
            1, subject=[0, 5], time=0.0, state="depot", amount=1.0, rate=1.0, duration=1.0, additional=2
        )
    assert len(error.value.problems) == 3


def test_an_unknown_state_names_the_closest():
    with pytest.raises(UnknownNameError, match="central"):
        build_schedule(DoseTable.regimen(1, state="centrl", amount=1.0), STATES)


def test_joining_different_populations_is_refused():
    with pytest.raises(InputError, match="different populations"):
        DoseTable.join(DoseTable.none(1), DoseTable.none(2))


def test_a_plan_given_twice_is_refused():
    with pytest.raises(InputError, match="given twice"):
        DoseTable.regimen(1, state="depot", amount=1.0, times=[0.0, 1.0], n_doses=3, interval=1.0)
