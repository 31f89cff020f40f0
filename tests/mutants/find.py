"""Every single change that the operators can make to a file."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from mutants import arithmetic, names
from mutants.names import Names, field_of
from mutants.settings import Settings
from mutants.source import Edit, Source

Operator = Callable[[ast.AST, Source, Names], Iterator[Edit]]

# A sample takes from each kind in turn, so that the many numbers and names of a file do not crowd out the rest.
OPERATORS: dict[str, Operator] = {
    "operator": arithmetic.swap_operator,
    "term": arithmetic.drop_term,
    "comparison": arithmetic.shift_comparison,
    "logic": arithmetic.turn_logic,
    "number": arithmetic.change_number,
    "swapped arguments": names.swap_arguments,
    "dropped argument": names.drop_argument,
    "partner": names.take_partner,
    "sibling": names.take_sibling,
    "axis": names.turn_axis,
    "function": names.change_function,
}
# Not changed: types, texts for the reader, and what happens after an input was refused.
SKIPPED_FIELDS = {"annotation", "returns", "decorator_list"}
SKIPPED = (ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom, ast.Assert, ast.Delete)
CHANGED_WHOLE = {"axis", "ddof"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file.

    Parameters
    ----------
    path
        The file, below the root.
    kind
        Name of the operator.
    line, number
        The original line on which the change begins, without the space around it, and its number.
    change
        Old and new text.
    statement
        First and last line of the statement; of one that holds others, without these.
    function
        First and last line of its function; None if it runs when the file is imported.
    """

    path: str
    kind: str
    line: str
    number: int
    change: str
    statement: tuple[int, int]
    function: tuple[int, int] | None
    edit: Edit


@dataclass(frozen=True, slots=True)
class _Place:
    statement: tuple[int, int]
    function: ast.FunctionDef | None = None


def find_mutants(path: str, source: Source, settings: Settings) -> list[Mutant]:
    """Return all changes of a file, in the order in which they are written."""
    whole = _names(source.tree, settings)
    tables: dict[ast.AST, Names] = {}
    found = []
    for node, place in _walk(source.tree, _Place((1, 1))):
        scope = place.function or source.tree
        if scope not in tables:
            tables[scope] = replace(whole, fields=_fields(scope))
        for kind, operator in OPERATORS.items():
            found += [
                _mutant(path, kind, edit, source, place) for edit in operator(node, source, tables[scope])
            ]
    return found


def is_valid(mutant: Mutant, source: Source) -> bool:
    """Return whether the changed file is a program, and another one."""
    try:
        changed = ast.parse(source.edited(mutant.edit))
    except SyntaxError:
        return False
    return ast.dump(changed) != source.meaning


def _mutant(path: str, kind: str, edit: Edit, source: Source, place: _Place) -> Mutant:
    old = source.content[edit.start : edit.stop].decode()
    return Mutant(
        path=path,
        kind=kind,
        line=source.line(edit.start),
        number=source.content.count(b"\n", 0, edit.start) + 1,
        change=" ".join(f"{old} -> {edit.new}".split()),
        statement=place.statement,
        function=place.function and (place.function.lineno, place.function.end_lineno or 0),
        edit=edit,
    )


def _walk(node: ast.AST, place: _Place) -> Iterator[tuple[ast.AST, _Place]]:
    is_alias = place.function is None and isinstance(node, ast.Subscript)
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, SKIPPED) or is_alias or is_docstring:
        return
    if isinstance(node, ast.stmt):
        place = replace(place, statement=_own_lines(node))
    yield node, place
    if isinstance(node, ast.keyword) and node.arg in CHANGED_WHOLE:
        return
    within = replace(place, function=node) if isinstance(node, ast.FunctionDef) else place
    for name, value in ast.iter_fields(node):
        if name in SKIPPED_FIELDS:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child, within if name == "body" else place)


def _own_lines(node: ast.stmt) -> tuple[int, int]:
    body = getattr(node, "body", None)
    return node.lineno, max(body[0].lineno - 1, node.lineno) if body else node.end_lineno or node.lineno


def _names(tree: ast.AST, settings: Settings) -> Names:
    used: set[str] = set()
    called: set[ast.AST] = set()
    defaults: set[tuple[str, str]] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                used.add(name)
            case ast.Constant(value=str(text)):
                used.add(text)
            case ast.Call(func=function):
                called.add(function)
            case ast.FunctionDef(name=name, args=arguments):
                optional = arguments.args[len(arguments.args) - len(arguments.defaults) :]
                pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
                optional += [argument for argument, default in pairs if default is not None]
                defaults |= {(name, argument.arg) for argument in optional}
    return Names(settings, frozenset(used), {}, frozenset(called), frozenset(defaults))


def _fields(scope: ast.AST) -> dict[tuple[str, str], tuple[str, ...]]:
    functions = {node.func for node in ast.walk(scope) if isinstance(node, ast.Call)}
    found: dict[tuple[str, str], set[str]] = {}
    for node in ast.walk(scope):
        field = field_of(node)
        if field and node not in functions and field[1] != "np":
            found.setdefault(field[:2], set()).add(field[2])
    return {owner: tuple(sorted(fields)) for owner, fields in found.items()}
