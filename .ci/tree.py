"""Print the rooms of the package in the order of its layers: lines, and the sentence that says what lives there."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "ifntrial"


def layers() -> list[str]:
    """Return the names in the contract of imports, from what needs nothing to what needs everything."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    rows = next(each["layers"] for each in contracts if each["type"] == "layers")
    return [name.strip() for row in reversed(rows) for name in row.split("|")]


def rooms(folder: Path) -> Iterator[Path]:
    """Yield the folders of Python files below a folder, in the order of a reader."""
    for child in sorted(folder.iterdir()):
        if child.is_dir() and any(child.glob("*.py")):
            yield child
            yield from rooms(child)


def count_lines(folder: Path) -> int:
    """Return the lines of Python in a folder and in all folders inside."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in folder.rglob("*.py"))


def first_sentence(folder: Path) -> str:
    """Return the first line of the docstring of a folder."""
    text = (folder / "__init__.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]


def main() -> None:
    """Print the tree."""
    for room in (PACKAGE / name for name in layers()):
        for folder in (room, *rooms(room)) if room.is_dir() else ():
            depth = len(folder.relative_to(PACKAGE).parts)
            name = f"{'  ' * (depth - 1)}{folder.name}/"
            print(f"{name:<20}{count_lines(folder):>6}  {first_sentence(folder)}")


if __name__ == "__main__":
    main()
