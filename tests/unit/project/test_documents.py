"""Documents name what exists: links, commands, files, versions."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import ifntrial
from ifntrial.app.cli import COMMANDS

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PACKAGE = ROOT / "src" / "ifntrial"


def by_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_link_to_a_file_leads_somewhere(document):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text(encoding="utf-8"))
    absent = [target for target in targets if not (document.parent / target).exists()]
    assert not absent


def code_of(document: Path) -> str:
    """Return the code blocks and the code within lines, one per line."""
    text = document.read_text(encoding="utf-8")
    return "\n".join(
        [*re.findall(r"```\w*\n(.*?)```", text, flags=re.DOTALL), *re.findall(r"`([^`\n]+)`", text)]
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_command_shown_exists(document):
    shown = re.findall(r"^(?:\$ )?ifntrial ([a-z]+)\b", code_of(document), flags=re.MULTILINE)
    assert set(shown) <= set(COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_make_target_shown_exists(document):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    shown = re.findall(r"^(?:\$ )?make ([a-z-]+)", code_of(document), flags=re.MULTILINE)
    assert not [target for target in shown if not re.search(rf"^{target}:", makefile, flags=re.MULTILINE)]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_path_of_the_package_that_is_named_exists(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    folders = "|".join(path.name for path in PACKAGE.iterdir() if path.is_dir())
    named = re.findall(rf"`((?:{folders})/[\w./]*)`", text)
    assert len(named) >= 4
    assert not [path for path in named if not (PACKAGE / path).exists()]


def test_the_readme_shows_both_commands_and_the_disclaimer_on_the_first_screen():
    first = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:24])
    assert "make demo" in first
    assert "make test" in first
    assert "not for diagnosis or treatment" in first


def test_one_version_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert project == ifntrial.__version__ == citation["version"]
    assert citation["license"] == "Apache-2.0"


def test_the_changelog_announces_changes_of_numbers():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text
    assert "### Numbers changed" in text


def test_the_licence_is_whole():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text) > 10_000


def test_examples_are_tried_as_the_profiles_say():
    """A test takes a part of the profile's examples, so that `make test` repeats them and `make test-random` does not."""
    allowed = re.compile(r"settings\(max_examples=settings\.default\.max_examples // \d+\)")
    for path in sorted(set((ROOT / "tests").rglob("test_*.py")) - {Path(__file__)}):
        text = allowed.sub("", path.read_text(encoding="utf-8"))
        assert not re.search(r"max_examples\s*=|derandomize\s*=|@seed\(", text), path.name
