"""The page about Python runs as it is written, with few worlds and patients; its mistakes are told, its answers shown."""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ifntrial.catalog import Catalog
from ifntrial.worlds.calibration import load_calibration
from made_up_calibration import made_up_catalog
from small_extension import rows_like_anifrolumab
from small_sbml import write_sbml

ROOT = Path(__file__).parents[3]
GENES = ["IFI27", "IFI44", "IFI44L", "RSAD2", "ISG15", "OAS1", "MX1", "CXCL10"]


def blocks(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def run(name: str) -> tuple[str, dict]:
    """Run the blocks of a page with few worlds and patients; return what they print, and their names."""
    printed, names = io.StringIO(), {}
    with contextlib.redirect_stdout(printed):
        for block in blocks(name):
            small = re.sub(r"subjects=\d+", "subjects=16", re.sub(r"worlds=\d+", "worlds=6", block))
            small = small.replace("at=[0, 14, 28]", "at=[0, 14, 28], weeks=4, subjects=12")
            exec(compile(small, name, "exec"), names)
    return printed.getvalue(), names


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """Return a folder with all that the page names, where the frozen worlds are never stale."""
    monkeypatch.chdir(tmp_path)
    made_up_catalog(tmp_path)
    frozen = load_calibration(tmp_path / "worlds.npz")
    monkeypatch.setattr(Catalog, "calibration", property(lambda _: frozen))
    rows_like_anifrolumab(tmp_path / "my_rows", "mymab")
    (tmp_path / "events.csv").write_text("ID,TIME,EVID,AMT\n1,0,1,300\n1,28,1,300\n", encoding="utf-8")
    levels = np.random.default_rng(1).normal(6.0, 0.5, (len(GENES), 14))
    levels[:, 10:] += 3.0
    samples = [f"s{number}" for number in range(14)]
    pd.DataFrame(levels, GENES, samples).to_csv(tmp_path / "expression.csv", index_label="gene")
    (tmp_path / "healthy.txt").write_text("\n".join(samples[:10]), encoding="utf-8")
    write_sbml(tmp_path / "model.xml", values={"k": 0.1, "x": 1.0}, rate={"x": "-k * x"})
    return tmp_path


@pytest.mark.slow
def test_the_page_runs(place):
    text, names = run("docs/python.md")
    assert text.startswith("Forecast of daisy_400: ")
    assert "did you mean rcriss" in text
    assert "treatment_weeks" in text
    assert "<html" in (place / "daisy.html").read_text(encoding="utf-8")
    assert {path.name for path in (place / "runs" / "a_copy").iterdir()} >= {"forecast.json", "design.yaml"}
    assert set(names["scores"].table().loc[lambda rows: rows["sample"] == "s13", "class"]) >= {"high"}
    assert names["courses"].table()["amount"].iloc[1] == pytest.approx(100 * np.exp(-0.1), rel=1e-3)
    assert names["trial"].tables["adsl"]["USUBJID"].nunique() == 400


@pytest.mark.slow
def test_the_readme_runs(place):
    _, names = run("README.md")
    assert len(names["answer"].table()) == len(names["answer"].by_prior)
