"""Without the library of an extra there is one message that says how to get it, and exit code 2."""

import sys

import pytest

from ifntrial.app.cli import main
from ifntrial.errors import ExtraError
from ifntrial.extras import load_extra
from ifntrial.formats.sbml.read import load_sbml

USES = [
    ("anndata", "h5ad", ["score", "levels.h5ad"]),
    ("libsbml", "sbml", ["export", "sbml", "--out", "model.xml"]),
    ("libsbml", "sbml", ["export", "petab", "--out", "model"]),
    ("SALib", "sensitivity", ["sensitivity", "daisy", "--subjects", "10", "--samples", "4"]),
    (
        "SALib",
        "sensitivity",
        ["sensitivity", "daisy", "--subjects", "10", "--samples", "4", "--method", "sobol"],
    ),
    ("pyreadstat", "xpt", ["design", "simulate", "daisy", "--tables", "xpt"]),
]


def take_away(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(f"{library}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)


@pytest.mark.parametrize(("library", "extra", "command"), USES)
def test_a_command_says_which_extra_it_needs(library, extra, command, monkeypatch, capsys, tmp_path):
    take_away(library, monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "levels.h5ad").write_bytes(b"\x89HDF")
    monkeypatch.setattr(sys, "argv", ["ifntrial", *command])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    shown = capsys.readouterr().err
    assert f"pip install '.[{extra}]'" in shown
    assert "Traceback" not in shown
    assert [path.name for path in tmp_path.iterdir()] == ["levels.h5ad"]


def test_reading_sbml_says_which_extra_it_needs(monkeypatch, tmp_path):
    take_away("libsbml", monkeypatch)
    with pytest.raises(ExtraError, match=r"pip install '\.\[sbml\]'"):
        load_sbml(tmp_path / "model.xml")


def test_a_library_that_is_broken_says_how():
    with pytest.raises(ExtraError, match=r"No module named 'SALib.nosuch'"):
        load_extra("SALib.nosuch", "sensitivity analyses")
