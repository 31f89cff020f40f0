"""Which unknowns the answers hang on: Morris screening and Sobol indices."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

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
from ifntrial.api.checks import require_range
from ifntrial.api.designs import AnyDesign, given_design, settled
from ifntrial.api.runs import BLOCK_FILES, Run, going_on
from ifntrial.api.tables import Column, make_table
from ifntrial.catalog import Catalog, shipped
from ifntrial.design.design import TrialDesign
from ifntrial.report.terminal.sensitivity import sensitivity_lines
from ifntrial.solver import Progress
from ifntrial.studies.executors import Workers
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.sensitivity.result import Sensitivity
from ifntrial.studies.sensitivity.run import SensitivityPlan
from ifntrial.studies.sensitivity.study import DEFAULT_SAMPLES, run_sensitivity

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    Column("output", "what is moved"),
    Column("unit", "unit of the output; empty for shares"),
    Column("group", "inputs that move together"),
    Column(
        "main", "what groups are ranked by: Morris, mean absolute change [unit]; Sobol, share of the variance"
    ),
    Column("main_low", "lower end of its 95 % bootstrap interval"),
    Column("main_high", "upper end of its 95 % bootstrap interval"),
    Column("first", "share of the variance that the group carries alone; missing for Morris", "1"),
)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class SensitivityAnswer(Shown[Sensitivity], Sensitivity):
    """What answers hang on: every field of the result of ``ifntrial sensitivity``, and what can be done with it."""

    def table(self) -> "pd.DataFrame":
        """Return the indices, a row for each output and group, the largest first."""
        rows = (
            (each.name, each.unit, one.group, one.main, one.main_low, one.main_high, one.first)
            for each in self.outputs
            for one in each.indices
        )
        return make_table(f"What the forecast of {self.design} hangs on", _COLUMNS, rows)

    def lines(self) -> Iterator[str]:
        """Yield for each output what moves it most."""
        yield f"What the forecast of {self.design} hangs on"
        yield from sensitivity_lines(self)


@names_arguments
def sensitivity(
    design: AnyDesign,
    *,
    method: Literal["morris", "sobol"] = "morris",
    groups: Literal["mechanism", "parameter"] = "mechanism",
    samples: int | None = None,
    subjects: int = defaults.SENSITIVITY_SUBJECTS,
    catalog: Catalog | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: bool = False,
) -> SensitivityAnswer:
    """Return which unknowns a forecast hangs on; does what ``ifntrial sensitivity`` does.

    Parameters
    ----------
    method
        Screening, or shares of the variance.
    groups
        By mechanism, or each input alone.
    samples
        Trajectories or base points, a power of two; None: as many as take about two minutes.
    subjects
        Common virtual patients.
    design, catalog, seed, workers, out, progress
        As in ``forecast``.

    Raises
    ------
    InputError
        If an argument is not usable.
    ExtraError
        If SALib is not installed.
    RunError
        If a world cannot be simulated, or the folder holds another run.
    """
    known = shipped() if catalog is None else catalog
    call = Call(
        "sensitivity",
        "sensitivity",
        (
            given_design("design", design, known),
            Given("method", "--method", method, "morris"),
            Given("groups", "--groups", groups, "mechanism"),
            Given("samples", "--samples", samples),
            Given("subjects", "--subjects", subjects, defaults.SENSITIVITY_SUBJECTS),
            given_catalog(catalog),
            *given_run(seed, workers, out),
        ),
    )
    virtual = require_whole("--subjects", subjects)
    plan = sensitivity_plan(settled(design, known), method, groups, samples, virtual, seed)
    run = begin(call, known, seed=seed, out=out)
    return answer_sensitivity(plan, run, known, processors(workers), reporter(progress))


def sensitivity_plan(
    design: TrialDesign, method: str, groups: str, samples: int | None, subjects: int, seed: int
) -> SensitivityPlan:
    """Return the plan of an analysis.

    Raises
    ------
    InputError
        If a size is out of range.
    """
    require_range("--subjects", subjects, 10, 5_000)
    if samples is not None:
        require_range("--samples", samples, 4, 16_384)
    number = samples or DEFAULT_SAMPLES.get((method, groups), 64)
    return SensitivityPlan(design, method, groups, number, subjects, seed)


def answer_sensitivity(
    plan: SensitivityPlan, run: Run, catalog: Catalog, workers: Workers, progress: Progress
) -> SensitivityAnswer:
    """Return the answer of a plan, kept where the run says; errors as in ``sensitivity``."""
    with going_on(run):
        result = run_sensitivity(plan, catalog, workers, progress, folder=run.folder)
    kept = keep(run, result, Files("sensitivity.json", _render, BLOCK_FILES))
    return SensitivityAnswer(**fields_of(result), kept=kept)


def _render(result: Sensitivity, facts: RunFacts) -> str:
    from ifntrial.report.sensitivity.page import render_sensitivity

    return render_sensitivity(result, facts)
