"""MathML of an SBML model as SymPy expressions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy

from ifntrial.errors import InputError
from ifntrial.formats.sbml.functions import CONDITIONS, as_condition, as_number, list_functions
from ifntrial.solver.system import TIME, symbol

AVOGADRO = 6.02214179e23
"""The value SBML Level 3 gives to its symbol for Avogadro's number."""

# libsbml's and SymPy's classes say nothing of types
Node = Any
Expression = Any


class UnsupportedMathError(InputError):
    """A formula holds something that is not imported."""


@dataclass(slots=True)
class MathReader:
    """Turns formulas into expressions.

    Parameters
    ----------
    libsbml
        The library, which is imported only when a file is read.
    symbols
        Identifier to expression.
    functions
        Identifier of a function definition to its formula, None where it has none.
    name_number
        Gives the name of a parameter that stands for a number no formula can hold, such as infinity.
    name_delayed
        Gives the name of what stands for the value of an expression some time ago.
    rates
        Identifiers whose rate of change a formula uses; ``rate_name`` names the symbol that stands for it.
    """

    libsbml: Any
    symbols: Mapping[str, Expression]
    functions: Mapping[str, Node]
    name_number: Callable[[float], str]
    name_delayed: Callable[[Expression, Expression], str]
    rates: set[str] = field(default_factory=set)
    _builders: dict[int, Callable[..., Expression]] = field(init=False)
    _conditions: frozenset[int] = field(init=False)
    _constants: dict[int, Expression] = field(init=False)

    def __post_init__(self) -> None:
        lib = self.libsbml
        self._builders = list_functions(lib)
        self._conditions = frozenset(getattr(lib, name) for name in CONDITIONS)
        self._constants = {
            lib.AST_NAME_TIME: TIME,
            lib.AST_NAME_AVOGADRO: sympy.Float(AVOGADRO),
            lib.AST_CONSTANT_PI: sympy.pi,
            lib.AST_CONSTANT_E: sympy.E,
            lib.AST_CONSTANT_TRUE: sympy.true,
            lib.AST_CONSTANT_FALSE: sympy.false,
        }

    def read_number(self, node: Node) -> Expression:
        """Return a formula as a number; true is 1.

        Raises
        ------
        UnsupportedMathError
            If the formula holds a random number or an unknown function or name.
        """
        return as_number(self.read(node, {}))

    def read_condition(self, node: Node) -> Expression:
        """Return a formula as a condition; a number other than 0 is true. Raises as ``read_number`` does."""
        return as_condition(self.read(node, {}))

    def read_law(self, node: Node, local: Mapping[str, Expression]) -> Expression:
        """Return a formula as a number; ``local`` names win over the model's. Raises as ``read_number`` does."""
        return as_number(self.read(node, local))

    def read(self, node: Node, local: Mapping[str, Expression]) -> Expression:
        """Return the expression of a formula, a number or a condition."""
        lib, kind = self.libsbml, node.getType()
        if kind in (lib.AST_INTEGER, lib.AST_REAL, lib.AST_REAL_E, lib.AST_RATIONAL):
            return self._read_literal(node)
        if kind in self._constants:
            return self._constants[kind]
        if kind == lib.AST_NAME:
            return self._look_up(node.getName(), local)
        if kind == lib.AST_FUNCTION:
            return self._call(node, local)
        if kind == lib.AST_FUNCTION_RATE_OF:
            return self._name_rate(node)
        if kind == lib.AST_FUNCTION_DELAY and node.getNumChildren() == 2:
            value, lag = (as_number(self.read(node.getChild(i), local)) for i in range(2))
            return symbol(self.name_delayed(value, lag))
        if kind not in self._builders:
            raise UnsupportedMathError(
                f"'{_describe(lib, node)}' is not imported", fix="write the model without it"
            )
        given = [self.read(node.getChild(i), local) for i in range(node.getNumChildren())]
        if kind == lib.AST_FUNCTION_PIECEWISE and len(given) % 2 == 0:
            # no value where no condition holds
            given.append(self._name(float("nan")))
        return self._apply(node, given)

    def _apply(self, node: Node, given: list[Expression]) -> Expression:
        build = self._builders[node.getType()]
        is_condition = node.getType() in self._conditions
        is_choice = node.getType() == self.libsbml.AST_FUNCTION_PIECEWISE
        if not is_choice:
            given = [as_condition(x) if is_condition else as_number(x) for x in given]
        try:
            result = build(*given)
            if _is_sound(result):
                return result
            # out of the range of real numbers: left to be worked out in floating point, where that has a meaning
            return build(*(self._hide(x) for x in given))
        except (TypeError, ValueError, IndexError) as error:
            raise UnsupportedMathError(
                f"'{_describe(self.libsbml, node)}' has arguments that do not fit it"
            ) from error

    def _hide(self, value: Expression) -> Expression:
        is_number = isinstance(value, sympy.Expr) and value.is_number
        return self._name(float(value)) if is_number else value

    def _name(self, value: float) -> Expression:
        return symbol(self.name_number(value))

    def _read_literal(self, node: Node) -> Expression:
        if node.getType() == self.libsbml.AST_INTEGER:
            return sympy.Integer(node.getInteger())
        if node.getType() == self.libsbml.AST_RATIONAL and node.getDenominator() != 0:
            return sympy.Rational(node.getNumerator(), node.getDenominator())
        value = float(node.getReal())
        if value != value or abs(value) == float("inf"):
            return self._name(value)
        is_whole = abs(value) < 2**53 and value == int(value)
        return sympy.Integer(int(value)) if is_whole else sympy.Float(value)

    def _look_up(self, name: str, local: Mapping[str, Expression]) -> Expression:
        if name in local:
            return local[name]
        if name in self.symbols:
            return self.symbols[name]
        raise UnsupportedMathError(f"'{name}' is used in a formula but is nowhere defined")

    def _name_rate(self, node: Node) -> Expression:
        name = str(node.getChild(0).getName()) if node.getNumChildren() == 1 else ""
        if name not in self.symbols:
            raise UnsupportedMathError(f"'{_describe(self.libsbml, node)}' is not the rate of a quantity")
        self.rates.add(name)
        return symbol(rate_name(name))

    def _call(self, node: Node, local: Mapping[str, Expression]) -> Expression:
        name = node.getName()
        definition = self.functions.get(name)
        if definition is None or definition.getNumChildren() == 0:
            raise UnsupportedMathError(f"function '{name}' is not defined")
        count = definition.getNumChildren() - 1
        if count != node.getNumChildren():
            raise UnsupportedMathError(f"function '{name}' takes {count} arguments")
        given = {definition.getChild(i).getName(): self.read(node.getChild(i), local) for i in range(count)}
        return self.read(definition.getChild(count), given)


def rate_name(name: str) -> str:
    """Return what stands for the rate of change of a quantity; no identifier holds a blank."""
    return f"rate of {name}"


def _is_sound(value: Expression) -> bool:
    if not isinstance(value, sympy.Expr):
        return True
    if value.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo, sympy.I):
        return False
    return not value.is_number or bool(value.is_real)


def _describe(lib: Node, node: Node) -> str:
    text = lib.formulaToL3String(node)
    return str(text if text and len(text) < 80 else node.getName() or node.getType())
