"""Changes of operators, terms, comparisons, logic and numbers."""

import ast
from collections.abc import Iterator

from mutants.names import Names
from mutants.source import Edit, Source

OPERATORS = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.Pow: ("**", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "//"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
# The first is the boundary, the second the direction.
COMPARISONS = {
    ast.Lt: ("<", ("<=", ">")),
    ast.LtE: ("<=", ("<", ">=")),
    ast.Gt: (">", (">=", "<")),
    ast.GtE: (">=", (">", "<=")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
BOTH_TERMS = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr)
FIRST_TERM = (ast.Sub, ast.Div)
NOT_NUMBERS = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp, ast.Dict)


def swap_operator(node: ast.AST, source: Source, _: Names) -> Iterator[Edit]:
    """``a + b`` becomes ``a - b``, ``x += y`` becomes ``x -= y``, ``-a`` becomes ``a``."""
    match node:
        case ast.BinOp(left=left, right=right) if _is_arithmetic(node):
            old, new = OPERATORS[type(node.op)]
            if place := source.between(left, right, old):
                yield Edit(*place, new)
        case ast.AugAssign(target=target, value=value) if type(node.op) in OPERATORS:
            old, new = OPERATORS[type(node.op)]
            if place := source.between(target, value, old + "="):
                yield Edit(*place, new + "=")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield source.replaced(node, f"({source.text(operand)})")


def drop_term(node: ast.AST, source: Source, _: Names) -> Iterator[Edit]:
    """``a + b`` becomes ``a`` or ``b``, ``a and b`` likewise, ``a if c else b`` becomes ``a`` or ``b``."""
    kept: list[ast.expr] = []
    match node:
        case ast.BinOp(left=left, right=right) if _is_arithmetic(node) and isinstance(node.op, BOTH_TERMS):
            kept = [left, right]
        case ast.BinOp(left=left) if _is_arithmetic(node) and isinstance(node.op, FIRST_TERM):
            kept = [left]
        case ast.BoolOp(values=[first, second]):
            kept = [first, second]
        case ast.IfExp(body=body, orelse=other):
            kept = [body, other]
    for term in kept:
        yield source.replaced(node, f"({source.text(term)})")


def shift_comparison(node: ast.AST, source: Source, _: Names) -> Iterator[Edit]:
    """``a < b`` becomes ``a <= b`` or ``a > b``, ``a == b`` becomes ``a != b``, and so on."""
    if not isinstance(node, ast.Compare):
        return
    sides = [node.left, *node.comparators]
    for left, operator, right in zip(sides[:-1], node.ops, sides[1:], strict=True):
        old, others = COMPARISONS[type(operator)]
        if place := source.between(left, right, old):
            yield from (Edit(*place, new) for new in others)


def turn_logic(node: ast.AST, source: Source, _: Names) -> Iterator[Edit]:
    """``and`` becomes ``or``, ``not a`` becomes ``a``, ``if a`` becomes ``if not a``, ``True`` becomes ``False``."""
    match node:
        case ast.BoolOp(op=operator, values=[first, second]):
            old, new = ("and", "or") if isinstance(operator, ast.And) else ("or", "and")
            if place := source.between(first, second, old):
                yield Edit(*place, new)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            yield source.replaced(node, f"({source.text(operand)})")
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.comprehension(ifs=[test]):
            yield source.replaced(test, f"(not ({source.text(test)}))")
        case ast.Constant(value=bool(value)):
            yield source.replaced(node, str(not value))


def change_number(node: ast.AST, source: Source, _: Names) -> Iterator[Edit]:
    """0 becomes 1, 1 becomes 0, every other number one more or double."""
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        return
    value = node.value
    others = {0: [1], 1: [0, 2]}.get(value, [value + 1, 2 * value])
    for other in others:
        yield source.replaced(node, repr(type(value)(other)))


def _is_arithmetic(node: ast.BinOp) -> bool:
    """Return whether an operation is one of numbers or masks, not of texts or lists, as far as can be read."""
    sides = (node.left, node.right)
    is_text = any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides)
    return type(node.op) in OPERATORS and not is_text and not any(isinstance(s, NOT_NUMBERS) for s in sides)
