"""Conditions over named covariates, such as ``mrss > 10 and antibody != "ACA"``: parsed, never evaluated as code."""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ifntrial.arrays import AnyArray, BoolArray, FloatArray, UntypedArray
from ifntrial.errors import InputError, resolve_name

LONGEST = 1_000
ALLOWED = "names of covariates, numbers, quoted text, and, or, not, ( ), + - * /, < <= == != >= >, in [..]"

_COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition over covariates, parsed once.

    Parameters
    ----------
    text
        The condition as written.
    tree
        Its syntax tree, which holds only the allowed parts.
    names
        Covariates that it reads, in order of first use.
    """

    text: str
    tree: ast.expr
    names: tuple[str, ...]

    def holds(self, covariates: Mapping[str, AnyArray]) -> BoolArray:
        """Return for each subject whether the condition holds, shape (subjects,).

        Text is compared without regard to case. A comparison with a missing number (NaN) does not hold, ``!=`` included.

        Raises
        ------
        UnknownNameError
            If a covariate is absent; the message names the closest one.
        """
        for name in self.names:
            resolve_name(name, covariates, "covariate")
        lengths = {len(values) for values in covariates.values()}
        size = lengths.pop() if len(lengths) == 1 else max(lengths, default=0)
        try:
            result = _truth(_value(self.tree, covariates))
        except (TypeError, np.exceptions.DTypePromotionError) as error:
            raise InputError(
                f"condition '{self.text}' mixes text and numbers",
                allowed=ALLOWED,
                fix="compare like with like",
            ) from error
        return np.broadcast_to(result, (size,)).copy()


def parse_condition(text: str) -> Condition:
    """Return the condition that ``text`` describes.

    Raises
    ------
    InputError
        If the text is not a condition or holds anything but the allowed parts.

    Examples
    --------
    >>> parse_condition("mrss > 10 and not uses_mmf").names
    ('mrss', 'uses_mmf')
    """
    clean = " ".join(str(text).split())
    if not clean or len(clean) > LONGEST:
        raise InputError(
            "a condition is empty or too long",
            given=clean[:60],
            allowed=ALLOWED,
            fix="write a short condition",
        )
    try:
        tree = ast.parse(clean, mode="eval").body
        problems = _problems(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(
            f"condition '{clean}' cannot be read",
            problems=[str(error)],
            allowed=ALLOWED,
            fix="check brackets and quotes",
        ) from error
    if problems:
        raise InputError(
            f"condition '{clean}' holds what is not allowed",
            problems=problems,
            allowed=ALLOWED,
            fix="remove it",
        )
    names = dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return Condition(text=clean, tree=tree, names=tuple(names))


def _problems(tree: ast.expr) -> list[str]:
    """Return every part of the tree that is not allowed."""
    fine = (
        ast.BoolOp,
        ast.And,
        ast.Or,
        ast.UnaryOp,
        ast.Not,
        ast.USub,
        ast.BinOp,
        ast.Compare,
        ast.Name,
        ast.Load,
    )
    operators = (*_COMPARISONS, *_ARITHMETIC, ast.In, ast.NotIn)
    problems = []
    for node in ast.walk(tree):
        if isinstance(node, (*fine, *operators)):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str)):
            continue
        if isinstance(node, (ast.List, ast.Tuple)) and all(
            isinstance(item, ast.Constant) for item in node.elts
        ):
            continue
        problems.append(f"'{ast.unparse(node)}' ({type(node).__name__.lower()})")
    return problems


def _value(node: ast.expr, covariates: Mapping[str, AnyArray]) -> UntypedArray:
    """Return the value of a checked node, of shape (subjects,), or () for a constant."""
    match node:
        case ast.Constant(value=value):
            return np.asarray(value.lower() if isinstance(value, str) else value)
        case ast.Name(id=name):
            values = np.asarray(covariates[name])
            return np.char.lower(values.astype(str)) if values.dtype.kind in "OUS" else values
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return np.asarray([_value(item, covariates).item() for item in items])
        case ast.BoolOp(op=op, values=parts):
            join = np.logical_and if isinstance(op, ast.And) else np.logical_or
            joined: UntypedArray = join.reduce(
                np.broadcast_arrays(*[_truth(_value(part, covariates)) for part in parts])
            )
            return joined
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~_truth(_value(operand, covariates))
        case ast.UnaryOp(operand=operand):
            return np.negative(_number(_value(operand, covariates)))
        case ast.BinOp(left=left, op=op, right=right):
            sides = _number(_value(left, covariates)), _number(_value(right, covariates))
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.asarray(_ARITHMETIC[type(op)](*sides))
        case ast.Compare():
            return _compare(node, covariates)
    raise InputError(
        "a condition holds what is not allowed", given=ast.dump(node), allowed=ALLOWED, fix="remove it"
    )


def _compare(node: ast.Compare, covariates: Mapping[str, AnyArray]) -> UntypedArray:
    """Return the truth of a chain of comparisons."""
    sides = [_value(side, covariates) for side in (node.left, *node.comparators)]
    result = np.asarray(True)
    for (left, right), op in zip(pairwise(sides), node.ops, strict=True):
        if _is_text(left) != _is_text(right):
            raise TypeError
        if isinstance(op, (ast.In, ast.NotIn)):
            holds = np.isin(left, right, invert=isinstance(op, ast.NotIn))
            result = result & holds & _is_known(left)
        else:
            result = result & _COMPARISONS[type(op)](left, right) & _is_known(left) & _is_known(right)
    return result


def _is_text(values: UntypedArray) -> bool:
    return values.dtype.kind in "US"


def _number(values: UntypedArray) -> FloatArray:
    if _is_text(values):
        raise TypeError
    return values.astype(np.float64)


def _is_known(values: UntypedArray) -> BoolArray:
    return np.ones(values.shape, dtype=bool) if _is_text(values) else ~np.isnan(_number(values))


def _truth(values: UntypedArray) -> BoolArray:
    truth: BoolArray = (_number(values) != 0) & _is_known(values)
    return truth
