"""The reference solver: SciPy's integrators on a rate function compiled by numba. Slow, independent and trusted."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numba
import numpy as np
import sympy
from scipy.integrate import solve_ivp

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.solver.problem import Problem, list_outputs
from ifntrial.solver.schedule import Operation
from ifntrial.solver.system import TIME, OdeSystem, symbol
from ifntrial.solver.trajectories import Checkpoint, Status, Trajectories


@dataclass(frozen=True, slots=True)
class _Functions:
    """Compiled right-hand side, and vectorised values at one time; all take (time, states, parameters)."""

    rate: Callable[..., FloatArray]
    observe: dict[str, Callable[..., Any]]
    initial: Callable[..., Any]
    scales: Callable[..., Any]


def solve_reference(problem: Problem, method: str = "LSODA") -> Trajectories:
    """Return the solution of a problem by SciPy.

    Parameters
    ----------
    problem
        See ``build_problem``.
    method
        ``LSODA``, ``BDF`` or ``Radau``, as SciPy names them.
    """
    functions = _compile(problem.system)
    size, states = problem.subjects, len(problem.system.states)
    visits = problem.visits.shape[1]
    found = np.full((size, visits, states), np.nan)
    final = _start_states(problem, functions)
    status, ended = problem.status.copy(), problem.start.copy()
    inputs = np.zeros((size, states))
    accepted = np.zeros(size, dtype=np.int64)
    scales = _evaluate(functions.scales, problem, (states,))
    begin = final.copy()
    status[(status == Status.OK) & ~(np.isfinite(begin).all(axis=1) & _is_positive(scales))] = (
        Status.BAD_INITIAL
    )
    for subject in np.flatnonzero(status == Status.OK):
        outcome = _solve_one(problem, functions, int(subject), begin[subject], scales[subject], method)
        (
            found[subject],
            final[subject],
            inputs[subject],
            ended[subject],
            status[subject],
            accepted[subject],
        ) = outcome
    checkpoint = Checkpoint(
        time=ended,
        states=final,
        inputs=inputs,
        initial=begin if problem.resume is None else problem.resume.initial,
        step=np.full(size, np.nan),
        restart_step=np.full(size, np.nan),
        status=status,
    )
    return Trajectories(
        times=problem.visits[0] if len(problem.visits) == 1 else problem.visits,
        names=problem.outputs,
        values=_observe(problem, functions, found),
        status=status,
        time_ended=ended,
        accepted=accepted,
        rejected=np.zeros(size, dtype=np.int64),
        final=checkpoint,
    )


def _is_positive(scales: FloatArray) -> BoolArray:
    is_positive: BoolArray = np.all(np.isfinite(scales) & (scales > 0), axis=1)
    return is_positive


def _start_states(problem: Problem, functions: _Functions) -> FloatArray:
    if problem.resume is not None:
        return problem.resume.states.copy()
    if problem.initial is not None:
        return problem.initial.copy()
    return _evaluate(functions.initial, problem, (len(problem.system.states),))


def _evaluate(function: Callable[..., Any], problem: Problem, shape: tuple[int, ...]) -> FloatArray:
    """Return expressions in parameters for every subject, shape (subjects, *shape)."""
    with np.errstate(all="ignore"):
        columns = function(*problem.parameters.T)
    values = np.empty((problem.subjects, *shape))
    for column, value in enumerate(columns):
        values[:, column] = value
    return values


def _observe(problem: Problem, functions: _Functions, found: FloatArray) -> FloatArray:
    values = np.empty((*found.shape[:2], len(problem.outputs)))
    arguments = [
        problem.visits,
        *np.moveaxis(found, 2, 0),
        *(column[:, None] for column in problem.parameters.T),
    ]
    missing = np.isnan(found).all(axis=2)
    for place, name in enumerate(problem.outputs):
        with np.errstate(all="ignore"):
            values[:, :, place] = functions.observe[name](*arguments)
        values[:, :, place][missing] = np.nan
    return values


def _solve_one(
    problem: Problem, functions: _Functions, subject: int, begin: FloatArray, scales: FloatArray, method: str
) -> tuple[FloatArray, FloatArray, FloatArray, float, Status, int]:
    """Solve one subject from operation to operation."""
    plan = problem.schedule
    visits = problem.visits[subject if len(problem.visits) > 1 else 0]
    wanted = visits[~np.isnan(visits)]
    now, state, put_in = float(problem.start[subject]), begin.copy(), np.zeros(len(begin))
    first = begin if problem.resume is None else problem.resume.initial[subject]
    found = np.full((len(visits), len(begin)), np.nan)
    relative = problem.tolerance.relative
    options = {"rtol": relative, "atol": relative * problem.tolerance.floor * scales, "method": method}
    operations = range(plan.first[subject], plan.first[subject + 1])
    done, steps = 0, 0
    for index in (*operations, None):
        stop = wanted[-1] if index is None else min(max(plan.time[index], now), wanted[-1])
        due = np.flatnonzero(wanted[done:] <= stop) + done
        if stop > now:
            result, taken = _integrate(
                functions, now, stop, state, problem.parameters[subject], put_in, wanted[due], options
            )
            steps += taken
            if result is None:
                return found, state, put_in, now, Status.STEP_TOO_SMALL, steps
            found[due], state = result
        elif len(due):
            found[due] = state
        now, done = stop, done + len(due)
        if index is None or plan.time[index] >= wanted[-1]:
            break
        if plan.operation[index] == Operation.SET_INPUT:
            put_in[plan.state[index]] = plan.value[index]
        elif plan.time[index] >= problem.start[subject]:
            if plan.operation[index] == Operation.ADD_STATE:
                state[plan.state[index]] += plan.value[index]
            else:
                state = first.copy()
    return found, state, put_in, now, Status.OK, steps


def _integrate(
    functions: _Functions,
    start: float,
    stop: float,
    state: FloatArray,
    parameters: FloatArray,
    put_in: FloatArray,
    visits: FloatArray,
    options: dict[str, Any],
) -> tuple[tuple[FloatArray, FloatArray] | None, int]:
    """Return (states at visits, state at stop), or None if the integrator gave up; and the number of steps."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        times = np.unique([*visits, stop])
        solution = solve_ivp(
            lambda time, y: functions.rate(time, y, parameters) + put_in,
            (start, stop),
            state,
            t_eval=times,
            **options,
        )
    if not solution.success or not np.isfinite(solution.y).all():
        return None, solution.nfev
    return (solution.y.T[np.searchsorted(times, visits)], solution.y[:, -1].copy()), solution.nfev


