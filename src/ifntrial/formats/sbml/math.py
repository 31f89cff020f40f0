"""MathML of an SBML model as SymPy expressions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy

from ifntrial.errors import InputError
from ifntrial.solver.system import TIME

AVOGADRO = 6.02214179e23
"""The value SBML Level 3 gives to its symbol for Avogadro's number."""

# libsbml's and SymPy's classes say nothing of types
Node = Any
Expression = Any


class UnsupportedMathError(InputError):
    """A formula holds something that is not imported."""


@dataclass(frozen=True, slots=True)
class MathReader:
    """Turns formulas into expressions.

    Parameters
    ----------
    libsbml
        The library, which is imported only when a file is read.
    symbols
        Identifier to expression.
    functions
        Identifier of a function definition to its formula.
    """

    libsbml: Any
    symbols: Mapping[str, Expression]
    functions: Mapping[str, Node]

    def read(self, node: Node, local: Mapping[str, Expression] | None = None) -> Expression:
        """Return the expression of a formula; ``local`` names win over the model's.

        Raises
        ------
        UnsupportedMathError
            If the formula holds a delay, a rate, a random number or an unknown function or name.
        """
        lib, kind = self.libsbml, node.getType()
        if kind in (lib.AST_INTEGER, lib.AST_REAL, lib.AST_REAL_E, lib.AST_RATIONAL):
            return self._read_number(node)
        constants = {
            lib.AST_NAME_TIME: TIME,
            lib.AST_NAME_AVOGADRO: sympy.Float(AVOGADRO),
            lib.AST_CONSTANT_PI: sympy.pi,
            lib.AST_CONSTANT_E: sympy.E,
            lib.AST_CONSTANT_TRUE: sympy.true,
            lib.AST_CONSTANT_FALSE: sympy.false,
        }
        if kind in constants:
            return constants[kind]
        if kind == lib.AST_NAME:
            return self._look_up(node.getName(), local or {})
        if kind == lib.AST_FUNCTION:
            return self._call(node, local)
        builders = _builders(lib)
        if kind not in builders:
            raise UnsupportedMathError(
                f"'{_describe(lib, node)}' is not imported", fix="write the model without it"
            )
        return builders[kind](*(self.read(node.getChild(i), local) for i in range(node.getNumChildren())))

    def _read_number(self, node: Node) -> Expression:
        if node.getType() == self.libsbml.AST_INTEGER:
            return sympy.Integer(node.getInteger())
        if node.getType() == self.libsbml.AST_RATIONAL:
            return sympy.Rational(node.getNumerator(), node.getDenominator())
        value = node.getReal()
        return sympy.Integer(int(value)) if value == int(value) and abs(value) < 2**53 else sympy.Float(value)

    def _look_up(self, name: str, local: Mapping[str, Expression]) -> Expression:
        if name in local:
            return local[name]
        if name in self.symbols:
            return self.symbols[name]
        raise UnsupportedMathError(f"'{name}' is used in a formula but is nowhere defined")

    def _call(self, node: Node, local: Mapping[str, Expression] | None) -> Expression:
        definition = self.functions.get(node.getName())
        if definition is None:
            raise UnsupportedMathError(f"function '{node.getName()}' is not defined")
        count = definition.getNumChildren() - 1
        if count != node.getNumChildren():
            raise UnsupportedMathError(f"function '{node.getName()}' takes {count} arguments")
        given = {definition.getChild(i).getName(): self.read(node.getChild(i), local) for i in range(count)}
        return self.read(definition.getChild(count), given)


def _describe(lib: Node, node: Node) -> str:
    text = lib.formulaToL3String(node)
    return str(text if text and len(text) < 80 else node.getName() or node.getType())


def _chain(relation: Callable[[Expression, Expression], Expression]) -> Callable[..., Expression]:
    return lambda *sides: sympy.And(*(relation(a, b) for a, b in pairwise(sides)))


def _piecewise(*parts: Expression) -> Expression:
    pieces = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    if len(parts) % 2 == 0:
        raise UnsupportedMathError(
            "a piecewise formula has no 'otherwise'", fix="add one, so that it always has a value"
        )
    return sympy.Piecewise(*pieces, (parts[-1], True))


def _minus(first: Expression, second: Expression | None = None) -> Expression:
    return -first if second is None else first - second


def _as_condition(value: Expression) -> Expression:
    # SBML level 2 lets a number stand for a truth value
    return value if isinstance(value, sympy.logic.boolalg.Boolean) else sympy.Ne(value, 0)


def _builders(lib: Node) -> dict[int, Callable[..., Expression]]:
    return {
        lib.AST_PLUS: lambda *terms: sympy.Add(*terms),
        lib.AST_TIMES: lambda *factors: sympy.Mul(*factors),
        lib.AST_MINUS: _minus,
        lib.AST_DIVIDE: lambda a, b: a / b,
        lib.AST_POWER: lambda a, b: a**b,
        lib.AST_FUNCTION_POWER: lambda a, b: a**b,
        lib.AST_FUNCTION_ROOT: lambda degree, x: x ** (1 / degree),
        lib.AST_FUNCTION_EXP: sympy.exp,
        lib.AST_FUNCTION_LN: sympy.log,
        lib.AST_FUNCTION_LOG: lambda base, x: sympy.log(x) / sympy.log(base),
        lib.AST_FUNCTION_ABS: sympy.Abs,
        lib.AST_FUNCTION_SIN: sympy.sin,
        lib.AST_FUNCTION_COS: sympy.cos,
        lib.AST_FUNCTION_TAN: sympy.tan,
        lib.AST_FUNCTION_SINH: sympy.sinh,
        lib.AST_FUNCTION_COSH: sympy.cosh,
        lib.AST_FUNCTION_TANH: sympy.tanh,
        lib.AST_FUNCTION_FLOOR: sympy.floor,
        lib.AST_FUNCTION_CEILING: sympy.ceiling,
        lib.AST_FUNCTION_MAX: sympy.Max,
        lib.AST_FUNCTION_MIN: sympy.Min,
        lib.AST_FUNCTION_PIECEWISE: _piecewise,
        lib.AST_LOGICAL_AND: lambda *parts: sympy.And(*map(_as_condition, parts)),
        lib.AST_LOGICAL_OR: lambda *parts: sympy.Or(*map(_as_condition, parts)),
        lib.AST_LOGICAL_NOT: lambda part: sympy.Not(_as_condition(part)),
        lib.AST_LOGICAL_XOR: lambda *parts: sympy.Xor(*map(_as_condition, parts)),
        lib.AST_RELATIONAL_EQ: _chain(sympy.Eq),
        lib.AST_RELATIONAL_NEQ: _chain(sympy.Ne),
        lib.AST_RELATIONAL_LT: _chain(sympy.StrictLessThan),
        lib.AST_RELATIONAL_LEQ: _chain(sympy.LessThan),
        lib.AST_RELATIONAL_GT: _chain(sympy.StrictGreaterThan),
        lib.AST_RELATIONAL_GEQ: _chain(sympy.GreaterThan),
    }
