"""Dose tables turned into what a solver does: sorted operations of each subject, with infusions resolved."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.errors import UnknownNameError, closest, listed
from ifntrial.solver.doses import DoseKind, DoseTable


class Operation(IntEnum):
    """What a solver does to one subject at one time."""

    ADD_STATE = 0
    SET_INPUT = 1
    RESET = 2


@dataclass(frozen=True, slots=True)
class Schedule:
    """Operations of all subjects, sorted by subject and time.

    Parameters
    ----------
    first
        Operations of subject i are ``first[i] .. first[i + 1] - 1``, shape (subjects + 1,).
    time, operation, state, value
        Shape (operations,); ``SET_INPUT`` holds the whole input of the state from then on.
    is_bad
        Whether a subject has a dose that cannot be given, shape (subjects,).
    """

    first: IntArray
    time: FloatArray
    operation: IntArray
    state: IntArray
    value: FloatArray
    is_bad: BoolArray


@dataclass(frozen=True, slots=True)
class _Rows:
    """Dose rows after repeats, lag and bioavailability; ``order`` is the place in the table."""

    subject: IntArray
    time: FloatArray
    state: IntArray
    kind: IntArray
    amount: FloatArray
    end: FloatArray
    order: IntArray


def build_schedule(table: DoseTable, states: tuple[str, ...]) -> Schedule:
    """Return the operations of a dose table for a system with ``states``.

    Raises
    ------
    UnknownNameError
        If a dosed state is not in the system.
    """
    code = np.array([_position(name, states) for name in table.state_names], dtype=np.int64)
    is_bad = _find_bad_subjects(table)
    rows = _cut_at_resets(_expand(table, code, ~is_bad[table.subject]))
    if not np.any((rows.kind == DoseKind.INFUSION) | (rows.kind == DoseKind.SET_INPUT)):
        return _schedule_instants(table.subjects, rows, is_bad)
    adds = (rows.kind == DoseKind.BOLUS) | (rows.kind == DoseKind.ADD_STATE)
    resets = rows.kind == DoseKind.RESET
    inputs = _resolve_inputs(rows)
    subject = np.concatenate([rows.subject[adds], rows.subject[resets], inputs[0]])
    time = np.concatenate([rows.time[adds], rows.time[resets], inputs[1]])
    order = np.concatenate([rows.order[adds], rows.order[resets], inputs[4]])
    operation = np.repeat(
        [Operation.ADD_STATE, Operation.RESET, Operation.SET_INPUT],
        [adds.sum(), resets.sum(), len(inputs[0])],
    )
    state = np.concatenate([rows.state[adds], np.zeros(resets.sum(), np.int64), inputs[2]])
    value = np.concatenate([rows.amount[adds], np.zeros(resets.sum()), inputs[3]])
    sorting = _sort_rows(subject, time, order)
    first = np.zeros(table.subjects + 1, dtype=np.int64)
    np.cumsum(np.bincount(subject, minlength=table.subjects), out=first[1:])
    return Schedule(first, time[sorting], operation[sorting], state[sorting], value[sorting], is_bad)


def _schedule_instants(subjects: int, rows: _Rows, is_bad: BoolArray) -> Schedule:
    """Return the schedule of rows that all act at once; the common case, and a population holds millions."""
    sorting = _sort_rows(rows.subject, rows.time, rows.order)
    operation = np.where(rows.kind == DoseKind.RESET, Operation.RESET, Operation.ADD_STATE).astype(np.int64)
    first = np.zeros(subjects + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows.subject, minlength=subjects), out=first[1:])
    return Schedule(
        first, rows.time[sorting], operation[sorting], rows.state[sorting], rows.amount[sorting], is_bad
    )


def _sort_rows(subject: IntArray, time: FloatArray, order: IntArray) -> IntArray | slice:
    """Return what sorts by subject, time and order; a table is often sorted as it is given."""
    # in order: a later subject, or a later time, or a later place in the table
    at_once = (time[1:] == time[:-1]) & (order[1:] >= order[:-1])
    if np.all(
        (subject[1:] > subject[:-1]) | ((subject[1:] == subject[:-1]) & ((time[1:] > time[:-1]) | at_once))
    ):
        return slice(None)
    return np.lexsort((order, time, subject))


def take_schedule(schedule: Schedule, chosen: IntArray) -> Schedule:
    """Return the schedule of chosen subjects, shape (chosen,), in the order given."""
    counts = np.diff(schedule.first)[chosen]
    first = np.zeros(len(chosen) + 1, dtype=np.int64)
    np.cumsum(counts, out=first[1:])
    rows = np.repeat(schedule.first[chosen] - first[:-1], counts) + np.arange(first[-1])
    return Schedule(
        first=first,
        time=schedule.time[rows],
        operation=schedule.operation[rows],
        state=schedule.state[rows],
        value=schedule.value[rows],
        is_bad=schedule.is_bad[chosen],
    )


def find_inputs(schedule: Schedule, time: FloatArray, states: int) -> FloatArray:
    """Return the inputs set before a time of each subject, shape (subjects, states)."""
    inputs = np.zeros((len(time), states))
    owner = np.repeat(np.arange(len(time)), np.diff(schedule.first))
    is_set = (schedule.operation == Operation.SET_INPUT) & (schedule.time < time[owner])
    # later operations overwrite earlier ones
    for index in np.flatnonzero(is_set):
        inputs[owner[index], schedule.state[index]] = schedule.value[index]
    return inputs


def _position(name: str, states: tuple[str, ...]) -> int:
    if name not in states:
        raise UnknownNameError(
            f"dosed state '{name}' is not in the system",
            allowed=listed(states),
            fix=closest(name, states) or "dose one of these",
        )
    return states.index(name)


def _find_bad_subjects(table: DoseTable) -> BoolArray:
    columns = (
        table.time,
        table.amount,
        table.rate,
        table.duration,
        table.interval,
        table.lag,
        table.bioavailability,
    )
    sound = np.logical_and.reduce([np.isfinite(column) for column in columns])
    sound &= (table.lag >= 0) & (table.bioavailability >= 0)
    sound &= (table.kind != DoseKind.INFUSION) | (table.amount >= 0)
    is_bad = np.zeros(table.subjects, dtype=np.bool_)
    is_bad[table.subject[~sound]] = True
    return is_bad


def _expand(table: DoseTable, code: IntArray, wanted: BoolArray) -> _Rows:
    """Write out repeats, and apply lag and bioavailability where they belong."""
    if wanted.all() and not table.additional.any():
        source: IntArray | slice = slice(None)
        repeat: IntArray | int = 0
    else:
        rows = np.flatnonzero(wanted)
        counts = table.additional[rows] + 1
        source = np.repeat(rows, counts)
        repeat = np.arange(len(source)) - np.repeat(np.cumsum(counts) - counts, counts)
    # what does not change from repeat to repeat is worked out once per row
    is_drug = (table.kind == DoseKind.BOLUS) | (table.kind == DoseKind.INFUSION)
    amount = table.amount * np.where(is_drug, table.bioavailability, 1.0)
    begin = table.time + np.where(is_drug, table.lag, 0.0)
    value, length = _resolve_lengths(table, amount)
    time = begin[source] + repeat * table.interval[source] if isinstance(source, np.ndarray) else begin
    return _Rows(
        subject=table.subject[source],
        time=time,
        state=code[table.state][source] if len(code) else np.zeros(len(time), np.int64),
        kind=table.kind[source],
        amount=value[source],
        end=time + length[source] if length.any() else time,
        order=np.arange(table.rows)[source],
    )


def _resolve_lengths(table: DoseTable, amount: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return amounts, or rates of infusions, and how long each row acts."""
    infused = table.kind == DoseKind.INFUSION
    length = np.where(table.kind == DoseKind.SET_INPUT, np.inf, 0.0)
    if not infused.any():
        return amount, length
    by_rate = infused & (table.rate > 0)
    length = np.where(
        by_rate, amount / np.where(by_rate, table.rate, 1.0), np.where(infused, table.duration, length)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = np.where(by_rate, table.rate, amount / length)
    # an infusion that is over at once (nothing arrives) has no rate
    return np.where(infused, np.where(length > 0, speed, 0.0), amount), length


def _cut_at_resets(rows: _Rows) -> _Rows:
    """End infusions and set inputs at the next reset of the subject."""
    if not np.any(rows.kind == DoseKind.RESET):
        return rows
    sorting = np.lexsort((rows.order, rows.time, rows.subject))
    subject, time = rows.subject[sorting], rows.time[sorting]
    place = np.where(rows.kind[sorting] == DoseKind.RESET, np.arange(len(sorting)), len(sorting))
    following = np.minimum.accumulate(place[::-1])[::-1]
    found = following < len(sorting)
    target = np.where(found, following, 0)
    found &= subject[target] == subject
    limit = np.full(len(sorting), np.inf)
    limit[sorting] = np.where(found, time[target], np.inf)
    return _Rows(
        rows.subject, rows.time, rows.state, rows.kind, rows.amount, np.minimum(rows.end, limit), rows.order
    )


def _resolve_inputs(rows: _Rows) -> tuple[IntArray, FloatArray, IntArray, FloatArray, IntArray]:
    """Return (subject, time, state, value, order) of each change of an input, holding its whole new value."""
    is_input = (rows.kind == DoseKind.INFUSION) | (rows.kind == DoseKind.SET_INPUT)
    chosen = np.flatnonzero(is_input & (rows.end > rows.time))
    # each start is followed by its end, which leaves infusions one after another in order
    source = np.repeat(chosen, 2)
    is_end = np.arange(len(source)) % 2 == 1
    kept = ~is_end | np.isfinite(rows.end[source])
    source, is_end = source[kept], is_end[kept]
    subject, state = rows.subject[source], rows.state[source]
    time = np.where(is_end, rows.end[source], rows.time[source])
    # an end acts before anything else at its time, so that a dose right after a reset is kept
    order = np.where(is_end, -1, rows.order[source])
    one_state = len(state) == 0 or (state == state[0]).all()
    sorting = _sort_rows(subject, time, order) if one_state else np.lexsort((order, time, state, subject))
    subject, state, time = subject[sorting], state[sorting], time[sorting]
    order, is_end = order[sorting], is_end[sorting]
    amount, is_base = rows.amount[source][sorting], (rows.kind[source] == DoseKind.SET_INPUT)[sorting]
    value = np.where(is_end, 0.0, amount)
    new_group = np.ones(len(subject), dtype=np.bool_)
    new_group[1:] = (subject[1:] != subject[:-1]) | (state[1:] != state[:-1])
    # where one input simply follows another the value stands already; the rest are summed one group at a time
    plain = np.ones(len(subject), dtype=np.bool_)
    plain[1:] = new_group[1:] | (is_end[1:] != is_end[:-1])
    plain &= ~is_base & ~(new_group & is_end)
    group = np.cumsum(new_group) - 1
    bounds = np.append(np.flatnonzero(new_group), len(subject))
    for index in np.unique(group[~plain]):
        part = slice(bounds[index], bounds[index + 1])
        value[part] = _sum_inputs(amount[part], is_end[part], is_base[part])
    return subject, time, state, value, order


def _sum_inputs(amount: FloatArray, is_end: BoolArray, is_base: BoolArray) -> FloatArray:
    """Return the whole input after each change; exactly the base value when no infusion runs."""
    running: list[float] = []
    base, totals = 0.0, []
    for value, ended, sets in zip(amount.tolist(), is_end.tolist(), is_base.tolist(), strict=True):
        if sets:
            base = 0.0 if ended else value
        elif ended:
            running.remove(value)
        else:
            running.append(value)
        totals.append(base + sum(running))
    return np.array(totals)
