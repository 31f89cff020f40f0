"""Changes of who is meant: arguments, partners of names, attributes of a record, places in arrays."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from mutants.settings import Settings
from mutants.source import Edit, Source

AXES = {("axis", 0): 1, ("axis", 1): 0, ("axis", -1): 0, ("axis", -2): -1, ("ddof", 0): 1, ("ddof", 1): 0}
# Without these a call fails at once, or nothing changes but the type of a number.
KEPT_ARGUMENTS = {"dtype", "strict", "copy", "given", "allowed", "fix", "maxsize"}


@dataclass(frozen=True, slots=True)
class Names:
    """What a file calls its things.

    ``used`` holds every name, attribute and short text; ``fields`` maps the name of a record to its attributes that
    are read, and of a table to its keys, within the same function; ``called`` the nodes that are functions of a call;
    ``defaults`` (function, argument) where a function of the file has a default.
    """

    settings: Settings
    used: frozenset[str]
    fields: Mapping[tuple[str, str], tuple[str, ...]]
    called: frozenset[ast.AST]
    defaults: frozenset[tuple[str, str]]


def swap_arguments(node: ast.AST, source: Source, names: Names) -> Iterator[Edit]:
    """``f(a, b)`` becomes ``f(b, a)``, ``f(x=a, y=b)`` becomes ``f(x=b, y=a)`` where both are written alike."""
    if not isinstance(node, ast.Call):
        return
    for values in (node.args, [word.value for word in node.keywords if word.arg]):
        for one, other in pairwise(values):
            if _is_like(one, other) and source.text(one) != source.text(other):
                yield source.swapped(one, other)


def drop_argument(node: ast.AST, source: Source, names: Names) -> Iterator[Edit]:
    """``f(a, x=b)`` becomes ``f(a)`` where ``x`` may have a default."""
    if not isinstance(node, ast.Call) or source.text(node.func).split(".")[-1][:1].isupper():
        return
    last = source.span(node)[1]
    places = [source.span(each) for each in [*node.args, *node.keywords]]
    for word in node.keywords:
        if not word.arg or word.arg in KEPT_ARGUMENTS or not _may_be_absent(node.func, word.arg, names):
            continue
        start, stop = source.span(word)
        before = max((place[1] for place in places if place[1] < start), default=None)
        if comma := source.token(stop, last, ","):
            yield Edit(start, source.after_space(comma[1]), "")
        else:
            yield Edit(start if before is None else before, stop, "")


def take_partner(node: ast.AST, source: Source, names: Names) -> Iterator[Edit]:
    """``active.size`` becomes ``control.size``, ``"blood"`` becomes ``"skin"``, where the file has the other."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            for other in _partners(name, names):
                yield source.replaced(node, other)
        case ast.Attribute(value=value, attr=name, ctx=ast.Load()):
            for other in _partners(name, names):
                yield source.replaced(node, f"{source.text(value)}.{other}")
        case ast.Constant(value=str(text)):
            for other in _partners(text, names):
                yield source.replaced(node, f'"{other}"')


def take_sibling(node: ast.AST, source: Source, names: Names) -> Iterator[Edit]:
    """``arm.rescue`` becomes another attribute of ``arm`` that the function reads; ``row["a"]`` likewise."""
    field = field_of(node)
    if field is None or node in names.called:
        return
    kind, owner, name = field
    others = names.fields.get((kind, owner), ())
    if name in others and len(others) > 1:
        other = others[(others.index(name) + 1) % len(others)]
        yield source.replaced(node, f"{owner}.{other}" if kind == "attribute" else f'{owner}["{other}"]')


def turn_axis(node: ast.AST, source: Source, names: Names) -> Iterator[Edit]:
    """``axis=0`` becomes ``axis=1``, ``ddof=1`` likewise, ``x[a, b]`` becomes ``x[b, a]``, ``x[1:]`` ``x[:]``."""
    match node:
        case ast.keyword(arg=name, value=value):
            number = number_of(value)
            if (name, number) in AXES:
                yield source.replaced(value, str(AXES[name, number]))
        case ast.Subscript(slice=ast.Tuple(elts=[one, other, *_])) if not _has_text(one, other):
            yield source.swapped(one, other)
        case ast.Slice(lower=lower, upper=upper):
            yield from (source.replaced(side, "") for side in (lower, upper) if side is not None)


def change_function(node: ast.AST, source: Source, names: Names) -> Iterator[Edit]:
    """``minimum(a, b)`` becomes ``maximum(a, b)``, and so on by the table; ``exp(x)`` becomes ``x``."""
    if not isinstance(node, ast.Call):
        return
    *owner, name = source.text(node.func).rsplit(".", 1)
    for other in names.settings.functions.get(name, ()):
        yield source.replaced(node.func, ".".join([*owner, other]))
    if name in names.settings.unwrapped and owner == ["np"] and node.args:
        yield source.replaced(node, f"({source.text(node.args[0])})")


def field_of(node: ast.AST) -> tuple[str, str, str] | None:
    """Return ("attribute" or "key", owner, name) of ``owner.name`` and ``owner["name"]`` that are read."""
    match node:
        case ast.Attribute(value=ast.Name(id=owner), attr=name, ctx=ast.Load()):
            return "attribute", owner, name
        case ast.Subscript(value=ast.Name(id=owner), slice=ast.Constant(value=str(name)), ctx=ast.Load()):
            return "key", owner, name
    return None


def number_of(node: ast.AST) -> int | None:
    """Return a whole number that is written out, with its sign."""
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return -value
    return None


def _may_be_absent(function: ast.expr, argument: str, names: Names) -> bool:
    if isinstance(function, ast.Name):
        return function.id == "replace" or (function.id, argument) in names.defaults
    return True


def _is_like(one: ast.expr, other: ast.expr) -> bool:
    if isinstance(one, ast.Starred) or isinstance(other, ast.Starred):
        return False
    if isinstance(one, ast.Constant) and isinstance(other, ast.Constant):
        return type(one.value) is type(other.value)
    return isinstance(one, ast.Constant) == isinstance(other, ast.Constant)


def _has_text(*nodes: ast.AST) -> bool:
    return any(isinstance(node, ast.Constant) and isinstance(node.value, str) for node in nodes)


def _partners(name: str, names: Names) -> Iterator[str]:
    parts = re.split(r"(_|\W)", name)
    for place, part in enumerate(parts):
        for other in names.settings.words.get(part, ()):
            found = "".join([*parts[:place], other, *parts[place + 1 :]])
            if found in names.used:
                yield found
