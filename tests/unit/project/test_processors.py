"""The check of processors itself: it sees what differs, skips by name, and its made-up processor does what it says."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "processors"


@pytest.fixture
def tool(monkeypatch):
    """Import the scripts as they import one another."""
    monkeypatch.syspath_prepend(str(FOLDER))
    import compare
    import variants

    yield compare, variants
    for name in ("compare", "variants"):
        sys.modules.pop(name, None)


def written(folder, **values):
    path = folder / f"{len(list(folder.iterdir()))}.json"
    path.write_text(json.dumps(values))
    return path


SAME = {"power": 0.5, "worlds": 39, "words": ["high", "low"], "gone": None}


@pytest.mark.parametrize(
    ("changed", "agrees"),
    [
        ({}, True),
        ({"power": 0.5 + 1e-10}, True),
        ({"power": 0.5 + 1e-9}, False),
        ({"worlds": 38}, False),
        ({"words": ["low", "high"]}, False),
        ({"words": ["high"]}, False),
        ({"gone": 0.0}, False),
        ({"more": 1}, False),
        ({"seconds": 3.0, "date": "later"}, True),
    ],
)
def test_what_differs_is_seen(tool, tmp_path, changed, agrees):
    one, other = written(tmp_path, **SAME), written(tmp_path, **SAME | changed)
    assert tool[0].compare_files(one, other).agrees == agrees


def test_a_tiny_number_is_compared_with_the_floor(tool, tmp_path):
    near = tool[0].compare_files(written(tmp_path, gap=1e-17), written(tmp_path, gap=-3e-14))
    assert near.agrees
    assert not near.is_same
    assert not tool[0].compare_files(written(tmp_path, gap=0.0), written(tmp_path, gap=2e-12)).agrees


def test_what_this_machine_cannot_run_is_named(tool, monkeypatch):
    variants = tool[1]
    monkeypatch.setattr(variants, "_features", lambda: {"avx", "avx2", "fma", "glibc"})
    lacking = {each.name: variants.missing(each) for each in variants.all_variants()}
    assert lacking.pop("SkylakeX") == "avx512f"
    assert set(lacking.values()) == {""}
    assert {"Haswell", "Zen", "Sandybridge", "plain-numpy", "plain-libm", "one-thread", "two-threads"} < set(
        lacking
    )


def test_a_variant_is_not_mixed_with_what_the_shell_sets(tool, monkeypatch):
    variants = tool[1]
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Nehalem")
    by_name = {each.name: each for each in variants.all_variants()}
    assert "OPENBLAS_CORETYPE" not in variants.environment(by_name["as-it-is"])
    assert variants.environment(by_name["Haswell"])["OPENBLAS_CORETYPE"] == "Haswell"


def test_the_made_up_processor_is_off_by_the_last_digit_only(tmp_path):
    """In a process of its own, which it changes for good."""
    program = tmp_path / "program.py"
    program.write_text(
        "import numpy as np, scipy.special\n"
        "x = np.linspace(0.1, 5.0, 200)\n"
        "import mpmath\n"
        "exact = np.array([float(mpmath.exp(float(each))) for each in x])\n"
        "units = np.abs(np.exp(x) - exact) / np.spacing(exact)\n"
        "assert 0.5 < units.mean() < 2.0 and units.max() <= 3.0, units\n"
        "assert np.exp(0.0) == 1.0 and np.log(1.0) == 0.0 and scipy.special.ndtr(0.0) == 0.5\n"
        "assert np.sqrt(2.0) == 2.0 ** 0.5 and np.sum(x) == x.sum()\n"
        "from ifntrial.signature.random_intercept import fit_random_intercept\n"
        "values = {tuple(fit_random_intercept(x, np.stack([x * 0 + 1, np.sin(x)], 1), np.arange(200) // 4).coefficient)"
        " for _ in range(5)}\n"
        "assert len(values) > 1, 'products of matrices are off too'\n"
    )
    words = [sys.executable, str(FOLDER / "other_rounding.py"), "1", "--", str(program)]
    found = subprocess.run(words, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
