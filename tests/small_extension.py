"""A small package of somebody else's that brings a drug, an endpoint, a signature, a design and rows of evidence."""

import csv
import subprocess
import sys
from pathlib import Path

from ifntrial.evidence.load import TABLES_FOLDER

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "ifntrial-mymab"
version = "1.2"

[project.entry-points."ifntrial.extensions"]
mymab = "ifntrial_mymab:EXTENSION"

[tool.hatch.build.targets.wheel]
packages = ["ifntrial_mymab"]
"""
MODULE = '''
"""Mymab, for tests."""

from dataclasses import replace
from pathlib import Path

from ifntrial import Drug, Extension
from ifntrial.clinic.endpoints import ENDPOINTS
from ifntrial.model.drugs import receptor_antibody
from ifntrial.signature import load_genes, make_signature

HERE = Path(__file__).parent
SKIN = next(each for each in ENDPOINTS if each.name == "mrss_change")
EXTENSION = Extension(
    drugs=(Drug("{drug}", "Mymab", receptor_antibody.MECHANISM, usual="10 mg SC every week", engagement="occupancy"),),
    endpoints=(replace(SKIN, name="skin_change", label="Change of the skin"),),
    signatures=(make_signature("my_genes", ["IFI27", "IFI44L", "RSAD2"], load_genes()),),
    design_folder=HERE / "designs",
    evidence=HERE / "evidence",
)
'''
DESIGN = """
extends: daisy
schema_version: 1
name: mymab_trial
primary: {endpoint: skin_change, visit_week: 52}
arms:
  - {name: mymab, drug: mymab, regimen: 10 mg SC every week}
  - {name: placebo, regimen: placebo, is_control: true}
"""


def rows_like_anifrolumab(folder: Path, name: str) -> None:
    """Write a table with the rows of anifrolumab under another name, twice as fast to leave the blood."""
    folder.mkdir(parents=True)
    rows = []
    for path in sorted(TABLES_FOLDER.glob("parameters*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [row for row in csv.DictReader(file) if row["name"].startswith("anifrolumab.")]
    for row in rows:
        row["name"] = row["name"].replace("anifrolumab.", f"{name}.")
        if row["name"].endswith(".clearance"):
            row["value"] = str(2 * float(row["value"]))
    with (folder / "parameters_own.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)


def write_package(folder: Path, *, drug: str = "mymab") -> Path:
    """Write the package's source and return its folder."""
    package = folder / "ifntrial_mymab"
    rows_like_anifrolumab(package / "evidence", drug)
    (package / "designs").mkdir()
    (package / "designs" / "mymab_trial.yaml").write_text(DESIGN, encoding="utf-8")
    (package / "__init__.py").write_text(MODULE.replace("{drug}", drug), encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    return folder


def install(source: Path, target: Path) -> Path:
    """Install a package into a folder of its own, without any other and without the network."""
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return target
