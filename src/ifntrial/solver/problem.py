"""What is asked of a solver, checked and laid out as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike

from ifntrial.arrays import CodeArray, FloatArray, IntArray
from ifntrial.errors import InputError, UnknownNameError, closest, listed
from ifntrial.solver.doses import DoseTable
from ifntrial.solver.schedule import Schedule, build_schedule, find_inputs, take_schedule
from ifntrial.solver.system import OdeSystem
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import Checkpoint, Status

Parameters = Mapping[str, ArrayLike] | FloatArray


@dataclass(frozen=True, slots=True)
class Problem:
    """A population to solve.

    Parameters
    ----------
    system
        The equations.
    parameters
        Shape (subjects, parameters).
    schedule
        Operations of each subject.
    visits
        Shape (subjects, visits), or (1, visits) where all subjects share them; NaN at the end of a row: no visit.
    start
        Time at which each subject starts, shape (subjects,).
    initial
        Initial values, shape (subjects, states), or None for those of the system.
    resume
        Where to go on from, or None.
    tolerance
        Accuracy asked for.
    outputs
        Names of what is recorded.
    status
        ``OK``, or why a subject cannot be solved, shape (subjects,).
    max_steps
        Steps allowed per subject.
    """

    system: OdeSystem
    parameters: FloatArray
    schedule: Schedule
    visits: FloatArray
    start: FloatArray
    initial: FloatArray | None
    resume: Checkpoint | None
    tolerance: Tolerance
    outputs: tuple[str, ...]
    status: CodeArray
    max_steps: int

    @property
    def subjects(self) -> int:
        """Number of subjects."""
        return len(self.parameters)


def take_subjects(problem: Problem, chosen: IntArray) -> Problem:
    """Return the problem of chosen subjects, shape (chosen,), in the order given."""
    resume = problem.resume
    if resume is not None:
        resume = Checkpoint(**{item.name: getattr(resume, item.name)[chosen] for item in fields(resume)})
    return replace(
        problem,
        parameters=problem.parameters[chosen],
        schedule=take_schedule(problem.schedule, chosen),
        visits=problem.visits if len(problem.visits) == 1 else problem.visits[chosen],
        start=problem.start[chosen],
        initial=None if problem.initial is None else problem.initial[chosen],
        resume=resume,
        status=problem.status[chosen],
    )


def list_outputs(system: OdeSystem) -> tuple[str, ...]:
    """Return the names of everything that can be recorded: states, assignments, outputs."""
    return (*system.states, *(name for name, _ in system.assignments), *(name for name, _ in system.outputs))


def build_problem(
    system: OdeSystem,
    parameters: Parameters,
    doses: DoseTable | None,
    visits: ArrayLike,
    *,
    tolerance: Tolerance,
    outputs: Sequence[str] | None,
    subjects: int | None,
    start: float,
    initial: ArrayLike | None,
    resume: Checkpoint | None,
    max_steps: int,
) -> Problem:
    """Return a checked problem; see ``simulate`` for the arguments.

    Raises
    ------
    InputError
        If names do not match, shapes disagree, or visits are not in order.
    """
    times = np.atleast_1d(np.asarray(visits, dtype=np.float64))
    size = _count_subjects(parameters, doses, times, initial, resume, subjects)
    table = _fill_parameters(system, parameters, size)
    if doses is not None and doses.subjects != size:
        raise InputError(
            "the dose table is for another population", given=f"{doses.subjects} subjects", allowed=f"{size}"
        )
    schedule = build_schedule(DoseTable.none(size) if doses is None else doses, system.states)
    begin = np.full(size, float(start)) if resume is None else resume.time
    status = _find_status(table, schedule, begin, resume)
    rows = times.reshape(1, -1) if times.ndim == 1 else times
    _require_ordered(rows, begin[status == Status.OK] if resume is not None else begin)
    return Problem(
        system=system,
        parameters=table,
        schedule=schedule,
        visits=np.ascontiguousarray(rows),
        start=np.ascontiguousarray(begin, dtype=np.float64),
        initial=None if initial is None else _shape_initial(initial, size, system),
        resume=resume,
        tolerance=tolerance,
        outputs=_match_outputs(system, outputs),
        status=status,
        max_steps=max_steps,
    )


def _count_subjects(
    parameters: Parameters,
    doses: DoseTable | None,
    visits: FloatArray,
    initial: ArrayLike | None,
    resume: Checkpoint | None,
    subjects: int | None,
) -> int:
    sizes: dict[str, int] = {}
    if subjects is not None:
        sizes["subjects"] = subjects
    if isinstance(parameters, np.ndarray):
        sizes["parameters"] = len(parameters)
    else:
        sizes |= {
            f"parameter '{name}'": np.size(value) for name, value in parameters.items() if np.ndim(value) > 0
        }
    if doses is not None:
        sizes["doses"] = doses.subjects
    if visits.ndim == 2:
        sizes["visits"] = len(visits)
    if initial is not None and np.ndim(initial) == 2:
        sizes["initial"] = len(np.asarray(initial))
    if resume is not None:
        sizes["resume"] = len(resume.time)
    if len(set(sizes.values())) > 1:
        common = max(set(sizes.values()), key=list(sizes.values()).count)
        odd = [f"{name} has {size}" for name, size in sizes.items() if size != common]
        raise InputError(
            "the number of subjects is not the same everywhere",
            problems=odd,
            allowed=f"{common} as in the rest",
        )
    return next(iter(sizes.values()), 1)


def _fill_parameters(system: OdeSystem, parameters: Parameters, subjects: int) -> FloatArray:
    if isinstance(parameters, np.ndarray):
        if parameters.shape != (subjects, len(system.parameters)):
            raise InputError(
                "the parameter array has the wrong shape",
                given=f"{parameters.shape}",
                allowed=f"({subjects}, {len(system.parameters)}), columns in the order of system.parameters",
            )
        return np.ascontiguousarray(parameters, dtype=np.float64)
    problems = [
        f"'{name}' is not a parameter; {closest(name, system.parameters) or 'leave it out'}"
        for name in parameters
        if name not in system.parameters
    ]
    problems += [f"'{name}' has no value" for name in system.parameters if name not in parameters]
    if problems:
        raise UnknownNameError(f"the parameters do not fit system '{system.name}'", problems=problems)
    table = np.empty((subjects, len(system.parameters)))
    for column, name in enumerate(system.parameters):
        table[:, column] = np.asarray(parameters[name], dtype=np.float64)
    return table


def _find_status(
    parameters: FloatArray, schedule: Schedule, begin: FloatArray, resume: Checkpoint | None
) -> CodeArray:
    status = np.full(len(parameters), Status.OK, dtype=np.int8)
    status[schedule.is_bad] = Status.BAD_DOSE
    if resume is None:
        owner = np.repeat(np.arange(len(parameters)), np.diff(schedule.first))
        status[owner[schedule.time < begin[owner]]] = Status.BAD_DOSE
    elif not np.array_equal(find_inputs(schedule, begin, resume.states.shape[1]), resume.inputs):
        raise InputError(
            "the dose table does not hold the infusions that ran at the checkpoint",
            fix="resume with the whole plan, earlier doses included; end an infusion by giving it a shorter duration",
        )
    status[~np.isfinite(parameters).all(axis=1)] = Status.BAD_PARAMETER
    if resume is not None:
        status = np.where(resume.status != Status.OK, resume.status, status)
    return status


def _require_ordered(visits: FloatArray, start: FloatArray) -> None:
    if visits.ndim != 2 or visits.shape[1] == 0:
        raise InputError("visits are needed", given=f"shape {visits.shape}", allowed="at least one time")
    gone = np.isnan(visits)
    late = np.where(gone, np.inf, visits)
    problems = []
    if np.any(np.isinf(visits)):
        problems.append("a visit time is infinite")
    if np.any(late[:, 1:] < late[:, :-1]):
        problems.append("visit times do not rise, or a NaN stands before a time")
    if np.any(gone[:, 0]):
        problems.append("a subject has no visit at all")
    if len(start) and np.any(
        late.min(axis=1).min() < start.max() if len(visits) == 1 else late[:, 0].min() < start.min()
    ):
        problems.append("a visit lies before the start")
    if problems:
        raise InputError(
            "the visits are not usable", problems=problems, fix="give rising times, none before the start"
        )


def _shape_initial(initial: ArrayLike, subjects: int, system: OdeSystem) -> FloatArray:
    values = np.asarray(initial, dtype=np.float64)
    if values.shape not in ((len(system.states),), (subjects, len(system.states))):
        raise InputError(
            "initial has the wrong shape",
            given=f"{values.shape}",
            allowed=f"({len(system.states)},) or ({subjects}, {len(system.states)}), in the order of system.states",
        )
    return np.ascontiguousarray(np.broadcast_to(values, (subjects, len(system.states))))


def _match_outputs(system: OdeSystem, outputs: Sequence[str] | None) -> tuple[str, ...]:
    known = list_outputs(system)
    if outputs is None:
        return system.states
    problems = [
        f"'{name}' is unknown; {closest(name, known) or 'see allowed'}"
        for name in outputs
        if name not in known
    ]
    if problems:
        raise UnknownNameError("outputs are not in the system", problems=problems, allowed=listed(known))
    return tuple(outputs)
