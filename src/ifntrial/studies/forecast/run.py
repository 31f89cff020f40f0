"""Run a forecast: worlds in parallel, each kept on disk as soon as it is done, so that a stopped run resumes.

The numbers do not depend on the number of workers, nor on whether the run was interrupted: a world's summary is read
back from its file either way.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ifntrial.clinic.enroll import Enrollment, enroll
from ifntrial.clinic.readings import measurement_error
from ifntrial.design.design import design_from_mapping
from ifntrial.errors import InputError, RunError
from ifntrial.evidence.load import evidence_hash, load_evidence
from ifntrial.files import write_whole
from ifntrial.model import MODEL_VERSION, build_model
from ifntrial.read_only import returns_read_only
from ifntrial.studies.forecast.cohort import CohortPatient, enroll_twins
from ifntrial.studies.forecast.tables import write_outcomes, write_subjects
from ifntrial.studies.forecast.world import FIRST_NULL_WORLDS, ForecastTrial, simulate_world
from ifntrial.studies.runs import UNREADABLE, Report, claimed, do_absent, unreadable
from ifntrial.worlds.calibration import load_calibration
from ifntrial.worlds.choose import WorldChoice, choose_worlds
from ifntrial.worlds.draw import draw_worlds
from ifntrial.worlds.efficacy import efficacy_priors

MOST_SUBJECTS = 20_000
FEWEST_SUBJECTS = 10


@dataclass(frozen=True, slots=True)
class ForecastPlan:
    """Everything that decides the numbers of a forecast.

    Parameters
    ----------
    design
        The design as plain values, so that a run folder holds it whole.
    worlds, subjects
        How many worlds, and common subjects in each.
    seed
        The run's seed.
    replicates
        Repeats of measurement and conduct behind each response probability.
    without
        Mechanisms left out.
    """

    design: dict[str, Any]
    worlds: int
    subjects: int
    seed: int
    replicates: int = 16
    without: tuple[str, ...] = ()
    cohort: tuple[CohortPatient, ...] = ()


def plan_from_values(values: Mapping[str, Any]) -> ForecastPlan:
    """Return a plan from the plain values of its fields.

    Raises
    ------
    RunError
        If a field is absent, unknown or of the wrong type.
    """
    whole_numbers = ("worlds", "subjects", "seed", "replicates")
    wrong = (
        [f"{name}: {values[name]!r}" for name in whole_numbers if type(values.get(name, 0)) is not int]
        if isinstance(values, Mapping)
        else [repr(values)]
    )
    if wrong:
        raise RunError(
            "the plan is not complete: it holds what is not a whole number, or no fields",
            given=", ".join(wrong),
            fix="give the folder of a finished forecast",
        )
    try:
        cohort = tuple(CohortPatient(**patient) for patient in values.get("cohort", ()))
        return ForecastPlan(**{**values, "without": tuple(values["without"]), "cohort": cohort})
    except (KeyError, TypeError) as error:
        raise RunError(
            f"the plan is not complete: {error}", fix="give the folder of a finished forecast"
        ) from error


@dataclass(frozen=True, slots=True)
class PreparedForecast:
    """A plan with its subjects and worlds; ``owner`` says which patient of a cohort each subject stands for."""

    plan: ForecastPlan
    trial: ForecastTrial
    enrollment: Enrollment
    choice: WorldChoice
    owner: tuple[int, ...] = ()


def prepare(plan: ForecastPlan) -> PreparedForecast:
    """Return the subjects and worlds of a plan.

    Raises
    ------
    InputError
        If a size is out of range.
    """
    if not FEWEST_SUBJECTS <= plan.subjects <= MOST_SUBJECTS:
        raise InputError(
            "the number of subjects per world is out of range",
            given=str(plan.subjects),
            allowed=f"{FEWEST_SUBJECTS} to {MOST_SUBJECTS}",
            fix="a few hundred give a small Monte Carlo error",
        )
    return _prepare(json.dumps(asdict(plan), sort_keys=True))


@lru_cache(maxsize=2)
@returns_read_only
def _prepare(text: str) -> PreparedForecast:
    plan = plan_from_values(json.loads(text))
    evidence = load_evidence()
    model = build_model(without=plan.without)
    design = design_from_mapping(plan.design)
    for arm in design.arms:
        arm.dosing()  # refuses a drug that this model is not of, before anything is simulated
    calibration = load_calibration()
    choice = choose_worlds(efficacy_priors(evidence), calibration.implied, evidence, plan.worlds, plan.seed)
    owner: tuple[int, ...] = ()
    if plan.cohort:
        enrollment, owners = enroll_twins(plan.cohort, design, model, evidence, plan.subjects, plan.seed)
        owner = tuple(int(i) for i in owners)
    else:
        enrollment = enroll(design, model, evidence, plan.subjects, plan.seed)
    structural = draw_worlds(model, evidence, calibration.worlds, calibration.seed)
    trial = ForecastTrial(
        design=design,
        model=model,
        evidence=evidence,
        population=enrollment.population,
        worlds=structural.take(choice.positions),
        error=measurement_error(evidence),
        seed=plan.seed,
        replicates=plan.replicates,
    )
    return PreparedForecast(plan, trial, enrollment, choice, owner)


def run_worlds(
    prepared: PreparedForecast,
    folder: Path,
    workers: int = 1,
    report: Report = lambda done, total: None,
) -> list[dict[str, Any]]:
    """Simulate every world that is not in the folder yet; return all summaries, in the order of the worlds.

    Raises
    ------
    RunError
        If the folder holds another run or another process works in it, or worlds could not be done.
    """
    places = range(len(prepared.choice.positions))
    with claimed(folder, plan_text(prepared), ("outcomes", "worlds")):
        paths = [_summary_path(folder, place) for place in places]
        do_absent(partial(_do_world, prepared.plan, folder), paths, workers, report)
        summaries = [_read_summary(folder, place) for place in places]
        write_subjects(prepared.trial.population, summaries, folder)
    return summaries


def plan_text(prepared: PreparedForecast) -> str:
    """Return everything that decides the numbers, as text: the plan, the model, the evidence and the calibration."""
    basis = {
        "model_version": MODEL_VERSION,
        "evidence_hash": evidence_hash(prepared.trial.evidence),
        "calibration": load_calibration().fingerprint,
        "plan": asdict(prepared.plan),
    }
    return json.dumps(basis, indent=1, sort_keys=True)


def run_name(prepared: PreparedForecast) -> str:
    """Return a folder name that is the same for the same numbers only, such as ``daisy-1a2b3c4d``."""
    return f"{prepared.trial.design.name}-{sha256(plan_text(prepared).encode()).hexdigest()[:8]}"


def _summary_path(folder: Path, place: int) -> Path:
    return folder / "worlds" / f"world={place:04d}.json"


def _read_summary(folder: Path, place: int) -> dict[str, Any]:
    path = _summary_path(folder, place)
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except UNREADABLE as error:
        raise unreadable(path, "world", place, error) from error


def _do_world(plan: ForecastPlan, folder: Path, place: int) -> int:
    prepared = prepare(plan)
    outcome = simulate_world(
        prepared.trial, place, with_null=place < FIRST_NULL_WORLDS, keep_subjects=bool(prepared.owner)
    )
    write_outcomes(prepared.trial, outcome, folder / "outcomes" / f"world={place:04d}.parquet")
    write_whole(_summary_path(folder, place), json.dumps(outcome.summary, allow_nan=False))
    return place


def count_statuses(summaries: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many subject courses ended for which reason, over worlds and arms."""
    words = sorted({word for summary in summaries for word in summary["status"]})
    return {word: int(np.sum([summary["status"].get(word, 0) for summary in summaries])) for word in words}
