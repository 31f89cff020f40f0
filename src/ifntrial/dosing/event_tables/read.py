"""Read an event table: text first, then each value by the kind of its record."""

from pathlib import Path

import numpy as np
import pandas as pd

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.dosing.event_tables.checks import Columns, pending_at_resets, require_few, require_possible
from ifntrial.dosing.event_tables.columns import (
    BLOOD,
    COMPARTMENTS,
    COVARIATES,
    rename_columns,
    unread_columns,
)
from ifntrial.dosing.event_tables.record import DOSE, RESET, RESET_AND_DOSE, EventTable
from ifntrial.dosing.event_tables.text_table import MISSING, TextTable, load_text_table
from ifntrial.dosing.event_tables.times import day_factor, number, read_times
from ifntrial.errors import TableError, listed

NEUTRAL = {"F": 1.0, "ALAG": 0.0}
"""Values that change nothing."""


def read_event_table(source: pd.DataFrame | str | Path, *, time_unit: str | None = None) -> EventTable:
    """Return the events of a table or CSV file.

    Parameters
    ----------
    source
        Columns ID (text), TIME or DATE, EVID (0-4), AMT [mg], and optionally CMT (1 or depot, 2 or central; central
        where it is missing), RATE or DUR, II, ADDL, SS, F or F1 and F2, ALAG or ALAG1 and ALAG2, and for RATE -1 and -2
        R1, R2, D1, D2. Column names in any case. ``docs/choose_a_dose.md`` says what is read, left out and refused.
    time_unit
        ``day`` or ``hour``, of TIME, II, DUR and ALAG, and of the time in RATE; None for days, which a table with clock
        times and intervals must say.

    Raises
    ------
    TableError
        If a column is absent, or rows are not possible or not read; lists every problem with its row.
    FileError
        If a file is absent, empty or not a table.
    InputError
        If the unit of time is not known, or not that of the table.
    """
    table = rename_columns(load_text_table(source))
    unread = unread_columns(table)
    factor = day_factor(time_unit or "day", table)
    _require_unit_beside_clock(table, time_unit)
    names, subject, problems = _subjects(table)
    time, more = read_times(table, subject, factor)
    columns, doubts = _numbers(table, subject, time, factor)
    require_possible(columns, problems + more + doubts)
    return _assemble(table, names, columns, _notes(table, unread, time_unit))


def _subjects(table: TextTable) -> tuple[list[str], IntArray, list[str]]:
    """Return the names of subjects, the subject of each record, and what is wrong with them."""
    ids = table.columns["ID"]
    rows = np.array(table.rows)
    names = list(dict.fromkeys(ids))
    codes = {name: code for code, name in enumerate(names)}
    subject = np.array([codes[name] for name in ids], dtype=np.int64)
    blank = np.array([name in MISSING for name in ids])
    starts = np.flatnonzero(np.append(True, subject[1:] != subject[:-1]))
    seen, apart = set(), []
    for start in starts:
        apart += [start] if subject[start] in seen else []
        seen.add(int(subject[start]))
    problems = [f"ID is blank: row {listed(rows[blank])}"] if blank.any() else []
    problems += [f"records of a subject stand apart: row {listed(rows[apart])}"] if apart else []
    return names, subject, problems


