"""``ifntrial status``: how far a run is, asked from any machine that sees its folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.runs import begin_run
from ifntrial.plain_text import show_plainly

if TYPE_CHECKING:
    from ifntrial.studies.run_notes import SignOfWork
    from ifntrial.studies.status.result import RunStatus


@click.command("status")
@click.argument("run", type=click.Path(path_type=Path))
@options.json_file
def command(run: Path, json_path: Path | None) -> None:
    """Say how far the run in folder RUN is: blocks done, failed and in work, how fast, and the time left.

    It reads files only, so that it can be asked from any machine that sees the folder, as often as you like, and
    disturbs nobody.
    """
    from ifntrial.api.runs import facts_of, keep_run
    from ifntrial.studies.status.study import run_status

    asked = begin_run(None, json_path, None)
    found = run_status(run)
    keep_run(asked, facts_of(asked), "status.json", found)
    for line in _lines(found):
        click.echo(show_plainly(line))


def _lines(found: "RunStatus") -> Iterator[str]:
    yield f"{found.run}: {found.state}"
    if found.begun_by is not None:
        yield f"Begun by: {found.begun_by}"
    for stage in found.stages:
        failed = f", {stage.worlds_failed} of them could not be simulated" if stage.worlds_failed else ""
        lost = f", {stage.blocks_lost} lost again and again" if stage.blocks_lost else ""
        yield (
            f"{stage.blocks_of}: {stage.blocks_done} of {stage.blocks} blocks done{lost}; "
            f"{stage.worlds_done} of {stage.worlds} {stage.noun}s{failed}"
        )
    for sign in found.at_work:
        yield f"At work: {_who(sign)}"
    for sign in found.silent:
        yield f"Silent, perhaps killed: {_who(sign)}"
    for lost_block in found.lost:
        yield (
            f"Lost: {lost_block.kind}, block {lost_block.block} (worlds {lost_block.first_world} to "
            f"{lost_block.last_world}), tried {lost_block.tries} times: {lost_block.reason}"
        )
    if found.blocks_per_hour is not None and found.seconds_left is not None:
        yield f"{found.blocks_per_hour:.3g} blocks an hour, about {_in_words(found.seconds_left)} left"
    if found.state == "complete":
        yield f"To do: ifntrial gather {found.run}"
    elif found.state == "stopped":
        yield "To do: give the command of the run again; what is there is not done again"


def _who(sign: "SignOfWork") -> str:
    part = f", {sign.part}" if sign.part else ""
    return (
        f"process {sign.process} on {sign.host}{part}, {sign.workers} workers: "
        f"{sign.done} of {sign.todo} blocks of {sign.kind}"
    )


def _in_words(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
