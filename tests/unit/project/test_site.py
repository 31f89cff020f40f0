"""The pages of ``make docs``: built without a warning, every public name in them, and a search that answers newcomers."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ifntrial

ROOT = Path(__file__).parents[3]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("plot_*.py"))

QUESTIONS = {
    "install": "install",
    "clear cache": "cache",
    "drug evidence": "_tutorials/plot_2_own_drug_and_evidence",
    "probability success": "how_to_read_the_report",
    "choose dose": "choose_a_dose",
    "score expression healthy": "score_signatures",
    "interrupted resume": "interrupted_runs",
    "weights beliefs": "beliefs",
    "SBML": "_tutorials/plot_3_the_solver",
    "cite": "project",
}
"""What a newcomer types into the search to a page that answers it."""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Return the folder of the pages, made without running the tutorials, which another test does."""
    pytest.importorskip("sphinx", reason="the pages need the extra docs")
    place = tmp_path_factory.mktemp("site")
    ignored = shutil.ignore_patterns("_build", "_tutorials", "__pycache__")
    shutil.copytree(ROOT / "docs", place / "docs", ignore=ignored)
    for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff", "LICENSE"):
        shutil.copy(ROOT / name, place)
    options = ["-W", "--keep-going", "-q", "-b", "html", "-D", "plot_gallery=0"]
    command = [sys.executable, "-m", "sphinx", *options, "docs", "html"]
    ended = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return place / "html"


@pytest.mark.slow
def test_every_public_name_is_in_the_reference(site):
    from sphinx.util.inventory import InventoryFile

    with (site / "objects.inv").open("rb") as file:
        known = InventoryFile.load(file, "", lambda _, path: path)
    names = {name: where for kind in known.values() for name, where in kind.items()}
    homes = {"stats": "api.analyses.stats", "sbml": "api.courses.sbml", "nonmem": "api.courses.nonmem"}
    for name in ifntrial.__all__:
        assert f"ifntrial.{homes.get(name, name)}" in names, name
    for name in (*ifntrial.stats.__all__, *(f"arrays.{each}" for each in ifntrial.stats.arrays.__all__)):
        whole = "ifntrial.api.analyses." + (name if name.startswith("arrays") else f"stats.{name}")
        assert whole in names or name == "arrays", name


@pytest.mark.slow
def test_a_notebook_of_every_tutorial_is_made_from_it(site):
    for source in TUTORIALS:
        (path,) = site.glob(f"_downloads/*/{source.stem}.ipynb")
        book = json.loads(path.read_text(encoding="utf-8"))
        assert book["nbformat"] == 4
        code = "".join("".join(each["source"]) for each in book["cells"] if each["cell_type"] == "code")
        assert "import ifntrial as ift" in code
        kept = re.sub(r"\s", "", source.read_text(encoding="utf-8"))
        for cell in (each for each in book["cells"] if each["cell_type"] == "code"):
            assert re.sub(r"\s", "", "".join(cell["source"])) in kept
    assert not list((ROOT / "docs").glob("**/*.ipynb")) or (ROOT / "docs" / "_tutorials").exists()


@pytest.mark.slow
def test_pages_take_nothing_from_another_site(site):
    pages = [each for each in site.glob("**/*.html") if "_static" not in each.parts]
    assert len(pages) > 25
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"""<(?:script|img|link|iframe)[^>]*(?:src|href)=["'](?:https?:)?//""", text), (
            page.name
        )
        assert "not for diagnosis or treatment" in text


@pytest.mark.slow
@pytest.mark.parametrize("words", QUESTIONS)
def test_the_search_answers_a_newcomer(words, site):
    """As the search page does: every word, stemmed, in the text or title of a page."""
    from sphinx.search.en import SearchEnglish

    index = json.loads(
        (site / "searchindex.js").read_text(encoding="utf-8").removeprefix("Search.setIndex(")[:-1]
    )
    stem = SearchEnglish({}).stem

    def pages_with(word: str) -> set[int]:
        found: set[int] = set()
        for kind in ("terms", "titleterms"):
            there = index[kind].get(stem(word.lower()), [])
            found |= {there} if isinstance(there, int) else set(there)
        return found

    both = set.intersection(*map(pages_with, words.split()))
    assert index["docnames"].index(QUESTIONS[words]) in both
