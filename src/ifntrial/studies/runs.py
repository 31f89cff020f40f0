"""A run: one plan in one folder, its worlds cut into blocks, and only the blocks that are absent are done.

A block is a range of worlds, and so a range of random counters: who does it, when and beside which others changes no
bit of its file. Files are the truth; what does the blocks only fills in what is absent, and results are made by reading
them in order.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

import pyarrow as pa

from ifntrial.errors import LISTED_AT_MOST, IfntrialError, RunError
from ifntrial.studies.blocks import Block, read_block, write_block
from ifntrial.studies.columns import columns_of, from_columns, to_columns

_Record = TypeVar("_Record")

WORLDS = "blocks"
"""The folder of the blocks with one row for each world."""

BLOCKS, WORLDS_AT_ONCE, SUBJECTS_AT_ONCE = 256, 16, 20_000
"""A run has as many blocks; a block of a larger one at most so many worlds and subjects of all of them."""

DONE, FAILED = "done", "failed"
"""What the column ``status`` of a block says of each world."""


@dataclass(frozen=True, slots=True)
class WorldRow(Generic[_Record]):
    """What became of one world.

    Parameters
    ----------
    place
        Of the world in the run.
    record
        Its numbers; None if it failed.
    reason
        Why it failed.
    """

    place: int
    record: _Record | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WorldRun(Generic[_Record]):
    """A run's worlds in its folder.

    Parameters
    ----------
    folder
        Holds ``plan.json`` and a folder for each kind of blocks.
    plan
        All that decides the numbers, as text.
    worlds, worlds_at_once
        How many in all, and in a block.
    record
        What is kept of each world.
    kind
        The folder of its blocks.
    noun
        What stands at each place, if it is no world.
    stage
        Which of the kinds of blocks that the run has, from 0.
    only
        Places of the worlds to go on with, in order; None: all.
    """

    folder: Path
    plan: str
    worlds: int
    worlds_at_once: int
    record: type[_Record]
    kind: str = WORLDS
    noun: str = "world"
    stage: int = 0
    only: tuple[int, ...] | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks, in order."""
        run, step = sha256(self.plan.encode()).hexdigest(), self.worlds_at_once
        firsts = range(0, self.worlds, step)
        return tuple(
            Block(run, self.kind, number, range(first, min(first + step, self.worlds)))
            for number, first in enumerate(firsts)
        )

    def path(self, block: Block) -> Path:
        """Return where a block is kept."""
        return self.folder / block.kind / block.name

    def write(self, block: Block, rows: Sequence[WorldRow[_Record]]) -> None:
        """Write the rows of a block's worlds, one for each; the block then counts as done.

        Raises
        ------
        FileError
            If it cannot be written.
        ValueError
            If a world has no row.
        """
        places = [row.place for row in rows]
        if places != list(block.worlds):
            raise ValueError(f"rows of {places} for {block.worlds}: each world of a block has one row")
        columns = [
            pa.array(places, pa.int64()),
            pa.array([FAILED if row.record is None else DONE for row in rows], pa.string()),
            pa.array([row.reason for row in rows], pa.string()),
            *to_columns(self.record, [row.record for row in rows]),
        ]
        write_block(self.path(block), block, pa.table(columns, schema=_schema(self.record)))

    def rows(self) -> Iterator[WorldRow[_Record]]:
        """Yield the row of every world in order, one block in memory at a time.

        Raises
        ------
        RunError
            If a block is absent or damaged.
        """
        return self._rows_of(self.blocks)

    def rows_there(self) -> Iterator[WorldRow[_Record]]:
        """Yield the rows of the blocks that are there, in order; errors as in ``rows``."""
        return self._rows_of([block for block in self.blocks if self.path(block).exists()])

    def _rows_of(self, blocks: Sequence[Block]) -> Iterator[WorldRow[_Record]]:
        for block in blocks:
            table = read_block(self.path(block), block)
            places, statuses, reasons = (table[name].to_pylist() for name in ("place", "status", "reason"))
            is_done = [status == DONE for status in statuses]
            records = from_columns(self.record, table.filter(pa.array(is_done)))
            for place, has_record, reason in zip(places, is_done, reasons, strict=True):
                yield WorldRow(place, next(records) if has_record else None, reason)

    def records(self) -> Iterator[tuple[int, _Record]]:
        """Yield place and record of every world in order; of some only, their place among these.

        Raises
        ------
        RunError
            If a block is absent or damaged; at the end, if worlds have failed, with their reasons.
        """
        if self.only is not None:
            yield from self._some_records(self.only)
            return
        failed: list[WorldRow[_Record]] = []
        for row in self.rows():
            if row.record is None:
                failed.append(row)
            else:
                yield row.place, row.record
        if failed:
            raise _failure(failed, self.worlds, self.noun)

    def _some_records(self, only: tuple[int, ...]) -> Iterator[tuple[int, _Record]]:
        wanted = set(only)
        blocks = [block for block in self.blocks if not wanted.isdisjoint(block.worlds)]
        done = (row.record for row in self._rows_of(blocks) if row.place in wanted)
        yield from enumerate(record for record in done if record is not None)


def _schema(record: type) -> pa.Schema:
    told = [("place", pa.int64()), ("status", pa.string()), ("reason", pa.string())]
    return pa.schema([*(pa.field(*each) for each in told), *columns_of(record)])


def _failure(failed: Sequence[WorldRow[Any]], total: int, noun: str) -> RunError:
    shown = [f"{noun} {row.place}: {row.reason}" for row in failed[:LISTED_AT_MOST]]
    rest = len(failed) - len(shown)
    return RunError(
        f"{len(failed)} of {total} {noun}s could not be simulated; the others are finished",
        problems=[*shown, *([f"and {rest} more"] if rest else [])],
        fix="look at the reasons; a parameter may be out of its range",
    )


def worlds_at_once(worlds: int, subjects: int) -> int:
    """Return how many worlds of so many subjects make a block: what is lost when a run is stopped at once.

    It hangs on the plan alone, so that files are the same for any number of workers.
    """
    return max(1, min(-(-worlds // BLOCKS), WORLDS_AT_ONCE, SUBJECTS_AT_ONCE // subjects))


def each_world(simulate: Callable[[int], _Record], block: Block) -> list[WorldRow[_Record]]:
    """Return the rows of a block, world by world; one that cannot be simulated is a row with the reason."""
    rows: list[WorldRow[_Record]] = []
    for place in block.worlds:
        try:
            rows.append(WorldRow(place, simulate(place)))
        except IfntrialError as error:
            rows.append(WorldRow(place, None, str(error)))
    return rows
