"""Imported SBML models against libroadrunner: three from BioModels, one from the PEtab benchmark set, one with events."""

import os
from pathlib import Path

import numpy as np
import pytest

from ifntrial.errors import FileError
from ifntrial.formats.sbml.events import simulate_sbml
from ifntrial.formats.sbml.read import load_sbml
from ifntrial.solver import Tolerance

pytest.importorskip("libsbml", reason="python-libsbml is not installed")
roadrunner = pytest.importorskip("roadrunner", reason="libroadrunner is not installed")

DATA = Path(os.environ.get("IFNTRIAL_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "sbml"


def compare(path, visits, amounts=()):
    """Return the largest error of our solve relative to libroadrunner's, with a floor of 1e-6 of each largest value."""
    model = load_sbml(path)
    found = simulate_sbml(model, visits, tolerance=Tolerance(1e-9))
    assert found.is_ok.all()
    runner = roadrunner.RoadRunner(str(path))
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-12, 1e-16
    species = {*runner.model.getFloatingSpeciesIds(), *runner.model.getBoundarySpeciesIds()}
    chosen = [
        f"[{name}]" if name in species and name not in amounts else name for name in model.system.states
    ]
    expected = np.array(runner.simulate(times=list(visits), selections=["time", *chosen]))[:, 1:]
    return np.max(
        np.abs(found.values[0] - expected) / (np.abs(expected) + 1e-6 * np.abs(expected).max(axis=0) + 1e-30)
    )


@pytest.mark.parametrize(
    ("name", "end", "states"),
    [
        ("BIOMD0000000093.xml", 7200.0, 33),
        ("BIOMD0000000342.xml", 300.0, 19),
        ("BIOMD0000000585.xml", 300.0, 20),
        ("Boehm_JProteomeRes2014/model_Boehm_JProteomeRes2014.xml", 240.0, 8),
    ],
)
def test_published_model(name, end, states):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there; IFNTRIAL_TEST_DATA may name another place")
    assert len(load_sbml(path).system.states) == states
    assert compare(path, np.linspace(0.0, end, 31)) < 1e-6


MATH = 'xmlns="http://www.w3.org/1998/Math/MathML"'
TIME = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time"> t </csymbol>'


def formula(text):
    return f"<math {MATH}>{text}</math>"


def event(name, trigger, target, value, extra=""):
    return (
        f'<event id="{name}" useValuesFromTriggerTime="true"><trigger initialValue="true" persistent="true">'
        f"{formula(trigger)}</trigger>{extra}<listOfEventAssignments><eventAssignment variable='{target}'>"
        f"{formula(value)}</eventAssignment></listOfEventAssignments></event>"
    )


AT_TWO = f"<apply><geq/>{TIME}<ci> when </ci></apply>"
AT_FOUR = f"<apply><gt/>{TIME}<cn> 4.5 </cn></apply>"
DOUBLED = "<apply><times/><cn> 2 </cn><ci> A </ci></apply>"


def write(path, *, rules="", events="", law="<apply><times/><ci> cell </ci><ci> k </ci><ci> A </ci></apply>"):
    path.write_text(
        f"""<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model id="small">
<listOfCompartments><compartment id="cell" size="2" spatialDimensions="3" constant="true"/></listOfCompartments>
<listOfSpecies>
<species id="A" compartment="cell" initialConcentration="3" hasOnlySubstanceUnits="false"
boundaryCondition="false" constant="false"/>
<species id="B" compartment="cell" initialAmount="1" hasOnlySubstanceUnits="true"
boundaryCondition="false" constant="false"/>
</listOfSpecies>
<listOfParameters><parameter id="k" value="0.7" constant="false"/><parameter id="when" value="2" constant="true"/>
<parameter id="light" constant="false"/></listOfParameters>
<listOfRules><assignmentRule variable="light">{
            formula(
                f"<piecewise><piece><cn> 1 </cn><apply><lt/>{TIME}<cn> 3 </cn></apply></piece>"
                "<otherwise><cn> 0.2 </cn></otherwise></piecewise>"
            )
        }</assignmentRule>{rules}</listOfRules>
<listOfReactions><reaction id="flow" reversible="false" fast="false">
<listOfReactants><speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants>
<listOfProducts><speciesReference species="B" stoichiometry="2" constant="true"/></listOfProducts>
<kineticLaw>{
            formula(f"<apply><times/><ci> light </ci>{law}</apply>")
        }</kineticLaw></reaction></listOfReactions>
{f"<listOfEvents>{events}</listOfEvents>" if events else ""}
</model></sbml>""",
        encoding="utf-8",
    )
    return path


def test_events_piecewise_amounts_and_concentrations(tmp_path):
    both = event("first", AT_TWO, "A", DOUBLED) + event("second", AT_FOUR, "k", "<cn> 0.1 </cn>")
    path = write(tmp_path / "small.xml", events=both)
    assert compare(path, np.linspace(0.0, 10.0, 24), amounts={"B"}) < 1e-6


def test_event_times_may_differ_from_subject_to_subject(tmp_path):
    path = write(tmp_path / "small.xml", events=event("first", AT_TWO, "A", DOUBLED))
    visits = [1.0, 2.9]
    model = load_sbml(path)
    found = simulate_sbml(model, visits, {"when": [0.5, 2.0, 50.0]}, tolerance=Tolerance(1e-9), outputs=["A"])
    exact = 3 * np.exp(-0.7 * np.array(visits))
    np.testing.assert_allclose(found.of("A"), [2 * exact, exact * [1, 2], exact], rtol=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        {
            "rules": f"<assignmentRule variable='k'>{formula('<apply><arctan/><ci> A </ci></apply>')}</assignmentRule>"
        },
        {"events": event("late", "<apply><leq/><ci> A </ci><cn> 1 </cn></apply>", "A", "<cn> 4 </cn>")},
        {
            "events": event("ranked", AT_TWO, "A", DOUBLED, f"<priority>{formula('<cn> 2 </cn>')}</priority>")
            + event("other", AT_TWO, "A", "<cn> 1 </cn>", f"<priority>{formula('<cn> 1 </cn>')}</priority>")
        },
        {
            "events": event("slow", AT_TWO, "A", DOUBLED, f"<delay>{formula('<ci> A </ci>')}</delay>"),
        },
    ],
)
def test_functions_states_priorities_and_delays(tmp_path, options):
    assert compare(write(tmp_path / "small.xml", **options), np.linspace(0.0, 10.0, 24), amounts={"B"}) < 1e-6


def test_files_that_are_not_sbml(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        load_sbml(tmp_path / "absent.xml")
    (tmp_path / "bad.xml").write_text("<sbml", encoding="utf-8")
    with pytest.raises(FileError, match="not valid SBML"):
        load_sbml(tmp_path / "bad.xml")
