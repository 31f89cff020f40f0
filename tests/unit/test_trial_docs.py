"""The how-to runs as it is written: its design is saved, its code executed from top to bottom."""

import contextlib
import io
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "plan_a_trial.md"


def blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )


def test_the_design_has_about_thirty_lines() -> None:
    (design,) = blocks("yaml")
    assert len(design.splitlines()) <= 30


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_trial.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    printed = io.StringIO()
    names: dict = {}
    with contextlib.redirect_stdout(printed):
        for block in blocks("python"):
            exec(compile(block, PAGE.name, "exec"), names)
    text = printed.getvalue()
    assert "did you mean eligibility" in text
    assert "patients for 80 %" in text
    assert (tmp_path / "tables" / "adsl.parquet").is_file()
    assert names["design"].n_of(names["design"].active) == 160
