"""One folder, one purpose: sizes of rooms and files, and the sentence at each door."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "src" / "ifntrial"
HAVE_ROOMS_INSIDE = {"api", "studies", "solver", "signature", "report", "statistics"}
UNTYPED = {
    "api/forecast.py": "cells of a line of CSV",
    "app/score.py": "options of a command by name",
    "design/inheritance.py": "a design in YAML before it is checked",
    "design/problems.py": "a design in YAML before it is checked",
    "design/readable.py": "fields of a record before it is made",
    "design/schema.py": "a JSON schema",
    "evidence/load.py": "cells of a table before they are checked",
    "evidence/rows.py": "fields of a record before it is made",
    "model/parts.py": "quantities with units",
    "solver/reference.py": "options of a library",
    "studies/columns.py": "types of the fields of a record",
    "studies/json_records.py": "a JSON schema",
    "studies/manifest.py": "what a manifest holds before it is checked",
    "studies/over_worlds.py": "fields of a record for another record",
    "studies/result_files.py": "what files hold",
    "studies/result_json.py": "what JSON holds",
    "studies/sensitivity/indices.py": "options of a library",
    "worlds/calibration.py": "arrays of a file",
}
"""Where a table of anything may be passed, and what it holds; between rooms go records."""

UNTYPED_FOR_OTHERS = {
    "design/inheritance.py: extend_design": "a design in YAML before it is checked",
    "design/inheritance.py: is_another_trial": "a design in YAML before it is checked",
    "design/schema.py: build_design_schema": "a JSON schema",
    "studies/json_records.py: record_schema": "a JSON schema",
    "studies/over_worlds.py: fields_of": "fields of a record, for the record that adds its own and is made at once",
    "studies/result_json.py: result_schema": "a JSON schema",
}
"""Functions that other files can call and that take or return a table of anything; no field of a record holds one."""


def _python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


FOLDERS = sorted({path.parent for path in _python_files(PACKAGE)} - {PACKAGE})


def test_no_file_is_over_300_lines():
    assert [(path.name, _lines(path)) for path in _python_files(PACKAGE) if _lines(path) > 300] == []


def _is_table_of_anything(node: ast.AST) -> bool:
    """Return whether a type is a dictionary from texts to anything, or to a series of anything."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple)):
        return False
    if ast.unparse(node.value).rpartition(".")[2] not in {"dict", "Mapping", "MutableMapping"}:
        return False
    key, value = node.slice.elts
    while isinstance(value, ast.Subscript) and ast.unparse(value.value) in {"list", "tuple", "Sequence"}:
        value = value.slice.elts[0] if isinstance(value.slice, ast.Tuple) else value.slice
    return ast.unparse(key) in {"str", "Hashable", "Any", "object"} and ast.unparse(value) in {
        "Any",
        "object",
    }


def _any_tables_in(tree: ast.AST) -> bool:
    return any(_is_table_of_anything(node) for node in ast.walk(tree))


def _tables_for_others(tree: ast.AST) -> list[str]:
    """Return the functions and fields without a leading underscore whose types hold a table of anything."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            types = [
                node.returns,
                *(one.annotation for one in ast.walk(node.args) if isinstance(one, ast.arg)),
            ]
            if any(_any_tables_in(one) for one in types if one is not None):
                found.append(node.name)
        elif isinstance(node, ast.ClassDef):
            fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
            found += [
                f"{node.name}.{ast.unparse(one.target)}" for one in fields if _any_tables_in(one.annotation)
            ]
    return [name for name in found if not name.startswith("_")]


def test_rooms_pass_records_and_no_tables_of_anything():
    trees = {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in _python_files(PACKAGE)
    }
    assert {name for name, tree in trees.items() if _any_tables_in(tree)} == set(UNTYPED)
    others = {f"{name}: {each}" for name, tree in trees.items() for each in _tables_for_others(tree)}
    assert others == set(UNTYPED_FOR_OTHERS)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def made(x: dict[str, object]) -> None: ...", ["made"]),
        ("def made() -> list[Mapping[str, Any]]: ...", ["made"]),
        ("def made(*, x: dict[str, list[Any]]) -> None: ...", ["made"]),
        ("def _made(x: dict[str, object]) -> None: ...", []),
        ("def made(x: dict[str, int], y: Any) -> None: ...", []),
        ("class Made:\n    x: Mapping[str, object] = {}", ["Made.x"]),
    ],
)
def test_which_tables_of_anything_others_see(code, names):
    assert _tables_for_others(ast.parse(code)) == names


@pytest.mark.parametrize(
    "room", sorted(path.name for path in PACKAGE.iterdir() if path in FOLDERS), ids=lambda name: name
)
def test_a_room_is_no_hall(room):
    size = sum(_lines(path) for path in _python_files(PACKAGE / room))
    assert size <= 3500 or room in HAVE_ROOMS_INSIDE


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_stands_beside_the_rooms_of_a_folder_is_no_hall(folder):
    size = sum(_lines(path) for path in folder.glob("*.py"))
    assert size <= 3500 or folder.relative_to(PACKAGE).as_posix() in HAVE_ROOMS_INSIDE


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
