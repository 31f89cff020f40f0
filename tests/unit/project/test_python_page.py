"""The page about Python runs as it is written, with few worlds and patients; its mistakes are told, its answers shown."""

import contextlib
import io
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sympy

import ifntrial as ift
from ifntrial.catalog import Catalog
from ifntrial.solver import DoseTable
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
    others = [f"LOC{number}" for number in range(100, 400)]
    middles = np.concatenate([np.linspace(6.0, 9.0, len(GENES)), np.linspace(2.0, 14.0, len(others))])
    levels = middles[:, None] + np.random.default_rng(1).normal(0.0, 0.5, (len(middles), 14))
    levels[: len(GENES), 10:] += 3.0
    samples = [f"s{number}" for number in range(14)]
    table = pd.DataFrame(levels, [*GENES, *others], samples)
    table.to_csv(tmp_path / "expression.csv", index_label="gene")
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


EXAMPLE = """
import ifntrial as ift
daisy = ift.load_design("daisy").changed(size=400)
answer = ift.forecast(daisy, worlds=240, subjects=200, seed=1, out="runs/daisy")
answer.by_prior["lupus_bridge"].assurance.estimate; answer.table(); answer.report("daisy.html")
ift.compare(daisy, ift.load_design("daisy_iv"), worlds=100).table()
trial = ift.simulate_trial(daisy, seed=7); ift.stats.mmrm(trial, "mrss_change")
ift.simulate("150 mg SC every 2 weeks", drug="anifrolumab", at=[0, 14, 28]).table()
mine = ift.SHIPPED.with_(drugs=[my_drug], evidence="my_rows/")
ift.score("expression.csv", healthy="healthy.txt").table()
model = ift.sbml.load("model.xml"); model.simulate(times, parameters={"k": 0.5})
ift.nonmem.read("events.csv"); ift.solve(system, parameters, doses, times)
"""
"""What the interface was asked to do, word for word but for the parameter of the model and the sizes."""


@pytest.mark.slow
def test_the_example_that_was_asked_for_runs(place):
    amount, clearance = ift.symbol("amount"), ift.symbol("clearance")
    names = {
        "my_drug": replace(ift.SHIPPED.drugs["anifrolumab"], name="mymab", label="Mymab"),
        "times": [0.0, 1.0, 2.0],
        "system": ift.OdeSystem(
            "decay", ("amount",), ("clearance",), (-clearance * amount,), (sympy.Integer(1),)
        ),
        "parameters": {"clearance": [0.1, 0.2]},
        "doses": DoseTable.regimen(2, state="amount", amount=1.0, interval=1.0, n_doses=2),
    }
    small = re.sub(r"subjects=\d+", "subjects=16", re.sub(r"worlds=\d+", "worlds=6", EXAMPLE))
    small = small.replace("at=[0, 14, 28]", "at=[0, 14, 28], weeks=4, subjects=12")
    small = small.replace("worlds=6).table()", "worlds=6, subjects=16).table()")
    exec(compile(small, "example", "exec"), names)
    answer = names["answer"]
    assert set(answer.table().attrs["columns"]["assurance"]) == {"meaning", "unit"}
    assert "not for diagnosis or treatment" in repr(answer)
    assert "<table" in answer._repr_html_()
    assert {path.name for path in (place / "runs" / "daisy").iterdir()} >= {"forecast.json", "manifest.json"}
    assert (place / "daisy.html").stat().st_size > 100_000
    assert names["mine"].drugs["mymab"].label == "Mymab"
    assert names["trial"].tables["adsl"]["USUBJID"].nunique() == 400


@pytest.mark.slow
def test_the_first_page_runs(place):
    text, _ = run("docs/index.md")
    assert text.startswith("Forecast of daisy: ")


def written(page: str, kind: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def test_the_package_of_the_page_about_extensions_is_seen_by_commands(tmp_path):
    """Its files as they stand in the page, laid out as an installation does, without installing."""
    project = tomllib.loads(written("extend.md", "toml")[0])["project"]
    package, about = tmp_path / "our_antibody", tmp_path / "our_antibody-1.0.dist-info"
    rows_like_anifrolumab(package / "evidence", "our_antibody")
    (package / "designs").mkdir()
    (package / "designs" / "our_trial.yaml").write_text(written("extend.md", "yaml")[0], encoding="utf-8")
    (package / "__init__.py").write_text(written("extend.md", "python")[0], encoding="utf-8")
    about.mkdir()
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    points = "\n".join(
        f"{name} = {value}" for name, value in project["entry-points"]["ifntrial.extensions"].items()
    )
    (about / "entry_points.txt").write_text(f"[ifntrial.extensions]\n{points}\n", encoding="utf-8")
    own = [os.path.abspath(path) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([*own, str(tmp_path)])}
    for kind, name in (
        ("drugs", "our_antibody"),
        ("endpoints", "our_skin_change"),
        ("signatures", "our_genes"),
        ("designs", "our_trial"),
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "ifntrial", "list", kind],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert name in ended.stdout, ended.stderr


def test_the_rows_of_the_page_about_extensions_are_taken(tmp_path):
    (tmp_path / "parameters.csv").write_text(written("extend.md", "csv")[0], encoding="utf-8")
    mine = ift.SHIPPED.with_(evidence=tmp_path)
    assert mine.evidence.value("anifrolumab.clearance") == 0.25
