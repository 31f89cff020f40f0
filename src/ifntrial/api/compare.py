"""Designs in the same worlds and patients, each beside the first; one alone is sized."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ifntrial.api import defaults
from ifntrial.api.answer import Shown
from ifntrial.api.argument_names import names_arguments
from ifntrial.api.beliefs import Weights, basis
from ifntrial.api.calls import Call, Given, begin, given_run, processors, reporter, require_whole
from ifntrial.api.designs import AnyDesign, given_design, settled
from ifntrial.api.runs import Run
from ifntrial.api.shared_worlds import PRIOR_COLUMNS, prior_cells, work_in_common_worlds
from ifntrial.api.tables import Cell, Column, make_table
from ifntrial.catalog import Catalog
from ifntrial.report.terminal.designs import comparison_under
from ifntrial.solver import Progress
from ifntrial.studies.compare.more_patients import sizes_around
from ifntrial.studies.compare.plan import SharedPlan, prepare
from ifntrial.studies.compare.result import ComparedDesign, Comparison
from ifntrial.studies.compare.study import comparison_result
from ifntrial.studies.compare.worlds import gather_power
from ifntrial.studies.executors import Workers
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.run_facts import RunFacts

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    Column("design", "name of the design"),
    Column("total", "treated patients in all arms"),
    *PRIOR_COLUMNS,
    Column("versus_first", "assurance less that of the first design, paired by world", "1"),
    Column("versus_first_low", "lower end of its 95 % interval", "1"),
    Column("versus_first_high", "upper end of its 95 % interval", "1"),
    Column("total_for_80", "patients in all arms for a probability of 80 %; missing if no size does"),
)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ComparisonAnswer(Shown[Comparison], Comparison):
    """A comparison: every field of the result of ``ifntrial design compare``, and what can be done with it."""

    def table(self) -> "pd.DataFrame":
        """Return the chance of success of each design, and beside the first, a row for each design and belief."""
        rows = (_row(design, prior) for design in self.designs for prior in design.by_prior)
        return make_table(f"Designs in {self.worlds} common worlds", _COLUMNS, rows)

    def lines(self) -> Iterator[str]:
        """Yield the chance of success of each design under the mixture of beliefs."""
        yield f"Comparison of {', '.join(design.name for design in self.designs)} in {self.worlds} common worlds"
        yield from comparison_under(self, self.mixture)


def _row(design: ComparedDesign, prior: str) -> tuple[Cell, ...]:
    gap = (design.versus_reference or {}).get(prior)
    beside = (None, None, None) if gap is None else (gap.estimate, gap.low, gap.high)
    size = next(
        each for each in design.more_patients.by_prior[prior].targets if each.target_assurance == _USUAL
    )
    return (design.name, design.total, *prior_cells(prior, design.by_prior[prior]), *beside, size.total)


_USUAL = 0.8
"""The probability of success for which a size is shown."""


@names_arguments
def compare(
    *designs: AnyDesign,
    worlds: int = defaults.COMPARE.worlds,
    subjects: int = defaults.COMPARE.subjects,
    beliefs: str | Path | None = None,
    weights: Weights | None = None,
    calibration: str | Path | None = None,
    addresses: Sequence[str | Path] = (),
    catalog: Catalog | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: bool = False,
) -> ComparisonAnswer:
    """Return how designs compare in the same worlds; does what ``ifntrial design compare`` does.

    Parameters
    ----------
    designs
        Designs, names of designs or YAML files; the first is the reference.
    subjects
        Virtual patients of each design.
    worlds, beliefs, weights, calibration, addresses, catalog, seed, workers, out, progress
        As in ``forecast``.

    Raises
    ------
    InputError
        If designs cannot be compared, or an argument is not usable.
    RunError
        If the folder holds another run, or worlds could not be done.
    """
    on = basis(catalog, beliefs, weights, calibration, addresses)
    call = Call(
        "compare",
        "design compare",
        (
            *(given_design("designs", each, on.catalog) for each in designs),
            Given("worlds", "--worlds", worlds, defaults.COMPARE.worlds),
            Given("subjects", "--subjects", subjects, defaults.COMPARE.subjects),
            *on.given,
            *given_run(seed, workers, out),
        ),
    )
    plan = SharedPlan(
        tuple(settled(each, on.catalog) for each in designs),
        require_whole("--worlds", worlds),
        require_whole("--subjects", subjects),
        seed,
        beliefs=on.beliefs,
    )
    run = begin(call, on.catalog, seed=seed, out=out)
    return answer_comparison(plan, run, on.catalog, processors(workers), reporter(progress))


def answer_comparison(
    plan: SharedPlan, run: Run, catalog: Catalog, workers: Workers, progress: Progress
) -> ComparisonAnswer:
    """Return the answer of a plan, kept where the run says; errors as in ``compare``."""
    prepared = prepare(plan, catalog)
    kept = work_in_common_worlds(
        prepared,
        run,
        "comparison.json",
        workers=workers,
        progress=progress,
        finish=lambda there, worlds, _: comparison_result(
            there, gather_power(there, worlds.records(), sizes_around)
        ),
        render=_render,
    )
    return ComparisonAnswer(**fields_of(kept.result), kept=kept)


def _render(result: Comparison, facts: RunFacts) -> str:
    from ifntrial.report.compare.page import render_comparison

    return render_comparison(result, facts)
