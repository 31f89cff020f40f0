"""SymPy expressions of a system turned into one graph."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.core.numbers import Exp1, NumberSymbol
from sympy.functions.elementary.piecewise import ExprCondPair

from ifntrial.errors import SolverError, closest, listed
from ifntrial.solver.compiler.graph import Graph
from ifntrial.solver.compiler.saturation import Saturation, find_saturation
from ifntrial.solver.system import TIME, OdeSystem


@dataclass(frozen=True, slots=True)
class SystemGraph:
    """A system as a graph; each tuple holds numbers of nodes, ``parameters`` their count."""

    graph: Graph
    parameters: int
    rates: tuple[int, ...]
    initial: tuple[int, ...]
    scales: tuple[int, ...]
    observed: tuple[int, ...]


def build_graph(system: OdeSystem) -> SystemGraph:
    """Return the graph of a system; ``observed`` holds assignments, then outputs.

    Raises
    ------
    SolverError
        If names are used twice or undefined, lengths disagree, or a function cannot be compiled; lists every problem.
    """
    _require_consistent(system)
    translator = _Translator(Graph(), {}, f"system '{system.name}'", [])
    known = translator.known
    known[TIME.name] = translator.graph.time()
    for position, name in enumerate(system.parameters):
        known[name] = translator.graph.parameter(position)
    for position, name in enumerate(system.states):
        known[name] = translator.graph.state(position)
    observed = [translator.define(name, expression) for name, expression in system.assignments]
    rates = tuple(
        translator.translate(rate, f"rate of '{name}'")
        for name, rate in zip(system.states, system.rates, strict=True)
    )
    initial = tuple(
        translator.translate_constant(value, f"initial value of '{name}'")
        for name, value in zip(system.states, system.initial, strict=True)
    )
    scales = tuple(
        translator.translate_constant(value, f"scale of '{name}'")
        for name, value in zip(
            system.states, system.scales or (sympy.Integer(1),) * len(system.states), strict=True
        )
    )
    observed += [translator.define(name, expression) for name, expression in system.outputs]
    if translator.problems:
        raise SolverError(f"system '{system.name}' cannot be compiled", problems=translator.problems)
    return SystemGraph(translator.graph, len(system.parameters), rates, initial, scales, tuple(observed))


def _require_consistent(system: OdeSystem) -> None:
    names = [
        *system.states,
        *system.parameters,
        *(name for name, _ in (*system.assignments, *system.outputs)),
        TIME.name,
    ]
    problems = [f"name '{name}' is used twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    for what, given in (("rates", system.rates), ("initial", system.initial), ("scales", system.scales)):
        if len(given) != len(system.states) and not (what == "scales" and not given):
            problems.append(f"{what} has {len(given)} entries for {len(system.states)} states")
    if not system.states:
        problems.append("there is no state")
    if problems:
        raise SolverError(f"system '{system.name}' is not consistent", problems=problems)


# SymPy's classes say nothing of types
Expression = Any


class _NotSupportedError(Exception):
    """An expression holds something that cannot be compiled."""


@dataclass(slots=True)
class _Translator:
    """Holds the graph and the names known so far; collects problems."""

    graph: Graph
    known: dict[str, int]
    where: str
    problems: list[str]

    def define(self, name: str, expression: sympy.Expr) -> int:
        self.known[name] = self.translate(expression, f"'{name}'")
        return self.known[name]

    def translate_constant(self, expression: sympy.Expr, what: str) -> int:
        node = self.translate(expression, what)
        if self.graph.depends[node]:
            self.problems.append(f"{what} depends on states or time; only parameters are allowed")
        return node

    def translate(self, expression: sympy.Expr, what: str) -> int:
        try:
            return self.convert(sympy.sympify(expression))
        except _NotSupportedError as error:
            self.problems.append(f"{what}: {error}")
            return self.graph.constant(0.0)

    def convert(self, e: Expression) -> int:
        if e.is_Symbol:
            return self._look_up(e)
        if isinstance(e, sympy.Number | NumberSymbol):
            if not e.is_finite:
                raise _NotSupportedError(f"{e} is not a finite number")
            return self.graph.constant(float(e))
        if e.is_Add:
            return self.graph.total([self.convert(term) for term in e.args])
        if e.is_Mul:
            return self._convert_product(e)
        if e.is_Pow:
            found = find_saturation([e])
            return self._convert_saturation(found) if found else self._convert_power(e.base, e.exp)
        for kind, function in _FUNCTIONS.items():
            if isinstance(e, kind):
                return function(self, e)
        raise _NotSupportedError(
            f"'{type(e).__name__}' in {str(e)[:80]} is not supported; allowed are {_ALLOWED}"
        )

    def _look_up(self, e: sympy.Symbol) -> int:
        if e.name not in self.known:
            raise _NotSupportedError(
                f"'{e.name}' is not defined here; {closest(e.name, self.known) or 'define it first'}"
            )
        return self.known[e.name]

    def _convert_product(self, e: Expression) -> int:
        found = find_saturation(e.args)
        if found:
            return self._convert_saturation(found)
        above, below = [], []
        for factor in e.args:
            if factor.is_Pow and factor.exp.is_Number and factor.exp.is_negative:
                below.append(self._convert_power(factor.base, -factor.exp))
            else:
                above.append(self.convert(factor))
        depends = self.graph.depends
        for part in (
            [node for node in below if not depends[node]],
            [node for node in below if depends[node]],
        ):
            if part:
                above.append(self.graph.reciprocal(self.graph.product(part)))
        return self.graph.product(above)

    def _convert_saturation(self, found: Saturation) -> int:
        ahead = self.graph.plus(
            self._convert_logarithm(found.other), self.graph.negate(self._convert_logarithm(found.part))
        )
        return self.graph.times(self.graph.apply("share", ahead), self.convert(sympy.Mul(*found.factors)))

    def _convert_logarithm(self, e: Expression) -> int:
        """Return the logarithm of a positive number or a general power."""
        if e.is_Number:
            return self.graph.constant(math.log(e))
        if isinstance(e, sympy.exp):
            return self.convert(e.args[0])
        return self.graph.logarithm_of_power(self.convert(e.base), self.convert(e.exp))

    def _convert_power(self, base: Expression, exponent: Expression) -> int:
        if isinstance(base, Exp1):
            return self.graph.apply("exp", self.convert(exponent))
        return self.graph.power(self.convert(base), self.convert(exponent))

    def convert_condition(self, c: Expression) -> int:
        if c is sympy.true or c is sympy.false:
            return self.graph.apply("always" if c is sympy.true else "never")
        if isinstance(c, sympy.Not):
            return self.graph.apply("not", self.convert_condition(c.args[0]))
        if isinstance(c, sympy.And | sympy.Or):
            kind = "and" if isinstance(c, sympy.And) else "or"
            result = self.convert_condition(c.args[0])
            for part in c.args[1:]:
                result = self.graph.apply(kind, result, self.convert_condition(part))
            return result
        for relation, (kind, swapped) in _RELATIONS.items():
            if isinstance(c, relation):
                sides = [self.convert(side) for side in c.args]
                return self.graph.apply(kind, *(reversed(sides) if swapped else sides))
        raise _NotSupportedError(f"condition {c} is not supported")

    def choose(self, condition: int, yes: int, no: int) -> int:
        return yes if yes == no else self.graph.apply("choose", condition, yes, no)


_RELATIONS: dict[Any, tuple[str, bool]] = {
    sympy.StrictLessThan: ("less", False),
    sympy.LessThan: ("at_most", False),
    sympy.StrictGreaterThan: ("less", True),
    sympy.GreaterThan: ("at_most", True),
    sympy.Equality: ("equal", False),
    sympy.Unequality: ("unequal", False),
}


def _convert_piecewise(t: _Translator, e: Expression) -> int:
    pieces: list[ExprCondPair] = list(e.args)
    if pieces[-1].cond is not sympy.true:
        raise _NotSupportedError(
            f"{str(e)[:80]} has no value for some cases; add a last piece that is always true"
        )
    result = t.convert(pieces[-1].expr)
    for piece in reversed(pieces[:-1]):
        result = t.choose(t.convert_condition(piece.cond), t.convert(piece.expr), result)
    return result


def _fold_extreme(is_max: bool) -> Callable[[_Translator, Expression], int]:
    def convert(t: _Translator, e: Expression) -> int:
        result, *others = [t.convert(argument) for argument in e.args]
        for other in others:
            low, high = (other, result) if is_max else (result, other)
            result = t.choose(t.graph.apply("less", low, high), result, other)
        return result

    return convert


def _unary(kind: str) -> Callable[[_Translator, Expression], int]:
    return lambda t, e: t.graph.apply(kind, t.convert(e.args[0]))


def _convert_absolute(t: _Translator, e: Expression) -> int:
    inner = t.convert(e.args[0])
    return t.choose(t.graph.apply("less", inner, t.graph.constant(0.0)), t.graph.negate(inner), inner)


def _convert_sign(t: _Translator, e: Expression) -> int:
    inner, zero = t.convert(e.args[0]), t.graph.constant(0.0)
    up = t.choose(t.graph.apply("less", zero, inner), t.graph.constant(1.0), zero)
    return t.choose(t.graph.apply("less", inner, zero), t.graph.constant(-1.0), up)


def _convert_step(t: _Translator, e: Expression) -> int:
    inner, zero = t.convert(e.args[0]), t.graph.constant(0.0)
    at_zero = t.convert(e.args[1]) if len(e.args) > 1 else t.graph.constant(0.5)
    up = t.choose(t.graph.apply("less", zero, inner), t.graph.constant(1.0), at_zero)
    return t.choose(t.graph.apply("less", inner, zero), zero, up)


def _rewritten(build: Callable[[Any], Any]) -> Callable[[_Translator, Expression], int]:
    return lambda t, e: t.convert(build(e.args[0]))


_FUNCTIONS: dict[Any, Callable[[_Translator, Expression], int]] = {
    sympy.exp: _unary("exp"),
    sympy.log: _unary("log"),
    sympy.sin: _unary("sin"),
    sympy.cos: _unary("cos"),
    sympy.floor: _unary("floor"),
    sympy.ceiling: lambda t, e: t.graph.negate(t.graph.apply("floor", t.graph.negate(t.convert(e.args[0])))),
    sympy.Abs: _convert_absolute,
    sympy.sign: _convert_sign,
    sympy.Heaviside: _convert_step,
    sympy.Max: _fold_extreme(True),
    sympy.Min: _fold_extreme(False),
    sympy.Piecewise: _convert_piecewise,
    sympy.tan: _rewritten(lambda x: sympy.sin(x) / sympy.cos(x)),
    sympy.sinh: _rewritten(lambda x: (sympy.exp(x) - sympy.exp(-x)) / 2),
    sympy.cosh: _rewritten(lambda x: (sympy.exp(x) + sympy.exp(-x)) / 2),
    sympy.tanh: _rewritten(lambda x: 1 - 2 / (sympy.exp(2 * x) + 1)),
}
_ALLOWED = listed(["+ - * / **", *(kind.__name__ for kind in list(_FUNCTIONS)[:11])])
