"""``ifntrial design``: list, show, check, simulate and compare trial designs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.beliefs import takes_beliefs
from ifntrial.app.design_simulate import simulate_design
from ifntrial.app.run_end import NO_EFFICACY_DATUM, close_run, say_size
from ifntrial.app.runs import BLOCK_FILES, Run, begin_run, in_folder, work_on_worlds
from ifntrial.console.groups import Group

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog
    from ifntrial.studies.beliefs.asked import AskedBeliefs
    from ifntrial.studies.compare.result import ComparedDesign, Comparison

DEFAULT_WORLDS, DEFAULT_SUBJECTS = 240, 200


@click.group("design", cls=Group)
def command() -> None:
    """Trial designs: what ships, what a file holds, one virtual trial, and how designs compare."""


command.add_command(simulate_design)


@command.command("list")
def list_designs() -> None:
    """List the designs that ship with the package."""
    from ifntrial.catalog import shipped

    for name, design in sorted(shipped().designs.items()):
        click.echo(
            f"{name:<24}{design.size.analyzed:>6} patients  {design.primary.endpoint:<28}{design.title}"
        )


@command.command("show")
@options.design
@click.option("--yaml", "as_yaml", is_flag=True, help="As a whole YAML file, to start a design of your own.")
def show_design(design: str, as_yaml: bool) -> None:
    """Show DESIGN: the name of a shipped design, or a YAML file."""
    from ifntrial.catalog import shipped
    from ifntrial.clinic.design_words import endpoint_words
    from ifntrial.design.design import save_design

    catalog = shipped()
    loaded = catalog.design(design)
    if as_yaml:
        click.echo(save_design(loaded), nl=False)
        return
    click.echo(f"{loaded.name}: {loaded.title}")
    if loaded.registration:
        click.echo(f"Registered: {loaded.registration}")
    planned = f"planned {loaded.size.planned}"
    click.echo(f"Patients: {loaded.size.analyzed} ({planned})")
    for arm in loaded.arms:
        size = f", {loaded.n_of(arm)} patients" if loaded.is_randomized else ""
        drug = "" if arm.drug is None else f"{catalog.drugs[arm.drug_name].label} "
        click.echo(f"Arm: {arm.name}, {drug}{arm.regimen}{size}")
    for criterion in loaded.eligibility:
        click.echo(f"Enters: {criterion.text}{' (assumed)' if criterion.is_assumed else ''}")
    click.echo(f"Strata: {', '.join(factor.name for factor in loaded.strata) or 'none'}")
    click.echo(
        f"Primary: {loaded.primary.endpoint}, {endpoint_words(loaded.primary, loaded, catalog.endpoints)}"
    )
    click.echo("Assumed, as the protocol is not public:" if loaded.registration else "Assumed:")
    for name, block in loaded.assumed.model_dump(mode="json").items():
        click.echo(f"  {name.replace('_', ' ')}: {block.get('reason', '')}")


@command.command("check")
@options.designs
def check_designs(designs: tuple[str, ...]) -> None:
    """Check that each of DESIGNS can be read and simulated; lists every problem of the first that cannot."""
    from ifntrial.catalog import shipped
    from ifntrial.design.covariates import require_known_covariates
    from ifntrial.patients.sample import sample_population

    catalog = shipped()
    anyone = sample_population(catalog.model(), catalog.evidence, 1, 1)
    for design in designs:
        loaded = catalog.design(design)
        require_known_covariates(loaded, anyone.covariates)
        click.echo(f"{design}: fine ({loaded.name}, {loaded.size.analyzed} patients)")


@command.command("schema")
def schema() -> None:
    """Print the JSON schema of a design file."""
    from ifntrial.catalog import shipped
    from ifntrial.design.schema import build_design_schema

    click.echo(json.dumps(build_design_schema(shipped().known), indent=1))


@command.command("compare")
@options.designs
@options.worlds(DEFAULT_WORLDS)
@options.subjects(DEFAULT_SUBJECTS, "Virtual patients per design.")
@takes_beliefs
@options.for_a_run
def compare_designs(
    catalog: "Catalog",
    asked: "AskedBeliefs",
    designs: tuple[str, ...],
    worlds: int,
    subjects: int,
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Compare DESIGNS, each with the first: names of shipped designs or YAML files; size a single one.

    All are simulated in the same worlds; patients whom several designs enroll are the same persons with the same luck.
    An interrupted run goes on where it stopped when the same command is given again.
    """
    from ifntrial.report.compare.page import render_comparison
    from ifntrial.studies.compare.more_patients import sizes_around
    from ifntrial.studies.compare.plan import SharedPlan, prepare, run_name
    from ifntrial.studies.compare.run import simulate_responses
    from ifntrial.studies.compare.study import comparison_result
    from ifntrial.studies.compare.worlds import gather_power

    loaded = [catalog.design(design) for design in designs]
    run = begin_run(out, json_path, catalog)
    prepared = prepare(SharedPlan(tuple(loaded), worlds, subjects, seed, beliefs=asked), catalog)
    folder = out or Path("runs") / run_name(prepared, "compare")
    run = in_folder(run, folder)

    def work(count: int, report: Callable[[int, int], None]) -> "Comparison":
        worlds = simulate_responses(prepared, folder, count, report).records()
        return comparison_result(prepared, gather_power(prepared, worlds, sizes_around))

    result = work_on_worlds(run, work, workers)
    close_run(run, "comparison.json", result, render_comparison, BLOCK_FILES, _print)


def _print(run: Run, result: "Comparison") -> None:
    if len(result.designs) == 1:
        click.echo("One design: how many patients it needs. To compare it, name a second.")
    say_size(run, result, " per design")
    for prior, facts in result.priors.items():
        click.echo(f"{facts.label}: probability that the primary endpoint is met")
        for design in result.designs:
            click.echo(f"  {design.name:<24}{_row(result, design, prior)}".replace("\u202f", " "))
    click.echo(NO_EFFICACY_DATUM)


def _row(result: "Comparison", design: "ComparedDesign", prior: str) -> str:
    from ifntrial.report.compare.words import size_in_words

    block = design.by_prior[prior]
    active, control = block.expected_response
    text = (
        f"{100 * block.assurance.estimate:>5.1f} %  n {design.total:<5} response {100 * active:.0f} "
        f"against {100 * control:.0f} %"
    )
    gap = (design.versus_reference or {}).get(prior)
    if gap:
        text += (
            f"; {100 * gap.estimate:+.1f} points ({100 * gap.low:+.1f} to {100 * gap.high:+.1f}) "
            f"beside {result.reference}"
        )
    answer = design.more_patients.by_prior[prior]
    return f"{text}; 80 %: {size_in_words(answer.targets[0], answer)}"
