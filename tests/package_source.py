"""The source of the package as trees, for tests that something is said in one place only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import ifntrial

PACKAGE = Path(ifntrial.__file__).parent


def modules_but(own: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module but one: its path in the package, and its tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path != PACKAGE / own:
            yield path.relative_to(PACKAGE), ast.parse(path.read_text(encoding="utf-8"))


def constants(tree: ast.AST) -> set[object]:
    """Return the numbers and texts written in a tree."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
