"""Fill in the blocks of a run that are absent: whoever does them, what is there already is not done again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ifntrial.errors import RunError, listed
from ifntrial.studies.access import Access
from ifntrial.studies.blocks import Block
from ifntrial.studies.executors import Executor, Workers, executor_of, finished
from ifntrial.studies.part_done import PartDoneError
from ifntrial.studies.run_notes import LostBlock, Stage, at_work, forget_lost, note_lost, note_stage
from ifntrial.studies.runs import WorldRun
from ifntrial.studies.worker_processes import Failure

Report = Callable[[int, int], None]


def do_absent(
    run: WorldRun[Any],
    task: Callable[[Block], object],
    workers: Workers,
    report: Report,
    *,
    is_last: bool = True,
    needs_all: bool = True,
) -> Sequence[int]:
    """Do the blocks of a claimed run that have no file yet; return the places of the worlds to go on with.

    Parameters
    ----------
    task
        Picklable; does a block and writes its rows as the last thing.
    workers
        Who does them.
    report
        Called with worlds done and in all: once for what was there, then after each block.
    is_last
        Whether no other kind of blocks follows.
    needs_all
        Whether the study says nothing of some worlds alone.

    Raises
    ------
    RunError
        After all others are done, if blocks could not be done; if some are absent that nobody does here and all are
        needed.
    PartDoneError
        If only a part of the run was asked for, and others have still to be done.
    """
    executor = executor_of(workers)
    if executor.access is Access.READING:
        return _places_there(run, needs_all=needs_all)
    _fill_in(run, task, executor, report)
    if executor.access is Access.BESIDE:
        there = sum(run.path(block).exists() for block in run.blocks)
        if is_last or there < len(run.blocks):
            raise PartDoneError(run.folder, there, len(run.blocks), is_last=is_last)
    return range(run.worlds)


def _fill_in(run: WorldRun[Any], task: Callable[[Block], object], executor: Executor, report: Report) -> None:
    blocks = run.blocks
    own = executor.share(range(len(blocks)))
    todo = [number for number in own if not run.path(blocks[number]).exists()]
    total = sum(len(blocks[number].worlds) for number in own)
    done = total - sum(len(blocks[number].worlds) for number in todo)
    report(done, total)
    note_stage(run.folder, Stage(run.kind, run.worlds, run.worlds_at_once, run.noun, run.stage))

    def lost(number: int, failure: Failure) -> None:
        worlds = blocks[number].worlds
        about = LostBlock(run.kind, number, worlds[0], worlds[-1], failure.tries, failure.reason)
        note_lost(run.folder, about)

    with at_work(run.folder, executor.text, executor.workers, run.kind, len(todo)) as worker:
        for number in finished(_NumberedTask(run, blocks, task), todo, executor, lost):
            forget_lost(run.folder, run.kind, number)
            worker.block_done()
            done += len(blocks[number].worlds)
            report(done, total)


def _places_there(run: WorldRun[Any], *, needs_all: bool) -> Sequence[int]:
    """Return the places of the worlds that are done, and have not failed."""
    absent = [block.number for block in run.blocks if not run.path(block).exists()]
    if not needs_all:
        return [row.place for row in run.rows_there() if row.record is not None]
    if absent:
        raise RunError(
            f"{len(absent)} of {len(run.blocks)} blocks of this run are absent, and without them this study says nothing",
            given=f"{run.folder / run.kind} without block {listed(map(str, absent))}",
            fix="give the command of the run again, or those of its parts that have not ended",
        )
    return range(run.worlds)


@dataclass(frozen=True, slots=True)
class _NumberedTask:
    """A task of blocks as a task of their numbers, which are what executors hand out."""

    run: WorldRun[Any]
    blocks: tuple[Block, ...]
    task: Callable[[Block], object]

    def __call__(self, place: int) -> int:
        self.task(self.blocks[place])
        return place

    def found(self, place: int) -> int | None:
        return place if self.run.path(self.blocks[place]).exists() else None
