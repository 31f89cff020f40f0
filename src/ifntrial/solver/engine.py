"""Solves a problem with compiled kernels on several threads."""

import threading
import time
from collections.abc import Callable

import numpy as np

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.solver.compiler.driver import drive
from ifntrial.solver.compiler.exchange import Code, Lanes, Outcome, Task
from ifntrial.solver.compiler.kernel import Kernel, compile_kernel
from ifntrial.solver.compiler.layout import Layout
from ifntrial.solver.problem import Problem, take_subjects
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import Checkpoint, Trajectories

Progress = Callable[[int, int], None]

# bytes to which a workspace is aligned: the widest register and a cache line
ALIGNMENT = 64
SECONDS_BETWEEN_REPORTS = 0.2
# share of the tolerance that one step may use, so that what many steps add up to stays near the tolerance
CAUTION = 0.7
NOT_KEPT = -1


def solve_problem(
    problem: Problem, workers: int = 1, *, width: int | None = None, progress: Progress | None = None
) -> Trajectories:
    """Return the solution of a problem.

    Parameters
    ----------
    problem
        See ``build_problem``.
    workers
        Threads; results do not depend on it.
    width
        Subjects per vector, a power of two; None for what suits this processor. Results do not depend on it.
    progress
        Called now and then with (subjects begun, subjects in all).
    """
    nothing = np.full(problem.subjects, NOT_KEPT)
    relative = np.full(problem.subjects, problem.tolerance.relative)
    return _collect(problem, _solve(problem, relative, nothing, workers, width, progress))


def solve_audited(
    problem: Problem,
    chosen: IntArray,
    tighter: Tolerance,
    workers: int = 1,
    *,
    progress: Progress | None = None,
) -> tuple[Trajectories, FloatArray, FloatArray]:
    """Return the solution, and the states of some subjects as they are in it and as a tighter tolerance has them.

    The second solutions ride beside the others, so that no lane waits for them.

    Parameters
    ----------
    chosen
        Subjects that are solved twice, shape (chosen,).
    tighter
        For their second solution.

    Returns
    -------
    The solution, and twice states at visits, shape (chosen, visits, states); NaN where a solution ended before.
    """
    twice, size = len(chosen), problem.subjects
    both = take_subjects(problem, np.concatenate([chosen, np.arange(size)]))
    relative = np.repeat([tighter.relative, problem.tolerance.relative], [twice, size])
    kept_row = np.full(twice + size, NOT_KEPT)
    kept_row[:twice], kept_row[twice + chosen] = np.arange(twice), twice + np.arange(twice)
    outcome = _solve(both, relative, kept_row, workers, None, progress)
    # everything of Outcome but what was kept has one row for each subject
    own = outcome._replace(
        **{name: column[twice:] for name, column in outcome._asdict().items() if name != "kept"}
    )
    return _collect(problem, own), outcome.kept[twice:], outcome.kept[:twice]


def _solve(
    problem: Problem,
    relative: FloatArray,
    kept_row: IntArray,
    workers: int,
    width: int | None,
    progress: Progress | None,
) -> Outcome:
    kernel = compile_kernel(problem.system, width)
    outcome = _empty_outcome(problem, int(kept_row.max(initial=NOT_KEPT)) + 1)
    counter = np.zeros(1, dtype=np.int64)
    task = _build_task(problem, kernel.layout, relative, kept_row, counter)
    _run_threads(kernel, task, outcome, counter, workers, progress)
    return outcome


def _empty_outcome(problem: Problem, kept: int) -> Outcome:
    size, states, visits = problem.subjects, len(problem.system.states), problem.visits.shape[1]
    return Outcome(
        values=np.full((size, visits, len(problem.outputs)), np.nan),
        kept=np.full((kept, visits, states), np.nan),
        status=problem.status.copy(),
        ended=problem.start.copy(),
        accepted=np.zeros(size, dtype=np.int64),
        rejected=np.zeros(size, dtype=np.int64),
        states=np.full((size, states), np.nan),
        inputs=np.zeros((size, states)),
        initial=np.full((size, states), np.nan) if problem.resume is None else problem.resume.initial.copy(),
        step=np.full(size, np.nan),
        restart=np.full(size, np.nan),
    )


