"""Who does the blocks of a command: this machine, a part of the run on it, or nobody when results are gathered."""

from pathlib import Path

import click

from ifntrial.api.progress import default_workers
from ifntrial.errors import InputError
from ifntrial.studies.cluster import read_cluster
from ifntrial.studies.executors import Executor, Here, Nobody, read_part
from ifntrial.studies.part_done import PartDoneError

GATHERS = "ifntrial.gather"
"""Key in a context's ``meta`` of a call that goes on with what is there."""


def executor_for(
    workers: int | None, part: str | None, cluster: str | None, json_path: Path | None
) -> Executor:
    """Return who does the blocks of the command that is being called.

    Raises
    ------
    InputError
        If the part or the cluster cannot be read, both are given, or a result is asked of a part.
    """
    number = workers or default_workers()
    context = click.get_current_context()
    if context.meta.get(GATHERS, False):
        return Nobody(number)
    if part is None:
        return Here(number) if cluster is None else read_cluster(cluster, number)
    if cluster is not None:
        raise InputError(
            "a run is done in parts or on a cluster",
            given=f"--part {part} with --cluster {cluster}",
            allowed="one of them",
            fix="leave one away",
        )
    if json_path is not None:
        raise InputError(
            "a part of a run has no result",
            given=f"--part {part} with --json",
            allowed="one of them",
            fix="leave --json away; 'ifntrial gather RUN' writes the result when the parts are done",
        )
    if context.command.name in ("sensitivity", "validate", "calibrate") and context.params["out"] is None:
        raise InputError(
            "the parts of a run need a folder that they share",
            given=f"--part {part} without --out",
            allowed="both together",
            fix="add --out FOLDER, the same for every part",
        )
    return read_part(part, number)


def say_part(done: PartDoneError) -> None:
    """Say that a part is done, and how to go on."""
    click.echo(f"This part is done. In {done.folder} are {done.there} of {done.blocks} blocks.")
    if not done.is_last:
        click.echo("When all are there: give the same parts again, for the next stage of this run.")
    else:
        click.echo(f"When all are there: ifntrial gather {done.folder}")
