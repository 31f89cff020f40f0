"""The operators and functions of SBML's MathML, each as what it means in SymPy."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import sympy

# libsbml's and SymPy's classes say nothing of types
Expression = Any
Builder = Callable[..., Expression]

CONDITIONS = (
    "AST_LOGICAL_AND",
    "AST_LOGICAL_OR",
    "AST_LOGICAL_NOT",
    "AST_LOGICAL_XOR",
    "AST_LOGICAL_IMPLIES",
)
"""Operators whose arguments are conditions; those of all others are numbers."""


def as_number(value: Expression) -> Expression:
    """Return a value where a number is wanted: true is 1, false is 0."""
    if not isinstance(value, sympy.logic.boolalg.Boolean) or isinstance(value, sympy.Symbol):
        return value
    if value in (sympy.true, sympy.false):
        return sympy.Integer(int(bool(value)))
    return sympy.Piecewise((1, value), (0, True))


def as_condition(value: Expression) -> Expression:
    """Return a value where a condition is wanted: a number other than 0 is true."""
    is_condition = isinstance(value, sympy.logic.boolalg.Boolean) and not isinstance(value, sympy.Symbol)
    return value if is_condition else sympy.Ne(value, 0)


def _chain(relation: Builder) -> Builder:
    return lambda *sides: sympy.And(*(relation(a, b) for a, b in pairwise(sides)))


def _xor(*parts: Expression) -> Expression:
    result: Expression = sympy.false
    for part in parts:
        result = sympy.Or(sympy.And(result, sympy.Not(part)), sympy.And(sympy.Not(result), part))
    return result


def _piecewise(*parts: Expression) -> Expression:
    pieces = [(as_number(parts[i]), as_condition(parts[i + 1])) for i in range(0, len(parts) - 1, 2)]
    return sympy.Piecewise(*pieces, (as_number(parts[-1]), True))


def _minus(first: Expression, second: Expression | None = None) -> Expression:
    return -first if second is None else first - second


def _root(*parts: Expression) -> Expression:
    degree, x = parts if len(parts) == 2 else (sympy.Integer(2), parts[0])
    return x ** (1 / degree)


def _log(*parts: Expression) -> Expression:
    base, x = parts if len(parts) == 2 else (sympy.Integer(10), parts[0])
    return sympy.log(x) / sympy.log(base)


def _quotient(a: Expression, b: Expression) -> Expression:
    whole = a / b
    return sympy.Piecewise((sympy.floor(whole), whole >= 0), (sympy.ceiling(whole), True))


def _remainder(a: Expression, b: Expression) -> Expression:
    return a - b * _quotient(a, b)


def _of_reciprocal(function: Builder) -> Builder:
    return lambda x: function(1 / x)


def _reciprocal(function: Builder) -> Builder:
    return lambda x: 1 / function(x)


_ARITHMETIC: dict[str, Builder] = {
    "AST_PLUS": lambda *terms: sympy.Add(*terms),
    "AST_TIMES": lambda *factors: sympy.Mul(*factors),
    "AST_MINUS": _minus,
    "AST_DIVIDE": lambda a, b: a / b,
    "AST_POWER": lambda a, b: a**b,
    "AST_FUNCTION_POWER": lambda a, b: a**b,
    "AST_FUNCTION_ROOT": _root,
    "AST_FUNCTION_EXP": sympy.exp,
    "AST_FUNCTION_LN": sympy.log,
    "AST_FUNCTION_LOG": _log,
    "AST_FUNCTION_ABS": sympy.Abs,
    "AST_FUNCTION_FLOOR": sympy.floor,
    "AST_FUNCTION_CEILING": sympy.ceiling,
    "AST_FUNCTION_FACTORIAL": sympy.factorial,
    "AST_FUNCTION_MAX": sympy.Max,
    "AST_FUNCTION_MIN": sympy.Min,
    "AST_FUNCTION_QUOTIENT": _quotient,
    "AST_FUNCTION_REM": _remainder,
    "AST_FUNCTION_PIECEWISE": _piecewise,
}
_TRIGONOMETRY: dict[str, Builder] = {
    "SIN": sympy.sin,
    "COS": sympy.cos,
    "TAN": sympy.tan,
    "SEC": _reciprocal(sympy.cos),
    "CSC": _reciprocal(sympy.sin),
    "COT": _reciprocal(sympy.tan),
    "SINH": sympy.sinh,
    "COSH": sympy.cosh,
    "TANH": sympy.tanh,
    "SECH": _reciprocal(sympy.cosh),
    "CSCH": _reciprocal(sympy.sinh),
    "COTH": _reciprocal(sympy.tanh),
    "ARCSIN": sympy.asin,
    "ARCCOS": sympy.acos,
    "ARCTAN": sympy.atan,
    "ARCSEC": _of_reciprocal(sympy.acos),
    "ARCCSC": _of_reciprocal(sympy.asin),
    "ARCCOT": _of_reciprocal(sympy.atan),
    "ARCSINH": sympy.asinh,
    "ARCCOSH": sympy.acosh,
    "ARCTANH": sympy.atanh,
    "ARCSECH": _of_reciprocal(sympy.acosh),
    "ARCCSCH": _of_reciprocal(sympy.asinh),
    "ARCCOTH": _of_reciprocal(sympy.atanh),
}
_LOGIC: dict[str, Builder] = {
    "AST_LOGICAL_AND": sympy.And,
    "AST_LOGICAL_OR": sympy.Or,
    "AST_LOGICAL_NOT": sympy.Not,
    "AST_LOGICAL_XOR": _xor,
    "AST_LOGICAL_IMPLIES": lambda a, b: sympy.Or(sympy.Not(a), b),
    "AST_RELATIONAL_EQ": _chain(sympy.Eq),
    "AST_RELATIONAL_NEQ": _chain(sympy.Ne),
    "AST_RELATIONAL_LT": _chain(sympy.StrictLessThan),
    "AST_RELATIONAL_LEQ": _chain(sympy.LessThan),
    "AST_RELATIONAL_GT": _chain(sympy.StrictGreaterThan),
    "AST_RELATIONAL_GEQ": _chain(sympy.GreaterThan),
}


def list_functions(lib: Any) -> dict[int, Builder]:  # noqa: ANN401 - libsbml has no types
    """Return what each kind of node means, by libsbml's number of it."""
    named = {
        **_ARITHMETIC,
        **_LOGIC,
        **{f"AST_FUNCTION_{name}": build for name, build in _TRIGONOMETRY.items()},
    }
    return {getattr(lib, name): build for name, build in named.items()}
