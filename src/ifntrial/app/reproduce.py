"""``ifntrial reproduce``: run a finished run again and compare every number."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from ifntrial.app import options
from ifntrial.errors import FileError


@click.command("reproduce")
@click.argument("run", type=click.Path(path_type=Path))
@options.workers
def command(run: Path, workers: int | None) -> None:
    """Run the finished run in folder RUN again and say whether every number is the same."""
    from ifntrial.app.forecast import run_plan
    from ifntrial.trial.forecast.result import same_numbers
    from ifntrial.trial.forecast.run import plan_from_values, prepare

    manifest, before = _read(run, "manifest.json"), _read(run, "forecast.json")
    plan = plan_from_values(manifest.get("plan", {}))
    with tempfile.TemporaryDirectory() as folder:
        after = run_plan(prepare(plan), Path(folder), workers, manifest.get("command", ""))
    after = json.loads(json.dumps(after))
    differing = same_numbers(before, after)
    if not differing:
        click.echo(f"Identical: every number of {run} came out again.")
        return
    click.echo(f"Not identical. Differing: {', '.join(differing)}.", err=True)
    for name in ("model_version", "evidence_hash"):
        if before.get(name) != after.get(name):
            click.echo(f"  {name} was {before.get(name)}, is {after.get(name)}", err=True)
    sys.exit(1)


def _read(run: Path, name: str) -> dict[str, Any]:
    path = run / name
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileError(
            f"{run} is not the folder of a finished run",
            given=f"no {name} in it",
            fix="give the folder that forecast wrote",
        ) from None
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be read: {error}", fix="run the forecast again") from error
    if not isinstance(content, dict):
        raise FileError(f"{path} does not hold a result", fix="run the forecast again")
    return content
