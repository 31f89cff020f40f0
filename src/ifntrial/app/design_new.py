"""``ifntrial design new``: write a first file for a trial of one's own."""

from pathlib import Path
from typing import TypeVar

import click

from ifntrial.api import defaults
from ifntrial.api.checks import require_range
from ifntrial.app import options
from ifntrial.console.inputs import OutputFile
from ifntrial.console.names import Name, designs, endpoints
from ifntrial.errors import FileError, InputError

_Value = TypeVar("_Value")


@click.command("new")
@click.argument("file", type=OutputFile(path_type=Path, dir_okay=False))
@click.option(
    "--endpoint",
    type=Name(endpoints),
    help="Primary endpoint: a response, a change, a value, a count or a time ('ifntrial list endpoints').",
)
@click.option("--week", type=float, help="Week of the primary endpoint, at which randomized treatment ends.")
@click.option("--patients", type=int, help="Planned number of patients.")
@click.option(
    "--regimen", "regimens", metavar="WORDS", multiple=True, help="Of an active arm; may be repeated."
)
@click.option(
    "--control",
    metavar="WORDS",
    default="",
    help="Regimen of the control arm; placebo in the same way otherwise.",
)
@click.option("--ratio", metavar="N:N", help="Allocation, active arms first; 1:1 otherwise.")
@click.option(
    "--visits", metavar="WEEK,...", help="Planned visits; week 0, 4, every 12 and the primary one otherwise."
)
@click.option(
    "--enter", "conditions", metavar="CONDITION", multiple=True, help="Whom to enroll, such as 'is_ifn_high'."
)
@options.drug
@click.option("--name", "trial", default="", help="Name of the trial; that of the file otherwise.")
@click.option("--title", default="", help="Title of the trial; its name otherwise.")
@click.option(
    "--extends",
    "base",
    type=Name(designs),
    default="daisy",
    show_default=True,
    help="Shipped design that gives the rest.",
)
def new_design(
    file: Path,
    endpoint: str | None,
    week: float | None,
    patients: int | None,
    regimens: tuple[str, ...],
    control: str,
    ratio: str | None,
    visits: str | None,
    conditions: tuple[str, ...],
    drug_name: str,
    trial: str,
    title: str,
    base: str,
) -> None:
    """Write FILE, a design with comments to go on from; a file that is there is never touched.

    Asks for the primary endpoint, its week, the number of patients and the regimen where they are not given as options.
    What is written is what 'ifntrial design check' calls fine.
    """
    from ifntrial.catalog import shipped
    from ifntrial.design.draft import Draft, checked_draft, read_ratio, read_weeks

    _require_new(file)
    draft = Draft(
        name=trial or file.stem,
        title=title or trial or file.stem,
        endpoint=_asked(
            endpoint, "--endpoint", "Primary endpoint ('ifntrial list endpoints')", "mrss_change"
        ),
        week=_asked(week, "--week", "Week of the primary endpoint", 52.0),
        patients=_asked(patients, "--patients", "Number of patients", 200),
        regimens=regimens or (_asked(None, "--regimen", "Regimen", "300 mg IV every 4 weeks"),),
        control=control,
        ratio=read_ratio(ratio) if ratio is not None else (),
        visits=read_weeks(visits) if visits is not None else (),
        conditions=conditions,
        drug=drug_name,
        base=base,
    )
    require_range("--week", draft.week, 0.2, defaults.MOST_WEEKS)
    text = checked_draft(draft, shipped().known_of_patients)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        _require_new(file)
    click.echo(f"{file}: written. Next: ifntrial design check {file}")


def _require_new(file: Path) -> None:
    if file.exists():
        raise FileError(
            f"{file} is there already", allowed="a file that is not there yet", fix="choose another name"
        )


def _asked(value: _Value | None, option: str, words: str, usual: _Value) -> _Value:
    """Return what an option says, or else the answer to a question."""
    if value is not None:
        return value
    try:
        answer: _Value = click.prompt(words, default=usual, type=type(usual), err=True)
    except click.Abort as error:
        raise InputError(
            f"{option} is not given and the question was not answered", fix=f"give {option}"
        ) from error
    return answer
