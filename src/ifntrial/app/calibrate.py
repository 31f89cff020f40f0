"""``ifntrial calibrate``: make the frozen calibration again from the evidence tables."""

from pathlib import Path

import click

from ifntrial.app import options


@click.command("calibrate")
@click.option("--worlds", type=int, default=5000, show_default=True, help="Number of structural worlds.")
@click.option("--subjects", type=int, default=64, show_default=True, help="Common subjects in each world.")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write it; default: the package.",
)
@options.workers
def command(worlds: int, subjects: int, path: Path | None, workers: int | None) -> None:
    """Simulate what every structural world implies, and freeze it for forecasts.

    Efficacy priors are not part of it: they only weigh worlds, in seconds, when a forecast runs.
    """
    import numpy as np

    from ifntrial.app.progress import default_workers, progress_reporter
    from ifntrial.evidence.load import load_evidence
    from ifntrial.population.artifact import ARTIFACT, save_calibration
    from ifntrial.trial.forecast.calibrate import calibrate

    options.require_range("--worlds", worlds, 100, 100_000)
    options.require_range("--subjects", subjects, 8, 10_000)
    evidence = load_evidence()
    calibration = calibrate(
        evidence, worlds, subjects, workers or default_workers(), progress_reporter("structural worlds")
    )
    target = path or ARTIFACT
    save_calibration(calibration, target)
    effects = calibration.implied
    click.echo(f"{calibration.worlds} worlds on {subjects} subjects: {target}")
    low, middle, high = (float(x) for x in np.quantile(effects.log_odds_ratio, (0.05, 0.5, 0.95)))
    click.echo(
        f"log odds ratio {middle:.2f} ({low:.2f} to {high:.2f}); skin worse in {100 * effects.skin_harm:.0f} %"
    )
