"""Doses at steady state: the same doses given long before, so that a solver reaches the steady state by itself."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.dosing.event_tables.checks import MOST_ADDITIONAL
from ifntrial.dosing.event_tables.record import DOSE, OBSERVATION, EventTable
from ifntrial.errors import TableError

JUST_AFTER_DAYS = 1e-9
"""An observation listed after a dose of its time is taken this much later [day]: a tenth of a millisecond."""

_PER_EVENT = (
    "time_days", "amount_mg", "duration_days", "compartment", "kind", "additional", "interval_days", "is_by_rate",
    "rate_mg_per_day", "steady", "lag_days", "share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Events without steady state: each course, or stretch of one from a dose at steady state on, by itself.

    Parameters
    ----------
    events
        The events of each stretch; times are those of the table plus ``shift_days``.
    course
        Course of the table that each stretch belongs to, shape (stretches,).
    shift_days
        What was added to the times of each stretch [day], shape (stretches,): the length of its run-in.
    """

    events: EventTable
    course: IntArray
    shift_days: FloatArray

    def look_days(self) -> FloatArray:
        """Return when each event is looked at [day]: just after the doses that stand before it at its time."""
        times = self.events.time_days.copy()
        given = self.events.is_dose
        for event in range(1, len(times)):
            before = event - 1
            while (
                before >= 0
                and self.events.subject[before] == self.events.subject[event]
                and self.events.time_days[before] == self.events.time_days[event]
            ):
                if given[before] or self.events.kind[before] > OBSERVATION:
                    times[event] = self.events.time_days[event] + JUST_AFTER_DAYS
                before -= 1
        return times


def lay_out(table: EventTable, run_in_days: float) -> LaidOut:
    """Return a table in which doses at steady state are doses that were given before.

    A dose with SS 1 begins a stretch of its own: what was before it does not count. One with SS 2 begins a stretch with
    all that was before it, and its own earlier doses on top. In a linear system that is what SS means; in one that is not
    linear the earlier doses act together, as they would.

    Parameters
    ----------
    run_in_days
        How long before a dose at steady state its earlier doses begin [day].

    Raises
    ------
    TableError
        If more than ``MOST_ADDITIONAL`` doses fall into the run-in.
    """
    stretches: list[list[dict[str, float]]] = []
    course_of: list[int] = []
    for course in range(len(table.ids)):
        mine = np.flatnonzero(table.subject == course)
        for stretch in _stretches(table, mine.tolist(), run_in_days):
            stretches.append(stretch)
            course_of.append(course)
    shift = np.array([max(0.0, -min(event["time_days"] for event in stretch)) for stretch in stretches])
    owner = np.repeat(np.arange(len(stretches)), [len(stretch) for stretch in stretches])
    flat = [event for stretch in stretches for event in stretch]
    kinds = {name: getattr(table, name).dtype for name in _PER_EVENT}
    columns = {name: np.array([event[name] for event in flat]).astype(kinds[name]) for name in _PER_EVENT}
    events = EventTable(
        ids=tuple(table.ids[course] for course in course_of),
        occasions=tuple(table.occasions[course] for course in course_of),
        subject=owner.astype(np.int64),
        time_days=columns["time_days"] + shift[owner],
        amount_mg=columns["amount_mg"],
        duration_days=columns["duration_days"],
        compartment=columns["compartment"],
        kind=columns["kind"],
        additional=columns["additional"],
        interval_days=columns["interval_days"],
        is_by_rate=columns["is_by_rate"],
        rate_mg_per_day=columns["rate_mg_per_day"],
        steady=columns["steady"],
        lag_days=columns["lag_days"],
        share=columns["share"],
        covariates={name: values[course_of] for name, values in table.covariates.items()},
        notes=table.notes,
    )
    return LaidOut(events, np.array(course_of, dtype=np.int64), shift)


def _stretches(table: EventTable, mine: list[int], run_in_days: float) -> Iterable[list[dict[str, float]]]:
    """Yield the events of each stretch of one course, each stretch with the observations that are its own."""
    current: list[dict[str, float]] = []
    for event in mine:
        row = {name: float(getattr(table, name)[event]) for name in _PER_EVENT}
        steady = int(row["steady"])
        if steady:
            if any(each["kind"] == OBSERVATION for each in current):
                yield current
            past = [each for each in current if each["kind"] != OBSERVATION] if steady == 2 else []
            current = [*past, *_earlier(row, run_in_days)]
            row |= {"steady": 0.0, "kind": float(DOSE)}
            if row["interval_days"] == 0.0:
                continue
            row["interval_days"] = row["interval_days"] if row["additional"] else 0.0
        current.append(row)
    yield current


def _earlier(row: dict[str, float], run_in_days: float) -> list[dict[str, float]]:
    """Return the doses before one at steady state; a constant infusion runs until it."""
    given = {**row, "steady": 0.0, "kind": float(DOSE), "additional": 0.0}
    if row["interval_days"] == 0.0:
        length = {
            "duration_days": run_in_days,
            "amount_mg": row["rate_mg_per_day"] * run_in_days,
            "interval_days": 0.0,
        }
        return [{**given, **length, "time_days": row["time_days"] - run_in_days}]
    count = int(np.ceil(run_in_days / row["interval_days"]))
    if count > MOST_ADDITIONAL:
        raise TableError(
            f"a run-in of {run_in_days:g} days holds {count} doses",
            allowed=f"up to {MOST_ADDITIONAL}",
            fix="lengthen II",
        )
    first = row["time_days"] - count * row["interval_days"]
    return [
        {
            **given,
            "time_days": first,
            "additional": count - 1.0,
            "interval_days": row["interval_days"] * (count > 1),
        }
    ]
