"""One folder, one purpose: sizes of rooms and files, and the sentence at each door."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "ifntrial"
HAVE_ROOMS_INSIDE = {"studies", "solver", "signature", "report"}


def _python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


FOLDERS = sorted({path.parent for path in _python_files(PACKAGE)} - {PACKAGE})


def test_no_file_is_over_300_lines():
    assert [(path.name, _lines(path)) for path in _python_files(PACKAGE) if _lines(path) > 300] == []


@pytest.mark.parametrize(
    "room", sorted(path.name for path in PACKAGE.iterdir() if path in FOLDERS), ids=lambda name: name
)
def test_a_room_is_no_hall(room):
    size = sum(_lines(path) for path in _python_files(PACKAGE / room))
    assert size <= 3500 or room in HAVE_ROOMS_INSIDE


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_folder_says_what_lives_there(folder):
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    sentence = docstring.partition("\n")[0]
    assert len(sentence.split()) >= 4
    assert sentence.endswith(".")


def test_the_tree_prints_every_folder():
    shown = subprocess.run(
        [sys.executable, ROOT / ".ci" / "tree.py"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert [line.split()[0].rstrip("/") for line in shown].count("compiler") == 1
    assert len(shown) == len(FOLDERS)
