"""Dose tables and schedules of a few rows, written out by hand."""

import numpy as np
import pytest

from ifntrial.errors import InputError, UnknownNameError
from ifntrial.solver.doses import DoseKind, DoseTable
from ifntrial.solver.schedule import Operation, build_schedule, find_inputs, take_schedule

STATES = ("depot", "central")
ADD, SET, RESET = Operation.ADD_STATE, Operation.SET_INPUT, Operation.RESET


def steps(schedule, subject=0):
    """Return (time, operation, state, value) of each operation of a subject."""
    rows = slice(schedule.first[subject], schedule.first[subject + 1])
    columns = (schedule.time, schedule.operation, schedule.state, schedule.value)
    return [tuple(row) for row in zip(*(column[rows].tolist() for column in columns), strict=True)]


def table(subjects=1, **columns):
    return DoseTable.from_columns(subjects, **columns)


def test_a_row_with_a_rate_or_a_duration_is_an_infusion():
    rows = table(subject=[0, 0, 0], time=0.0, state="depot", amount=1.0, rate=[0, 2, 0], duration=[0, 0, 3])
    assert rows.kind.tolist() == [DoseKind.BOLUS, DoseKind.INFUSION, DoseKind.INFUSION]
    assert rows.rows == 3


def test_columns_hold_one_value_or_one_per_row():
    rows = table(
        2, subject=[0, 1], time=[1.0, 2.0], state=["depot", "central"], amount=5.0, additional=2, interval=7.0
    )
    assert rows.amount.tolist() == [5.0, 5.0]
    assert rows.time.tolist() == [1.0, 2.0]
    assert [rows.state_names[code] for code in rows.state] == ["depot", "central"]
    assert rows.additional.tolist() == [2, 2]
    for wrong in ({"amount": [1.0, 2.0, 3.0]}, {"amount": [[1.0], [2.0]]}, {"state": ["depot"]}):
        with pytest.raises(InputError, match=r"wrong shape|another length"):
            table(2, **({"subject": [0, 1], "time": 0.0, "state": "depot", "amount": 1.0} | wrong))


def test_a_plan_at_shared_times_and_one_from_a_start_of_each():
    shared = DoseTable.regimen(2, state="depot", amount=[1.0, 2.0], times=[0.0, 3.0], lag=[0.5, 0.25])
    assert shared.subject.tolist() == [0, 0, 1, 1]
    assert shared.time.tolist() == [0.0, 3.0, 0.0, 3.0]
    assert shared.amount.tolist() == [1.0, 1.0, 2.0, 2.0]
    assert shared.lag.tolist() == [0.5, 0.5, 0.25, 0.25]
    assert shared.additional.tolist() == [0, 0, 0, 0]
    own = DoseTable.regimen(2, state="depot", amount=1.0, start=[1.0, 2.0], interval=7.0, n_doses=4)
    assert own.time.tolist() == [1.0, 2.0]
    assert own.additional.tolist() == [3, 3]
    assert own.interval.tolist() == [7.0, 7.0]
    assert own.bioavailability.tolist() == [1.0, 1.0]
    with pytest.raises(InputError, match="given twice"):
        DoseTable.regimen(1, state="depot", amount=1.0, times=[0.0], interval=1.0)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"subject": [-1]}, r"subject is outside 0 to 0 \(row 0\)"),
        ({"subject": [1]}, r"subject is outside 0 to 0 \(row 0\)"),
        ({"kind": 9}, "kind is none of"),
        ({"kind": DoseKind.INFUSION}, "either a rate or a duration"),
        ({"rate": 1.0, "duration": 1.0}, "either a rate or a duration"),
        ({"rate": -1.0}, "either a rate or a duration"),
        ({"kind": DoseKind.BOLUS, "rate": 1.0}, "only an infusion"),
        ({"kind": DoseKind.BOLUS, "duration": 1.0}, "only an infusion"),
        ({"additional": -1}, "additional is negative"),
        ({"additional": 1}, "need an interval above zero"),
        ({"additional": 1, "interval": 1.0, "kind": DoseKind.RESET}, "a reset cannot be repeated"),
    ],
)
def test_rows_that_contradict_themselves_are_refused(columns, problem):
    with pytest.raises(InputError, match=problem):
        table(**({"subject": [0], "time": 0.0, "state": "depot", "amount": 1.0} | columns))


def test_taken_subjects_are_renumbered_in_the_order_given():
    rows = table(
        3, subject=[0, 1, 2, 0], time=[0.0, 1.0, 2.0, 3.0], state="depot", amount=[1.0, 2.0, 3.0, 4.0]
    )
    taken = rows.take([2, 0])
    assert taken.subjects == 2
    assert taken.subject.tolist() == [1, 0, 1]
    assert taken.amount.tolist() == [1.0, 3.0, 4.0]


