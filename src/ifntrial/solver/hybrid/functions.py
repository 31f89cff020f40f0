"""Expressions of a system as functions of numbers, for what happens between steps rather than in them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy
from numpy.typing import ArrayLike
from scipy.special import gamma

from ifntrial.arrays import FloatArray
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.system import TIME, OdeSystem, symbol

# SymPy's classes say nothing of types
Expression = Any
Function = Callable[..., list[Any]]
"""Takes time, moving states, still states and parameters; returns the value of each expression."""

BRANCHES = (sympy.Piecewise, sympy.Max, sympy.Min, sympy.logic.boolalg.Boolean)
# a base of a power below zero by more than this share of the largest met is no rounding error
MOST_UNDERSHOOT = 1e-7
_POWER = sympy.Function("power", real=True)


def power(base: ArrayLike, exponent: ArrayLike) -> Any:  # noqa: ANN401 - a number or an array, as what is given
    """Return ``base ** exponent``; of a base below zero to a broken exponent, zero.

    States undershoot zero by rounding. Whoever steps looks whether a base lies below it by more than that.
    """
    with np.errstate(all="ignore"):
        raised = np.power(np.asarray(base, float), np.asarray(exponent, float))
        is_broken = np.less(base, 0.0) & (np.floor(exponent) != exponent)
    return np.where(is_broken, 0.0, raised)[()]


def _factorial(x: ArrayLike) -> Any:  # noqa: ANN401 - as above
    return gamma(np.add(x, 1.0))


_NAMES = {
    "power": power,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "floor": np.floor,
    "ceil": np.ceil,
    "factorial": _factorial,
    "pi": np.pi,
    "e": np.e,
    "nan": np.nan,
    "inf": np.inf,
}


@dataclass(slots=True)
class Situation:
    """Where one subject stands.

    Parameters
    ----------
    time
        Time reached.
    moving, still
        Values of the states with and without a rate.
    parameters
        Values.
    """

    time: float
    moving: FloatArray
    still: FloatArray
    parameters: FloatArray

    def of(self, function: Function, time: float | None = None) -> list[Any]:
        """Return the values of a function here, or at another time with the same states."""
        with np.errstate(all="ignore"):
            return function(self.time if time is None else time, self.moving, self.still, self.parameters)


def find_needed(system: OdeSystem, expressions: Iterable[Expression]) -> list[tuple[str, Expression]]:
    """Return the assignments that expressions use, directly or not, in order."""
    wanted = {x.name for expression in expressions for x in expression.free_symbols}
    needed = []
    for name, expression in reversed(system.assignments):
        if name in wanted:
            needed.append((name, expression))
            wanted |= {x.name for x in expression.free_symbols}
    return needed[::-1]


def find_powers(
    hybrid: HybridSystem, expressions: Iterable[Expression]
) -> list[tuple[Expression, Expression]]:
    """Return base and exponent of every power in expressions whose exponent is not a whole number as it is written."""
    listed = list(expressions)
    found: dict[tuple[Expression, Expression], None] = {}
    for e in [*(e for _, e in find_needed(hybrid.system, listed)), *listed]:
        for item in sorted(filter(_is_general_power, e.atoms(sympy.Pow)), key=sympy.default_sort_key):
            found[item.base, item.exp] = None
    return list(found)


def _is_general_power(e: Expression) -> bool:
    return bool(e.is_Pow and not e.exp.is_Integer and not e.base.is_positive)


def _forgive(expression: Expression) -> Expression:
    return expression.replace(_is_general_power, lambda e: _POWER(e.base, e.exp))


@lru_cache(maxsize=512)
def compile_function(
    hybrid: HybridSystem, expressions: tuple[Expression, ...], is_forgiving: bool = False
) -> Function:
    """Return a function of (time, moving states, still states, parameters) that gives expressions as a list.

    A forgiving one takes powers by ``power``, in others a base below zero to a broken exponent is not a number.
    """
    steps = find_needed(hybrid.system, expressions)
    groups: tuple[Sequence[str], ...] = (hybrid.moving, hybrid.still, hybrid.system.parameters)
    # plain names, because those of a model may be words of Python or of the printer
    names = [TIME.name, *(name for group in groups for name in group), *(name for name, _ in steps)]
    plain = {symbol(name): sympy.Symbol(f"v{index}", real=True) for index, name in enumerate(names)}
    lines = [(plain[symbol(name)], e.xreplace(plain)) for name, e in steps]
    results = [e.xreplace(plain) for e in expressions]
    if is_forgiving:
        lines = [(x, _forgive(e)) for x, e in lines]
        results = [_forgive(e) for e in results]
    arguments = [plain[TIME], *([plain[symbol(name)] for name in group] for group in groups)]
    function: Function = sympy.lambdify(
        arguments, results, modules=[_NAMES], cse=lambda _: (lines, results), docstring_limit=0
    )
    return function


def observe(
    hybrid: HybridSystem, names: Sequence[str], times: FloatArray, states: FloatArray, parameters: FloatArray
) -> FloatArray:
    """Return named quantities, shape (subjects, visits, names).

    Parameters
    ----------
    hybrid, names
        The system, and what of it is wanted: states, assignments, outputs or parameters.
    times
        Shape (visits,).
    states
        Shape (subjects, visits, states), in the order of the system.
    parameters
        Shape (subjects, parameters).
    """
    system = hybrid.system
    values = np.full((*states.shape[:2], len(names)), np.nan)
    for column, name in enumerate(names):
        if name in system.states:
            values[:, :, column] = states[:, :, system.states.index(name)]
        elif name in system.parameters:
            values[:, :, column] = parameters[:, system.parameters.index(name), None]
    rest = [column for column, name in enumerate(names) if name not in (*system.states, *system.parameters)]
    if not rest:
        return values
    of = {**dict(system.outputs), **{name: symbol(name) for name, _ in system.assignments}}
    wanted = tuple(of[names[column]] for column in rest)
    strict = _evaluate(hybrid, wanted, times, states, parameters, False)
    pairs = find_powers(hybrid, wanted)
    if pairs and np.isnan(strict).any():
        found = _evaluate(hybrid, tuple(x for pair in pairs for x in pair), times, states, parameters, True)
        is_below = is_undershoot(found[:, :, 0::2], found[:, :, 1::2], axis=1)
        forgiving = _evaluate(hybrid, wanted, times, states, parameters, True)
        strict = np.where(np.any(is_below, axis=(1, 2))[:, None, None], strict, forgiving)
    values[:, :, rest] = strict
    return values


def is_undershoot(bases: FloatArray, exponents: FloatArray, axis: int) -> Any:  # noqa: ANN401 - an array of truths
    """Return where bases of powers with a broken exponent lie below zero by more than rounding explains.

    Parameters
    ----------
    bases, exponents
        Of one shape.
    axis
        Along which the largest base says what rounding is.
    """
    is_broken = np.floor(exponents) != exponents
    largest = np.max(np.abs(bases), axis=axis, keepdims=True, initial=0.0, where=~np.isnan(bases))
    return is_broken & (bases < -MOST_UNDERSHOOT * largest)


def _evaluate(
    hybrid: HybridSystem,
    wanted: tuple[Expression, ...],
    times: FloatArray,
    states: FloatArray,
    parameters: FloatArray,
    is_forgiving: bool,
) -> FloatArray:
    """Return expressions, shape (subjects, visits, expressions)."""
    function = compile_function(hybrid, wanted, is_forgiving)
    moving = [hybrid.system.states.index(name) for name in hybrid.moving]
    still = [hybrid.system.states.index(name) for name in hybrid.still]
    used = [*(e for _, e in find_needed(hybrid.system, wanted)), *wanted]
    values = np.empty((*states.shape[:2], len(wanted)))
    with np.errstate(all="ignore"):
        if not any(e.has(*BRANCHES) for e in used):
            across = np.moveaxis(states, 2, 0)
            found = function(times[None, :], across[moving], across[still], parameters.T[:, :, None])
            for column, value in enumerate(found):
                values[:, :, column] = value
            return values
        for subject in range(len(states)):
            for visit, time in enumerate(times):
                row = states[subject, visit]
                values[subject, visit] = function(time, row[moving], row[still], parameters[subject])
    return values
