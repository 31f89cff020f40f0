"""Doses and routes of one design: exposure, occupancy, suppression, response and chance of success."""

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
from ifntrial.api.tables import Column, make_table
from ifntrial.catalog import Catalog
from ifntrial.solver import Progress
from ifntrial.studies.compare.plan import SharedPlan, prepare
from ifntrial.studies.compare.worlds import gather_power
from ifntrial.studies.doses.result import Doses
from ifntrial.studies.doses.study import REGIMENS, doses_result, with_regimens
from ifntrial.studies.executors import Workers
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.run_facts import RunFacts

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    Column("regimen", "the regimen in words; the design's own first"),
    Column("route", "IV, SC or oral"),
    Column("trough", "median concentration in serum before the primary visit", "ug/mL"),
    Column("auc", "median area under the concentration over the window before that visit", "day*ug/mL"),
    Column("occupancy_blood", "median share of receptors in blood bound by the drug", "1"),
    Column("suppression_blood", "median suppression (b) in blood, of high signatures", "1"),
    Column("suppression_skin", "median suppression (b) in skin, of high signatures", "1"),
    *PRIOR_COLUMNS,
)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class DosesAnswer(Shown[Doses], Doses):
    """A study of doses: every field of the result of ``ifntrial doses``, and what can be done with it."""

    def table(self) -> "pd.DataFrame":
        """Return exposure and chance of success, a row for each regimen and belief."""
        rows = (
            (
                each.words,
                each.route,
                each.exposure.trough.median,
                each.exposure.auc.median,
                each.exposure.occupancy_blood.median,
                each.exposure.suppression_blood.median,
                each.exposure.suppression_skin.median,
                *prior_cells(prior, found),
            )
            for each in self.regimen_results
            for prior, found in each.by_prior.items()
        )
        return make_table(f"Doses and routes for {self.design}", _COLUMNS, rows)

    def lines(self) -> Iterator[str]:
        """Yield the chance of success of each regimen under the mixture of beliefs."""
        yield f"Doses and routes for {self.design}: probability of success in the mixture of beliefs"
        for each in self.regimen_results:
            found = each.by_prior[self.mixture].assurance
            yield (
                f"  {each.words:<28}{100 * found.estimate:>6.1f} % "
                f"({100 * found.low:.0f} to {100 * found.high:.0f})"
            )


@names_arguments
def doses(
    design: AnyDesign,
    *,
    regimens: Sequence[str] = (),
    worlds: int = defaults.DOSES.worlds,
    subjects: int = defaults.DOSES.subjects,
    beliefs: str | Path | None = None,
    weights: Weights | None = None,
    calibration: str | Path | None = None,
    addresses: Sequence[str | Path] = (),
    catalog: Catalog | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: bool = False,
) -> DosesAnswer:
    """Return what other regimens do to a trial; does what ``ifntrial doses`` does.

    Parameters
    ----------
    regimens
        Beside the design's own, such as ``300 mg IV every 4 weeks``; none: a range.
    design, worlds, subjects, beliefs, weights, calibration, addresses, catalog, seed, workers, out, progress
        As in ``forecast``.

    Raises
    ------
    InputError
        If a regimen cannot be given, or an argument is not usable.
    RunError
        If the folder holds another run, or worlds could not be done.
    """
    on = basis(catalog, beliefs, weights, calibration, addresses)
    call = Call(
        "doses",
        "doses",
        (
            given_design("design", design, on.catalog),
            Given("regimens", "--regimen", tuple(regimens)),
            Given("worlds", "--worlds", worlds, defaults.DOSES.worlds),
            Given("subjects", "--subjects", subjects, defaults.DOSES.subjects),
            *on.given,
            *given_run(seed, workers, out),
        ),
    )
    plan = SharedPlan(
        with_regimens(settled(design, on.catalog), tuple(regimens) or REGIMENS, on.catalog.drugs),
        require_whole("--worlds", worlds),
        require_whole("--subjects", subjects),
        seed,
        beliefs=on.beliefs,
    )
    run = begin(call, on.catalog, seed=seed, out=out)
    return answer_doses(plan, run, on.catalog, processors(workers), reporter(progress))


def answer_doses(
    plan: SharedPlan, run: Run, catalog: Catalog, workers: Workers, progress: Progress
) -> DosesAnswer:
    """Return the answer of a plan of one design with several regimens, kept where the run says."""
    prepared = prepare(plan, catalog)
    kept = work_in_common_worlds(
        prepared,
        run,
        "doses.json",
        workers=workers,
        progress=progress,
        finish=lambda there, worlds, _: doses_result(there, gather_power(there, worlds.records())),
        render=_render,
    )
    return DosesAnswer(**fields_of(kept.result), kept=kept)


def _render(result: Doses, facts: RunFacts) -> str:
    from ifntrial.report.doses.page import render_doses

    return render_doses(result, facts)
