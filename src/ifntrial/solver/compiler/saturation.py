"""Saturating terms ``a / (a + b)`` of general powers, found in SymPy's expressions.

A Hill term ``x**n / (k**n + x**n)`` taken as written is infinity over infinity, or zero over zero, as soon as its
powers leave the range of double precision, although its value lies between 0 and 1. With logarithms of the two parts
it is ``1 / (1 + exp(log b - log a))``, which is finite, and has a finite slope, for any exponent; and it costs no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sympy
from sympy.core.numbers import Exp1


@dataclass(frozen=True, slots=True)
class Saturation:
    """A product that holds a saturating term.

    Parameters
    ----------
    part, other
        The term is ``part / (part + other)``; both are positive numbers or general powers.
    factors
        What is left of the product.
    """

    part: sympy.Expr
    other: sympy.Expr
    factors: tuple[sympy.Expr, ...]


def find_saturation(factors: Sequence[sympy.Expr]) -> Saturation | None:
    """Return the first saturating term in a product, or None if there is none."""
    for place, factor in enumerate(factors):
        if not (factor.is_Pow and factor.exp == -1 and factor.base.is_Add and len(factor.base.args) == 2):
            continue
        terms = factor.base.args
        if not (all(map(_has_logarithm, terms)) and any(map(is_general_power, terms))):
            continue
        rest = [*factors[:place], *factors[place + 1 :]]
        for part, other in (terms, terms[::-1]):
            if part in rest:
                rest.remove(part)
                return Saturation(part, other, tuple(rest))
        for part, other in (terms, terms[::-1]):
            if part.is_Number:
                return Saturation(part, other, (*rest, 1 / part))
    return None


def is_general_power(e: sympy.Expr) -> bool:
    """Return whether an expression is an exponential, or a power that neither products nor a root make."""
    if isinstance(e, sympy.exp):
        return True
    return bool(e.is_Pow and not (2 * e.exp).is_Integer and not isinstance(e.base, Exp1))


def _has_logarithm(e: sympy.Expr) -> bool:
    return bool(e.is_Number and e.is_finite and e.is_positive) or is_general_power(e)
