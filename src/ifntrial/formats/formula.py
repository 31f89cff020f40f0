"""A SymPy expression in the infix formulas of SBML Level 3."""

from typing import ClassVar

import sympy
from sympy.printing.str import StrPrinter

from ifntrial.errors import ModelError

_FUNCTIONS = {sympy.exp: "exp", sympy.log: "ln"}
_WITHOUT_UNIT = " dimensionless"


class _FormulaPrinter(StrPrinter):
    """SBML reads ``log`` as the decimal logarithm and has ``pow``, ``sqrt`` and ``max``; the rest is SymPy."""

    _default_settings: ClassVar = {**StrPrinter._default_settings, "units": True}

    def _print_Pow(self, expr: sympy.Pow, rational: bool = False) -> str:
        del rational
        base = self._print(expr.base)
        if expr.exp == sympy.Rational(1, 2):
            return f"sqrt({base})"
        if expr.exp == -1:
            return f"{self._number('1')}/({base})"
        return f"pow({base}, {self._print(expr.exp)})"

    def _print_Function(self, expr: sympy.Function) -> str:
        if expr.func not in _FUNCTIONS:
            raise ModelError(
                f"function '{expr.func}' has no place in an export",
                allowed="exp, log, sqrt and powers",
                fix="add it to the formulas of the export",
            )
        return f"{_FUNCTIONS[expr.func]}({self._print(expr.args[0])})"

    def _print_Max(self, expr: sympy.Max) -> str:
        return f"max({', '.join(self._print(each) for each in expr.args)})"

    def _print_exp(self, expr: sympy.Function) -> str:
        return self._print_Function(expr)

    def _print_Integer(self, expr: sympy.Integer) -> str:
        return self._number(str(expr.p))

    def _print_Rational(self, expr: sympy.Rational) -> str:
        return f"({self._number(str(expr.p))}/{self._number(str(expr.q))})"

    def _print_Float(self, expr: sympy.Float) -> str:
        return self._number(repr(float(expr)))

    def _number(self, text: str) -> str:
        return text + _WITHOUT_UNIT if self._settings["units"] else text


def formula(expression: sympy.Expr, *, units: bool = True) -> str:
    """Return an expression as an SBML Level 3 formula; the symbol ``time`` stays ``time``.

    Parameters
    ----------
    units
        Whether numbers say that they have no unit, as SBML wants it; PEtab does not know such words.

    Raises
    ------
    ModelError
        If it holds a function that the formats do not share.

    Examples
    --------
    >>> x = sympy.Symbol("x")
    >>> formula(sympy.exp(-x) / (1 + sympy.sqrt(x)), units=False)
    'exp(-x)/(1 + sqrt(x))'
    """
    printer = _FormulaPrinter({"order": "none", "units": units})
    return str(printer.doprint(sympy.sympify(expression)))
