"""One virtual trial: who was enrolled, what became of them, its tables and its primary analysis."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ifntrial.api import defaults
from ifntrial.api.answer import Files, Shown, keep
from ifntrial.api.argument_names import names_arguments
from ifntrial.api.calls import Call, Given, begin, given_catalog, given_run, processors, require_whole
from ifntrial.api.designs import AnyDesign, given_design, settled
from ifntrial.api.runs import Run
from ifntrial.api.tables import Column, make_table
from ifntrial.catalog import Catalog, shipped
from ifntrial.design.design import TrialDesign
from ifntrial.formats.adam.files import require_format, save_tables
from ifntrial.report.terminal.trial import trial_lines
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.trial.one_trial import OneTrial, require_world, simulate_one_trial
from ifntrial.studies.trial.result import TrialResult
from ifntrial.studies.trial.study import trial_result

if TYPE_CHECKING:
    import pandas as pd

DEFINITIONS = "define.csv"

_COLUMNS = (
    Column("arm", "name of the arm"),
    Column("subjects", "subjects the primary analysis is about"),
    Column("known", "those of them with a value"),
    Column("mean", "share of responders, or mean in the unit of the endpoint"),
    Column("estimate", "active against control, on the scale of the test; missing for the control"),
    Column("low", "lower end of its 95 % interval"),
    Column("high", "upper end of its 95 % interval"),
    Column("scale", "of the estimate"),
    Column("p_two_sided", "of no difference", "1"),
)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class TrialAnswer(Shown[TrialResult], TrialResult):
    """One virtual trial: every field of the result of ``ifntrial design simulate``, and what can be done with it.

    Parameters
    ----------
    trial
        Every subject as the trial saw it, which the functions of ``ifntrial.stats`` analyse.
    catalog
        What the trial was made with.
    """

    trial: OneTrial
    catalog: Catalog

    @property
    def tables(self) -> "Mapping[str, pd.DataFrame]":
        """The tables ``adsl``, ``adeff``, ``adae`` and ``adpc`` in the shape of ADaM."""
        return self.trial.tables

    def table(self) -> "pd.DataFrame":
        """Return the primary endpoint in each arm and its test, a row for each arm."""
        tests = {each.arm: each for each in self.primary_result.tests}
        rows = []
        for each in self.primary_result.arm_results:
            test = tests.get(each.arm)
            found = (
                (None, None, None, "", None)
                if test is None
                else (test.estimate, test.low, test.high, test.scale, test.p_two_sided)
            )
            rows.append((each.arm, each.subjects, each.known, each.mean, *found))
        primary = self.primary_result
        return make_table(f"{self.design}: {primary.label}, week {primary.visit_week:g}", _COLUMNS, rows)

    def lines(self) -> Iterator[str]:
        """Yield what happened in the trial."""
        yield from trial_lines(self, self.facts.seed or 0)


@names_arguments
def simulate_trial(
    design: AnyDesign,
    *,
    world: int | None = None,
    tables: str = "parquet",
    catalog: Catalog | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    out: str | Path | None = None,
) -> TrialAnswer:
    """Return one virtual trial of a design's own size; does what ``ifntrial design simulate`` does.

    Parameters
    ----------
    world
        Number of a world of the calibration; None: the typical world.
    tables
        Format of the tables in the folder: ``parquet``, ``csv`` or ``xpt``.
    design, catalog, seed, workers, out
        As in ``forecast``.

    Raises
    ------
    InputError
        If there is no such world, hardly anyone can enter, or an argument is not usable.
    """
    known = shipped() if catalog is None else catalog
    call = Call(
        "simulate_trial",
        "design simulate",
        (
            given_design("design", design, known),
            Given("world", "--world", world),
            Given("file_format", "--tables", tables, "parquet"),
            given_catalog(catalog),
            *given_run(seed, workers, out),
        ),
    )
    require_format(tables)
    number = None if world is None else require_whole("--world", world)
    require_world(known.calibration, number)
    run = begin(call, known, seed=seed, out=out, needs_folder=False)
    return answer_trial(settled(design, known), number, seed, tables, run, known, processors(workers))


def trial_folder(design: TrialDesign, seed: int, world: int | None) -> Path:
    """Return the folder of a trial where nobody names another."""
    return Path("runs") / f"{design.name}-trial-{seed}-{'typical' if world is None else world}"


def answer_trial(
    design: TrialDesign,
    world: int | None,
    seed: int,
    file_format: str,
    run: Run,
    catalog: Catalog,
    workers: int,
) -> TrialAnswer:
    """Return one trial, its tables kept where the run says; errors as in ``simulate_trial``."""
    trial = simulate_one_trial(catalog, design, world=world, seed=seed, workers=workers)
    files = (*(f"{name}.{file_format}" for name in trial.tables), DEFINITIONS)
    result = trial_result(trial, catalog, files)

    def write(folder: Path) -> None:
        save_tables(trial.tables, folder, file_format)

    kept = keep(run, result, Files("trial.json", None, files, write))
    return TrialAnswer(**fields_of(result), kept=kept, trial=trial, catalog=catalog)
