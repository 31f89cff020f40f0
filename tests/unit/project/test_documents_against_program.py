"""What documents say of the program is so: commands parse, options, paths, names and lists are there."""

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner

import ifntrial
from ifntrial.app.cli import cli

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "src" / "ifntrial"
# the page of the model is written by the program
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(path for path in ROOT.glob("docs/*.md") if path.name != "model.md")]
)


def by_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def in_blocks(document: Path) -> list[str]:
    """Return the lines of all code blocks, without their comments."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    return [re.sub(r"\s+#\s.*", "", line) for block in blocks for line in block.splitlines()]


def in_lines(document: Path) -> list[str]:
    """Return the code within lines."""
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"`([^`\n]+)`", text)


def commands_of(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands_of(command.get_command(context, name))


EVERY_COMMAND = list(commands_of(cli))
OPTIONS = {option for command in EVERY_COMMAND for each in command.params for option in each.opts}


@pytest.fixture
def parsed(monkeypatch):
    """Return a function that lets the command line read words, without doing anything."""
    for command in EVERY_COMMAND:
        if not isinstance(command, click.Group):
            monkeypatch.setattr(command, "callback", lambda **_given: None)
    return lambda line: CliRunner().invoke(cli, shlex.split(line)[1:])


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_command_in_a_block_can_be_given_as_it_stands(document, parsed):
    for line in in_blocks(document):
        if line.startswith("ifntrial "):
            ended = parsed(line)
            assert ended.exit_code == 0, f"{line}: {ended.output}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_command_within_a_line_names_a_command_and_its_options(document, parsed):
    for text in in_lines(document):
        if not text.startswith("ifntrial "):
            continue
        first, *others = text.split("|")
        for line in [first, *(first.rsplit(" ", 1)[0] + f" {other}" for other in others)]:
            ended = parsed(line)
            is_a_part = (
                "lacks its value" in ended.output
                or " is missing. Given:" in ended.output
                or (ended.output.startswith("Usage:") and "Commands:" in ended.output)
            )
            assert ended.exit_code == 0 or is_a_part, f"{line}: {ended.output}"


OF_ANOTHER_PROGRAM = r"(\w+=\S+ )*(\S*/)?(python|pip|uv) "


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_option_named_in_text_belongs_to_some_command(document):
    named = {
        (option, text)
        for text in in_lines(document)
        if not re.match(OF_ANOTHER_PROGRAM, text) and " pip install " not in text
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)
    }
    of_benchmarks = {"--quick", "--stream"}
    assert not {text for option, text in named if option not in OPTIONS | of_benchmarks}


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_benchmark_shown_takes_the_options_shown(document):
    for line in [*in_blocks(document), *in_lines(document)]:
        if found := re.match(r"python (benchmarks/\w+\.py)(.*)", line):
            source = (ROOT / found[1]).read_text(encoding="utf-8")
            for option in re.findall(r"--[a-z]+", found[2]):
                assert f'add_argument("{option}"' in source, line


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_path_named_exists(document):
    roots = (ROOT, PACKAGE, PACKAGE.parent)
    folders = {path.name for root in roots for path in root.iterdir() if path.is_dir()}
    absent = []
    for text in in_lines(document):
        first, *others = text.split("/")
        is_path = others and first in folders and re.fullmatch(r"[\w./*-]+", text)
        is_module = re.fullmatch(r"\w+\.py", text)
        if is_path and not any(any(root.glob(text.rstrip("/"))) for root in roots):
            absent.append(text)
        if is_module and not any(ROOT.glob(f"[bst]*/**/{text}")):
            absent.append(text)
    assert not absent


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_name_of_the_package_in_text_can_be_had(document):
    for text in in_lines(document):
        found = re.fullmatch(r"(ifntrial(?:\.\w+)+)(?:\(.*\))?", text)
        if found is None:
            found = re.fullmatch(
                r"((?:evidence|trial|signature|population|solver|model)(?:\.\w+)+)\(.*\)", text
            )
            if found is None:
                continue
        whole = found[1] if found[1].startswith("ifntrial") else f"ifntrial.{found[1]}"
        place, _, name = whole.rpartition(".")
        module = import_module(place)
        assert hasattr(module, name) or import_module(whole), text


def test_every_python_block_is_run_by_a_test():
    """Pages with Python are those of which a test runs every block."""
    with_python = {path.name for path in DOCUMENTS if "```python" in path.read_text(encoding="utf-8")}
    assert with_python == {
        *("README.md", "evidence.md", "extend.md", "index.md", "plan_a_trial.md", "python.md"),
        "score_signatures.md",
    }


def test_the_python_of_the_evidence_page_gives_what_it_says():
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    names: dict[str, object] = {}
    told = []
    for line in block.splitlines():
        code, _, said = line.partition("#")
        if said:
            told.append((eval(code, names), float(re.match(r"\s*([\d.]+)", said)[1])))
        else:
            exec(code, names)
    assert len(told) == 2
    for found, said in told:
        assert found == pytest.approx(said)


def test_the_columns_of_the_evidence_tables_are_those_listed():
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)\*\.csv` \| [^|]+ \| ([^|]+) \|$", text, flags=re.MULTILINE)
    assert len(rows) == 7
    for table, columns in rows:
        for path in (PACKAGE / "evidence" / "tables").glob(f"{table}*.csv"):
            assert list(pd.read_csv(path, nrows=0).columns) == columns.strip().split(", "), path.name


def test_the_readme_lists_every_extra():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = text[text.index("| extra | for |") :].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)) == set(
        project["optional-dependencies"]
    )


def test_the_picture_of_the_layers_is_the_contract():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (picture,) = re.findall(r"^```\n(evidence\b.* ──► .*)\n```$", text, flags=re.MULTILINE)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    rooms = [set(layer.split(" | ")) for layer in reversed(layers) if layer != "__main__"]
    drawn = [set(step.split(" | ")) for step in picture.split(" ──► ")]
    assert drawn == rooms[2:], "what all folders share is not drawn"
    grounds = {path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")}
    assert rooms[0] | rooms[1] == grounds


def test_the_signatures_and_methods_of_the_page_are_those_of_the_program():
    from ifntrial.signature.catalog import SIGNATURES
    from ifntrial.signature.methods import METHODS
    from shipped import load_signature

    text = (ROOT / "docs" / "score_signatures.md").read_text(encoding="utf-8")
    table = text[text.index("| name | genes |") :].split("\n\n")[0]
    rows = re.findall(r"^\| (`[^|]+) \| ([^|]+) \|", table, flags=re.MULTILINE)
    told = {
        name: int(count)
        for names, counts in rows
        for name, count in zip(re.findall(r"`(\w+)`", names), re.findall(r"\d+", counts), strict=True)
    }
    assert set(told) == set(SIGNATURES)
    assert {name: len(set(load_signature(name).genes)) for name in SIGNATURES} == told
    (methods,) = re.findall(r"^Methods: (.*?)\. Each is", text, flags=re.MULTILINE)
    assert re.findall(r"`(\w+)`", methods) == [method.name for method in METHODS]


def test_the_words_of_the_solver_are_those_of_its_page():
    from ifntrial.solver.trajectories import Status

    text = (ROOT / "docs" / "how_the_solver_works.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"Every subject has a status row: (.*?), with the time", text, flags=re.DOTALL)
    assert set(re.findall(r"`(\w+)`", listed)) == {status.name.lower() for status in Status}


def test_every_package_says_what_is_in_it():
    for path in PACKAGE.rglob("__init__.py"):
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert len(told.split()) >= 3, path


def test_the_only_interface_that_is_promised_is_there():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "Python interface" not in text or hasattr(ifntrial, "forecast")
