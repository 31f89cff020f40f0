"""Every command and every Python block of docs/score_signatures.md runs, on a made-up cohort."""

import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.signature import METHODS, SIGNATURES, load_scores, load_signatures
from ifntrial.signature.score_table import COLUMNS
from shipped import load_signature

PAGE = (Path(__file__).parents[2] / "docs" / "score_signatures.md").read_text(encoding="utf-8")
COMMANDS = [
    line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.strip().splitlines()
]
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work in a folder that holds the files the page names."""
    monkeypatch.chdir(tmp_path)
    genes = sorted({gene for s in load_signatures() if s.material == "rna" for gene in s.genes})
    numbers = np.random.default_rng(8)
    names = [f"H{i}" for i in range(12)] + [f"P{i}_w{week}" for i in range(14) for week in (0, 24)]
    levels = numbers.normal(8, 1, len(genes)) + numbers.normal(0, 0.4, (len(names), len(genes)))
    raised = np.repeat(numbers.uniform(0, 5, 14), 2)
    levels[12:] += raised[:, None]
    pd.DataFrame(levels.round(3), index=names, columns=genes).to_csv("expression.csv")
    Path("healthy.txt").write_text("\n".join(names[:12]))
    about = {
        "sample": names,
        "subject": [n.split("_")[0] for n in names],
        "status": ["healthy"] * 12 + ["SSc"] * 28,
    }
    about |= {
        "week": [""] * 12 + ["0", "24"] * 14,
        "activity": [0.0] * 12 + list(raised + numbers.normal(size=28)),
    }
    about |= {"mrss": numbers.integers(0, 40, 40)}
    pd.DataFrame(about).to_csv("samples.csv", index=False)
    return tmp_path


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_runs(here, line):
    result = CliRunner().invoke(cli, shlex.split(line)[1:], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    folder = here / shlex.split(line)[-1]
    assert {"report.html", "scores.csv", "scores.json", "specificity.csv"} <= {
        p.name for p in folder.iterdir()
    }


@pytest.mark.parametrize("block", BLOCKS)
def test_each_python_block_runs(here, block):
    exec(compile(block, "score_signatures.md", "exec"), {})
    assert load_scores("scores.csv").signatures[0] == ("az_4_gene", "mean_z")


def test_the_page_names_every_signature_method_and_column():
    assert len(COMMANDS) == 2
    assert len(BLOCKS) == 1
    for name in (*SIGNATURES, *(method.name for method in METHODS)):
        assert f"`{name}`" in PAGE
    assert ", ".join(COLUMNS) in PAGE
    for name in SIGNATURES:
        assert re.search(rf"\b{len(set(load_signature(name).genes))}\b", PAGE)
