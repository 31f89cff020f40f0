"""Events of SBML models whose time is known in advance, and the solve that carries them out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import sympy
from numpy.typing import ArrayLike

from ifntrial.arrays import FloatArray
from ifntrial.formats.sbml.math import MathReader, UnsupportedMathError
from ifntrial.formats.sbml.model import SbmlModel, TimedEvent
from ifntrial.solver.reference import substitute_assignments
from ifntrial.solver.solve import simulate
from ifntrial.solver.system import TIME, OdeSystem, symbol
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import Checkpoint, Trajectories

Element = Any
Expression = Any

_RISING = (sympy.GreaterThan, sympy.StrictGreaterThan, sympy.Equality)
_RELATIONS = (*_RISING, sympy.LessThan, sympy.StrictLessThan, sympy.Unequality)


def read_event(reader: MathReader, event: Element) -> TimedEvent:
    """Return an event of a model.

    Raises
    ------
    UnsupportedMathError
        If its time is not known in advance, or it has a priority.
    """
    name = event.getId() or "without a name"
    if event.isSetPriority():
        raise UnsupportedMathError(f"event '{name}' has a priority, which is not imported")
    trigger = event.getTrigger()
    time, condition = _split_trigger(name, reader.read(trigger.getMath()))
    assignments = tuple(
        (reader.symbols[item.getVariable()].name, reader.read(item.getMath()))
        for item in event.getListOfEventAssignments()
    )
    delay = reader.read(event.getDelay().getMath()) if event.isSetDelay() else sympy.Integer(0)
    if delay != 0:
        if (
            any(TIME in value.free_symbols or not _is_known(value) for _, value in assignments)
            or TIME in delay.free_symbols
        ):
            raise UnsupportedMathError(f"event '{name}' has a delay and a value that is not a number")
        time = time + delay
    starts_false = trigger.isSetInitialValue() and not trigger.getInitialValue()
    return TimedEvent(name, time, condition, starts_false, assignments)


def _is_known(value: Expression) -> bool:
    return not value.free_symbols


def _split_trigger(name: str, trigger: Expression) -> tuple[Expression, Expression]:
    """Return the time at which a trigger becomes true, and the rest of its conditions."""
    parts = trigger.args if isinstance(trigger, sympy.And) else (trigger,)
    timed = [part for part in parts if TIME in part.free_symbols]
    if len(timed) != 1 or not isinstance(timed[0], _RELATIONS):
        raise UnsupportedMathError(
            f"event '{name}' has a trigger that is not one comparison of time with a constant",
            allowed="time >= a constant, and conditions on parameters",
        )
    left, right = timed[0].args
    relation = type(timed[0])
    if right == TIME:
        left, right = right, left
        relation = timed[0].reversed.func
    if left != TIME or TIME in right.free_symbols or not issubclass(relation, _RISING):
        raise UnsupportedMathError(
            f"event '{name}' has a trigger that does not become true at a known time",
            allowed="time >= a constant, and conditions on parameters",
        )
    return right, sympy.And(*(part for part in parts if part is not timed[0]))


def find_breakpoints(
    expressions: Sequence[Expression], formulas: Mapping[str, Expression]
) -> tuple[sympy.Expr, ...]:
    """Return times at which formulas jump because they compare time with something known."""
    found: dict[sympy.Expr, None] = {}
    for expression in expressions:
        for relation in expression.atoms(sympy.core.relational.Relational):
            left, right = relation.args
            other = right if left == TIME else left if right == TIME else None
            if (
                other is not None
                and TIME not in other.free_symbols
                and not {str(x) for x in other.free_symbols} & formulas.keys()
            ):
                found[other] = None
    return tuple(found)


def simulate_sbml(
    model: SbmlModel,
    visits: ArrayLike,
    parameters: Mapping[str, ArrayLike] | None = None,
    *,
    tolerance: Tolerance = Tolerance.TRIAL,
    outputs: Sequence[str] | None = None,
    workers: int = 1,
) -> Trajectories:
    """Return the course of an imported model from time zero, events included.

    Parameters
    ----------
    model
        See ``load_sbml``.
    visits
        Times to record, shape (visits,). A visit at the time of an event comes before it.
    parameters
        Values other than the file's, one each or one per subject; their names must be in the model.
    tolerance, outputs, workers
        See ``simulate``.

    Raises
    ------
    InputError
        If names do not match, or an event depends on what is only known while solving.
    """
    values = {**model.parameters, **(parameters or {})}
    times = np.atleast_1d(np.asarray(visits, dtype=np.float64))
    size = max([1, *(np.size(value) for value in values.values())])
    halts = _find_halts(model, values, size, times)
    options: dict[str, Any] = {
        "tolerance": tolerance,
        "workers": workers,
        "subjects": size,
        "audit_share": 0.0,
    }
    recorded = outputs if outputs is not None else model.system.states
    names = tuple(dict.fromkeys((*recorded, *model.system.states)))
    found = np.full((size, len(times), len(recorded)), np.nan)
    steps = np.zeros((2, size), dtype=np.int64)
    resume: Checkpoint | None = None
    part: Trajectories | None = None
    begin = np.zeros(size)
    for index in range(halts.shape[1]):
        stop = halts[:, index]
        due = (times[None, :] >= begin[:, None]) & (times[None, :] <= stop[:, None])
        due &= (times[None, :] > begin[:, None]) | (index == 0)
        rows = np.full((size, times.size + 1), np.nan)
        for subject in range(size):
            wanted = np.append(times[due[subject]], stop[subject])
            rows[subject, : len(wanted)] = wanted
        part = simulate(model.system, values, None, rows, outputs=names, resume=resume, **options)
        for subject in range(size):
            found[subject, due[subject]] = part.values[subject, : due[subject].sum(), : len(recorded)]
        steps += [part.accepted, part.rejected]
        resume = _apply_events(model, values, part.final, stop) if index + 1 < halts.shape[1] else part.final
        begin = stop
    if part is None or resume is None:
        raise UnsupportedMathError("there is nothing to solve", allowed="visits from time zero on")
    return replace(
        part,
        times=times,
        names=tuple(recorded),
        values=found,
        accepted=steps[0],
        rejected=steps[1],
        final=resume,
    )


def _evaluate(
    system: OdeSystem, expressions: Sequence[Expression], values: Mapping[str, ArrayLike], size: int
) -> FloatArray:
    """Return expressions in parameters for every subject, shape (subjects, expressions)."""
    names = list(system.parameters)
    result = np.empty((size, len(expressions)))
    for column, expression in enumerate(substitute_assignments(system, tuple(expressions))):
        function = sympy.lambdify([symbol(name) for name in names], expression, "numpy")
        result[:, column] = function(*(np.asarray(values[name], dtype=float) for name in names))
    return result


def _find_halts(
    model: SbmlModel, values: Mapping[str, ArrayLike], size: int, times: FloatArray
) -> FloatArray:
    """Return times to halt at, sorted, the last visit last; shape (subjects, halts)."""
    known = [*(event.time for event in model.events), *model.breakpoints]
    moments = _evaluate(model.system, known, values, size) if known else np.empty((size, 0))
    moments = np.where((moments >= 0) & (moments < times[-1]), moments, times[-1])
    return np.sort(np.column_stack([moments, np.full(size, times[-1])]), axis=1)


def _apply_events(
    model: SbmlModel, values: Mapping[str, ArrayLike], reached: Checkpoint, stop: FloatArray
) -> Checkpoint:
    """Return the checkpoint after all events that are due."""
    system, size = model.system, len(stop)
    states, is_changed = reached.states.copy(), np.zeros(size, dtype=bool)
    for event in model.events:
        moment = _evaluate(system, [event.time], values, size)[:, 0]
        holds = sympy.Piecewise((1, event.condition), (0, True))
        due = (moment == stop) & (_evaluate(system, [holds], values, size)[:, 0] > 0)
        # where the trigger is true from the start on it never becomes true
        due &= (moment > 0) | event.is_at_start
        names = [*system.states, *system.parameters, TIME.name]
        arguments = [
            *reached.states.T,
            *(np.broadcast_to(values[name], size) for name in system.parameters),
            stop,
        ]
        for name, value in event.assignments:
            (expression,) = substitute_assignments(system, (value,))
            function = sympy.lambdify([symbol(n) for n in names], expression, "numpy")
            fresh = np.broadcast_to(function(*arguments), size)
            states[:, system.states.index(name)] = np.where(due, fresh, states[:, system.states.index(name)])
        is_changed |= due
    step = np.where(is_changed, reached.restart_step, reached.step)
    return replace(reached, states=states, step=step)
