"""Tell how far a run is from the files in its folder: those of its blocks, and what it notes of itself."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

from pyarrow import ArrowException, parquet

from ifntrial.errors import FileError, IfntrialError
from ifntrial.studies.manifest import kind_in
from ifntrial.studies.run_calls import read_call
from ifntrial.studies.run_notes import LostBlock, SignOfWork, Stage, at_work_in, lost_in, stages_of
from ifntrial.studies.runs import DONE, FAILED, WORLDS
from ifntrial.studies.status.result import RunStatus, StageStatus

_SHORTEST_SILENCE, _BLOCKS_OF_SILENCE = 60.0, 10


def run_status(folder: Path, now: float | None = None) -> RunStatus:
    """Return how far the run in a folder is.

    Parameters
    ----------
    now
        Seconds since 1970 [s]; None: read off the clock.

    Raises
    ------
    FileError
        If the folder holds no run, or its plan is damaged.
    """
    now = time.time() if now is None else now
    stages = stages_of(folder) or _planned(folder)
    paths = {stage.kind: sorted((folder / stage.kind).glob("block=*.parquet")) for stage in stages}
    lost = tuple(each for each in lost_in(folder) if not _path(folder, each).exists())
    found = tuple(_stage_status(stage, paths[stage.kind], lost) for stage in stages)
    signs = at_work_in(folder)
    at_work = tuple(sign for sign in signs if not _is_silent(sign, now))
    absent = found[-1].blocks - found[-1].blocks_done
    per_hour = _blocks_per_hour(paths[stages[-1].kind], at_work, now)
    is_complete = all(each.blocks_done == each.blocks for each in found)
    return RunStatus(
        run=str(folder),
        state=_state(folder, is_complete=is_complete, is_at_work=bool(at_work)),
        begun_by=_begun_by(folder),
        stages=found,
        at_work=at_work,
        silent=tuple(sign for sign in signs if sign not in at_work),
        lost=lost,
        blocks_per_hour=per_hour,
        seconds_left=3600.0 * absent / per_hour if per_hour else None,
    )


def _planned(folder: Path) -> tuple[Stage, ...]:
    """Return the blocks that a plan tells of, where the run has not noted them."""
    path = folder / "plan.json"
    try:
        plan = json.loads(path.read_bytes())
        return (Stage(WORLDS, int(plan["worlds_in_all"]), int(plan["worlds_in_a_block"]), "world", 0),)
    except FileNotFoundError:
        raise FileError(
            f"{folder} is not the folder of a run",
            given="no plan.json in it",
            fix="give the folder that a command such as forecast was given with --out",
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileError(f"{path} cannot be read: {error}", fix="give the folder of another run") from error


def _path(folder: Path, lost: LostBlock) -> Path:
    return folder / lost.kind / f"block={lost.block:06d}.parquet"


def _stage_status(stage: Stage, paths: Sequence[Path], lost: Sequence[LostBlock]) -> StageStatus:
    worlds_done = worlds_failed = 0
    for path in paths:
        rows, failed = _rows_and_failed(path)
        worlds_done, worlds_failed = worlds_done + rows, worlds_failed + failed
    return StageStatus(
        blocks_of=stage.kind,
        noun=stage.noun,
        blocks=stage.blocks,
        blocks_done=len(paths),
        blocks_lost=sum(each.kind == stage.kind for each in lost),
        worlds=stage.worlds,
        worlds_done=worlds_done,
        worlds_failed=worlds_failed,
    )


def _rows_and_failed(path: Path) -> tuple[int, int]:
    """Return how many worlds a block holds, and how many of them have failed; of a damaged one nothing is counted."""
    try:
        about = parquet.read_metadata(path)
        place = about.schema.names.index("status")
        known = [about.row_group(group).column(place).statistics for group in range(about.num_row_groups)]
        # of most blocks the footer tells that none has failed
        if all(each is not None and each.has_min_max and {each.min, each.max} == {DONE} for each in known):
            return about.num_rows, 0
        statuses = parquet.read_table(path, columns=["status"], partitioning=None)["status"].to_pylist()
        return len(statuses), statuses.count(FAILED)
    except (OSError, ValueError, ArrowException):
        return 0, 0


def _is_silent(sign: SignOfWork, now: float) -> bool:
    for_a_block = (sign.seen - sign.began) / max(1, sign.done)
    return now - sign.seen > max(_SHORTEST_SILENCE, _BLOCKS_OF_SILENCE * for_a_block)


def _blocks_per_hour(paths: Sequence[Path], at_work: Sequence[SignOfWork], now: float) -> float | None:
    if not at_work:
        return None
    began = min(sign.began for sign in at_work)
    written = [path.stat().st_mtime for path in paths]
    since = sum(moment >= began for moment in written)
    return 3600.0 * since / (now - began) if since and now > began else None


def _state(folder: Path, *, is_complete: bool, is_at_work: bool) -> str:
    if is_complete and kind_in(folder) is not None:
        return "finished"
    if is_at_work:
        return "at work"
    return "complete" if is_complete else "stopped"


def _begun_by(folder: Path) -> str | None:
    try:
        return read_call(folder).command
    except IfntrialError:
        return None
