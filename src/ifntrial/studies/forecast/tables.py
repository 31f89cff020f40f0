"""The tables of a run folder: outcomes of each world, and one status row per subject and world."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from ifntrial.clinic.observe import observe_arms
from ifntrial.files import whole_file
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.world import ForecastTrial, WorldOutcome

_WORD = pa.dictionary(pa.int32(), pa.string())
OUTCOME_SCHEMA = pa.schema(
    {
        "world": pa.int32(),
        "subject": pa.int32(),
        "arm": _WORD,
        "visit_week": pa.float32(),
        "endpoint": _WORD,
        "value": pa.float32(),
        "observed": pa.bool_(),
    }
)
ROWS_AT_ONCE = 100_000


def outcome_table(trial: ForecastTrial, position: int, outcome: WorldOutcome) -> pa.Table:
    """Return what one trial of this world reads: one row per subject, arm, visit and quantity.

    ``observed`` is false where the visit did not take place; ``value`` then is what would have been read.
    """
    own, places = trial.in_world(position), trial.places(position).astype(np.int32)
    observed = observe_arms(
        own.design, outcome.courses, own.population.covariates, own.error, seed=own.seed, replicates=1
    )
    tables = []
    for arm, seen in observed.items():
        subjects, visits = seen.attended.shape[1:]
        rows = subjects * visits
        for endpoint, values in seen.values.items():
            columns = (
                np.full(rows, outcome.record.numbers.world, np.int32),
                np.repeat(places, visits),
                pa.array([arm] * rows, _WORD),
                np.tile(seen.visit_week.astype(np.float32), subjects),
                pa.array([endpoint] * rows, _WORD),
                values[0].ravel().astype(np.float32),
                seen.attended[0].ravel(),
            )
            tables.append(pa.table([pa.array(column) for column in columns], schema=OUTCOME_SCHEMA))
    return pa.concat_tables(tables)


def write_subjects(trial: ForecastTrial, worlds: ForecastWorlds, folder: Path) -> None:
    """Write one row per subject and world: covariates, weight, and whether both arms were simulated.

    ``subject`` is the subject's place among those of all panels of the run: the same number is the same person.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    at_once = max(1, ROWS_AT_ONCE // trial.subjects)
    with whole_file(folder / "subjects.parquet") as file:
        writer = None
        for first in range(0, len(worlds.numbers), at_once):
            some = range(first, min(first + at_once, len(worlds.numbers)))
            table = pa.concat_tables(_subject_rows(trial, worlds, place) for place in some)
            writer = writer or parquet.ParquetWriter(file, table.schema, compression="zstd")
            writer.write_table(table)
        if writer is not None:
            writer.close()


def _subject_rows(trial: ForecastTrial, worlds: ForecastWorlds, place: int) -> pa.Table:
    failed, population = worlds.failed.get(place, {}), trial.in_world(place).population
    reasons = [failed.get(str(subject), "") for subject in range(population.size)]
    return pa.table(
        {
            "world": np.full(population.size, worlds.numbers[place], np.int32),
            "has_effect": np.full(population.size, worlds.has_effect[place]),
            "subject": trial.places(place).astype(np.int32),
            **{name: np.asarray(values) for name, values in population.covariates.items()},
            "prevalence_weight": population.prevalence_weight,
            "status": ["failed" if reason else "ok" for reason in reasons],
            "reason": reasons,
        }
    )
