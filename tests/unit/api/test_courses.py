"""Equations, models of others and event tables from Python, against closed forms."""

import numpy as np
import pandas as pd
import pytest
import sympy

import ifntrial as ift
from small_sbml import write_sbml


def test_equations_of_ones_own():
    rate, amount = ift.symbol("rate"), ift.symbol("amount")
    system = ift.OdeSystem(
        "decay", ("amount",), ("rate",), (-rate * amount,), (sympy.Integer(10),), time_unit="h"
    )
    table = ift.solve(system, {"rate": [0.0, 1.0]}, None, [0.0, 2.0], workers=1).table()
    assert table["amount"].to_numpy() == pytest.approx([10, 10, 10, 10 * np.exp(-2)], rel=1e-4)
    assert table["subject"].tolist() == [0, 0, 1, 1]
    assert table.attrs["columns"]["time"]["unit"] == "h"


def test_a_model_of_others(tmp_path):
    path = write_sbml(tmp_path / "m.xml", values={"k": 0.1, "x": 1.0}, rate={"x": "-k * x"})
    model = ift.sbml.load(path)
    assert model.parameters["k"] == 0.1
    table = model.simulate([0.0, 1.0, 2.0], parameters={"k": 0.5}, workers=1)
    assert table["x"].to_numpy() == pytest.approx(np.exp([0.0, -0.5, -1.0]), rel=1e-4)
    with pytest.raises(ift.InputError):
        model.simulate([0.0, 1.0], parameters={"kk": 0.5})


def test_an_event_table(tmp_path):
    table = pd.DataFrame({"ID": [1, 1], "TIME": [0, 14], "EVID": [1, 1], "AMT": [300, 300]})
    assert ift.nonmem.read(table).total_dose_mg().tolist() == [600.0]
    table.to_csv(tmp_path / "events.csv", index=False)
    found = ift.simulate(events=tmp_path / "events.csv", weeks=3, subjects=3, workers=1)
    assert found.followed[0].doses == 2
    assert "--events" in found.facts.command


def test_time_is_counted_above_the_level_that_is_published_for_that_drug():
    """Chia 2022: 3.88 ug/mL of anifrolumab; the models of other drugs hold that number, but it is not theirs."""
    few = {"weeks": 1, "subjects": 2, "workers": 1}
    assert ift.simulate("300 mg IV once", **few).counted_above == 3.88
    other = ift.simulate("600 mg IV once", drug="sifalimumab", **few)
    assert other.counted_above is None
    assert ift.simulate("600 mg IV once", drug="sifalimumab", above=5, **few).counted_above == 5.0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"weeks": 0.0}, "'weeks' is out of range"),
        ({"subjects": 2.5}, "'subjects' is not a whole number"),
        ({"seed": -1}, "'seed' is out of range"),
        ({"workers": 0}, "'workers' is out of range"),
        ({"drug": "anifrolumub"}, "did you mean anifrolumab"),
        ({"population": "everyone"}, "Allowed: all"),
        ({"at": [1000]}, "a time asked for is after the end"),
    ],
)
def test_an_argument_that_is_not_usable_is_refused(given, said):
    with pytest.raises(ift.InputError, match=said):
        ift.simulate("300 mg IV every 4 weeks", **given)
