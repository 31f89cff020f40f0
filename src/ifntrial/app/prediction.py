"""``ifntrial prediction``: lock what a forecast foretells, verify that nobody changed it, score it."""

from pathlib import Path

import click

from ifntrial.api.checks import make_folder
from ifntrial.api.runs import facts_of, keep_run
from ifntrial.app import options
from ifntrial.app.runs import begin_run, say_run
from ifntrial.console.groups import Group
from ifntrial.console.inputs import InputFile, OutputFolder

_LOCKED = InputFile(path_type=Path, dir_okay=False)


@click.group("prediction", cls=Group)
def command() -> None:
    """Lock the prediction of a forecast, verify it, score it."""


@command.command("lock")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=OutputFolder(path_type=Path, file_okay=False),
    default=Path("predictions"),
    show_default=True,
    help="Folder for the locked file.",
)
@click.option("--known", default="", help="What is known of the outcome already: it is then a back-test.")
def lock(run: Path, out: Path, known: str) -> None:
    """Freeze what the finished forecast in folder RUN foretells of every number that its trial will print.

    The file holds the distributions under each belief, their weights, baselines, the design and the hashes of the run; it
    is never written over. Nothing is sent anywhere: registering its sha256 is for a person to do.
    """
    from datetime import UTC, datetime

    from ifntrial.catalog import shipped
    from ifntrial.report.terminal.predictions import foretold_lines, locked_lines
    from ifntrial.studies.ledger.canonical import locked_text, read_locked, write_new
    from ifntrial.studies.ledger.lock import lock as locked
    from ifntrial.worlds.beliefs import MIXTURE

    today = datetime.now(UTC).date().isoformat()
    prediction = locked(run, shipped().evidence, date=today, known=known.strip())
    make_folder(out)
    path = out / f"{prediction.trial.design}-{today}.json"
    write_new(path, locked_text(prediction))
    _, digest = read_locked(path)
    for line in locked_lines(prediction, digest):
        click.echo(line)
    click.echo("Every number that an outcome may hold, under the mixture:")
    for line in foretold_lines(prediction, MIXTURE):
        click.echo(f"  {line}")
    click.echo(f"Written: {path}. Research tool, not for diagnosis or treatment.")


@command.command("verify")
@click.argument("files", type=_LOCKED, nargs=-1, required=True, metavar="FILE...")
@click.option("--hash", "registered", default=None, help="Hash that was registered; for one FILE.")
def verify(files: tuple[Path, ...], registered: str | None) -> None:
    """Say whether each FILE is what was locked, to the last byte; if not, which part was changed."""
    from ifntrial.errors import FileError, IfntrialError, InputError
    from ifntrial.studies.ledger.canonical import read_locked

    if registered is not None and len(files) > 1:
        raise InputError(
            "--hash is of one file", given=f"{len(files)} files", fix="verify them one after another"
        )
    problems = []
    for path in files:
        try:
            prediction, digest = read_locked(path)
        except IfntrialError as error:
            problems += [f"{path}: {each}" for each in error.problems or (str(error),)]
            continue
        if registered is not None and digest != registered.strip().lower():
            problems.append(f"{path}: sha256 is {digest}, not the registered {registered}")
            continue
        click.echo(f"{path}: as locked on {prediction.locked}, sha256 {digest}")
    if problems:
        raise FileError(
            "not what was locked", problems=problems, fix="take the file from where it was deposited"
        )


@command.command("score")
@click.argument("file", type=_LOCKED)
@click.option(
    "--outcome",
    type=InputFile(path_type=Path, dir_okay=False),
    required=True,
    help="YAML file with what the trial printed.",
)
@options.json_file
def score(file: Path, outcome: Path, json_path: Path | None) -> None:
    """Score the locked prediction in FILE against what its trial printed.

    Yes or no: logarithmic and Brier score, beside a coin and the base rate. Numbers: continuous ranked probability score,
    score of the middle 90 %, and the place of what was seen (PIT). Skin and lung together: energy score.
    """
    from ifntrial.report.terminal.predictions import score_lines
    from ifntrial.studies.ledger.canonical import read_locked
    from ifntrial.studies.ledger.outcome import read_outcome
    from ifntrial.studies.ledger.study import score as scored

    run = begin_run(None, json_path, None)
    prediction, digest = read_locked(file)
    found = scored(prediction, read_outcome(outcome, digest, prediction.predictive.foretold))
    facts = facts_of(run)
    keep_run(run, facts, "scores.json", found)
    labels = {name: each.label for name, each in prediction.beliefs.items()}
    labels |= {name: each.label for name, each in prediction.baselines.items()}
    for line in score_lines(found, labels):
        click.echo(line)
    say_run(run, facts)


@command.command("deposit")
@click.argument("file", type=_LOCKED)
@click.option(
    "--out",
    type=OutputFolder(path_type=Path, file_okay=False),
    default=Path(),
    show_default=True,
    help="Folder for the zip.",
)
def deposit(file: Path, out: Path) -> None:
    """Make a zip of the locked prediction in FILE with what a person needs to register it; nothing is sent."""
    from ifntrial.studies.ledger.canonical import read_locked
    from ifntrial.studies.ledger.deposit import TO_FILL_IN, write_deposit

    prediction, digest = read_locked(file)
    path = write_deposit(file, out, prediction, digest)
    click.echo(f"Written: {path}. Before you upload it, fill in what says {TO_FILL_IN} in its metadata.json.")