def _numbers(
    table: TextTable, subject: IntArray, time: FloatArray, factor: float
) -> tuple[Columns, list[str]]:
    compartment = np.array([_compartment(text) for text in _texts(table, "CMT")])
    kind, rate = _column(table, "EVID", missing=float("nan")), _column(table, "RATE")
    is_dose = np.isin(kind, (DOSE, RESET_AND_DOSE))
    duration = _column(table, "DUR") * factor
    share, doubts = _by_compartment(table, "F", compartment, is_dose)
    lag, more = _by_compartment(table, "ALAG", compartment, is_dose)
    rated, _ = _by_compartment(table, "R", compartment, is_dose)
    timed, _ = _by_compartment(table, "D", compartment, is_dose)
    doubts += more
    # RATE -1 and -2 ask for the parameters of the compartment: its rate R, or its duration D
    by_model, by_length = is_dose & (rate == -1), is_dose & (rate == -2)
    lengths = np.where(duration > 0, duration, np.nan_to_num(timed) * factor)
    doubts += _asked(table, "RATE is -1 without a rate above 0 in R1 or R2", by_model & ~(rated > 0))
    doubts += _asked(
        table, "RATE is -2 without a length above 0 in D1, D2 or DUR", by_length & ~(lengths > 0)
    )
    resolved = np.where(by_model & (rated > 0), rated, np.where(by_length, 0.0, rate))
    lengths = np.where(by_length, lengths, duration)
    per_day = np.where(resolved > 0, resolved / factor, resolved)
    return (
        Columns(
            row=np.array(table.rows, dtype=np.int64),
            subject=subject,
            time=time,
            kind=kind,
            amount=_column(table, "AMT"),
            is_amount_missing=np.array([text in MISSING for text in _texts(table, "AMT")]),
            compartment=compartment,
            rate=per_day,
            duration=lengths,
            interval=_column(table, "II") * factor,
            additional=_column(table, "ADDL"),
            steady=_column(table, "SS"),
            lag=np.where(np.isnan(lag), 0.0, lag) * factor,
            share=share,
        ),
        doubts,
    )


def _texts(table: TextTable, name: str) -> list[str]:
    return table.columns.get(name, ["."] * len(table.rows))


def _column(table: TextTable, name: str, missing: float = 0.0) -> FloatArray:
    return np.array([missing if text in MISSING else number(text) for text in _texts(table, name)])


def _compartment(text: str) -> float:
    value = number(text)
    if text in MISSING or value == 0.0:
        return float(BLOOD)
    name = str(int(value)) if np.isfinite(value) and value == int(value) else text.upper()
    return float(COMPARTMENTS.get(name, -9))


def _by_compartment(
    table: TextTable, name: str, compartment: FloatArray, is_dose: BoolArray
) -> tuple[FloatArray, list[str]]:
    """Return a parameter of the dosed compartment from F, or F1 and F2; NaN where the table says nothing."""
    unsaid, problems = float("nan"), []
    whole, first, second = (_column(table, each, unsaid) for each in (name, f"{name}1", f"{name}2"))
    own = np.where(compartment == 1, first, second)
    other = np.where(compartment == 1, second, first)
    for each in (name, f"{name}1", f"{name}2"):
        wrong = np.array([text not in MISSING and np.isnan(number(text)) for text in _texts(table, each)])
        problems += _asked(table, f"{each} is not a number", wrong)
    differ = np.isfinite(whole) & np.isfinite(own) & (whole != own) & is_dose
    problems += _asked(table, f"{name} and {name}1 or {name}2 differ", differ)
    if name in NEUTRAL:
        # a value for the other compartment alone may be meant for this dose
        alone = is_dose & np.isnan(own) & np.isnan(whole) & np.isfinite(other) & (other != NEUTRAL[name])
        problems += _asked(
            table, f"{name}1 or {name}2 is given for a compartment that the dose does not go to", alone
        )
    return np.where(np.isfinite(own), own, whole), problems


def _asked(table: TextTable, what: str, wrong: BoolArray) -> list[str]:
    return [f"{what}: row {listed(np.array(table.rows)[wrong])}"] if wrong.any() else []


def _require_unit_beside_clock(table: TextTable, time_unit: str | None) -> None:
    timed = "DATE" in table.columns or any(":" in text for text in _texts(table, "TIME"))
    spans = [
        name
        for name in ("II", "RATE", "DUR", "ALAG", "ALAG1", "ALAG2", "D1", "D2", "R1", "R2")
        if any(text not in (*MISSING, "0") for text in _texts(table, name))
    ]
    if timed and spans and time_unit is None:
        raise TableError(
            f"the unit of {listed(spans)} beside dates or clock times is not said",
            allowed="day or hour (--time-unit)",
            fix="say it: NONMEM counts hours there, this program days unless told otherwise",
        )


