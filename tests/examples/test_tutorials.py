"""Every tutorial runs from top to bottom, with few worlds and patients, and a strict type checker passes it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ifntrial.catalog import Catalog
from ifntrial.worlds.calibration import load_calibration
from made_up_calibration import made_up_catalog

ROOT = Path(__file__).parents[2]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("plot_*.py"))
TOLD = {
    "plot_1_forecast": [
        "Probability that the primary endpoint",
        "did you mean rcriss",
        "skin score, active minus placebo",
    ],
    "plot_2_own_drug_and_evidence": [
        "'Own rows of evidence': 'anifrolumab.clearance'",
        "source 'nobody2026' does not exist",
        "drug 'anifrolumab': one of the catalogue, and one of this call of with_",
        "Extension ['mymab']",
    ],
    "plot_3_the_solver": ["{'ok': 85000}", "largest difference from the closed form", "'k': 0.1"],
    "plot_4_choose_a_dose": [
        "300 mg IV every 4 weeks",
        "days above the level",
        "signature down by",
        "To do:",
        "pathway.svg",
    ],
}
"""What each prints, among other things."""


def test_there_are_four():
    assert [path.stem for path in TUTORIALS] == list(TOLD)


@pytest.mark.slow
@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs(path, tmp_path, monkeypatch, capsys):
    if "sbml" in path.read_text(encoding="utf-8"):
        pytest.importorskip("libsbml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made_up_catalog(tmp_path)
    frozen = load_calibration(tmp_path / "worlds.npz")
    monkeypatch.setattr(Catalog, "calibration", property(lambda _: frozen))
    text = re.sub(r"worlds=\d+", "worlds=6", path.read_text(encoding="utf-8"))
    text = re.sub(r"subjects=\d+", "subjects=16", text)
    exec(compile(text, path.name, "exec"), {"__name__": "tutorial"})
    printed = capsys.readouterr().out
    for words in TOLD[path.stem]:
        assert words in printed


@pytest.mark.slow
def test_a_strict_type_checker_passes_them_and_finds_a_mistake(tmp_path):
    def checked(*paths: Path) -> subprocess.CompletedProcess[str]:
        options = ["--config-file", str(ROOT / "pyproject.toml"), "--strict"]
        command = [sys.executable, "-m", "mypy", *options, *map(str, paths)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    ended = checked(*TUTORIALS)
    assert ended.returncode == 0, ended.stdout
    wrong = tmp_path / "wrong.py"
    text = TUTORIALS[0].read_text(encoding="utf-8")
    assert "lupus.assurance.estimate" in text
    wrong.write_text(text.replace("lupus.assurance.estimate", "lupus.assurance.estimat"), encoding="utf-8")
    assert '"estimat"' in checked(wrong).stdout
