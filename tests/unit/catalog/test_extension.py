"""A package beside ours brings a drug, an endpoint, a signature and a design: everything sees them."""

import json
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ifntrial as ift
from ifntrial.catalog.extension import Extension, owned_by
from ifntrial.catalog.package import shipped as find_shipped
from ifntrial.errors import FileError, InputError
from shipped import CATALOG
from small_extension import install, rows_like_anifrolumab, write_package

MAB = CATALOG.drugs["anifrolumab"]


@pytest.fixture(scope="module")
def beside(tmp_path_factory) -> Path:
    """Return where a package is installed that brings mymab."""
    source = write_package(tmp_path_factory.mktemp("source"))
    return install(source, tmp_path_factory.mktemp("site"))


@pytest.fixture
def found(beside, monkeypatch):
    monkeypatch.syspath_prepend(str(beside))
    return find_shipped.__wrapped__()


def run(beside: Path, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    own = [os.path.abspath(path) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    paths = os.pathsep.join([*own, str(beside)])
    command = [sys.executable, "-m", "ifntrial", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env=os.environ | {"PYTHONPATH": paths}
    )


def test_the_catalogue_holds_what_an_installed_package_brings(found):
    assert found.extensions == ("ifntrial-mymab 1.2",)
    assert found.drugs["mymab"].label == "Mymab"
    assert found.endpoints["skin_change"].kind == "change"
    assert found.signatures["my_genes"].genes == ("IFI27", "IFI44L", "RSAD2")
    assert found.designs["mymab_trial"].active.drug == "mymab"
    assert found.evidence.value("mymab.clearance") == 2 * CATALOG.evidence.value("anifrolumab.clearance")
    assert found.fingerprint != CATALOG.fingerprint
    assert pickle.loads(pickle.dumps(found)).extensions == found.extensions
    assert CATALOG.extensions == ()


def test_it_is_worked_with(found):
    mine, usual = (
        ift.simulate("10 mg SC every week", drug=name, catalog=found, weeks=4, subjects=20, workers=1)
        for name in ("mymab", "anifrolumab")
    )
    level, other = (each.followed[0].concentration.q50[-1] for each in (mine, usual))
    assert 0 < level < other, "it leaves the blood twice as fast"
    assert mine.facts.chosen["Extended by"] == "ifntrial-mymab 1.2"
    assert mine.facts.chosen["Own drugs"] == "mymab"
    assert "mymab.clearance" in mine.facts.chosen["Own rows of evidence"]


@pytest.mark.slow
def test_all_commands_see_it(beside, tmp_path):
    for kind, name in (
        ("drugs", "mymab"),
        ("endpoints", "skin_change"),
        ("signatures", "my_genes"),
        ("designs", "mymab_trial"),
    ):
        assert name in run(beside, "list", kind, cwd=tmp_path).stdout
    asked = [
        "simulate",
        "10 mg SC every week",
        "--drug",
        "mymab",
        "--weeks",
        "2",
        "--subjects",
        "3",
        "--out",
        "run",
    ]
    ended = run(beside, *asked, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "Extended by:</strong> ifntrial-mymab 1.2" in (tmp_path / "run" / "report.html").read_text()
    assert json.loads((tmp_path / "run" / "simulation.json").read_text())["drug"] == "Mymab"
    assert run(beside, "reproduce", "run", cwd=tmp_path).returncode == 0
    assert "Change of the skin" in run(beside, "design", "show", "mymab_trial", cwd=tmp_path).stdout
    samples = [f"s{number}" for number in range(12)]
    levels = np.random.default_rng(1).normal(6.0, 0.5, (3, 12))
    pd.DataFrame(levels, ["IFI27", "IFI44L", "RSAD2"], samples).to_csv(tmp_path / "levels.csv")
    (tmp_path / "healthy.txt").write_text("\n".join(samples[:10]))
    words = ["score", "levels.csv", "--scale", "log2", "--healthy", "healthy.txt", "--signature", "my_genes"]
    scored = run(beside, *words, cwd=tmp_path)
    assert scored.returncode == 0, scored.stderr
    assert "my_genes" in scored.stdout


def test_a_clash_of_two_packages_names_both(found):
    owners = owned_by("ifntrial-mymab 1.2")
    with pytest.raises(
        InputError, match=r"drug 'mymab': one of ifntrial-mymab 1.2, and one of other-mab 0.1"
    ):
        found.extended(Extension(drugs=(found.drugs["mymab"],)), "other-mab 0.1", owners)


@pytest.mark.slow
def test_a_clash_with_the_package_stops_every_command(tmp_path):
    site = install(write_package(tmp_path / "source", drug="anifrolumab"), tmp_path / "site")
    ended = run(site, "list", "drugs", cwd=tmp_path)
    assert ended.returncode == 2
    assert "drug 'anifrolumab': one of ifntrial, and one of ifntrial-mymab 1.2" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_package_that_cannot_be_loaded_is_named(beside, tmp_path):
    package = tmp_path / "ifntrial_mymab"
    package.mkdir()
    (package / "__init__.py").write_text("EXTENSION = 1 / 0\n", encoding="utf-8")
    (info,) = beside.glob("*.dist-info")
    (tmp_path / info.name).symlink_to(info)
    ended = run(tmp_path, "list", "drugs", cwd=tmp_path)
    assert ended.returncode == 2
    assert "extension 'mymab' of ifntrial-mymab 1.2 cannot be loaded" in ended.stderr
    assert "pip uninstall ifntrial-mymab" in ended.stderr


def test_with_adds_and_refuses_what_is_there():
    mine = replace(MAB, name="mymab", label="Mymab")
    assert CATALOG.with_(drugs=[mine]).drugs["mymab"] is mine
    with pytest.raises(
        InputError, match=r"drug 'anifrolumab': one of the catalogue, and one of this call of with_"
    ):
        CATALOG.with_(drugs=[MAB])


def write_rows(folder: Path, text: str, table: str = "parameters") -> Path:
    folder.mkdir()
    (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


HEADER = "name,value,unit,spread,spread_kind,prior,prior_a,prior_b,source,status,note\n"
FASTER = "anifrolumab.clearance,0.4,L/day,,none,none,,,tummala2018,assumed,a test\n"


def test_rows_of_ones_own_take_the_place_of_those_of_the_same_name(tmp_path):
    catalog = CATALOG.with_(evidence=write_rows(tmp_path / "mine", HEADER + FASTER))
    assert catalog.evidence.value("anifrolumab.clearance") == 0.4
    assert len(catalog.evidence.parameters) == len(CATALOG.evidence.parameters)
    rows_like_anifrolumab(tmp_path / "more", "mymab")
    added = CATALOG.with_(evidence=tmp_path / "more").evidence
    assert len(added.parameters) > len(CATALOG.evidence.parameters)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (FASTER.replace("L/day", "kilometre"), "which cannot be made L/day"),
        (FASTER.replace("tummala2018", "nobody2000"), "nobody2000"),
        (FASTER.replace("0.4", "quick"), "has to be a finite number"),
    ],
)
def test_rows_that_cannot_be_used_are_refused(row, said, tmp_path):
    with pytest.raises(ift.IfntrialError, match=said):
        CATALOG.with_(evidence=write_rows(tmp_path / "mine", HEADER + row))


def test_a_folder_without_tables_is_refused(tmp_path):
    with pytest.raises(FileError, match="holds no evidence table"):
        CATALOG.with_(evidence=tmp_path)
