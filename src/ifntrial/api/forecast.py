"""A forecast: simulate a trial in many worlds, analyse it, say how likely it is to succeed."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ifntrial.api import defaults
from ifntrial.api.answer import Files, Shown, keep
from ifntrial.api.argument_names import names_arguments
from ifntrial.api.beliefs import Weights, basis
from ifntrial.api.calls import Call, Given, begin, given_file, given_run, processors, reporter, require_whole
from ifntrial.api.checks import as_listed
from ifntrial.api.designs import AnyDesign, given_design, settled
from ifntrial.api.runs import Run, going_on, in_folder, without_manifest
from ifntrial.api.tables import Column, make_table
from ifntrial.catalog import Catalog
from ifntrial.design.design import save_design
from ifntrial.errors import InputError
from ifntrial.files import write_whole
from ifntrial.report.terminal.forecast import success_lines
from ifntrial.signature.cells import plain_csv
from ifntrial.solver import Progress
from ifntrial.studies.beliefs.given import load_given
from ifntrial.studies.executors import Workers, workers_here
from ifntrial.studies.forecast.cohort.patients import Cohort, read_cohort
from ifntrial.studies.forecast.cohort.twins import subjects_for
from ifntrial.studies.forecast.result import Forecast, PatientPrediction
from ifntrial.studies.forecast.run import ForecastPlan, prepare, run_name, run_there
from ifntrial.studies.forecast.study import forecast_result
from ifntrial.studies.ledger.predictive import predictive, write_predictive
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.run_facts import RunFacts

if TYPE_CHECKING:
    import pandas as pd

_PATTERNS = (
    "plan.json",
    "design.yaml",
    "cohort.csv",
    "predictive.json",
    "subjects.parquet",
    "blocks/*.parquet",
    "outcomes/*.parquet",
)
"""What a forecast writes beside its result and page."""

_COLUMNS = (
    Column("prior", "name of a belief about the effect, or their mixture"),
    Column("label", "the belief in a few words"),
    Column("assurance", "probability that the primary endpoint is met", "1"),
    Column("low", "lower end of its 95 % interval, with worlds as the unit", "1"),
    Column("high", "upper end of its 95 % interval, with worlds as the unit", "1"),
    Column("power_q05", "power in the world at 5 %", "1"),
    Column("power_q50", "power in the median world", "1"),
    Column("power_q95", "power in the world at 95 %", "1"),
    Column(
        "response_active",
        "share of responders on active, or what the primary measure tells of an arm, median world",
    ),
    Column("response_control", "the same on control"),
    Column("difference", "difference in the share of responders, or what the test states, median world"),
)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ForecastAnswer(Shown[Forecast], Forecast):
    """A forecast: every field of the result of ``ifntrial forecast``, and what can be done with it."""

    def table(self) -> "pd.DataFrame":
        """Return the chance of success, its spread over worlds and the responses, a row for each belief."""
        rows = (
            (
                name,
                each.label,
                each.assurance.estimate,
                each.assurance.low,
                each.assurance.high,
                each.power_by_world.q05,
                each.power_by_world.q50,
                each.power_by_world.q95,
                each.response_active.q50,
                each.response_placebo.q50,
                each.difference.q50,
            )
            for name, each in self.by_prior.items()
        )
        return make_table(self.question, _COLUMNS, rows)

    def lines(self) -> Iterator[str]:
        """Yield the question and the chance of success under each belief."""
        yield f"Forecast of {self.design}: {self.question}"
        yield from success_lines(self)


@names_arguments
def forecast(
    design: AnyDesign,
    *,
    worlds: int = defaults.FORECAST.worlds,
    subjects: int = defaults.FORECAST.subjects,
    cohort: str | Path | None = None,
    signature: str | None = None,
    method: str | None = None,
    visit: str | None = None,
    dates: str | None = None,
    disease: str | None = None,
    other_disease: bool = False,
    without: Sequence[str] = (),
    outcomes: bool = False,
    given: str | Path | None = None,
    beliefs: str | Path | None = None,
    weights: Weights | None = None,
    calibration: str | Path | None = None,
    addresses: Sequence[str | Path] = (),
    catalog: Catalog | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: bool = False,
) -> ForecastAnswer:
    """Return how likely a trial is to succeed; does what ``ifntrial forecast`` does.

    Parameters
    ----------
    design
        A design, the name of one, or a YAML file.
    worlds, subjects
        How many worlds are drawn, and virtual patients of each.
    cohort
        Score table of real patients, as ``score`` saves it: whom the virtual patients match. ``signature``, ``method``,
        ``visit``, ``dates`` (``dmy`` or ``mdy``), ``disease`` and ``other_disease`` say what of it counts.
    without
        Mechanisms to leave out.
    outcomes
        Also keep what one trial reads in each world, in ``outcomes/`` of the folder.
    given
        YAML file with new results, effects of blockade at addresses, that weigh the worlds again.
    beliefs, weights, calibration, addresses
        Beliefs of your own, other shares of them, and the frozen worlds they weigh, as the command's options.
    catalog
        What the program knows; None: what comes with it.
    seed, workers
        The random seed, and processors to use, on which no number depends.
    out
        Folder for the run, as ``--out``: an interrupted run goes on where it stopped. None: nothing is written.
    progress
        Whether to say on the error stream how far it is.

    Raises
    ------
    InputError
        If an argument is not usable; the same errors as those of the command.
    RunError
        If the folder holds another run, or worlds could not be done.
    """
    on = basis(catalog, beliefs, weights, calibration, addresses)
    known, names = on.catalog, tuple(without)
    people = cohort_of(
        None if cohort is None else Path(cohort),
        signature=None if signature is None else as_listed(signature, known.signatures),
        method=None if method is None else as_listed(method, known.methods),
        visit=visit,
        dates=dates,
        disease=disease,
        other_disease=other_disease,
    )
    call = Call(
        "forecast",
        "forecast",
        (
            given_design("design", design, known),
            Given("worlds", "--worlds", worlds, defaults.FORECAST.worlds),
            Given("subjects", "--subjects", subjects, defaults.FORECAST.subjects),
            given_file("cohort", "--cohort", cohort),
            Given("signature", "--signature", signature),
            Given("method", "--method", method),
            Given("visit", "--visit", visit),
            Given("dates", "--dates", dates),
            Given("disease", "--disease", disease),
            Given("other_disease", "--other-disease", other_disease, False),
            Given("without", "--without", names),
            Given("outcomes", "--outcomes", outcomes, False),
            given_file("given", "--given", given),
            *on.given,
            *given_run(seed, workers, out),
        ),
    )
    virtual = require_whole("--subjects", subjects)
    plan = ForecastPlan(
        design=settled(design, known),
        worlds=require_whole("--worlds", worlds),
        subjects=virtual if people is None else subjects_for(people.patients, virtual),
        seed=seed,
        without=tuple(as_listed(each, known.mechanism_names) for each in names),
        cohort=() if people is None else people.patients,
        outcomes=outcomes,
        beliefs=on.beliefs,
        given=None if given is None else load_given(Path(given), tuple(known.addresses)),
    )
    run = begin(call, known, seed=seed, out=out)
    return answer_forecast(plan, run, known, processors(workers), reporter(progress))


def cohort_of(
    path: Path | None,
    *,
    signature: str | None,
    method: str | None,
    visit: str | None,
    dates: str | None,
    disease: str | None,
    other_disease: bool,
) -> Cohort | None:
    """Return the patients of a score table; None without one.

    Raises
    ------
    InputError
        If something is said of a cohort and there is none; and as ``read_cohort``.
    """
    if path is not None:
        return read_cohort(
            path,
            signature,
            method,
            visit=visit,
            dates=dates,
            disease=disease,
            allow_other_disease=other_disease,
        )
    if other_disease or any(each is not None for each in (signature, method, visit, dates, disease)):
        raise InputError(
            "--signature, --method, --visit, --dates and --disease tell of a cohort, and there is no cohort",
            allowed="they go together with --cohort FILE",
            fix="add --cohort, or leave them away",
        )
    return None


def answer_forecast(
    plan: ForecastPlan, run: Run, catalog: Catalog, workers: Workers, progress: Progress
) -> ForecastAnswer:
    """Return the answer of a plan, kept where the run says; errors as in ``forecast``."""
    prepared = prepare(plan, catalog)
    folder = run.folder or Path("runs") / run_name(prepared)
    run = in_folder(run, folder)
    with going_on(run):
        prepared, worlds = run_there(prepared, folder, workers, progress)
        result = forecast_result(prepared, worlds, workers_here(workers))
    run = without_manifest(run, prepared.choice)

    def write(place: Path) -> None:
        if result.cohort:
            _write_cohort(place / "cohort.csv", result.cohort)
        write_whole(place / "design.yaml", save_design(plan.design))
        write_predictive(place, predictive(prepared, worlds, result.by_prior))

    files = Files("forecast.json", _render, _PATTERNS, write)
    return ForecastAnswer(**fields_of(result), kept=keep(run, result, files))


def _render(result: Forecast, facts: RunFacts) -> str:
    from ifntrial.report.forecast.page import render_forecast

    return render_forecast(result, facts)


def _write_cohort(path: Path, rows: Sequence[PatientPrediction]) -> None:
    import pandas as pd

    write_whole(path, plain_csv(pd.DataFrame([_flat(row) for row in rows])))


def _flat(row: PatientPrediction) -> dict[str, object]:
    """Return a prediction as cells of one row; a band has one for each percentile."""
    cells: dict[str, object] = {}
    for name, value in asdict(row).items():
        if isinstance(value, dict):
            cells |= {f"{name}_{int(level[1:])}": each for level, each in value.items()}
        elif value is not None or name not in ("benefit", "suppression_blood", "response_control"):
            cells[name] = value
    return cells
