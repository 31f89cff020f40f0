"""Dosing as NONMEM event tables, in and out; time in days, amounts in mg, CMT 1 the injection site and 2 the blood."""

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.calendar import HOURS_PER_DAY
from ifntrial.dosing.event_tables.columns import BLOOD, SITE
from ifntrial.dosing.event_tables.read import read_event_table
from ifntrial.dosing.event_tables.record import DOSE, OBSERVATION, EventTable
from ifntrial.dosing.regimen import Regimen

__all__ = ["COLUMNS", "EventTable", "build_event_table", "read_event_table"]

COLUMNS = ("ID", "TIME", "EVID", "AMT", "CMT", "RATE", "II", "ADDL")


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
