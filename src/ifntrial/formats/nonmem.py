"""Dosing as NONMEM event tables, in and out; time in days, amounts in mg, CMT 1 the injection site and 2 the blood."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.calendar import HOURS_PER_DAY
from ifntrial.dosing.regimen import Regimen
from ifntrial.errors import FileError, TableError, listed, require_columns
from ifntrial.signature.read.delimited import NEAREST
from ifntrial.solver.doses import DoseKind, DoseTable

COLUMNS = ("ID", "TIME", "EVID", "AMT", "CMT", "RATE", "II", "ADDL")
NEEDED = ("ID", "TIME", "EVID", "AMT")
OPTIONAL_ZERO = ("RATE", "DUR", "II", "ADDL")
REFUSED = {"SS": "steady-state doses", "PCMT": "output compartments", "CALL": "calls"}
MOST_ROWS = 2_000_000
SITE, BLOOD = 1, 2

OBSERVATION, DOSE, OTHER, RESET, RESET_AND_DOSE = range(5)


@dataclass(frozen=True, slots=True)
class EventTable:
    """Events of a population, in the order of the file.

    Parameters
    ----------
    ids
        Name of each subject in the order of first appearance, shape (subjects,).
    subject
        Index into ``ids`` of each event, shape (events,).
    time_days, amount_mg, duration_days
        When, how much, and how long an infusion lasts (0: at once), shape (events,).
    compartment
        ``SITE`` or ``BLOOD``, shape (events,).
    kind
        0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose (EVID), shape (events,).
    additional, interval_days
        Further equal doses and the time between them, shape (events,).
    """

    ids: tuple[str, ...]
    subject: IntArray
    time_days: FloatArray
    amount_mg: FloatArray
    duration_days: FloatArray
    compartment: IntArray
    kind: IntArray
    additional: IntArray
    interval_days: FloatArray

    def total_dose_mg(self) -> FloatArray:
        """Return the amount that each subject is given in all, shape (subjects,)."""
        doses = np.isin(self.kind, (DOSE, RESET_AND_DOSE))
        given = np.where(doses, self.amount_mg * (1 + self.additional), 0.0)
        return np.bincount(self.subject, given, minlength=len(self.ids)).astype(np.float64)

    def to_doses(
        self,
        site_state: str,
        blood_state: str,
        *,
        amount_per_mg: FloatArray | float = 1.0,
        bioavailability: FloatArray | float = 1.0,
    ) -> DoseTable:
        """Return the doses as the solver takes them; observations and other events are left to the output times.

        Parameters
        ----------
        site_state, blood_state
            States that take subcutaneous and intravenous doses.
        amount_per_mg
            Amount in the state's unit per mg, one value or shape (subjects,).
        bioavailability
            Share of a subcutaneous dose that arrives, one value or shape (subjects,).
        """
        subjects = len(self.ids)
        scale = np.broadcast_to(np.asarray(amount_per_mg, dtype=np.float64), (subjects,))
        share = np.broadcast_to(np.asarray(bioavailability, dtype=np.float64), (subjects,))
        parts = []
        resets = np.flatnonzero(np.isin(self.kind, (RESET, RESET_AND_DOSE)))
        if len(resets):
            parts.append(
                DoseTable.from_columns(
                    subjects,
                    subject=self.subject[resets],
                    time=self.time_days[resets],
                    state=blood_state,
                    amount=0.0,
                    kind=DoseKind.RESET,
                )
            )
        rows = np.flatnonzero(np.isin(self.kind, (DOSE, RESET_AND_DOSE)))
        owner, in_blood = self.subject[rows], self.compartment[rows] == BLOOD
        doses = DoseTable.from_columns(
            subjects,
            subject=owner,
            time=self.time_days[rows],
            state=[blood_state if blood else site_state for blood in in_blood],
            amount=self.amount_mg[rows] * scale[owner],
            duration=self.duration_days[rows],
            additional=self.additional[rows],
            interval=self.interval_days[rows],
            bioavailability=np.where(in_blood, 1.0, share[owner]),
        )
        return DoseTable.join(*parts, doses)


def build_event_table(
    regimen: Regimen, body_weight_kg: FloatArray, until_days: float, observe_days: FloatArray | None = None
) -> pd.DataFrame:
    """Return a regimen as an event table, doses by weight resolved per subject; columns ``COLUMNS``.

    Parameters
    ----------
    body_weight_kg
        Shape (subjects,); subjects are numbered from 1.
    until_days
        End of treatment [day].
    observe_days
        Times of observations (EVID 0) to add, shape (times,).
    """
    subjects = np.arange(1, len(body_weight_kg) + 1)
    doses = pd.concat(
        [_rows_of(part, body_weight_kg, until_days) for part in regimen.parts], ignore_index=True
    )
    looks = np.array([]) if observe_days is None else np.asarray(observe_days, dtype=np.float64)
    seen = pd.DataFrame({"ID": np.repeat(subjects, len(looks)), "TIME": np.tile(looks, len(subjects))})
    seen = seen.assign(EVID=OBSERVATION, AMT=0.0, CMT=BLOOD, RATE=0.0, II=0.0, ADDL=0)
    table = pd.concat([part for part in (seen, doses) if len(part)] or [doses], ignore_index=True)
    # an observation at the time of a dose comes before it, as a trough does
    return table.sort_values(["ID", "TIME", "EVID"], kind="stable", ignore_index=True)[list(COLUMNS)]


def _rows_of(part: Regimen, body_weight_kg: FloatArray, until_days: float) -> pd.DataFrame:
    """Return the doses of one part of a regimen, a row for each subject."""
    times, amounts = part.dose_times_days(until_days), part.dose_amounts_mg(body_weight_kg)
    rate = HOURS_PER_DAY / part.infusion_hours if part.infusion_hours else 0.0
    return pd.DataFrame(
        {
            "ID": np.arange(1, len(amounts) + 1),
            "TIME": times[0] if len(times) else 0.0,
            "EVID": DOSE,
            "AMT": amounts,
            "CMT": BLOOD if part.route == "IV" else SITE,
            "RATE": amounts * rate,
            "II": float(part.interval_days or 0.0) if len(times) > 1 else 0.0,
            "ADDL": max(len(times) - 1, 0),
        }
    ).iloc[: len(amounts) if len(times) else 0]


def read_event_table(source: pd.DataFrame | str | Path) -> EventTable:
    """Return the events of a table or CSV file.

    Parameters
    ----------
    source
        Columns ID, TIME [day], EVID (0-4), AMT [mg], and optionally CMT (1 injection site, 2 blood; default 2), RATE
        [mg/day] or DUR [day], II [day], ADDL. Column names in any case.

    Raises
    ------
    TableError
        If a column is absent, or rows are not possible or not supported; lists every problem with its row.
    FileError
        If a file is absent, empty or not a table.
    """
    table = _load(source) if isinstance(source, (str, Path)) else source
    table = table.rename(columns={name: str(name).strip().upper() for name in table.columns})
    require_columns(list(table.columns), NEEDED, "the event table")
    ids = table["ID"].astype(str)
    numbers = {name: _numbers(table, name) for name in ("TIME", "EVID", "AMT")}
    numbers |= {name: _numbers(table, name, default=0.0) for name in OPTIONAL_ZERO}
    numbers["CMT"] = _numbers(table, "CMT", default=float(BLOOD))
    problems = _problems(table, ids, numbers)
    if problems:
        raise TableError(
            "the event table cannot be used",
            problems=problems,
            allowed="EVID 0 to 4, AMT and times not negative, CMT 1 or 2, RATE or DUR not negative, ADDL with II",
            fix="correct these rows",
        )
    names, subject = np.unique(ids.to_numpy(str), return_inverse=True)
    first = np.array([np.flatnonzero(subject == code)[0] for code in range(len(names))])
    order = np.argsort(first, kind="stable")
    rate = numbers["RATE"]
    duration = np.where(rate > 0, numbers["AMT"] / np.where(rate > 0, rate, 1.0), numbers["DUR"])
    return EventTable(
        ids=tuple(names[order]),
        subject=np.argsort(order, kind="stable")[subject].astype(np.int64),
        time_days=numbers["TIME"],
        amount_mg=numbers["AMT"],
        duration_days=duration,
        compartment=numbers["CMT"].astype(np.int64),
        kind=numbers["EVID"].astype(np.int64),
        additional=numbers["ADDL"].astype(np.int64),
        interval_days=numbers["II"],
    )


def _load(path: str | Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, **NEAREST)
    except FileNotFoundError as error:
        raise FileError(
            f"event table '{path}' does not exist", allowed="a CSV file", fix="check the path"
        ) from error
    except (OSError, UnicodeDecodeError, pd.errors.EmptyDataError, pd.errors.ParserError) as error:
        raise FileError(
            f"event table '{path}' cannot be read",
            problems=[str(error)],
            allowed="a CSV file with a header",
            fix="check it",
        ) from error


def _numbers(table: pd.DataFrame, name: str, default: float | None = None) -> FloatArray:
    if name not in table.columns and default is not None:
        return np.full(len(table), default)
    column = pd.to_numeric(table[name].replace(".", 0), errors="coerce")
    return column.to_numpy(np.float64)


def _problems(table: pd.DataFrame, ids: pd.Series, numbers: dict[str, FloatArray]) -> list[str]:
    """Return every problem with the rows it concerns, counted from 1."""
    if not 1 <= len(table) <= MOST_ROWS:
        return [f"the table has {len(table)} rows; 1 to {MOST_ROWS} are allowed"]
    problems = [
        f"column {name} ({what}) is not supported"
        for name, what in REFUSED.items()
        if name in table.columns and pd.to_numeric(table[name], errors="coerce").fillna(0).any()
    ]
    doses = np.isin(numbers["EVID"], (DOSE, RESET_AND_DOSE))
    later = np.array(ids.to_numpy()[1:] == ids.to_numpy()[:-1])
    backwards = np.concatenate([[False], later & (np.diff(numbers["TIME"]) < 0)])
    checks = {
        "a value is missing or not a number": ~np.all([np.isfinite(v) for v in numbers.values()], axis=0),
        "EVID is not 0, 1, 2, 3 or 4": ~np.isin(numbers["EVID"], range(5)),
        "TIME is negative": numbers["TIME"] < 0,
        "TIME goes back within a subject": backwards & (numbers["EVID"] < RESET),
        "AMT is negative": numbers["AMT"] < 0,
        "CMT is neither 1 nor 2": ~np.isin(numbers["CMT"], (SITE, BLOOD)),
        "RATE is negative (modelled rates and durations are not supported)": numbers["RATE"] < 0,
        "DUR is negative": numbers["DUR"] < 0,
        "RATE and DUR are both given": (numbers["RATE"] > 0) & (numbers["DUR"] > 0),
        "ADDL is negative or not whole": (numbers["ADDL"] < 0)
        | (numbers["ADDL"] != np.round(numbers["ADDL"])),
        "ADDL without a positive II": (numbers["ADDL"] > 0) & (numbers["II"] <= 0),
        "an event that is no dose has an amount": ~doses & (numbers["AMT"] > 0),
    }
    for what, wrong in checks.items():
        if wrong.any():
            problems.append(f"{what}: row {listed(np.flatnonzero(wrong) + 1)}")
    return problems
