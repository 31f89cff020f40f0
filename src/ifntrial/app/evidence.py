"""``ifntrial evidence``: check the tables, show what is behind a number, take a source away."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api import defaults
from ifntrial.api.runs import facts_of, keep_run
from ifntrial.app import evidence_effects, options
from ifntrial.app.beliefs import known_with
from ifntrial.app.runs import begin_run, say_run, work_on_forecast
from ifntrial.console.groups import Group
from ifntrial.console.names import Name, evidence_rows, sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ifntrial.evidence.records import Evidence, Observation, ParameterValue, Source
    from ifntrial.evidence.rules.checked import Row
    from ifntrial.studies.evidence.without_source import Reweighed
    from ifntrial.studies.forecast.run import PreparedForecast

_FOLDER = click.Path(path_type=Path, file_okay=False)
_WIDTH = 19


@click.group("evidence", cls=Group)
def command() -> None:
    """Check or show the evidence behind a number."""


command.add_command(evidence_effects.command)


@command.command("check")
@click.option("--tables", type=_FOLDER, default=None, help="Folder with other tables than the package's own.")
@options.json_file
def check(tables: Path | None, json_path: Path | None) -> None:
    """Report every problem of the evidence tables at once; exit code 1 if there is any."""
    from ifntrial.catalog import shipped
    from ifntrial.errors import EvidenceError
    from ifntrial.evidence.check import check_evidence
    from ifntrial.evidence.load import TABLES_FOLDER, evidence_hash, load_evidence
    from ifntrial.evidence.rules.laws import python_files
    from ifntrial.studies.evidence import users
    from ifntrial.studies.evidence.result import EvidenceProblems

    run = begin_run(None, json_path, None)
    tables_hash = None
    try:
        evidence = load_evidence(tables or TABLES_FOLDER)
    except EvidenceError as error:
        problems = list(error.problems)
    else:
        model, read = users.package() / "model", users.declarations()
        problems = check_evidence(
            evidence,
            used_parameters=users.of_parameters(shipped().used_parameters),
            read_units=read.units,
            law_files=python_files(model / "mechanisms", model / "drugs"),
            fitted_observations=read.fitted,
            read_observations=read.published,
        )
        tables_hash = evidence_hash(evidence)
    if json_path is not None:
        facts = replace(facts_of(run), evidence_hash=tables_hash)
        keep_run(run, facts, "check.json", EvidenceProblems(tuple(problems)))
    if problems:
        for problem in problems:
            click.echo(problem)
        click.echo(
            f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in the evidence tables", err=True
        )
        raise click.exceptions.Exit(1)
    for line in _summary(evidence):
        click.echo(line)


@command.command("show")
@click.argument("name", type=Name(evidence_rows))
@options.evidence
@options.json_file
def show(name: str, evidence: Path | None, json_path: Path | None) -> None:
    """Show what is known about NAME: a parameter, an observation, a source, a claim or an entity."""
    from ifntrial.errors import resolve_name
    from ifntrial.evidence.rules.checked import all_rows, key, label
    from ifntrial.studies.evidence.study import gather_rows

    catalog = known_with(evidence)
    rows: dict[str, list[Row]] = {}
    for row in all_rows(catalog.evidence):
        rows.setdefault(key(row), []).append(row)
    # a trial's paper and the trial itself, for example, may have the same name
    found = resolve_name(name, rows, "evidence")
    if json_path is not None:
        run = begin_run(None, json_path, catalog)
        keep_run(run, facts_of(run), "show.json", gather_rows(name, found))
    for row in found:
        click.echo(label(row))
        for title, text in _page(row, catalog.evidence):
            if text:
                click.echo(f"  {title:<{_WIDTH}}{text}")


@command.command("without")
@click.argument("source", type=Name(sources))
@click.option(
    "--worlds", type=int, default=defaults.FORECAST.worlds, show_default=True, help="Of the forecast."
)
@click.option(
    "--subjects", type=int, default=defaults.FORECAST.subjects, show_default=True, help="Of the forecast."
)
@options.seed
@options.workers
@options.out
@options.json_file
def without(
    source: str,
    worlds: int,
    subjects: int,
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """List what hangs on SOURCE, and what the forecast of DAISY is with and without it.

    The forecast is that of 'ifntrial forecast daisy' of the same size: where its run is there, its worlds are only
    weighed again; otherwise they are simulated first.
    """
    from ifntrial.catalog import shipped
    from ifntrial.evidence.rests_on_source import hanging_on
    from ifntrial.report.terminal.effects import result_words
    from ifntrial.studies.evidence.study import gather_without
    from ifntrial.studies.evidence.without_source import without_source_effect
    from ifntrial.studies.forecast.run import ForecastPlan

    catalog = shipped()
    evidence = catalog.evidence
    hanging = hanging_on(evidence, source)
    run = begin_run(out, json_path, catalog)
    click.echo(f"without {source}: {_citation(hanging.removed_source)}")
    parts = (
        ("parameters", [f"{row.name} = {_value(row)} ({row.status})" for row in hanging.parameter_rows]),
        ("observations", [f"{row.id} = {_result(row)} ({row.use})" for row in hanging.observation_rows]),
        (
            "trial contrasts",
            [f"{row.id} = {result_words(row)} ({row.role})" for row in hanging.effect_rows],
        ),
        ("claims it supports", [f"{row.id}: {row.statement}" for row in hanging.claims_for]),
        ("claims it speaks against", [f"{row.id}: {row.statement}" for row in hanging.claims_against]),
    )
    for title, lines in parts:
        click.echo(f"{len(lines)} {title}{':' if lines else ''}")
        for line in lines:
            click.echo(f"  {line}")
    plan = ForecastPlan(design=catalog.designs["daisy"], worlds=worlds, subjects=subjects, seed=seed)
    prepared, found = work_on_forecast(run, plan, catalog, workers)
    effect = without_source_effect(prepared, found, source)
    facts = facts_of(run)
    keep_run(run, facts, "without.json", gather_without(hanging, effect))
    for line in _words_of(effect, prepared):
        click.echo(line)
    say_run(run, facts)


def _words_of(effect: "Reweighed", prepared: "PreparedForecast") -> "Iterator[str]":
    from ifntrial.worlds.beliefs import MIXTURE

    labels = {belief.name: belief.label for belief in prepared.beliefs} | {MIXTURE: "Declared mixture"}
    yield "probability that DAISY succeeds: with -> without it"
    for name, before in effect.before.items():
        after = f"{100 * effect.after[name]:.1f} %" if name in effect.after else "rests on it, left out"
        yield f"  {labels[name]:<30}{100 * before:>6.1f} % -> {after}"
    if effect.lost_rows:
        yield f"  no longer weigh worlds: {', '.join(effect.lost_rows)}"
    for name, (old, new) in effect.globals_changed.items():
        yield f"  {name}: posterior over prior SD {old:.2f} -> {new:.2f}"
    if effect.not_reweighed:
        yield f"  kept at their values (drawing them anew needs 'ifntrial calibrate'): {', '.join(effect.not_reweighed)}"


def _summary(evidence: "Evidence") -> "Iterator[str]":
    statuses = Counter(row.status for row in evidence.parameters)
    uses = Counter(row.use for row in evidence.observations)
    fixed = sum(row.status == "assumed" and row.prior == "none" for row in evidence.parameters)
    yield "No problem in the evidence tables."
    yield f"{len(evidence.parameters)} parameters: {_counts(statuses)}"
    yield f"  of the assumed, {fixed} have no prior: varied per patient or world, or fixed by judgement"
    yield f"{len(evidence.observations)} observations: {_counts(uses)}"
    yield f"{len(evidence.effects)} trial contrasts: {_counts(Counter(row.role for row in evidence.effects))}"
    yield f"  of the rows behind them, {len(evidence.double_uses)} with a second use that is known and stands:"
    for row in evidence.double_uses:
        yield f"    {row.observation} behind {row.effect}: {row.reason}"
    yield f"{len(evidence.sources)} sources, {len(evidence.entities)} entities, {len(evidence.claims)} claims"


def _counts(counts: "Mapping[str, int]") -> str:
    return ", ".join(f"{number} {word}" for word, number in sorted(counts.items()))


def _page(row: "Row", evidence: "Evidence") -> "Iterator[tuple[str, str]]":
    from ifntrial.evidence.records import Observation, ParameterValue

    if isinstance(row, ParameterValue):
        yield from _parameter_page(row, evidence)
    elif isinstance(row, Observation):
        yield from _observation_page(row, evidence)
    else:
        yield from _plain_page(row)


def _parameter_page(row: "ParameterValue", evidence: "Evidence") -> "Iterator[tuple[str, str]]":
    from ifntrial.catalog import shipped
    from ifntrial.studies.evidence import users

    yield "value", _value(row)
    yield "spread", "none" if row.spread is None else f"{row.spread:g} ({row.spread_kind}) between subjects"
    yield "prior", _prior(row)
    yield "status", row.status
    for id in row.sources:
        yield "source", f"{id}: {_citation(evidence.source(id))}"
    yield (
        "used by",
        ", ".join(users.of_parameters(shipped().used_parameters).get(row.name, ())) or "nothing yet",
    )
    yield "note", row.note


def _observation_page(row: "Observation", evidence: "Evidence") -> "Iterator[tuple[str, str]]":
    from ifntrial.studies.evidence import users

    yield "trial", f"{row.trial}, {row.arm}" if row.arm else row.trial
    yield "population", row.population
    yield "week", "" if row.visit_week is None else f"{row.visit_week:g}"
    yield "endpoint", row.endpoint
    yield row.statistic, _result(row)
    yield "sd", "" if row.sd is None else f"{row.sd:g} {row.unit}"
    yield "n", "" if row.n is None else str(row.n)
    yield "use", row.use
    yield "read by", ", ".join(users.of_observation(row)) or "nothing yet"
    yield "source", f"{row.source}: {_citation(evidence.source(row.source))}"


def _plain_page(row: "Row") -> "Iterator[tuple[str, str]]":
    from dataclasses import asdict

    for title, cell in asdict(row).items():
        text = ", ".join(cell) if isinstance(cell, list | tuple) else "" if cell is None else str(cell)
        yield title.replace("_", " "), text


def _unit(unit: str) -> str:
    return "" if unit in ("", "1") else f" {unit}"


def _value(row: "ParameterValue") -> str:
    return f"{row.value:g}{_unit(row.unit)}"


def _prior(row: "ParameterValue") -> str:
    if row.prior == "none":
        return "none"
    from ifntrial.evidence.distributions import prior_distribution
    from ifntrial.levels import BAND_ENDS

    low, high = prior_distribution(row).ppf(BAND_ENDS)
    return (
        f"{row.prior}({row.prior_a:g}, {row.prior_b:g}), 90 % from {low:.3g} to {high:.3g}{_unit(row.unit)}"
    )


def _result(row: "Observation") -> str:
    if row.value is None:
        return f"{row.low:g} to {row.high:g}{_unit(row.unit)}"
    interval = "" if row.low is None else f" ({row.low:g} to {row.high:g}, {row.interval_kind})"
    return f"{row.value:g}{interval}{_unit(row.unit)}"


def _citation(source: "Source") -> str:
    return f"{source.citation}{f'; doi:{source.doi}' if source.doi else ''} [{source.level}]"
