"""Wrong designs, each a small file in ``wrong``: every problem is told in one call, with its line, its place and why.

The last lines of each file say what has to be told, ``#! LINE PLACE | WORDS``, ``-`` where there is no line.
"""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.design.design import load_design, save_design
from ifntrial.design.readable import clashes_of
from ifntrial.errors import InputError
from ifntrial.patients.sample import sample_population
from shipped import CATALOG

FILES = sorted((Path(__file__).parent / "wrong").glob("*.yaml"))
KNOWN = CATALOG.known


@pytest.fixture(scope="module")
def known():
    """What a check knows: what a subject is known by as well."""
    anyone = sample_population(CATALOG.model(), CATALOG.evidence, 1, 1)
    return replace(KNOWN, names=replace(KNOWN.names, covariates=anyone.covariates))


def expected(path: Path) -> list[tuple[str, str, str]]:
    """Return line, place and words of every problem that a file says it has."""
    rows = [line[3:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#! ")]
    parts = [row.split(" | ", 1) for row in rows]
    return [(*head.split(" ", 1), words) for head, words in parts]


def test_there_are_sixty_and_many_have_several_problems() -> None:
    assert len(FILES) >= 60
    assert sum(len(expected(path)) > 1 for path in FILES) >= 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_of_a_file_is_told_at_once(path: Path, known) -> None:
    with pytest.raises(InputError) as refusal:
        load_design(path, known)
    told = list(refusal.value.problems)
    for line, place, words in expected(path):
        start = f"{place}" if line == "-" else f"line {line}: {place}"
        found = [each for each in told if each.startswith(start) and words in each]
        assert found, f"nothing like '{start} ... {words}' in {told}"
        told.remove(found[0])
    assert told == []
    assert "Allowed:" in str(refusal.value)
    assert "To do:" in str(refusal.value)


START = "extends: daisy\nschema_version: 1\nname: mine\n"
HOSTILE = (
    f"{START}size: !!bool maybe\n",
    f"{START}size: !!int many\n",
    f"{START}size: !!float many\n",
    f"{START}size: !!timestamp soon\n",
    f"{START}title: 2024-99-99\n",
    f"{START}title: 2024-01-01\n",
    f"{START}title: =\n",
    f"{START}size: {{planned: 0x{'f' * 40_000}}}\n",
    f"{START}size: {{planned: {'9' * 10_000}}}\n",
    f"{START}size: {{planned: 1e999}}\n",
    f"{START}12: 3\nnull: 4\ntrue: 5\n2024-01-01: 6\n",
    f"{START}? [a, b]\n: 1\n",
    f"{START}arms: !!set {{a, b}}\n",
    f"{START}arms: !!omap [a: 1]\n",
    f"{START}arms: !!binary ====\n",
    f"{START}arms: [[[[]]], {{}}, null, 3, text]\n",
    f"{START}<<: {{size: {{planned: 1}}}}\n",
    f"{START}<<: [1, 2]\n",
    f"{START}eligibility: {{}}\nadd_eligibility: [[]]\n",
    f"{START}add_eligibility: [{{}}, null, 7, {{condition: 7}}, {{text: [], condition: []}}]\n",
    f"{START}eligibility: null\nadd_eligibility: null\n",
    f"{START}primary: [endpoint]\nkey_secondary: {{endpoint: mrss}}\n",
    f"{START}primary: {{endpoint: [], visit_week: {{}}}}\n",
    f"{START}assumed: {{schedule: null, estimand: [], analysis: 7, rescue: {{effect: []}}}}\n",
    f"{START}assumed: {{schedule: {{visit_weeks: []}}}}\n",
    f"{START}assumed: {{schedule: {{open_label_visit_weeks: [.nan]}}}}\n",
    f"{START}strata: [{{name: a, condition: '{'(' * 900}'}}]\n",
    f"{START}strata: [{{name: a, condition: '1 / 0'}}, {{name: b, condition: '-\"a\" > 1'}}]\n",
    f"{START}strata: [{{name: a, condition: 'mrss > True'}}, {{name: b, condition: 'mrss in [1, \"a\"]'}}]\n",
    f'{START}title: "\\uD800"\nname: "\\0"\n',
    "extends: null\n",
    "extends: {}\nname: []\n",
    "extends: daisy\nextends: daisy_2to1\n",
    "a: &a [*a]\n",
    "&a {a: *a}\n",
    "--- {}\n--- {}\n",
    "%YAML 3.0\n---\n{}\n",
    "\ufeff# only a mark\n",
    "# nothing\n",
    "{" * 3000,
    "x: " + "[" * 3000,
    "\x00\x01",
    "\t- a\n",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_yaml_gives_anything_but_a_clear_refusal(text: str, tmp_path: Path, known) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(InputError, match="To do:"):
        load_design(path, known)


VALUES = (
    "null",
    "[]",
    "{}",
    "''",
    "-1",
    "1e30",
    ".nan",
    "true",
    "[[]]",
    "{a: {}}",
    "text",
    "[1, x]",
    "{1: 2}",
)


def test_no_value_of_any_line_gives_anything_but_a_clear_refusal(tmp_path: Path, known) -> None:
    """Every single value of a file in turn is another."""
    lines = (FILES[0].parent / "seven_at_once.yaml").read_text(encoding="utf-8").splitlines()
    path, refused = tmp_path / "changed.yaml", 0
    for number, line in enumerate(lines):
        for found in re.finditer(r"(?<=: )[^,{}\[\]#]+", line):
            for value in VALUES:
                changed = f"{line[: found.start()]}{value}{line[found.end() :]}"
                path.write_text("\n".join([*lines[:number], changed, *lines[number + 1 :]]), encoding="utf-8")
                with pytest.raises(InputError, match="To do:"):
                    load_design(path, known)
                refused += 1
    assert refused > 200


def test_a_long_file_is_checked_in_a_moment(tmp_path: Path, known) -> None:
    """Lines are looked up in one reading of the file, not in one for each of thousands of problems."""
    path = tmp_path / "long.yaml"
    rows = "".join(f"  - {{text: 7, condition: nothing_{i} > 1}}\n" for i in range(3_000))
    path.write_text(f"{START}add_eligibility:\n{rows}", encoding="utf-8")
    start = time.perf_counter()
    with pytest.raises(InputError) as refusal:
        load_design(path, known)
    assert len(refusal.value.problems) == 6_000
    assert time.perf_counter() - start < 60


def test_shortening_daisy_takes_one_round(tmp_path: Path, known) -> None:
    """What the first answer names, once stated, is all there is."""
    first = (FILES[0].parent / "daisy_in_24_weeks.yaml").read_text(encoding="utf-8")
    path = tmp_path / "short.yaml"
    path.write_text(
        f"{first}primary: {{endpoint: rcriss, visit_week: 24}}\nkey_secondary: []\nassumed:\n  schedule:\n"
        "    visit_weeks: [0, 4, 12, 24]\n    open_label_visit_weeks: [76]\n    reason: half a year alone\n",
        encoding="utf-8",
    )
    assert load_design(path, known).treatment_weeks == 24


def test_every_file_that_is_checked_is_answered(tmp_path: Path) -> None:
    names = ("share_above_one", "short_reason")
    paths = [str(FILES[0].parent / f"{name}.yaml") for name in names]
    ended = CliRunner().invoke(cli, ["design", "check", "daisy", *paths, "daisy_iv"])
    assert ended.output.count(": fine (") == 2
    assert isinstance(ended.exception, InputError)
    first, second = ended.exception.problems
    assert first.startswith(f"{paths[0]}: line 18: assumed.rescue.share: ")
    assert second.startswith(f"{paths[1]}: line 17: assumed.schedule.reason: ")
    assert "daisy_early" not in str(ended.exception), "no list of what ships"


def test_a_rule_that_fails_for_another_reason_is_not_silent() -> None:
    """Only what a design lacks keeps a rule from being asked; a fault of the program comes out."""
    with pytest.raises(AttributeError):
        list(clashes_of([lambda: [CATALOG.designs["daisy"].no_such_field]]))
    lacking = CATALOG.designs["daisy"].model_construct()
    assert list(clashes_of([lambda: [lacking.size]])) == []


@pytest.mark.parametrize("name", CATALOG.designs)
def test_every_shipped_design_and_its_whole_form_are_fine(name: str, tmp_path: Path, known) -> None:
    path = tmp_path / "whole.yaml"
    path.write_text(save_design(load_design(name, known)), encoding="utf-8")
    assert load_design(path, known) == CATALOG.designs[name]
