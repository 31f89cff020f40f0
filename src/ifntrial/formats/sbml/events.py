"""The solve of an imported SBML model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, UnknownNameError, closest, listed
from ifntrial.formats.sbml.model import SbmlModel
from ifntrial.solver.hybrid.simulate import simulate_hybrid
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import Trajectories


def simulate_sbml(
    model: SbmlModel,
    visits: ArrayLike,
    parameters: Mapping[str, ArrayLike] | None = None,
    *,
    tolerance: Tolerance = Tolerance.TRIAL,
    outputs: Sequence[str] | None = None,
    workers: int = 1,
    scales: Mapping[str, ArrayLike] | None = None,
) -> Trajectories:
    """Return the course of an imported model from time zero, events included.

    Parameters
    ----------
    model
        See ``load_sbml``.
    visits
        Times to record, shape (visits,). A visit at the time of an event comes after it.
    parameters
        Values other than the file's, one each or one per subject; their names must be in the model.
    tolerance, workers
        See ``simulate``.
    outputs
        Identifiers of the file, or names of the system; all states if None.
    scales
        Typical size of states; what is not given is the largest that the state starts with or meets. Errors are allowed
        relative to it.

    Raises
    ------
    InputError
        If names or shapes do not match, or visits are not usable.
    SolverError
        If events go on without end, have a delay below zero, or wait for two things that move to be equal.
    """
    times = np.atleast_1d(np.asarray(visits, dtype=np.float64))
    wanted = model.system.states if outputs is None else tuple(outputs)
    table = _fill(model, parameters or {}, scales or {})
    inner = [_translate(model, name) for name in wanted]
    sizes = {
        _find_state(model, name): np.asarray(value, dtype=float) for name, value in (scales or {}).items()
    }
    found = simulate_hybrid(
        model.hybrid,
        table,
        times,
        tolerance=tolerance,
        outputs=inner,
        scales={name: value for name, value in sizes.items() if name in model.hybrid.moving},
        workers=workers,
    )
    return _renamed(found, wanted)


def _renamed(found: Trajectories, names: Sequence[str]) -> Trajectories:
    return replace(found, names=tuple(names))


def _known(model: SbmlModel) -> dict[str, str]:
    system = model.system
    own = (*system.states, *system.parameters, *(name for name, _ in system.assignments))
    return {**{name: name for name in own}, **model.names}


def _translate(model: SbmlModel, name: str) -> str:
    known = _known(model)
    if name not in known:
        raise UnknownNameError(
            f"output '{name}' is not in the model",
            allowed=listed(known),
            fix=closest(name, known) or "give one of these",
        )
    return known[name]


def _find_state(model: SbmlModel, name: str) -> str:
    inner = _known(model).get(name, name)
    if inner not in model.system.states:
        raise UnknownNameError(
            f"'{name}' has no scale, because it is no state",
            allowed=listed(model.system.states),
            fix=closest(name, model.system.states) or "give one of these",
        )
    return inner


def _fill(model: SbmlModel, given: Mapping[str, ArrayLike], scales: Mapping[str, ArrayLike]) -> FloatArray:
    """Return the parameters of all subjects, shape (subjects, parameters)."""
    names = {identifier: name for identifier, name in model.names.items() if name in model.parameters}
    values: dict[str, ArrayLike] = dict(model.parameters)
    problems = []
    for name, value in given.items():
        inner = name if name in model.parameters else names.get(name)
        if inner is None:
            problems.append(f"'{name}' is not a parameter; {closest(name, values) or 'leave it out'}")
        else:
            values[inner] = value
    if problems:
        raise UnknownNameError("the parameters do not fit the model", problems=problems)
    sizes = {np.size(value) for value in (*given.values(), *scales.values()) if np.ndim(value) > 0}
    if len(sizes) > 1:
        raise InputError("the number of subjects is not the same everywhere", given=listed(sorted(sizes)))
    size = next(iter(sizes), 1)
    table = np.empty((size, len(values)))
    for column, name in enumerate(model.system.parameters):
        table[:, column] = np.asarray(values[name], dtype=float)
    return table
