"""Every published result that is kept for it, against the model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ifntrial.api import defaults
from ifntrial.api.answer import Files, Shown, keep
from ifntrial.api.argument_names import names_arguments
from ifntrial.api.calls import (
    Call,
    Given,
    begin,
    given_catalog,
    given_run,
    processors,
    reporter,
    require_whole,
)
from ifntrial.api.checks import as_listed, require_range
from ifntrial.api.runs import BLOCK_FILES, Run, going_on
from ifntrial.api.tables import Column, make_table
from ifntrial.catalog import Catalog, shipped
from ifntrial.design.parts import USUAL_DRUG
from ifntrial.solver import Progress
from ifntrial.studies.executors import Workers
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.validate.result import Validation
from ifntrial.studies.validate.run import ValidationPlan
from ifntrial.studies.validate.study import validate as run_validation

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    Column("observation", "id of the published result in the evidence tables"),
    Column("use", "fit: it shaped numbers; test: it was held out"),
    Column("group", "group of checks; missing if it is not simulated"),
    Column("unit", "unit of the numbers"),
    Column("published", "the published value; missing where only a span is"),
    Column("simulated", "of the typical world"),
    Column("low", "where the simulated value has to lie by sampling error alone: from"),
    Column("high", "where the simulated value has to lie by sampling error alone: to"),
    Column("z", "distance in published standard errors"),
    Column("verdict", "agrees, miss, identity, no verdict or not simulated"),
    Column("reason", "why there is no verdict, or why it misses"),
)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ValidationAnswer(Shown[Validation], Validation):
    """A validation: every field of the result of ``ifntrial validate``, and what can be done with it."""

    def table(self) -> "pd.DataFrame":
        """Return every observation beside the model, in the order of the tables."""
        rows = (
            (
                each.observation,
                each.use,
                each.group,
                each.unit,
                each.published,
                each.simulated,
                each.low,
                each.high,
                each.z,
                each.verdict,
                each.reason,
            )
            for each in self.comparisons
        )
        return make_table("Published results beside the model", _COLUMNS, rows)

    def lines(self) -> Iterator[str]:
        """Yield how many published results agree, by their use."""
        yield f"Validation: {len(self.comparisons)} published results beside the model"
        for use, each in self.counts.items():
            yield (
                f"  {use}: {each.passes} agree, {each.misses} miss, {each.identities} are parameters, "
                f"{each.no_verdict} without a verdict, {each.not_simulated} not simulated"
            )


@names_arguments
def validate(
    *,
    subjects: int = defaults.VALIDATE.subjects,
    worlds: int = defaults.VALIDATE.worlds,
    drug: str = USUAL_DRUG,
    without: Sequence[str] = (),
    catalog: Catalog | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: bool = False,
) -> ValidationAnswer:
    """Return every observation kept for a fit or a test beside the model; does what ``ifntrial validate`` does.

    Parameters
    ----------
    subjects
        Size of the virtual groups that get a drug.
    worlds
        That say how far a published value may lie from the typical one.
    drug, without
        Which drug, and mechanisms to leave out.
    catalog, seed, workers, out, progress
        As in ``forecast``.

    Raises
    ------
    InputError
        If an argument is not usable.
    RunError
        If a check cannot be simulated, or the folder holds another run.
    """
    known, names = shipped() if catalog is None else catalog, tuple(without)
    call = Call(
        "validate",
        "validate",
        (
            Given("subjects", "--subjects", subjects, defaults.VALIDATE.subjects),
            Given("worlds", "--worlds", worlds, defaults.VALIDATE.worlds),
            Given("drug_name", "--drug", drug, USUAL_DRUG),
            Given("without", "--without", names),
            given_catalog(catalog),
            *given_run(seed, workers, out),
        ),
    )
    left_out = tuple(as_listed(each, known.mechanism_names) for each in names)
    virtual, drawn = require_whole("--subjects", subjects), require_whole("--worlds", worlds)
    plan = validation_plan(known, virtual, drawn, as_listed(drug, known.drugs), left_out, seed)
    run = begin(call, known, seed=seed, out=out)
    return answer_validation(plan, run, known, processors(workers), reporter(progress, "checks"))


def validation_plan(
    catalog: Catalog, subjects: int, worlds: int, drug: str, without: tuple[str, ...], seed: int
) -> ValidationPlan:
    """Return the plan of a validation.

    Raises
    ------
    InputError
        If a size is out of range, or a name is not known.
    """
    require_range("--subjects", subjects, 50, 20_000)
    require_range("--worlds", worlds, 8, 2_000)
    catalog.model(drug, without)  # a name that is not known is told before anything is written
    return ValidationPlan(subjects, seed, drug, without, worlds)


def answer_validation(
    plan: ValidationPlan, run: Run, catalog: Catalog, workers: Workers, progress: Progress
) -> ValidationAnswer:
    """Return the answer of a plan, kept where the run says; errors as in ``validate``."""
    with going_on(run):
        result = run_validation(plan, catalog, workers, progress, folder=run.folder)
    kept = keep(run, result, Files("validation.json", _render, BLOCK_FILES))
    return ValidationAnswer(**fields_of(result), kept=kept)


def _render(result: Validation, facts: RunFacts) -> str:
    from ifntrial.report.validate.page import render_validation

    return render_validation(result, facts)
