"""What ``import ifntrial`` offers: about 25 names, each with its types, and nothing loaded before it is asked for."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ifntrial

NAMES = [
    *(
        "SHIPPED",
        "Catalog",
        "Drug",
        "Evidence",
        "Extension",
        "IfntrialError",
        "InputError",
        "OdeSystem",
        "Regimen",
    ),
    *(
        "compare",
        "doses",
        "enrich",
        "forecast",
        "load_design",
        "load_evidence",
        "nonmem",
        "parse_regimen",
        "pathway",
    ),
    *("sbml", "score", "sensitivity", "simulate", "simulate_trial", "solve", "stats", "symbol", "validate"),
]
HEAVY = ("numba", "scipy", "pandas", "numpy", "importlib.metadata", "click", "sympy", "pydantic")


def test_the_names_are_these():
    assert ifntrial.__all__ == [*sorted(NAMES), "__version__"]
    assert set(dir(ifntrial)) == set(ifntrial.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_says_what_it_is(name):
    found = getattr(ifntrial, name)
    assert found is getattr(ifntrial, name)
    if name != "SHIPPED":
        assert len((found.__doc__ or "").split()) > 3


def test_the_types_are_of_the_same_names():
    path = Path(ifntrial.__file__).with_suffix(".pyi")
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    homes = {
        alias.name: node.module
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    }
    assert sorted(homes) == sorted(NAMES)
    for name, home in homes.items():
        at = ifntrial._HOME[name]
        assert at == (f"{home}.{name}" if name in ifntrial._MODULES else home)
    assert path.with_name("py.typed").is_file()


def test_the_import_loads_nothing():
    code = f"import sys, ifntrial; print([name for name in {HEAVY!r} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="module 'ifntrial' has no attribute 'forcast'"):
        _ = ifntrial.forcast
