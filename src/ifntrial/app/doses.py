"""``ifntrial doses``: which dose and route, from exposure to the chance of success."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.beliefs import takes_beliefs
from ifntrial.app.run_end import NO_EFFICACY_DATUM, close_run, say_size
from ifntrial.app.runs import BLOCK_FILES, Run, begin_run, in_folder, work_on_worlds

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog
    from ifntrial.statistics.assurance import Estimate
    from ifntrial.studies.beliefs.asked import AskedBeliefs
    from ifntrial.studies.doses.result import Doses, RegimenResult

DEFAULT_WORLDS, DEFAULT_SUBJECTS = 100, 200


@click.command("doses")
@options.design
@click.option(
    "--regimen",
    "regimens",
    multiple=True,
    metavar="WORDS",
    help='Beside the design\'s own, such as "300 mg IV every 4 weeks"; default a range; may be repeated.',
)
@options.worlds(DEFAULT_WORLDS)
@options.subjects(DEFAULT_SUBJECTS)
@takes_beliefs
@options.for_a_run
def command(
    catalog: "Catalog",
    asked: "AskedBeliefs",
    design: str,
    regimens: tuple[str, ...],
    worlds: int,
    subjects: int,
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Give DESIGN other regimens: exposure, occupancy, suppression, response and chance of success.

    All regimens are simulated in the same worlds and patients. An interrupted run goes on where it stopped when the same
    command is given again.
    """
    from ifntrial.report.doses.page import render_doses
    from ifntrial.studies.compare.plan import SharedPlan, prepare, run_name
    from ifntrial.studies.compare.run import simulate_responses
    from ifntrial.studies.compare.worlds import gather_power
    from ifntrial.studies.doses.study import REGIMENS, doses_result, with_regimens

    designs = with_regimens(catalog.design(design), regimens or REGIMENS, catalog.drugs)
    run = begin_run(out, json_path, catalog)
    prepared = prepare(SharedPlan(tuple(designs), worlds, subjects, seed, beliefs=asked), catalog)
    folder = out or Path("runs") / run_name(prepared, "doses")
    run = in_folder(run, folder)

    def work(count: int, report: Callable[[int, int], None]) -> "Doses":
        worlds = simulate_responses(prepared, folder, count, report).records()
        return doses_result(prepared, gather_power(prepared, worlds))

    result = work_on_worlds(run, work, workers)
    close_run(run, "doses.json", result, render_doses, BLOCK_FILES, _print)


def _print(run: Run, result: "Doses") -> None:
    from ifntrial.report.doses import words as doses_words
    from ifntrial.report.enrich.words import plain

    say_size(run, result)
    for sentence in (
        doses_words.saturation_sentence(result),
        doses_words.lowest_sentence(result),
        doses_words.route_sentence(result),
    ):
        click.echo(plain(sentence))
    labels = "".join(f"{facts.label[:22]:>24}" for facts in result.priors.values())
    click.echo(f"{'':<28}{'trough':>8}{'AUC':>8}{'blood (b)':>11}{'skin (b)':>10}{labels}")
    click.echo(f"{'':<28}{'ug/mL':>8}{'28 d':>8}{'%':>11}{'%':>10}{'chance of success [%]':>24}")
    for each in result.regimen_results:
        click.echo(_row(each))
    click.echo(NO_EFFICACY_DATUM)


def _row(regimen: "RegimenResult") -> str:
    found = regimen.exposure
    chances = "".join(f"{_chance(block.assurance):>24}" for block in regimen.by_prior.values())
    return (
        f"{regimen.words:<28}{found.trough.median:>8.1f}{found.auc.median:>8.0f}"
        f"{100 * found.suppression_blood.median:>11.0f}{100 * found.suppression_skin.median:>10.0f}{chances}"
    )


def _chance(found: "Estimate") -> str:
    return f"{100 * found.estimate:.1f} ({100 * found.low:.0f} to {100 * found.high:.0f})"
