"""The rule about rate laws: numbers live in the tables, not in the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

from ifntrial.evidence.rules.checked import Checked

ALLOWED_LITERALS = (0, 1, 2, -1)


def laws_without_literals(checked: Checked) -> Iterator[str]:
    """Require that files with rate laws hold no number but 0, 1, 2 and −1, in laws or beside them."""
    for path in checked.law_files:
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            yield f"{path.name} cannot be read as Python: {error}"
            continue
        for line, number in _literals(tree):
            if number not in ALLOWED_LITERALS:
                yield f"{path.name} line {line}: literal {number}; give it a name, a row and a source"


def _literals(node: ast.AST) -> Iterator[tuple[int, complex]]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = node.operand
        if isinstance(inner, ast.Constant) and _is_number(inner.value):
            yield node.lineno, -inner.value  # type: ignore[operator]  # a number, as just checked
            return
    if isinstance(node, ast.Constant) and _is_number(node.value):
        yield node.lineno, node.value  # type: ignore[misc]  # as above
    for child in ast.iter_child_nodes(node):
        yield from _literals(child)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | complex) and not isinstance(value, bool)


def python_files(*folders: Path) -> tuple[Path, ...]:
    """Return the Python files in folders, in order of name."""
    return tuple(sorted(path for folder in folders for path in folder.glob("*.py")))