def test_joined_tables_keep_the_names_of_their_states():
    one = table(2, subject=[0], time=0.0, state="central", amount=1.0)
    other = table(2, subject=[1, 1], time=0.0, state=["depot", "central"], amount=2.0)
    joined = DoseTable.join(one, other)
    assert [joined.state_names[code] for code in joined.state] == ["central", "depot", "central"]
    assert joined.subject.tolist() == [0, 1, 1]


def test_instant_doses_are_sorted_by_subject_and_time_and_keep_the_order_of_the_table():
    rows = table(
        3,
        subject=[2, 0, 0, 0],
        time=[5.0, 4.0, 1.0, 1.0],
        state=["depot", "central", "depot", "central"],
        amount=[1.0, 2.0, 3.0, 4.0],
    )
    plan = build_schedule(rows, STATES)
    assert plan.first.tolist() == [0, 3, 3, 4]
    assert steps(plan, 0) == [(1.0, ADD, 0, 3.0), (1.0, ADD, 1, 4.0), (4.0, ADD, 1, 2.0)]
    assert steps(plan, 2) == [(5.0, ADD, 0, 1.0)]
    assert plan.is_bad.tolist() == [False, False, False]


def test_repeats_of_rows_interleave():
    both = {"amount": [1.0, 2.0], "additional": [2, 1], "interval": [2.0, 4.0]}
    rows = table(1, subject=[0, 0], time=[0.0, 1.0], state="depot", **both)
    plan = build_schedule(rows, STATES)
    assert [(t, v) for t, _, _, v in steps(plan)] == [
        (0.0, 1.0),
        (1.0, 2.0),
        (2.0, 1.0),
        (4.0, 1.0),
        (5.0, 2.0),
    ]


def test_a_reset_between_doses():
    rows = table(1, subject=[0, 0, 0], time=[0.0, 2.0, 2.0], state="depot", amount=[1.0, 0.0, 3.0],
                 kind=[DoseKind.BOLUS, DoseKind.RESET, DoseKind.BOLUS])  # fmt: skip
    plan = build_schedule(rows, STATES)
    assert [(t, o, v) for t, o, _, v in steps(plan)] == [(0.0, ADD, 1.0), (2.0, RESET, 0.0), (2.0, ADD, 3.0)]


def test_a_bolus_beside_an_infusion_of_another_state_and_subject():
    rows = table(
        2,
        subject=[1, 0, 0],
        time=[0.0, 1.0, 0.5],
        state=["central", "depot", "central"],
        amount=[6.0, 5.0, 4.0],
        duration=[2.0, 0.0, 1.0],
    )
    plan = build_schedule(rows, STATES)
    assert plan.first.tolist() == [0, 3, 5]
    assert steps(plan, 0) == [(0.5, SET, 1, 4.0), (1.0, ADD, 0, 5.0), (1.5, SET, 1, 0.0)]
    assert steps(plan, 1) == [(0.0, SET, 1, 3.0), (2.0, SET, 1, 0.0)]


def test_infusions_of_two_states_do_not_add_up():
    rows = table(
        1, subject=[0, 0], time=[0.0, 1.0], state=["depot", "central"], amount=[4.0, 9.0], duration=[4.0, 3.0]
    )
    plan = build_schedule(rows, STATES)
    assert steps(plan)[:2] == [(0.0, SET, 0, 1.0), (1.0, SET, 1, 3.0)]
    assert sorted(steps(plan)[2:]) == [(4.0, SET, 0, 0.0), (4.0, SET, 1, 0.0)]


def test_lag_shifts_both_ends_of_an_infusion():
    rows = DoseTable.regimen(1, state="central", amount=6.0, rate=2.0, start=1.0, lag=0.5)
    assert steps(build_schedule(rows, STATES)) == [(1.5, SET, 1, 2.0), (4.5, SET, 1, 0.0)]


def test_three_infusions_at_once_leave_in_turn():
    rows = table(
        1,
        subject=[0] * 3,
        time=[0.0, 1.0, 2.0],
        state="central",
        amount=[12.0, 8.0, 2.0],
        rate=[3.0, 2.0, 1.0],
    )
    found = [(t, v) for t, _, _, v in steps(build_schedule(rows, STATES))]
    # 3 from 0 to 4, 2 from 1 to 5, 1 from 2 to 4
    assert found[:3] == [(0.0, 3.0), (1.0, 5.0), (2.0, 6.0)]
    assert found[-1] == (5.0, 0.0)
    assert [t for t, _ in found[3:]] == [4.0, 4.0, 5.0]
    assert found[4] == (4.0, 2.0)


def test_infusions_that_overlap_add_up_in_each_subject_alone():
    rows = table(
        3,
        subject=[0, 1, 1, 2, 2],
        time=[0.0, 0.0, 1.0, 0.0, 1.0],
        state="central",
        amount=[2.0, 6.0, 8.0, 10.0, 12.0],
        duration=2.0,
    )
    schedule = build_schedule(rows, STATES)
    assert steps(schedule, 0) == [(0.0, SET, 1, 1.0), (2.0, SET, 1, 0.0)]
    assert steps(schedule, 1) == [
        (0.0, SET, 1, 3.0),
        (1.0, SET, 1, 7.0),
        (2.0, SET, 1, 4.0),
        (3.0, SET, 1, 0.0),
    ]
    assert steps(schedule, 2) == [
        (0.0, SET, 1, 5.0),
        (1.0, SET, 1, 11.0),
        (2.0, SET, 1, 6.0),
        (3.0, SET, 1, 0.0),
    ]


