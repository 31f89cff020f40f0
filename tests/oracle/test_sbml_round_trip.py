"""A model exported as SBML and read again gives what the model itself gives: two ways to carry out the same doses."""

import numpy as np
import pytest

from ifntrial.course.assemble import typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.formats.sbml.events import simulate_sbml
from ifntrial.formats.sbml.read import load_sbml
from ifntrial.formats.sbml.write import sbml_text
from ifntrial.solver import Tolerance

pytest.importorskip("libsbml", reason="python-libsbml is not installed")

REGIMENS = [
    "placebo",
    "300 mg IV once",
    "300 mg IV every 4 weeks",
    "300 mg IV every 1 days x 5 over 24 h",
    "300 mg IV every 1 days x 5 over 12 h",
    "300 mg IV every 1 days x 3 over 24 h",
    "10 mg/kg IV every 2 weeks",
    "120 mg SC every week",
    "150 mg SC every 2 days x 3",
]
NAMES = ["drug_central", "concentration", "receptor_serum", "infusion_rate"]
DAYS = np.array([0.1, 0.5, 1.25, 1.75, 2.5, 3.3, 4.5, 4.9, 6.0, 7.5, 10.0, 13.9])


@pytest.mark.parametrize("words", REGIMENS)
def test_doses_come_back(model, evidence, tmp_path, words):
    regimen = parse_regimen(words)
    path = tmp_path / "model.xml"
    path.write_text(sbml_text(model, evidence, regimen, 2.0), encoding="utf-8")
    read = load_sbml(path)
    names = [name for name in NAMES if name in read.names]
    found = simulate_sbml(read, DAYS, tolerance=Tolerance.REFERENCE, outputs=names)
    own = simulate_subjects(
        model,
        typical_world(model, evidence).parameters,
        regimen,
        DAYS,
        [name for name in names if name != "infusion_rate"],
        tolerance=Tolerance.REFERENCE,
    )
    assert found.words[0] == own.words[0] == "ok"
    for name in own.names:
        largest = np.abs(own.of(name)[0]).max()
        np.testing.assert_allclose(
            found.of(name)[0], own.of(name)[0], rtol=1e-5, atol=1e-8 * largest + 1e-12, err_msg=name
        )


def test_infusions_that_meet_add_up_to_one(model, evidence, tmp_path):
    """By libroadrunner at 1e-10."""
    path = tmp_path / "model.xml"
    regimen = parse_regimen("300 mg IV every 1 days x 5 over 24 h")
    path.write_text(sbml_text(model, evidence, regimen, 2.0), encoding="utf-8")
    days = [0.5, 1.5, 2.5, 4.5, 6.0, 10.0]
    found = simulate_sbml(
        load_sbml(path), days, tolerance=Tolerance(1e-9), outputs=["concentration", "infusion_rate"]
    )
    rate = 2027.027
    np.testing.assert_allclose(found.of("infusion_rate")[0], [rate] * 4 + [0, 0], rtol=1e-6, atol=1e-9)
    assert found.of("concentration")[0] == pytest.approx(
        [45.7782, 117.895, 174.0794, 263.3282, 235.1572, 169.2592], rel=1e-4
    )
