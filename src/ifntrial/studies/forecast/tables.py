"""The tables of a run folder: outcomes of each world, and one status row per subject and world."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from ifntrial.clinic.observe import observe_arms
from ifntrial.files import whole_file
from ifntrial.patients.records import VirtualPopulation
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


def outcome_table(trial: ForecastTrial, outcome: WorldOutcome) -> pa.Table:
    """Return what one trial of this world reads: one row per subject, arm, visit and quantity.

    ``observed`` is false where the visit did not take place; ``value`` then is what would have been read.
    """
    observed = observe_arms(
        trial.design, outcome.courses, trial.population.covariates, trial.error, seed=trial.seed, replicates=1
    )
    tables = []
    for arm, seen in observed.items():
        subjects, visits = seen.attended.shape[1:]
        rows = subjects * visits
        for endpoint, values in seen.values.items():
            columns = (
                np.full(rows, outcome.record.numbers.world, np.int32),
                np.repeat(np.arange(subjects, dtype=np.int32), visits),
                pa.array([arm] * rows, _WORD),
                np.tile(seen.visit_week.astype(np.float32), subjects),
                pa.array([endpoint] * rows, _WORD),
                values[0].ravel().astype(np.float32),
                seen.attended[0].ravel(),
            )
            tables.append(pa.table([pa.array(column) for column in columns], schema=OUTCOME_SCHEMA))
    return pa.concat_tables(tables)


def write_subjects(population: VirtualPopulation, worlds: ForecastWorlds, folder: Path) -> None:
    """Write one row per subject and world: covariates, weight, and whether both arms were simulated.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    covariates = {name: pa.array(np.asarray(values)) for name, values in population.covariates.items()}
    covariates["prevalence_weight"] = pa.array(population.prevalence_weight)
    at_once = max(1, ROWS_AT_ONCE // population.size)
    with whole_file(folder / "subjects.parquet") as file:
        writer = None
        for first in range(0, len(worlds.numbers), at_once):
            some = worlds.numbers[first : first + at_once]
            table = pa.concat_tables(
                _subject_rows(world, covariates, population.size, worlds.failed.get(place, {}))
                for place, world in enumerate(some, start=first)
            )
            writer = writer or parquet.ParquetWriter(file, table.schema, compression="zstd")
            writer.write_table(table)
        if writer is not None:
            writer.close()


def _subject_rows(
    world: int, covariates: dict[str, pa.Array], subjects: int, failed: Mapping[str, str]
) -> pa.Table:
    reasons = [failed.get(str(subject), "") for subject in range(subjects)]
    return pa.table(
        {
            "world": np.full(subjects, world, np.int32),
            "subject": np.arange(subjects, dtype=np.int32),
            **covariates,
            "status": ["failed" if reason else "ok" for reason in reasons],
            "reason": reasons,
        }
    )