def substitute_assignments(system: OdeSystem, expressions: tuple[sympy.Expr, ...]) -> tuple[sympy.Expr, ...]:
    """Return expressions in states, parameters and time only."""
    known: dict[sympy.Symbol, sympy.Expr] = {}
    for name, expression in system.assignments:
        known[symbol(name)] = sympy.sympify(expression).xreplace(known)
    return tuple(sympy.sympify(expression).xreplace(known) for expression in expressions)


@lru_cache(maxsize=8)
def _compile(system: OdeSystem) -> _Functions:
    constants = [symbol(name) for name in system.parameters]
    arguments = [TIME, *(symbol(name) for name in system.states), *constants]
    scales = system.scales or (sympy.Integer(1),) * len(system.states)
    named = dict(zip(system.states, (symbol(name) for name in system.states), strict=True))
    named |= dict(system.assignments) | dict(system.outputs)
    names = list_outputs(system)
    observed = substitute_assignments(system, tuple(named[name] for name in names))
    return _Functions(
        rate=compile_rate(system),
        observe={
            name: sympy.lambdify(arguments, expression, "numpy", cse=True)
            for name, expression in zip(names, observed, strict=True)
        },
        initial=sympy.lambdify(constants, substitute_assignments(system, system.initial), "numpy", cse=True),
        scales=sympy.lambdify(constants, substitute_assignments(system, scales), "numpy", cse=True),
    )


def compile_rate(system: OdeSystem) -> Callable[..., FloatArray]:
    """Return the rate as a numba function of (time, states, parameters)."""
    states, constants = sympy.DeferredVector("y"), sympy.DeferredVector("p")
    place = {symbol(name): states[index] for index, name in enumerate(system.states)}
    place |= {symbol(name): constants[index] for index, name in enumerate(system.parameters)}
    rates = [expression.xreplace(place) for expression in substitute_assignments(system, system.rates)]
    function = numba.njit(
        sympy.lambdify([TIME, states, constants], rates, "math", cse=True), error_model="numpy"
    )

    @numba.njit()
    def rate(time: float, y: FloatArray, p: FloatArray) -> FloatArray:
        return np.array(function(time, y, p))

    return rate