def test_an_input_that_is_set_anew_replaces_the_one_before():
    rows = table(
        1,
        subject=[0] * 3,
        time=[0.0, 1.0, 2.0],
        state="central",
        amount=[2.0, 5.0, 0.0],
        kind=DoseKind.SET_INPUT,
    )
    assert [(t, v) for t, _, _, v in steps(build_schedule(rows, STATES))] == [
        (0.0, 2.0),
        (1.0, 5.0),
        (2.0, 0.0),
    ]


def test_a_reset_of_one_subject_leaves_the_infusion_of_another():
    rows = table(
        2,
        subject=[0, 0, 1],
        time=[0.0, 1.0, 0.0],
        state="central",
        amount=[4.0, 0.0, 4.0],
        duration=[4.0, 0.0, 4.0],
        kind=[DoseKind.INFUSION, DoseKind.RESET, DoseKind.INFUSION],
    )
    plan = build_schedule(rows, STATES)
    assert steps(plan, 0) == [(0.0, SET, 1, 1.0), (1.0, SET, 1, 0.0), (1.0, RESET, 0, 0.0)]
    assert steps(plan, 1) == [(0.0, SET, 1, 1.0), (4.0, SET, 1, 0.0)]


def test_an_infusion_of_nothing_does_nothing():
    rows = DoseTable.regimen(1, state="central", amount=0.0, rate=2.0)
    assert steps(build_schedule(rows, STATES)) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"time": np.inf},
        {"lag": -1.0},
        {"bioavailability": -0.1},
        {"amount": -1.0, "duration": 1.0},
        {"rate": np.nan},
    ],
)
def test_a_dose_that_cannot_be_given_flags_its_subject_and_is_left_out(bad):
    columns = {
        "time": [0.0, 1.0],
        "amount": [1.0, 2.0],
        "lag": 0.0,
        "bioavailability": 1.0,
        "duration": 0.0,
        "rate": 0.0,
    }
    columns = {
        name: np.broadcast_to(np.array(value, dtype=float), 2).copy() for name, value in columns.items()
    }
    for name, value in bad.items():
        columns[name][0] = value
    plan = build_schedule(table(2, subject=[0, 1], state="depot", **columns), STATES)
    assert plan.is_bad.tolist() == [True, False]
    assert steps(plan, 0) == []
    assert steps(plan, 1) == [(1.0, ADD, 0, 2.0)]


def test_what_is_taken_away_is_a_negative_bolus():
    rows = table(subject=[0], time=0.0, state="depot", amount=-1.0)
    assert steps(build_schedule(rows, STATES)) == [(0.0, ADD, 0, -1.0)]


def test_schedules_of_chosen_subjects():
    rows = DoseTable.regimen(3, state="depot", amount=[1.0, np.nan, 3.0], times=[0.0, 2.0])
    plan = take_schedule(build_schedule(rows, STATES), np.array([2, 1, 0]))
    assert plan.first.tolist() == [0, 2, 2, 4]
    assert steps(plan, 0) == [(0.0, ADD, 0, 3.0), (2.0, ADD, 0, 3.0)]
    assert steps(plan, 2) == [(0.0, ADD, 0, 1.0), (2.0, ADD, 0, 1.0)]
    assert plan.is_bad.tolist() == [False, True, False]


def test_inputs_before_a_time_of_each_subject():
    rows = table(
        2,
        subject=[0, 0, 1],
        time=[0.0, 1.0, 2.0],
        state=["central", "depot", "central"],
        amount=[6.0, 4.0, 8.0],
        duration=[3.0, 4.0, 2.0],
    )
    plan = build_schedule(rows, STATES)
    # an input that is set at just this time is not yet there
    assert find_inputs(plan, np.array([1.0, 2.0]), 2).tolist() == [[0.0, 2.0], [0.0, 0.0]]
    assert find_inputs(plan, np.array([2.0, 3.0]), 2).tolist() == [[1.0, 2.0], [0.0, 4.0]]
    assert find_inputs(plan, np.array([4.0, 9.0]), 2).tolist() == [[1.0, 0.0], [0.0, 0.0]]


def test_a_table_without_doses():
    plan = build_schedule(DoseTable.none(2), STATES)
    assert plan.first.tolist() == [0, 0, 0]
    assert len(plan.time) == 0


def test_a_state_that_is_not_there_names_the_closest():
    with pytest.raises(UnknownNameError, match="did you mean depot"):
        build_schedule(DoseTable.regimen(1, state="depott", amount=1.0), STATES)
