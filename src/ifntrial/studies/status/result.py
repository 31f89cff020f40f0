"""How far a run is."""

from dataclasses import dataclass

from ifntrial.studies.run_notes import LostBlock, SignOfWork


@dataclass(frozen=True, slots=True)
class StageStatus:
    """How far one kind of blocks is.

    Parameters
    ----------
    blocks_of
        The folder of the blocks.
    noun
        What a block holds several of.
    blocks, blocks_done, blocks_lost
        In all, those in the folder, and those absent whose processes were lost again and again.
    worlds, worlds_done, worlds_failed
        In all, those in a block that is there, and those of them that could not be simulated.
    """

    blocks_of: str
    noun: str
    blocks: int
    blocks_done: int
    blocks_lost: int
    worlds: int
    worlds_done: int
    worlds_failed: int


@dataclass(frozen=True, slots=True)
class RunStatus:
    """How far a run is.

    Parameters
    ----------
    run
        Its folder.
    state
        ``finished`` with a result; ``complete`` when all blocks begun are there, and no result of all; ``at work``;
        ``stopped`` when blocks are absent and nobody gives a sign.
    begun_by
        The command that began it; None if it is not known.
    stages
        Its kinds of blocks that have begun, in order.
    at_work
        Processes that do blocks; each gives a sign when it has done some.
    silent
        Those whose last sign is older than ten of their blocks take, and than a minute: killed, or very slow.
    lost
        Blocks that could not be done.
    blocks_per_hour
        Of all who are at work, since the first of them began [1/h]; None while nobody can know.
    seconds_left
        Until all blocks of the stage are done, at that rate [s]; None while nobody can know.
    """

    run: str
    state: str
    begun_by: str | None
    stages: tuple[StageStatus, ...]
    at_work: tuple[SignOfWork, ...]
    silent: tuple[SignOfWork, ...]
    lost: tuple[LostBlock, ...]
    blocks_per_hour: float | None
    seconds_left: float | None
