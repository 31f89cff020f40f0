"""``ifntrial reproduce``: run a finished run of any kind again and compare every number and text."""

import io
import math
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api.runs import VARYING
from ifntrial.app import options
from ifntrial.app.command_line import read_words
from ifntrial.app.runs import AGAIN
from ifntrial.console.inputs import OutputFile, OutputFolder, put_in_place
from ifntrial.errors import RunError
from ifntrial.studies.manifest import Manifest, load_manifest
from ifntrial.studies.run_inputs import find_inputs, sha256_of

if TYPE_CHECKING:
    from ifntrial.studies.result_files import Difference

SHOWN = 10


@click.command("reproduce")
@click.argument("run", type=click.Path(path_type=Path))
@options.workers
def command(run: Path, workers: int | None) -> None:
    """Run the finished run in folder RUN again and say whether every number and text is the same.

    RUN is what any command wrote with --out: a forecast, a comparison, doses, enrichment, one trial, a sensitivity
    analysis, a validation, a regimen, scores. Files that the run has read must be unchanged; they are looked for where
    they were, and at the same place beside the folder. Ends with exit code 0 only if all is equal.
    """
    from ifntrial.studies.plans import refuse_older

    before = load_manifest(run)
    refuse_older(run)
    context = _call_again(before, run)
    changed = _changed_files(before, run)
    for name in changed:
        click.echo(f"Changed since the run wrote it: {name}", err=True)
    click.echo(f"Running again: {before.command}", err=True)
    with tempfile.TemporaryDirectory() as place:
        after = _run_again(context, Path(place), workers)
        found = _compare(before, run, after, Path(place))
    apart = [(name, each) for name, each in found if not each.is_close]
    if apart or changed:
        click.echo(f"Not equal: {run} is not what its command gives.", err=True)
        _say_apart(apart, before, after)
        sys.exit(1)
    if found:
        name, worst = max(found, key=lambda item: item[1].share)
        click.echo(
            f"Equal within 1e-9: every number and text of {run} came out again, but for rounding by at most "
            f"{worst.share:.1g} of a number's size ({name} {worst.place})."
        )
    else:
        click.echo(f"Equal bit for bit: every number and text of {run} came out again.")


def _call_again(before: Manifest, run: Path) -> click.Context:
    """Return the run's call, reading its files where they are now and writing nothing outside a folder yet to be named.

    Raises
    ------
    RunError
        If no command does the same, or it is not one that writes a run, or what it read is gone or has changed.
    """
    if before.arguments is None:
        raise RunError(
            "the run was made by a call in Python that no command does",
            given=before.command,
            allowed="a run that a command can make",
            fix="give the call again in Python, and compare its to_json() with the result in the folder",
        )
    context = read_words(before.arguments)
    if not any(isinstance(each.type, OutputFolder) for each in context.command.params):
        raise RunError(
            "the command of the run writes no folder",
            given=before.command,
            allowed="a command with --out FOLDER",
            fix="give the folder of a run as a command wrote it",
        )
    put_in_place(context, find_inputs(before.inputs, run))
    for each in context.command.params:
        if isinstance(each.type, OutputFile):
            context.params[each.name or ""] = None
    context.meta[AGAIN] = True
    return context


def _run_again(context: click.Context, folder: Path, workers: int | None) -> Manifest:
    for each in context.command.params:
        if isinstance(each.type, OutputFolder):
            context.params[each.name or ""] = folder
        if each.name == "workers":
            context.params["workers"] = workers
    with redirect_stdout(io.StringIO()), context:
        context.command.invoke(context)
    return load_manifest(folder)


def _changed_files(before: Manifest, run: Path) -> list[str]:
    """Return the result files that are gone, or are not what the run wrote."""
    return [
        each.file
        for each in before.results
        if not (run / each.file).is_file() or sha256_of(run / each.file) != each.sha256
    ]


def _compare(before: Manifest, run: Path, after: Manifest, folder: Path) -> "list[tuple[str, Difference]]":
    """Return every difference with the name of its file."""
    from ifntrial.studies.result_files import ABSENT, Difference, can_compare, compare_files

    old = {each.file for each in before.results if (run / each.file).is_file()}
    new = {each.file for each in after.results}
    found = []
    for name in sorted(old | new | {each.file for each in before.results}):
        if name not in old or name not in new:
            was, now = ("a file" if name in there else ABSENT for there in (old, new))
            found.append((name, Difference("", was, now, share=math.inf)))
        elif can_compare(run / name):
            found += [(name, each) for each in compare_files(run / name, folder / name, VARYING)]
    return found


def _say_apart(apart: "Sequence[tuple[str, Difference]]", before: Manifest, after: Manifest) -> None:
    if apart:
        click.echo(f"Values that differ: {sum(each.count for _, each in apart)}. The first:", err=True)
    for name, each in apart[:SHOWN]:
        click.echo(f"  {name} {each.place}: was {each.old!r}, is {each.new!r}", err=True)
    for name, old, new in _made_by(before, after):
        if old != new:
            click.echo(f"  {name} was {old}, is {new}", err=True)


def _made_by(before: Manifest, after: Manifest) -> Iterator[tuple[str, object, object]]:
    """Yield what made both runs: versions, numbers, libraries and machine."""
    for name in ("version", "model_version", "evidence_hash", "lock_hash"):
        yield name, getattr(before, name), getattr(after, name)
    for name in dict.fromkeys((*before.platform, *after.platform)):
        yield name, before.platform.get(name), after.platform.get(name)
