"""``ifntrial calibrate``: make the frozen calibration again from the evidence tables."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api.checks import require_range
from ifntrial.api.runs import Run, facts_of, keep_run
from ifntrial.app import options
from ifntrial.app.runs import begin_run, say_run, work_on_worlds
from ifntrial.console.inputs import InputFile, OutputFile
from ifntrial.errors import InputError, RunError

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog
    from ifntrial.patients.weights import PatientCalibration
    from ifntrial.studies.calibrate.result import CalibrationSummary, Learnt
    from ifntrial.studies.executors import Executor
    from ifntrial.worlds.calibration import Calibration
    from ifntrial.worlds.quantiles import Band

ENOUGH_WORLDS = 1000
"""Effective structural worlds behind each belief, at least."""


@click.command("calibrate")
@click.option(
    "--worlds", type=int, default=8000, show_default=True, help="Structural worlds that are kept, about."
)
@options.subjects(96, "Common patients in each world.")
@click.option(
    "--file",
    "path",
    type=OutputFile(path_type=Path, dir_okay=False),
    help="Where to write it; default: the package.",
)
@click.option("--show", is_flag=True, help="Only show prior and posterior of the calibration that is there.")
@click.option("--patients", "only_patients", is_flag=True, help="Only weigh patients, in about a minute.")
@click.option(
    "--address",
    "addresses",
    type=InputFile(path_type=Path, dir_okay=False),
    multiple=True,
    help="Design file of an address beside the package's, with --out; may be repeated.",
)
@options.workers
@options.out
@options.json_file
@options.in_parts
def command(
    worlds: int,
    subjects: int,
    path: Path | None,
    show: bool,
    only_patients: bool,
    addresses: tuple[Path, ...],
    workers: "Executor",
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Simulate what structural worlds imply at every address, and freeze it for forecasts.

    Patients are weighed first, to published baselines and untreated years. Published drug levels and signatures weigh
    the worlds, and those that hardly meet them are mostly not simulated. Beliefs are not part of it: they only weigh
    worlds, in seconds, when a forecast runs. With --out all is written there, and the package stays as it is. What an
    --address adds, a forecast is given with the same --address and --calibration FOLDER/structural_worlds.npz. There is
    no --seed: a calibration has a seed of its own, so that all that are made from the same numbers are the same.
    """
    from ifntrial.catalog import shipped
    from ifntrial.patients.weights_file import PATIENT_ARTIFACT
    from ifntrial.studies.beliefs.addresses import with_addresses
    from ifntrial.studies.beliefs.declared import declared_beliefs
    from ifntrial.studies.calibrate.learnt import posterior_summary
    from ifntrial.studies.calibrate.result import CalibrationSummary
    from ifntrial.studies.calibrate.study import calibrate
    from ifntrial.worlds.calibration import ARTIFACT, CALIBRATION_SEED, load_calibration, save_calibration

    require_range("--worlds", worlds, 100, 100_000)
    require_range("--subjects", subjects, 8, 10_000)
    catalog = with_addresses(shipped(), addresses)
    if addresses and out is None:
        raise InputError(
            "worlds at an address of yours do not belong into the package",
            given="--address without --out",
            allowed="both together",
            fix="add --out FOLDER",
        )
    if out is not None:
        _require_one_place(path, out)
        _require_current_patients(catalog, is_used=not (show or only_patients))
    run = begin_run(out, json_path, catalog)
    patients = _patients(catalog, out, remake=not show)
    if only_patients:
        _keep(
            run,
            CALIBRATION_SEED,
            CalibrationSummary(patients, None),
            () if show else (PATIENT_ARTIFACT.name,),
        )
        return
    target = path or (ARTIFACT if out is None or show else out / ARTIFACT.name)
    if show:
        calibration = load_calibration(target)
    else:
        work = partial(calibrate, catalog, worlds, subjects, folder=out)
        calibration = work_on_worlds(run, work, workers, "patients of structural worlds")
        save_calibration(calibration, target)
    beliefs = declared_beliefs(catalog.evidence)
    summary = posterior_summary(catalog.model(), catalog.evidence, calibration, beliefs)
    lines = (*_size(calibration, target), *_data(summary), *_globals(summary), *_effective(summary))
    written = () if show else (PATIENT_ARTIFACT.name, ARTIFACT.name, "plan.json", "*/block=*.parquet")
    _keep(run, calibration.seed, CalibrationSummary(patients, summary), written, lines)


