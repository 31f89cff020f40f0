"""Simulate every world once and keep each patient's chance of response; resumes, and gives the same on any workers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np

from ifntrial.arrays import AnyArray, BoolArray, FloatArray, WordArray
from ifntrial.clinic.responses_by_rule import responses_by_rule
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import CLINICAL, simulate_arm
from ifntrial.design.design import Arm, TrialDesign
from ifntrial.errors import InputError
from ifntrial.files import write_whole
from ifntrial.patients.records import LatentCourse
from ifntrial.studies.compare.plan import PreparedComparison, SharedPlan, plan_text, prepare
from ifntrial.studies.runs import UNREADABLE, Report, claimed, do_absent, unreadable


@dataclass(frozen=True, slots=True)
class SharedResponses:
    """Chance of response of every common subject in every world.

    Parameters
    ----------
    active, control
        Name of a simulated design to probabilities, each (worlds, subjects).
    is_solved
        Whether the subject's course is complete in all simulated arms, shape (worlds, subjects).
    words
        The subject's status: ``ok`` or the first arm that failed with its reason, shape (worlds, subjects).
    """

    active: Mapping[str, FloatArray]
    control: Mapping[str, FloatArray]
    is_solved: BoolArray
    words: WordArray

    def counts(self) -> dict[str, int]:
        """Return how many subjects over all worlds have each status."""
        found, counts = np.unique(self.words, return_counts=True)
        return {str(word): int(count) for word, count in zip(found, counts, strict=True)}


def simulate_responses(
    prepared: PreparedComparison,
    folder: Path,
    workers: int = 1,
    report: Report = lambda done, total: None,
) -> SharedResponses:
    """Simulate the worlds that are not in the folder yet; return the responses of all.

    Raises
    ------
    RunError
        If the folder holds another run or another process works in it, or worlds could not be done.
    """
    with claimed(folder, plan_text(prepared), ("responses",)):
        paths = [_path(folder, place) for place in range(prepared.worlds.size)]
        do_absent(partial(_do_world, prepared.plan, folder), paths, workers, report)
        return read_responses(prepared, folder)


def read_responses(prepared: PreparedComparison, folder: Path) -> SharedResponses:
    """Return the responses of a finished run.

    Raises
    ------
    RunError
        If the file of a world is absent or damaged.
    """
    names = [design.name for design in prepared.readings]
    rows: dict[str, list[AnyArray]] = {}
    for place in range(prepared.worlds.size):
        try:
            with _path(folder, place).open("rb") as file, np.load(file, allow_pickle=False) as stored:
                for key in ("words", *(f"{arm}:{name}" for name in names for arm in ("active", "control"))):
                    rows.setdefault(key, []).append(stored[key])
        except UNREADABLE as error:
            raise unreadable(_path(folder, place), "world", place, error) from error
    words = np.stack(rows["words"])
    return SharedResponses(
        active={name: np.stack(rows[f"active:{name}"]).astype(np.float64) for name in names},
        control={name: np.stack(rows[f"control:{name}"]).astype(np.float64) for name in names},
        is_solved=np.asarray(words == "ok"),
        words=words.astype(np.str_),
    )


def respond(
    prepared: PreparedComparison, place: int
) -> tuple[dict[str, FloatArray], dict[str, FloatArray], WordArray]:
    """Return active and control probabilities of each simulated design, and each subject's status, in one world."""
    population = prepared.common.population
    parameters = subject_parameters(prepared.model, prepared.evidence, population, prepared.worlds, place)
    world = int(prepared.worlds.number[place])
    solved: dict[tuple[str, tuple[float, ...]], LatentCourse] = {}

    def course(design: TrialDesign, arm: Arm) -> LatentCourse:
        # every placebo is the same untreated course, whatever its route
        regimen = arm.dosing()
        key = ("placebo" if regimen.is_placebo else regimen.text, design.visit_weeks)
        if key not in solved:
            solved[key] = simulate_arm(
                prepared.model,
                parameters,
                regimen,
                design.visit_weeks,
                arm=arm.name,
                world=world,
                outputs=CLINICAL,
            )
        return solved[key]

    active, control = {}, {}
    words = np.full(population.size, "ok", dtype=object)
    for design in prepared.readings:
        courses = {arm.name: course(design, arm) for arm in (design.active, design.control)}
        found = responses_by_rule(
            design,
            courses,
            population.covariates,
            prepared.error,
            seed=prepared.plan.seed,
            replicates=prepared.plan.replicates,
            variants=(),
        )[""]
        active[design.name], control[design.name] = found.active, found.control
        for arm_name, each in courses.items():
            failed = (each.status != "ok") & (words == "ok")
            words[failed] = [f"{design.name}, {arm_name}: {word}" for word in each.status[failed]]
    return active, control, words.astype(np.str_)


def _do_world(plan: SharedPlan, folder: Path, place: int) -> int:
    prepared = prepare(plan)
    active, control, words = respond(prepared, place)
    if not np.any(words == "ok"):
        raise InputError(
            f"no subject of world {prepared.worlds.number[place]} could be simulated",
            given=f"{len(words)} subjects, the first: {words[0]}",
            fix="look at the reason; a parameter may be out of its range",
        )
    arrays: dict[str, AnyArray] = {"words": words}
    for arm, found in (("active", active), ("control", control)):
        # shares of a few replicates: single precision keeps them exactly
        arrays |= {f"{arm}:{name}": values.astype(np.float32) for name, values in found.items()}
    packed = BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]  # NumPy's stub takes the names for its options
    write_whole(_path(folder, place), packed.getvalue())
    return place


def _path(folder: Path, place: int) -> Path:
    return folder / "responses" / f"world={place:04d}.npz"
