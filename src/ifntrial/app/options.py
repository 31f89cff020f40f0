"""Options that every command shares."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from ifntrial.api import defaults
from ifntrial.console.inputs import InputFile, InputFolder, OutputFile, OutputFolder, file_of_design
from ifntrial.console.names import DesignOrFile, Name, drugs, mechanisms
from ifntrial.console.names import designs as all_designs

_Command = TypeVar("_Command", bound=Callable[..., Any])


seed = click.option(
    "--seed",
    type=click.IntRange(0, defaults.MOST_SEED),
    default=defaults.SEED,
    show_default=True,
    help="Random seed.",
)
workers = click.option(
    "--workers",
    type=click.IntRange(1, defaults.MOST_WORKERS),
    default=None,
    help="Processors to use; the numbers do not depend on it.",
)
part = click.option(
    "--part",
    metavar="NUMBER/PARTS",
    default=None,
    help="Do one of several parts of the run, such as 3/16; 'ifntrial gather' then makes the result.",
)
cluster = click.option(
    "--cluster",
    metavar="ADDRESS",
    default=None,
    help="Do the blocks on a Dask cluster: tcp://HOST:PORT of its scheduler, or local:4.",
)
out = click.option(
    "--out", type=OutputFolder(path_type=Path, file_okay=False), help="Folder for the results."
)
json_file = click.option(
    "--json", "json_path", type=OutputFile(path_type=Path, dir_okay=False), help="Write the result as JSON."
)
without = click.option(
    "--without",
    type=Name(mechanisms),
    multiple=True,
    metavar="MECHANISM",
    help="Leave a mechanism out ('ifntrial list mechanisms'); may be repeated.",
)
drug = click.option(
    "--drug",
    "drug_name",
    type=Name(drugs),
    default="anifrolumab",
    show_default=True,
    help="Which drug ('ifntrial list drugs').",
)
beliefs = click.option(
    "--beliefs",
    type=InputFile(path_type=Path, dir_okay=False),
    help="YAML file with beliefs of your own in place of the declared ones.",
)
evidence = click.option(
    "--evidence",
    type=InputFolder(path_type=Path, file_okay=False),
    help="Folder of evidence tables of your own: rows beside the package's, or in their place.",
)
weights = click.option(
    "--weights",
    metavar="NAME=NUMBER,...",
    default=None,
    help="Other shares of beliefs in the mixture; one that is not named gets none.",
)
calibration = click.option(
    "--calibration",
    type=InputFile(path_type=Path, dir_okay=False),
    help="Frozen worlds in place of the package's, as 'ifntrial calibrate --out' wrote them.",
)
addresses = click.option(
    "--address",
    "addresses",
    type=InputFile(path_type=Path, dir_okay=False),
    multiple=True,
    help="Design file of an address beside the package's, at which worlds were calibrated; may be repeated.",
)
design = click.argument("design", type=DesignOrFile(file_of_design, all_designs))
designs = click.argument("designs", type=DesignOrFile(file_of_design, all_designs), nargs=-1, required=True)


def worlds(default: int) -> Callable[[_Command], _Command]:
    """Return the option that says how many worlds to draw."""
    return click.option("--worlds", type=int, default=default, show_default=True, help="Number of worlds.")


def subjects(default: int, words: str = "Virtual patients per world.") -> Callable[[_Command], _Command]:
    """Return the option that says how many virtual patients there are."""
    return click.option("--subjects", type=int, default=default, show_default=True, help=words)


def in_parts(command: _Command) -> _Command:
    """Add what every command takes that keeps blocks of worlds: who does them, which it gets as ``workers``."""

    @wraps(command)
    def collected(**given: Any) -> object:  # noqa: ANN401 click passes every option by name
        from ifntrial.app.who_works import executor_for

        part, address = given.pop("part"), given.pop("cluster")
        given["workers"] = executor_for(given["workers"], part, address, given["json_path"])
        return command(**given)

    decorated: Any = collected
    whole: _Command = part(cluster(decorated))
    return whole


def for_a_run(command: _Command) -> _Command:
    """Add what every command that computes takes: seed, workers and where its results go."""
    return seed(workers(out(json_file(command))))
