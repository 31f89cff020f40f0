"""Solved courses as a table."""

import numpy as np
import pandas as pd

from ifntrial.api.tables import Column, documented
from ifntrial.solver import Trajectories


def course_table(found: Trajectories, title: str, time_unit: str) -> pd.DataFrame:
    """Return courses, a row for each subject and time: ``subject``, ``time``, ``status``, and each output."""
    size, visits = found.values.shape[:2]
    times = np.broadcast_to(found.times, (size, visits))
    table = pd.DataFrame(
        {
            "subject": np.repeat(np.arange(size), visits),
            "time": times.ravel(),
            "status": np.repeat(found.words, visits),
            **{name: found.of(name).ravel() for name in found.names},
        }
    )
    columns = (
        Column("subject", "number of the subject, from 0"),
        Column("time", "when", time_unit),
        Column("status", "why the solve of the subject ended; ok: it reached the last time"),
        *(Column(name, "as in the equations") for name in found.names),
    )
    return documented(table, title, columns)
