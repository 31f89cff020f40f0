"""Dose tables: what every subject is given, when and where, with the meaning NONMEM gives to each column."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike

from ifntrial.arrays import FloatArray, IntArray, WordArray
from ifntrial.errors import InputError, listed


class DoseKind(IntEnum):
    """What one row of a dose table does."""

    BOLUS = 0  # adds bioavailability * amount at time + lag
    INFUSION = 1  # adds bioavailability * amount evenly over a duration
    RESET = 2  # puts all states back to their initial values and ends all inputs
    SET_INPUT = 3  # from now on adds `amount` per time unit to the state, beside infusions
    ADD_STATE = 4  # adds `amount` at `time`, untouched by lag and bioavailability


@dataclass(frozen=True, slots=True)
class DoseTable:
    """Doses of a population, one row per dose or per repeated dose, as columns of equal length.

    A dose at time t acts just after t: a visit at t is recorded before it. Rows of one subject at one time act in
    the order of the table. Build tables with ``DoseTable.regimen``, ``from_columns``, ``none`` and ``join``.

    Parameters
    ----------
    subjects
        Number of subjects; those without a row are untreated.
    subject
        Subject of each row, 0 .. subjects - 1.
    time
        Time of the (first) dose [time unit].
    state
        Position of the dosed state in ``state_names``.
    amount
        Amount [state unit], or amount per time unit for ``SET_INPUT``.
    kind
        A ``DoseKind`` for each row.
    rate
        Infusion rate [state unit / time unit]; 0 if ``duration`` is given. As in NONMEM a bioavailability then
        shortens or lengthens the infusion.
    duration
        Length of the infusion [time unit]; 0 if ``rate`` is given. A bioavailability then scales the rate.
    additional
        Number of further doses (ADDL).
    interval
        Time between them (II) [time unit].
    lag
        Delay of a bolus or infusion [time unit].
    bioavailability
        Share of a bolus or infusion that arrives.
    state_names
        Names of the dosed states.
    """

    subjects: int
    subject: IntArray
    time: FloatArray
    state: IntArray
    amount: FloatArray
    kind: IntArray
    rate: FloatArray
    duration: FloatArray
    additional: IntArray
    interval: FloatArray
    lag: FloatArray
    bioavailability: FloatArray
    state_names: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.subject)

    @classmethod
    def none(cls, subjects: int) -> "DoseTable":
        """Return a table without doses."""
        return cls.from_columns(subjects, subject=np.empty(0, np.int64), time=0.0, state=(), amount=0.0)

    @classmethod
    def from_columns(
        cls,
        subjects: int,
        *,
        subject: ArrayLike,
        time: ArrayLike,
        state: str | Sequence[str] | WordArray,
        amount: ArrayLike,
        kind: DoseKind | ArrayLike | None = None,
        rate: ArrayLike = 0.0,
        duration: ArrayLike = 0.0,
        additional: ArrayLike = 0,
        interval: ArrayLike = 0.0,
        lag: ArrayLike = 0.0,
        bioavailability: ArrayLike = 1.0,
    ) -> "DoseTable":
        """Return a table from columns; each is one value, or one per row. The length is that of ``subject``.

        Without ``kind`` a row with a rate or a duration is an infusion, any other a bolus.

        Raises
        ------
        InputError
            If columns differ in length, a subject is out of range, or a row's values contradict each other;
            lists every problem. Values that are not finite are no error: they flag that subject when solved.
        """
        index = np.atleast_1d(np.asarray(subject, dtype=np.int64))
        names, code = _encode(state, len(index))
        given_rate, given_duration = (
            _column("rate", rate, len(index)),
            _column("duration", duration, len(index)),
        )
        if kind is None:
            kind = np.where((given_rate != 0) | (given_duration != 0), DoseKind.INFUSION, DoseKind.BOLUS)
        table = cls(
            subjects=int(subjects),
            subject=index,
            time=_column("time", time, len(index)),
            state=code,
            amount=_column("amount", amount, len(index)),
            kind=_column("kind", np.asarray(kind), len(index)).astype(np.int64),
            rate=given_rate,
            duration=given_duration,
            additional=_column("additional", additional, len(index)).astype(np.int64),
            interval=_column("interval", interval, len(index)),
            lag=_column("lag", lag, len(index)),
            bioavailability=_column("bioavailability", bioavailability, len(index)),
            state_names=names,
        )
        _require_sound(table)
        return table

    @classmethod
    def regimen(
        cls,
        subjects: int,
        *,
        state: str,
        amount: ArrayLike,
        times: ArrayLike | None = None,
        start: ArrayLike = 0.0,
        interval: float = 0.0,
        n_doses: int = 1,
        rate: ArrayLike = 0.0,
        duration: ArrayLike = 0.0,
        lag: ArrayLike = 0.0,
        bioavailability: ArrayLike = 1.0,
    ) -> "DoseTable":
        """Return one plan given to everyone: doses at shared ``times``, or ``n_doses`` every ``interval`` from ``start``.

        ``amount``, ``start``, ``rate``, ``duration``, ``lag`` and ``bioavailability`` are one value or one per
        subject, shape (subjects,).

        Raises
        ------
        InputError
            If ``times`` is given together with a repeated plan, or a value contradicts another.

        Examples
        --------
        >>> weekly = DoseTable.regimen(2, state="depot", amount=120.0, interval=7.0, n_doses=52)
        >>> weekly.rows, weekly.additional.tolist()
        (2, [51, 51])
        """
        if times is not None and (n_doses != 1 or interval != 0.0):
            raise InputError(
                "a regimen is given twice", allowed="either times, or start with interval and n_doses"
            )
        everyone = np.arange(subjects)
        shared = np.atleast_1d(np.asarray(0.0 if times is None else times, dtype=float))
        per_row = {
            name: np.repeat(_column(name, value, subjects), len(shared))
            for name, value in {
                "amount": amount, "rate": rate, "duration": duration, "lag": lag, "bioavailability": bioavailability
            }.items()
        }  # fmt: skip
        return cls.from_columns(
            subjects,
            subject=np.repeat(everyone, len(shared)),
            time=np.repeat(_column("start", start, subjects), len(shared))
            if times is None
            else np.tile(shared, subjects),
            state=state,
            additional=n_doses - 1,
            interval=interval,
            **per_row,
        )

    @classmethod
    def join(cls, *tables: "DoseTable") -> "DoseTable":
        """Return one table with the rows of several, in order; all must have the same number of subjects.

        Raises
        ------
        InputError
            If the numbers of subjects differ.
        """
        sizes = {table.subjects for table in tables}
        if len(sizes) != 1:
            raise InputError(
                "dose tables of different populations cannot be joined", given=f"subjects {sorted(sizes)}"
            )
        names = tuple(dict.fromkeys(name for table in tables for name in table.state_names))
        columns = {
            item.name: np.concatenate([getattr(table, item.name) for table in tables])
            for item in fields(cls)
            if item.name not in ("subjects", "state_names", "state")
        }
        codes = [
            np.array([names.index(name) for name in table.state_names], np.int64)[table.state]
            for table in tables
        ]
        return cls(subjects=sizes.pop(), state=np.concatenate(codes), state_names=names, **columns)

    def take(self, chosen: ArrayLike) -> "DoseTable":
        """Return the table of chosen subjects, renumbered in the order given; shape (chosen,), no repeats."""
        order = np.asarray(chosen, dtype=np.int64)
        place = np.full(self.subjects, -1, dtype=np.int64)
        place[order] = np.arange(len(order))
        rows = np.flatnonzero(place[self.subject] >= 0)
        columns = {
            item.name: getattr(self, item.name)[rows]
            for item in fields(self)
            if item.name not in ("subjects", "state_names", "subject")
        }
        return DoseTable(
            subjects=len(order), subject=place[self.subject[rows]], state_names=self.state_names, **columns
        )


def _encode(state: str | Sequence[str] | WordArray, rows: int) -> tuple[tuple[str, ...], IntArray]:
    if isinstance(state, str):
        return (state,), np.zeros(rows, dtype=np.int64)
    if len(state) != rows:
        raise InputError(
            "column 'state' has another length than 'subject'",
            given=len(state),
            allowed=f"{rows} or one name",
        )
    names, code = np.unique(np.asarray(state, dtype=np.str_), return_inverse=True)
    return tuple(str(name) for name in names), code.astype(np.int64).reshape(rows)


def _column(name: str, value: ArrayLike, rows: int) -> FloatArray:
    column = np.asarray(value, dtype=np.float64)
    if column.ndim > 1 or (column.ndim == 1 and len(column) != rows):
        raise InputError(
            f"column '{name}' has the wrong shape",
            given=f"{column.shape}",
            allowed=f"one value, or shape ({rows},)",
        )
    return np.ascontiguousarray(np.broadcast_to(column, (rows,)))


def _require_sound(table: DoseTable) -> None:
    infusion = table.kind == DoseKind.INFUSION
    repeated = table.additional > 0
    timed = (table.rate != 0) | (table.duration != 0)
    checks = {
        f"subject is outside 0 to {table.subjects - 1}": (table.subject < 0)
        | (table.subject >= table.subjects),
        f"kind is none of {listed(f'{kind.value} {kind.name}' for kind in DoseKind)}": ~np.isin(
            table.kind, list(DoseKind)
        ),
        "an infusion needs either a rate or a duration, above zero": infusion
        & ~((table.rate > 0) ^ (table.duration > 0))
        & ~(np.isnan(table.rate) | np.isnan(table.duration)),
        "only an infusion has a rate or a duration": ~infusion & timed,
        "additional is negative": table.additional < 0,
        "additional doses need an interval above zero": repeated & ~(table.interval > 0),
        "a reset cannot be repeated": repeated & (table.kind == DoseKind.RESET),
    }
    problems = [
        f"{text} (row {listed(np.flatnonzero(wrong))})" for text, wrong in checks.items() if np.any(wrong)
    ]
    if problems:
        raise InputError("the dose table is not usable", problems=problems, fix="correct these rows")
