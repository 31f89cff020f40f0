"""``ifntrial export``: the model for other programs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ifntrial.api import defaults
from ifntrial.api.checks import make_folder, require_range, require_writable
from ifntrial.app import options
from ifntrial.app.beliefs import known_with
from ifntrial.console.groups import Group
from ifntrial.console.inputs import OutputFile, OutputFolder
from ifntrial.files import write_whole


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    return options.drug(options.without(options.evidence(command)))


def _dosed(command: Callable[..., Any]) -> Callable[..., Any]:
    weeks = click.option(
        "--weeks", type=float, default=52.0, show_default=True, help="How long doses are given [week]."
    )
    regimen = click.option(
        "--regimen", default="placebo", show_default=True, help='Doses, such as "300 mg IV every 4 weeks".'
    )
    return _shared(regimen(weeks(command)))


_FILE = click.option(
    "--out", required=True, type=OutputFile(path_type=Path, dir_okay=False), help="File to write."
)
_FOLDER = click.option(
    "--out", required=True, type=OutputFolder(path_type=Path, file_okay=False), help="Folder to write."
)


@click.group("export", cls=Group)
def command() -> None:
    """Write the model of the typical patient for other programs."""


@command.command("sbml")
@_dosed
@_FILE
def sbml(
    regimen: str, weeks: float, drug_name: str, without: tuple[str, ...], evidence: Path | None, out: Path
) -> None:
    """Write SBML Level 3 Version 2 with units and annotations; doses become events."""
    from ifntrial.formats.sbml.write import sbml_text

    model, rows = _inputs(drug_name, without, evidence)
    require_writable(out)
    text = sbml_text(model, rows, _regimen(regimen), _weeks(weeks))
    write_whole(out, text)
    click.echo(f"SBML: {out}")


@command.command("petab")
@_shared
@_FOLDER
def petab(drug_name: str, without: tuple[str, ...], evidence: Path | None, out: Path) -> None:
    """Write an estimation problem (PEtab version 1) with the observations that are readings of one subject."""
    from ifntrial.formats.petab import LEFT_OUT, petab_files, write_petab

    model, rows = _inputs(drug_name, without, evidence)
    make_folder(out)
    files = petab_files(model, rows)
    write_petab(files, out)
    click.echo(f"PEtab problem: {out / 'problem.yaml'}")
    click.echo(f"Observations that are not in it, each with its reason: {out / LEFT_OUT}")


@command.command("omex")
@_dosed
@_FILE
def omex(
    regimen: str, weeks: float, drug_name: str, without: tuple[str, ...], evidence: Path | None, out: Path
) -> None:
    """Write a COMBINE archive: the SBML model, the estimation problem and what they are about."""
    from ifntrial.formats.omex import omex_files, write_omex

    model, rows = _inputs(drug_name, without, evidence)
    require_writable(out)
    write_omex(omex_files(model, rows, _regimen(regimen), _weeks(weeks)), out)
    click.echo(f"COMBINE archive: {out}")


def _inputs(drug_name: str, without: tuple[str, ...], evidence: Path | None) -> tuple[Any, Any]:
    from ifntrial.extras import load_extra

    load_extra("libsbml", "SBML files")  # before any folder is made: every export holds SBML
    catalog = known_with(evidence)
    return catalog.model(drug_name, without), catalog.evidence


def _regimen(words: str) -> Any:  # noqa: ANN401 - the class is imported only when a command runs
    from ifntrial.dosing.regimen import parse_regimen

    return parse_regimen(words)


def _weeks(weeks: float) -> float:
    require_range("--weeks", weeks, 0.1, defaults.MOST_WEEKS)
    return weeks
