"""The tables of a run folder: outcomes of each world, and one status row per subject and world."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ifntrial.clinic.observe import observe_arms
from ifntrial.files import write_whole
from ifntrial.patients.records import VirtualPopulation
from ifntrial.studies.forecast.world import ForecastTrial, WorldOutcome

OUTCOME_COLUMNS = ("world", "subject", "arm", "visit_week", "endpoint", "value", "observed")


def write_outcomes(trial: ForecastTrial, outcome: WorldOutcome, path: Path) -> None:
    """Write what one trial of this world reads: one row per subject, arm, visit and quantity.

    ``observed`` is false where the visit did not take place; ``value`` then is what would have been read.
    """
    observed = observe_arms(
        trial.design, outcome.courses, trial.population.covariates, trial.error, seed=trial.seed, replicates=1
    )
    tables = []
    for arm, seen in observed.items():
        subjects, visits = seen.attended.shape[1:]
        for endpoint, values in seen.values.items():
            tables.append(
                pd.DataFrame(
                    {
                        "world": np.int32(outcome.summary["world"]),
                        "subject": np.repeat(np.arange(subjects, dtype=np.int32), visits),
                        "arm": arm,
                        "visit_week": np.tile(seen.visit_week.astype(np.float32), subjects),
                        "endpoint": endpoint,
                        "value": values[0].ravel().astype(np.float32),
                        "observed": seen.attended[0].ravel(),
                    }
                )
            )
    table = pd.concat(tables, ignore_index=True)
    for column in ("arm", "endpoint"):
        table[column] = table[column].astype("category")
    write_whole(path, _packed(table))


def write_subjects(
    population: VirtualPopulation, summaries: Sequence[Mapping[str, Any]], folder: Path
) -> None:
    """Write one row per subject and world: covariates, weight, and whether both arms were simulated."""
    covariates = pd.DataFrame({name: np.asarray(values) for name, values in population.covariates.items()})
    covariates.insert(0, "subject", np.arange(population.size, dtype=np.int32))
    covariates["prevalence_weight"] = population.prevalence_weight
    tables = []
    for summary in summaries:
        reasons = np.full(population.size, "", dtype=object)
        for subject, reason in summary["failed"].items():
            reasons[int(subject)] = reason
        table = covariates.assign(status=np.where(reasons == "", "ok", "failed"), reason=reasons)
        table.insert(0, "world", np.int32(summary["world"]))
        tables.append(table)
    write_whole(folder / "subjects.parquet", _packed(pd.concat(tables, ignore_index=True)))


def _packed(table: pd.DataFrame) -> bytes:
    packed = BytesIO()
    table.to_parquet(packed, index=False, compression="zstd")
    return packed.getvalue()