def _keep(
    run: Run, seed: int, found: "CalibrationSummary", written: tuple[str, ...], lines: tuple[str, ...] = ()
) -> None:
    facts = replace(facts_of(run), seed=seed)
    keep_run(run, facts, "calibration.json", found, files=written)
    for line in lines:
        click.echo(line)
    say_run(run, facts)


def _require_one_place(path: Path | None, out: Path) -> None:
    if path is not None:
        raise InputError(
            "the calibration has two places to go",
            given=f"--file {path} and --out {out}",
            allowed="one of them",
            fix="leave one away",
        )


def _require_current_patients(catalog: "Catalog", *, is_used: bool) -> None:
    """Raise if worlds would be simulated on other patients than those whose weights go into the folder."""
    from ifntrial.patients.weights_file import patients_stale

    if is_used and patients_stale(catalog.patients, catalog.evidence):
        raise RunError(
            "a number behind the package's weights of patients has changed since they were made",
            fix="run 'ifntrial calibrate --patients' first, then this command again",
        )


def _patients(catalog: "Catalog", folder: Path | None, *, remake: bool) -> "PatientCalibration":
    """Return the frozen weights of patients, made again if asked, and show them."""
    from ifntrial.patients.weights import calibrate_patients
    from ifntrial.patients.weights_file import PATIENT_ARTIFACT, load_patients, save_patients
    from ifntrial.report.terminal.patients import patient_lines

    path = PATIENT_ARTIFACT if folder is None or not remake else folder / PATIENT_ARTIFACT.name
    if remake:
        save_patients(calibrate_patients(catalog.model(), catalog.evidence), path)
    made = load_patients(path)
    for line in patient_lines(made):
        click.echo(line)
    return made


def _size(calibration: "Calibration", target: Path) -> Iterator[str]:
    import numpy as np

    from ifntrial.levels import BAND

    yield f"{calibration.worlds} of {calibration.candidates} worlds on {calibration.subjects} subjects: {target}"
    for name, place in calibration.implied.at.items():
        low, middle, high = (float(x) for x in np.percentile(place.effect, BAND))
        yield f"  {name}: effect {middle:.2f} ({low:.2f} to {high:.2f}), control {place.control.mean():.3g}"


def _data(summary: "Learnt") -> Iterator[str]:
    yield "\nPublished results that weigh worlds (predicted: median, 5 to 95 % of worlds, before -> after)"
    for row in summary.rows:
        published = f"{row.low:g} to {row.high:g}" if row.published is None else f"{row.published:g}"
        yield (
            f"  {row.label:<56} {published:>9} {row.unit}, error {row.error:.3g}: "
            f"{_band(row.prior_band)} -> {_band(row.posterior_band)}"
        )


def _globals(summary: "Learnt") -> Iterator[str]:
    yield "\nUnknowns of a world (median, 5 to 95 %; SD ratio: posterior over prior)"
    width = max(len(row.name) for row in summary.globals)
    yield f"  {'':{width}} {'prior':>30} {'posterior':>30}  SD ratio"
    for row in summary.globals:
        yield (
            f"  {row.name:<{width}} {_band(row.prior_band):>30} {_band(row.posterior_band):>30}"
            f"  {row.sd_ratio:.2f}  {row.verdict}"
        )


def _effective(summary: "Learnt") -> Iterator[str]:
    yield "\nEffective worlds, without -> with the published results"
    for name, numbers in summary.worlds_effective_before_and_after.items():
        few = numbers.after < ENOUGH_WORLDS
        note = f"  fewer than {ENOUGH_WORLDS}. To do: calibrate with more --worlds." if few else ""
        yield f"  {name:<22}{numbers.before:>7.0f} -> {numbers.after:.0f}{note}"


def _band(band: "Band") -> str:
    return f"{band.q50:.3g} ({band.q05:.3g} to {band.q95:.3g})"
