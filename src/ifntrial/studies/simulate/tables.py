"""Tables that a user brings to a simulation: who is followed, and own measurements."""

from pathlib import Path

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.dosing.event_tables.columns import COVARIATES
from ifntrial.dosing.event_tables.text_table import MISSING, TextTable, load_text_table
from ifntrial.dosing.event_tables.times import day_factor, number
from ifntrial.errors import TableError, listed, require_columns, resolve_name
from ifntrial.studies.simulate.result import FollowedRegimen, ObservedPoint, ReadOut

MOST_POINTS = 5_000
READ_OUT_NAMES = tuple(
    name for name, kind in FollowedRegimen.__annotations__.items() if kind is ReadOut or kind == "ReadOut"
)
NAMED_BY = ("READ_OUT", "OUTPUT", "DVID", "NAME")
"""Columns that may say what was measured; without one it is the concentration."""


def read_covariates(path: Path) -> dict[str, FloatArray]:
    """Return body weight [kg] and status of the subjects of a table, NaN where it does not say, each (subjects,).

    Raises
    ------
    TableError
        If it holds none of these columns, another one, or a value that is not possible.
    FileError
        If the file cannot be read.
    """
    table = load_text_table(path)
    known = [name for name in table.columns if name in COVARIATES]
    others = [name for name in table.columns if name not in COVARIATES and name != "ID"]
    meanings = [COVARIATES[name] for name in known]
    problems = [f"column {name} is none that the drug's course depends on" for name in others]
    problems += ["two columns say the same"] if len(set(meanings)) < len(meanings) else []
    problems += [] if known else ["neither body weight nor the status of the signature is in it"]
    ids = table.columns.get("ID", [])
    problems += ["a subject is there twice"] if len(set(ids)) < len(ids) else []
    found = {}
    for name in known:
        values = np.array([np.nan if text in MISSING else number(text) for text in table.columns[name]])
        missing = np.array([text in MISSING for text in table.columns[name]])
        is_weight = COVARIATES[name] == "body_weight"
        possible = (values > 0) & (values <= 400) if is_weight else np.isin(values, (0.0, 1.0))
        problems += _rows(table, f"{name} is not possible", ~missing & ~possible)
        found[COVARIATES[name]] = values
    if problems:
        raise TableError(
            "the table of covariates cannot be used",
            problems=problems,
            allowed=f"ID, and {listed(COVARIATES)}: kg, and 1 for a high or 0 for a low signature",
            fix="correct it",
        )
    return found


def read_observed(path: Path, time_unit: str | None) -> tuple[ObservedPoint, ...]:
    """Return the measurements of a table: TIME, DV, and what was measured where it is not the concentration.

    Records of an event table that are no observations, and values that are missing, are left out.

    Raises
    ------
    TableError
        If a column is absent or a value is not a number, or there are too many.
    UnknownNameError
        If a read-out is not known.
    FileError
        If the file cannot be read.
    """
    table = load_text_table(path)
    require_columns(list(table.columns), ("TIME", "DV"), "the table of measurements")
    factor = day_factor(time_unit or "day", table)
    names = next((table.columns[name] for name in NAMED_BY if name in table.columns), None)
    kinds = table.columns.get("EVID", ["0"] * len(table.rows))
    values = table.columns["DV"]
    chosen = np.array([kind in (*MISSING, "0") for kind in kinds]) & np.array(
        [x not in MISSING for x in values]
    )
    days = np.array([number(text) for text in table.columns["TIME"]]) * factor
    measured = np.array([number(text) for text in values])
    problems = _rows(table, "TIME is not a number, or below 0", chosen & ~(days >= 0))
    problems += _rows(table, "DV is not a number", chosen & ~np.isfinite(measured))
    if not chosen.any() or chosen.sum() > MOST_POINTS:
        problems.append(f"it holds {int(chosen.sum())} measurements; 1 to {MOST_POINTS} are allowed")
    if problems:
        raise TableError("the table of measurements cannot be used", problems=problems, fix="correct it")
    places = np.flatnonzero(chosen).tolist()
    read_outs = ["concentration" if names is None else _read_out(names[place]) for place in places]
    return tuple(
        ObservedPoint(read_out, float(days[place]), float(measured[place]))
        for place, read_out in zip(places, read_outs, strict=True)
    )


def _read_out(text: str) -> str:
    names = {name: name for name in READ_OUT_NAMES} | {
        "1": "concentration",
        ".": "concentration",
        "": "concentration",
    }
    return resolve_name(text.lower(), names, "read-out")


def _rows(table: TextTable, what: str, wrong: np.ndarray) -> list[str]:
    return [f"{what}: row {listed(np.array(table.rows)[wrong])}"] if wrong.any() else []