def _notes(table: TextTable, unread: list[str], time_unit: str | None) -> list[str]:
    notes = [] if time_unit else ["Times are taken as days"]
    if table.comments:
        notes.append(f"Rows marked as comments and left out: {listed(table.comments)}")
    if unread:
        notes.append(f"Columns of which nothing is made: {listed(unread)}")
    return notes


def _assemble(table: TextTable, names: list[str], c: Columns, notes: list[str]) -> EventTable:
    kind = c.kind.astype(np.int64)
    is_dose = np.isin(kind, (DOSE, RESET_AND_DOSE))
    additional = np.where(is_dose, c.additional, 0).astype(np.int64)
    require_few(additional, is_dose)
    same = np.append(False, c.subject[1:] == c.subject[:-1])
    restarts = same & np.append(False, np.diff(c.time) < 0) & (kind >= RESET)
    course = np.cumsum(~same | restarts) - 1
    starts = np.flatnonzero(~same | restarts)
    owners = c.subject[starts]
    # courses of a subject stand together
    occasions = np.arange(len(owners)) - np.searchsorted(owners, owners) + 1
    last_dose = c.time + np.where(is_dose, c.lag + additional * c.interval, 0.0)
    problems = pending_at_resets(course, c.time, kind, last_dose, c.row)
    covariates, more = _covariates(table, course)
    if problems or more:
        raise TableError("the event table cannot be used", problems=problems + more, fix="correct these rows")
    by_rate = is_dose & (c.rate > 0)
    duration = np.where(by_rate, c.amount / np.where(by_rate, c.rate, 1.0), c.duration)
    return EventTable(
        ids=tuple(names[owner] for owner in owners),
        occasions=tuple(occasions.tolist()),
        subject=course.astype(np.int64),
        time_days=c.time,
        amount_mg=c.amount,
        duration_days=np.where(is_dose, duration, 0.0),
        compartment=c.compartment.astype(np.int64),
        kind=kind,
        additional=additional,
        interval_days=np.where(is_dose, c.interval, 0.0),
        is_by_rate=by_rate,
        rate_mg_per_day=np.where(by_rate, c.rate, 0.0),
        steady=np.where(is_dose, c.steady, 0).astype(np.int64),
        lag_days=np.where(is_dose, c.lag, 0.0),
        share=np.where(is_dose, c.share, np.nan),
        covariates=covariates,
        notes=tuple(notes),
    )


def _covariates(table: TextTable, course: IntArray) -> tuple[dict[str, FloatArray], list[str]]:
    """Return the covariates of each course; those that change within one are refused."""
    found: dict[str, FloatArray] = {}
    problems: list[str] = []
    courses = int(course.max()) + 1
    for name, meaning in COVARIATES.items():
        if name not in table.columns:
            continue
        values = _column(table, name, float("nan"))
        wrong = np.array([text not in MISSING and np.isnan(number(text)) for text in _texts(table, name)])
        bad = (values <= 0) | (values > 400) if meaning == "body_weight" else (values != 0) & (values != 1)
        problems += _asked(table, f"{name} is not a number", wrong)
        problems += _asked(table, f"{name} is not possible", bad & np.isfinite(values))
        said = np.isfinite(values)
        lowest, highest = np.full(courses, np.inf), np.full(courses, -np.inf)
        np.minimum.at(lowest, course[said], values[said])
        np.maximum.at(highest, course[said], values[said])
        changes = said & (lowest != highest)[course]
        problems += _asked(table, f"{name} changes within a subject, which is not followed", changes)
        own = np.where(np.isfinite(lowest), lowest, np.nan)
        if meaning in found:
            problems.append(f"column {name} says what another column says")
        found[meaning] = own
    return found, problems
