"""A small page of every kind that is shipped, made as a user makes it, for tests that look at pages."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.report.compare.page import render_comparison
from ifntrial.report.forecast.page import render_forecast
from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.json_records import validated
from ifntrial.studies.result_json import read_result
from made_up import FACTS
from made_up_forecast import made_up_forecast
from shipped import load_signature

WORLDS = "--worlds 6 --subjects 10 --seed 3 --workers 1".split()
COMMANDS: Mapping[str, list[str]] = {
    "compare": ["design", "compare", "daisy", "daisy_ifn_high", *WORLDS],
    "doses": ["doses", "daisy", "--regimen", "60 mg SC weekly", "--regimen", "300 mg IV every 4 weeks", *WORLDS],
    "enrich": ["enrich", "daisy", *"--worlds 12 --subjects 30 --seed 3 --workers 1".split()],
    "simulate": ["simulate", "300 mg IV every 4 weeks", "120 mg SC weekly", "--weeks", "12", "--subjects", "3"],
    "sensitivity": ["sensitivity", "daisy", "--samples", "4", "--subjects", "10", "--workers", "1"],
    "validate": ["validate", "--subjects", "50", "--workers", "1"],
    "value": ["value", "daisy", *WORLDS],
    "score": ["score", "levels.csv", "--scale", "log2", "--healthy", "status=healthy", "--group", "status",
              "--metadata", "people.csv", "--visit", "visit", "--subject", "person", "--variables", "activity",
              "--draws", "10"],
}  # fmt: skip
"""Kind of page to the words of its command; a forecast and the size of one design are made otherwise."""

KINDS = ("forecast", *COMMANDS, "size")


def page_of(kind: str, folder: Path, made: Callable[[str], Path]) -> Path:
    """Make a page in a folder; ``made`` gives the page of another kind."""
    path = folder / "report.html"
    if kind == "forecast":
        result = validated(Forecast, made_up_forecast(), "a made-up forecast", "correct it")
        path.write_text(render_forecast(result, FACTS), encoding="utf-8")
    elif kind == "size":
        facts, both = read_result(made("compare").parent / "comparison.json")
        path.write_text(render_comparison(replace(both, designs=both.designs[:1]), facts), encoding="utf-8")
    else:
        words = [str(folder / word) if word.endswith(".csv") else word for word in COMMANDS[kind]]
        if kind == "score":
            _write_levels(folder)
        ended = CliRunner().invoke(cli, [*words, "--out", str(folder)], catch_exceptions=False)
        assert ended.exit_code == 0, ended.output
    return path


def _write_levels(folder: Path) -> None:
    """Write levels of eight healthy people and sixteen patients at two visits, half of whom have a high signature."""
    genes = sorted(
        {
            gene
            for name in ("az_4_gene", "aybey_ifn_i", "aybey_ifn_ii", "sweeney_bacterial")
            for gene in load_signature(name).genes
        }
    )
    draws, rows, people = np.random.default_rng(4), {}, []
    for person in range(24):
        status = "healthy" if person < 8 else "patient"
        for visit in ("week 0",) if status == "healthy" else ("week 0", "week 12"):
            lift = 3.0 * (status == "patient" and person % 2) * (1.0 if visit == "week 0" else 0.4)
            name = f"S{person}_{visit[-2:].strip()}"
            rows[name] = draws.normal(8 + lift, 0.5, len(genes)).round(3)
            people.append((name, status, f"P{person}", visit, round(lift + draws.normal(), 2)))
    pd.DataFrame(rows, index=genes).to_csv(folder / "levels.csv")
    columns = ["sample", "status", "person", "visit", "activity"]
    pd.DataFrame(people, columns=columns).to_csv(folder / "people.csv", index=False)
