"""What each kind of record must and must not hold, told with the rows concerned."""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.dosing.event_tables.record import DOSE, OBSERVATION, RESET, RESET_AND_DOSE
from ifntrial.errors import TableError, listed

MOST_ADDITIONAL = 5_000
MOST_DOSES = 5_000_000


@dataclass(frozen=True, slots=True)
class Columns:
    """Numbers of each record, shape (records,); a value that is missing is 0, one that is no number is NaN."""

    row: IntArray
    subject: IntArray
    time: FloatArray
    kind: FloatArray
    amount: FloatArray
    is_amount_missing: BoolArray
    compartment: FloatArray
    rate: FloatArray
    duration: FloatArray
    interval: FloatArray
    additional: FloatArray
    steady: FloatArray
    lag: FloatArray
    share: FloatArray


def require_possible(c: Columns, problems: list[str]) -> None:
    """Require that every record can be given.

    Parameters
    ----------
    problems
        What was found before.

    Raises
    ------
    TableError
        Listing every problem with its rows, counted from 1 below the header.
    """
    found = problems + [
        f"{what}: row {listed(c.row[wrong])}" for what, wrong in _checks(c).items() if wrong.any()
    ]
    if found:
        raise TableError(
            "the event table cannot be used",
            problems=found,
            allowed="EVID 0 to 4, AMT and times not negative, CMT 1 or 2 or their names, RATE or DUR, ADDL with II, "
            "SS 1 or 2 with II",
            fix="correct these rows",
        )


def _checks(c: Columns) -> dict[str, BoolArray]:
    is_dose = np.isin(c.kind, (DOSE, RESET_AND_DOSE))
    is_constant = (c.steady == 1) & (c.rate > 0) & (c.interval == 0)
    repeated = c.additional > 0
    with np.errstate(invalid="ignore"):
        numbers = (
            c.kind,
            c.amount,
            c.compartment,
            c.rate,
            c.duration,
            c.interval,
            c.additional,
            c.steady,
            c.lag,
        )
        return {
            "a value is not a number": ~np.all([np.isfinite(values) for values in numbers], axis=0)
            | np.isinf(c.share),
            "EVID is not 0, 1, 2, 3 or 4": np.isfinite(c.kind) & ~np.isin(c.kind, range(5)),
            "TIME is negative": c.time < 0,
            "TIME goes back within a subject": _goes_back(c) & (c.kind < RESET),
            "AMT is missing from a dose": is_dose & c.is_amount_missing & ~is_constant,
            "AMT is negative": c.amount < 0,
            "CMT is neither 1 nor 2 (nor a name of them)": np.isfinite(c.compartment)
            & ~np.isin(c.compartment, (1, 2)),
            "RATE is negative and neither -1 nor -2": (c.rate < 0) & ~np.isin(c.rate, (-1, -2)),
            "DUR is negative": c.duration < 0,
            "RATE and DUR are both given": (c.rate > 0) & (c.duration > 0),
            "ADDL is negative or not whole": (c.additional < 0) | (c.additional != np.round(c.additional)),
            f"ADDL is larger than {MOST_ADDITIONAL}": c.additional > MOST_ADDITIONAL,
            "II is negative": c.interval < 0,
            "ADDL without a positive II": repeated & (c.interval <= 0),
            "SS is not 0, 1 or 2": np.isfinite(c.steady) & ~np.isin(c.steady, (0, 1, 2)),
            "SS without a positive II": (c.steady > 0) & (c.interval <= 0) & ~is_constant,
            "an infusion at steady state without II has an amount": is_constant & (c.amount > 0),
            "ALAG is negative": c.lag < 0,
            "F is not between 0 and 1": (c.share < 0) | (c.share > 1),
            "an event that is no dose has an amount": ~is_dose & (c.amount > 0),
            "an event that is no dose has RATE, DUR, ADDL or SS": ~is_dose
            & ((c.rate != 0) | (c.duration != 0) | (c.additional != 0) | (c.steady != 0)),
        }


def _goes_back(c: Columns) -> BoolArray:
    later = c.subject[1:] == c.subject[:-1]
    return np.append(False, later & (np.diff(c.time) < 0))


def require_few(additional: IntArray, is_dose: BoolArray) -> None:
    """Require that repeats written out fit into memory.

    Raises
    ------
    TableError
        If there are more than ``MOST_DOSES``.
    """
    doses = int((additional[is_dose] + 1).sum())
    if doses > MOST_DOSES:
        raise TableError(
            f"the event table gives {doses} doses",
            allowed=f"up to {MOST_DOSES}",
            fix="split it by subjects, or lower ADDL",
        )


def pending_at_resets(
    course: IntArray, time: FloatArray, kind: IntArray, last_dose: FloatArray, row: IntArray
) -> list[str]:
    """Return doses that are still to come when their course is reset; programs differ in what becomes of them.

    Parameters
    ----------
    last_dose
        Time of the last repeat of each record, its delay included [day]; its own time for what is no dose.
    """
    problems = []
    starts = np.searchsorted(course, course)  # courses stand one after another
    for reset in np.flatnonzero(np.isin(kind, (RESET, RESET_AND_DOSE))):
        before = np.arange(starts[reset], reset)
        pending = before[(last_dose[before] > time[reset]) & (kind[before] != OBSERVATION)]
        if len(pending):
            problems.append(
                f"doses of row {listed(row[pending])} are still to come (ADDL, ALAG) when row {row[reset]} resets: "
                "write them out, each in a row"
            )
    return problems
