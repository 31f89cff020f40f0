"""What every command that forecasts says at its end."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import click

from ifntrial.app.runs import Run, facts_of, keep_run, say_run
from ifntrial.studies.over_worlds import OverWorlds
from ifntrial.studies.run_facts import RunFacts

Result = TypeVar("Result", bound=OverWorlds)

NO_EFFICACY_DATUM = (
    "No efficacy datum of interferon blockade in systemic sclerosis exists: these are beliefs, not data."
)


def say_size(run: Run, result: OverWorlds, per: str = "") -> None:
    """Say how many worlds were asked for, drawn and are worth, with how many subjects ``per`` world or design."""
    from ifntrial.report.wording import worlds_in_words

    worlds = worlds_in_words(result.worlds_asked, result.worlds, result.worlds_effective)
    click.echo(f"{worlds}; {result.subjects} subjects{per} ({result.size_label}), seed {run.seed}")


def close_run(
    run: Run,
    name: str,
    result: Result,
    render: Callable[[Result, RunFacts], str],
    files: Iterable[str],
    say: Callable[[Run, Result], None],
) -> None:
    """Keep a result as ``keep_run`` does, say it, and say what is said of every run over worlds."""
    facts = facts_of(run)
    keep_run(run, facts, name, result, render, files)
    say(run, result)
    _say_closing(run, facts, result)


def _say_closing(run: Run, facts: RunFacts, result: OverWorlds) -> None:
    """Say what failed, whether the calibration is stale, and what is said of every run."""
    failed = {word: n for word, n in result.subjects_status.items() if word != "ok"}
    if failed:
        click.echo(f"Subject courses that ended early, weighted zero: {failed}")
    if result.calibration.is_stale:
        click.echo(
            "Numbers have changed since the calibration was frozen: run 'ifntrial calibrate' to bring it up to date."
        )
    say_run(run, facts)
