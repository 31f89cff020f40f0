"""Populations of any size in flat memory: solved block by block, handed on or written to Parquet at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import ArrayLike

from ifntrial.errors import FileError, InputError
from ifntrial.solver.doses import DoseTable
from ifntrial.solver.problem import Parameters
from ifntrial.solver.solve import simulate
from ifntrial.solver.system import OdeSystem
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import Status, Trajectories

BLOCK = 10_000

Draw = Callable[[int, int], tuple[Parameters, DoseTable | None]]
"""Given the first subject and how many, returns their parameters and doses."""


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """What a streamed run came to.

    Parameters
    ----------
    subjects
        Number of subjects.
    statuses
        Status word to number of subjects.
    largest_error
        Largest error that the audits found; NaN if none was made.
    values, status
        The files written: one row per subject and visit, and one row per subject.
    """

    subjects: int
    statuses: dict[str, int]
    largest_error: float
    values: Path
    status: Path


def simulate_blocks(
    system: OdeSystem,
    subjects: int,
    draw: Draw,
    visits: ArrayLike,
    *,
    block: int = BLOCK,
    tolerance: Tolerance = Tolerance.TRIAL,
    outputs: Sequence[str] | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Trajectories]:
    """Return the trajectories of a population, block after block; each block is drawn when its turn comes.

    Results do not depend on ``block``. For the other arguments see ``simulate``.

    Raises
    ------
    InputError
        If ``block`` is not positive.
    """
    if block < 1:
        raise InputError("a block needs subjects", given=block, allowed="1 or more")
    for first in range(0, subjects, block):
        count = min(block, subjects - first)
        parameters, doses = draw(first, count)
        yield simulate(
            system,
            parameters,
            doses,
            visits,
            tolerance=tolerance,
            outputs=outputs,
            workers=workers,
            subjects=count,
            progress=_shift(progress, first, subjects),
        )


def _shift(
    progress: Callable[[int, int], None] | None, first: int, subjects: int
) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    report = progress
    return lambda done, _: report(first + done, subjects)


def simulate_to_parquet(
    path: Path,
    system: OdeSystem,
    subjects: int,
    draw: Draw,
    visits: ArrayLike,
    *,
    block: int = BLOCK,
    tolerance: Tolerance = Tolerance.TRIAL,
    outputs: Sequence[str] | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> StreamSummary:
    """Solve a population and write it to ``path`` and, with suffix ``.status.parquet``, its status rows.

    Columns of values: ``subject``, ``time`` and one per output; of status rows: see ``Trajectories.status_table``.
    For the arguments see ``simulate_blocks``.

    Raises
    ------
    FileError
        If a file cannot be written.
    """
    beside = path.with_suffix(".status.parquet")
    counts: Counter[str] = Counter()
    largest, first = float("nan"), 0
    writers: list[pq.ParquetWriter] = []
    try:
        for found in simulate_blocks(
            system,
            subjects,
            draw,
            visits,
            block=block,
            tolerance=tolerance,
            outputs=outputs,
            workers=workers,
            progress=progress,
        ):
            tables = (_tabulate_values(found, first), _tabulate_status(found, first))
            if not writers:
                writers = [
                    pq.ParquetWriter(file, table.schema)
                    for file, table in zip((path, beside), tables, strict=True)
                ]
            for writer, table in zip(writers, tables, strict=True):
                writer.write_table(table)
            counts.update(found.words.tolist())
            if found.audit is not None:
                largest = float(np.fmax(largest, found.audit.largest))
            first += found.size
    except OSError as error:
        raise FileError(
            f"{path} cannot be written: {error}", fix="name a file in a folder that exists"
        ) from error
    finally:
        for writer in writers:
            writer.close()
    ordered = {status.word: counts[status.word] for status in Status if counts[status.word]}
    return StreamSummary(subjects, ordered, largest, path, beside)


def _tabulate_values(found: Trajectories, first: int) -> pa.Table:
    visits = found.values.shape[1]
    columns = {
        "subject": np.repeat(np.arange(first, first + found.size), visits),
        "time": np.broadcast_to(found.times, (found.size, visits)).ravel(),
    }
    columns |= {name: found.of(name).ravel() for name in found.names}
    return pa.table(columns)


def _tabulate_status(found: Trajectories, first: int) -> pa.Table:
    table = found.status_table()
    table["subject"] += first
    return pa.Table.from_pandas(table, preserve_index=False)
