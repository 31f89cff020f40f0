"""One folder, one purpose: sizes of rooms and files, and the sentence at each door."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "src" / "ifntrial"
HAVE_ROOMS_INSIDE = {"studies", "solver", "signature", "report"}
UNTYPED = {
    "app/manifest.py": "what a manifest holds before it is checked",
    "app/score.py": "options of a command by name",
    "clinic/endpoints/rcriss.py": "fields of a design's rule that a variant changes",
    "design/design.py": "a design in YAML before it is checked",
    "design/inheritance.py": "a design in YAML before it is checked",
    "design/schema.py": "a JSON schema",
    "evidence/load.py": "cells of a table before they are checked",
    "evidence/rows.py": "fields of a record before it is made",
    "formats/sbml/events.py": "options of a library",
    "model/build.py": "quantities with units",
    "model/parts.py": "quantities with units",
    "report/plots/courses.py": "settings of a figure",
    "report/plots/frame.py": "settings of a figure",
    "report/score/panels.py": "settings of a figure",
    "solver/reference.py": "options of a library",
    "studies/columns.py": "types of the fields of a record",
    "studies/json_records.py": "a JSON schema",
    "studies/over_worlds.py": "fields of a record for another record",
    "studies/result_files.py": "what files hold",
    "studies/result_json.py": "what JSON holds",
    "studies/sensitivity/indices.py": "options of a library",
}
"""Where a table of anything may be passed, and what it holds; between rooms go records."""


def _python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


FOLDERS = sorted({path.parent for path in _python_files(PACKAGE)} - {PACKAGE})


def test_no_file_is_over_300_lines():
    assert [(path.name, _lines(path)) for path in _python_files(PACKAGE) if _lines(path) > 300] == []


def test_rooms_pass_records_and_no_tables_of_anything():
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in _python_files(PACKAGE)
        if re.search(r"(dict|Mapping)\[str, Any\]", path.read_text(encoding="utf-8"))
    }
    assert found == set(UNTYPED)


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


def test_every_study_has_its_entry_and_its_record_in_files_of_the_same_name():
    studies = [path for path in FOLDERS if path.parent == PACKAGE / "studies"]
    assert len(studies) > 10
    assert [path.name for path in studies if not (path / "study.py").exists()] == []
    for path in studies:
        kinds = {type(node) for node in ast.parse((path / "result.py").read_text(encoding="utf-8")).body}
        assert ast.ClassDef in kinds, path.name
        assert ast.FunctionDef not in kinds, path.name


def test_the_tree_prints_every_folder():
    shown = subprocess.run(
        [sys.executable, ROOT / ".ci" / "tree.py"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert [line.split()[0].rstrip("/") for line in shown].count("compiler") == 1
    assert len(shown) == len(FOLDERS)


def test_unit_tests_stand_in_rooms_like_those_of_the_package():
    unit = ROOT / "tests" / "unit"
    rooms = {path.parent.relative_to(unit) for path in unit.rglob("test_*.py")} - {Path("project"), Path()}
    assert len(rooms) > 15
    assert {room for room in rooms if not (ROOT / "src" / "ifntrial" / room).is_dir()} == set()
    modules = {path.stem for path in (ROOT / "src" / "ifntrial").iterdir()}
    assert {path.stem.removeprefix("test_") for path in unit.glob("test_*.py")} - modules == set()


def _modules() -> dict[str, Path]:
    """Return every module of the package by its full name."""
    found = {}
    for path in _python_files(PACKAGE):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imported(path: Path, modules: dict[str, Path]) -> set[str]:
    """Return the modules that one imports anywhere in it, also within functions and for types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            named |= {each.name for each in node.names}
    return named & set(modules)


def test_no_modules_import_one_another_in_a_circle():
    modules = _modules()
    graph = {
        # a room's door names what is in it; whoever takes one of its modules does not need the door
        name: {other for other in _imported(path, modules) if modules[other].stem != "__init__"}
        for name, path in modules.items()
        if path.stem != "__init__"
    }
    while leaves := {name for name, needs in graph.items() if not needs & set(graph)}:
        graph = {name: needs for name, needs in graph.items() if name not in leaves}
    assert not graph, "a circle, and what hangs on it"


def test_no_page_imports_another_page():
    pages = sorted(path.parent for path in (PACKAGE / "report").glob("*/page.py"))
    assert len(pages) > 6
    modules = _modules()
    taken = {
        (page.name, other)
        for page in pages
        for path in _python_files(page)
        for other in _imported(path, modules)
        if modules[other].parent in pages and modules[other].parent != page
    }
    assert taken == set(), "what pages share stands in report itself, or in its figures"
