"""What is followed: regimens in words, and the courses of an event table."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.course.dose_plans import DosePlan, plan_regimen, plan_stretch
from ifntrial.dosing.event_tables.checks import MOST_ADDITIONAL
from ifntrial.dosing.event_tables.read import read_event_table
from ifntrial.dosing.event_tables.record import EventTable
from ifntrial.dosing.event_tables.run_in import lay_out
from ifntrial.dosing.regimen import Regimen, require_same_drug
from ifntrial.errors import InputError
from ifntrial.model import Model

MOST_PLANS = 60
RUN_IN_DAYS = 1456.0
"""Four years: doses at steady state have then been given for so long that what came before is forgotten."""


def plans_of_regimens(regimens: Sequence[Regimen], model: Model, until_days: float) -> list[DosePlan]:
    """Return the doses of each regimen until a day.

    Raises
    ------
    InputError
        If a regimen gives no dose until then, is one of another drug, or is there twice.
    """
    for regimen in regimens:
        if not regimen.is_placebo:
            require_same_drug(regimen, model.drug.name)
    words = [regimen.words() for regimen in regimens]
    twice = next((each for each in words if words.count(each) > 1), None)
    if twice is not None:
        raise InputError("a regimen is given twice", given=twice, allowed="each once", fix="leave one out")
    return [plan_regimen(regimen, until_days) for regimen in regimens]


def plans_of_table(
    path: Path, model: Model, time_unit: str | None, until_days: float
) -> tuple[list[DosePlan], tuple[str, ...]]:
    """Return the doses of each course of an event table, and what is to be said of the table.

    Parameters
    ----------
    until_days
        How long each course is followed [day]; later records are told.

    Raises
    ------
    TableError
        If the table cannot be used.
    InputError
        If it has too many courses, one without a dose until then, or gives the drug by a route that it does not have.
    FileError
        If the file cannot be read.
    """
    table = read_event_table(path, time_unit=time_unit)
    run_in = _run_in_days(table)
    laid = lay_out(table, run_in)
    if len(laid.course) > MOST_PLANS:
        raise InputError(
            f"the event table holds {len(laid.course)} courses",
            given=str(path),
            allowed=f"up to {MOST_PLANS} subjects and occasions, each followed in all virtual subjects",
            fix="split it",
        )
    plans = []
    for stretch, course in enumerate(laid.course.tolist()):
        label = f"subject {table.ids[course]}"
        if table.occasions.count(1) < len(table.occasions):
            label += f", occasion {table.occasions[course]}"
        part = int((laid.course[:stretch] == course).sum())
        plans.append(plan_stretch(laid, stretch, label + (f", part {part + 1}" if part else ""), model))
        _require_dose(plans[-1], until_days)
    notes = list(table.notes)
    later = int((table.time_days > until_days).sum())
    if later:
        notes.append(f"Records after week {until_days / DAYS_PER_WEEK:.4g} are not followed: {later}")
    if laid.shift_days.any():
        notes.append(f"Steady state: the doses before were given for {run_in / DAYS_PER_WEEK:.4g} weeks")
    return plans, tuple(notes)


def _require_dose(plan: DosePlan, until_days: float) -> None:
    if not np.any(plan.start_days < until_days + plan.shift_days):
        raise InputError(
            f"{plan.label} is given no dose within {until_days:g} days",
            allowed="a dose for everyone whose records are followed",
            fix="follow it for longer (--weeks), or leave these records out",
        )


def _run_in_days(table: EventTable) -> float:
    """Return how long doses at steady state are given before: four years, or as many doses as may be repeated."""
    intervals = table.interval_days[(table.steady > 0) & (table.interval_days > 0)]
    return min(RUN_IN_DAYS, float(intervals.min(initial=np.inf)) * MOST_ADDITIONAL)