def _build_task(
    problem: Problem, layout: Layout, relative: FloatArray, kept_row: IntArray, counter: IntArray
) -> Task:
    plan, resume = problem.schedule, problem.resume
    nothing, no_rows = np.empty(0), np.empty((0, 0))
    initial = problem.initial if resume is None else resume.initial
    places = {name: layout.value + index for index, name in enumerate(problem.system.states)}
    observed = [name for name, _ in (*problem.system.assignments, *problem.system.outputs)]
    places |= {name: layout.observation + index for index, name in enumerate(observed)}
    return Task(
        parameters=problem.parameters,
        first=plan.first,
        time=plan.time,
        operation=plan.operation.astype(np.int64),
        state=plan.state,
        value=plan.value,
        visits=problem.visits,
        start=problem.start,
        initial=no_rows if initial is None else np.ascontiguousarray(initial),
        resumed=no_rows if resume is None else np.ascontiguousarray(resume.states),
        resumed_step=nothing if resume is None else np.ascontiguousarray(resume.step),
        resumed_restart=nothing if resume is None else np.ascontiguousarray(resume.restart_step),
        relative=CAUTION * relative,
        kept_row=kept_row,
        floor=problem.tolerance.floor,
        max_steps=problem.max_steps,
        slots=np.array([places[name] for name in problem.outputs], dtype=np.int64),
        observes=any(name in observed for name in problem.outputs),
        counter=int(counter.ctypes.data),
    )


def _build_code(kernel: Kernel) -> Code:
    layout = kernel.layout
    return Code(
        prepare=kernel.prepare,
        run=kernel.run,
        observe=kernel.observe,
        width=layout.width,
        states=layout.states,
        put_in=layout.put_in,
        allowed=layout.allowed,
        initial=layout.initial,
        parameter=layout.parameter,
    )


def _build_lanes(layout: Layout) -> Lanes:
    width = layout.width
    work = _aligned_zeros(layout.size * width)
    return Lanes(
        work=work.reshape(layout.size, width),
        address=int(work.ctypes.data),
        subject=np.full(width, -1, dtype=np.int64),
        operation=np.zeros(width, dtype=np.int64),
        visit=np.zeros(width, dtype=np.int64),
    )


def _aligned_zeros(size: int) -> FloatArray:
    raw = np.zeros(size + ALIGNMENT // 8)
    offset = (-raw.ctypes.data % ALIGNMENT) // 8
    return raw[offset : offset + size]


def _run_threads(
    kernel: Kernel,
    task: Task,
    outcome: Outcome,
    counter: IntArray,
    workers: int,
    progress: Progress | None,
) -> None:
    """Run the driver on threads; an interrupt lets each finish the subjects it is at, then goes on upwards."""
    code, total = _build_code(kernel), len(task.parameters)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            drive(code, task, outcome, _build_lanes(kernel.layout))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread below
            failures.append(error)

    if workers <= 1 and progress is None:
        drive(code, task, outcome, _build_lanes(kernel.layout))
        return
    threads = [threading.Thread(target=work, daemon=True) for _ in range(max(1, min(workers, total)))]
    try:
        for thread in threads:
            thread.start()
        _wait(threads, counter, total, progress)
    except BaseException:
        counter[0] = total
        raise
    finally:
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]


def _wait(threads: list[threading.Thread], counter: IntArray, total: int, progress: Progress | None) -> None:
    due = time.monotonic() + SECONDS_BETWEEN_REPORTS
    while any(thread.is_alive() for thread in threads):
        next(thread for thread in threads if thread.is_alive() or thread is threads[-1]).join(0.05)
        if progress is not None and time.monotonic() >= due:
            progress(min(int(counter[0]), total), total)
            due = time.monotonic() + SECONDS_BETWEEN_REPORTS
    if progress is not None:
        progress(total, total)


def _collect(problem: Problem, outcome: Outcome) -> Trajectories:
    return Trajectories(
        times=problem.visits[0] if len(problem.visits) == 1 else problem.visits,
        names=problem.outputs,
        values=outcome.values,
        status=outcome.status,
        time_ended=outcome.ended,
        accepted=outcome.accepted,
        rejected=outcome.rejected,
        final=Checkpoint(
            time=outcome.ended,
            states=outcome.states,
            inputs=outcome.inputs,
            initial=outcome.initial,
            step=outcome.step,
            restart_step=outcome.restart,
            status=outcome.status,
        ),
    )
