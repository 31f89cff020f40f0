"""The exported SBML, simulated by libRoadRunner (an independent SBML simulator), agrees with our own solver."""

import numpy as np
import pytest
import roadrunner

from ifntrial.course.assemble import typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.formats.sbml.write import sbml_text
from ifntrial.solver import Tolerance

AGREEMENT = 1e-4
# Below this share of a course's largest value only the absolute difference counts. Where no drug is given both programs
# hold nothing but the rounding of their steps: a thousandth of an nmol or nmol/L is as good as none, since binding is
# half at 0.7 nmol/L; of anything else, which is relative to one, a ten-thousandth.
FLOOR, NOTHING, NO_DRUG = 1e-3, 1e-4, 1e-3


@pytest.mark.parametrize("words", ["placebo", "300 mg IV every 4 weeks"])
def test_a_year_agrees_in_every_variable(model, evidence, words):
    regimen = parse_regimen(words)
    # Between doses: at the moment of a dose one program looks before it and the other after it.
    days = np.append(0.5, np.arange(3.5, 364.0, 7.0))
    names = [x.name for x in (*model.species, *model.assignments, *model.observables)]
    theirs = _roadrunner(sbml_text(model, evidence, regimen, 52.0), days, names)
    found = simulate_subjects(
        model, typical_world(model, evidence).parameters, regimen, days, names, tolerance=Tolerance.REFERENCE
    )
    assert found.words[0] == "ok"
    for name in names:
        ours = found.of(name)[0]
        nothing = NO_DRUG if name.startswith("drug_") else NOTHING
        scale = np.maximum(np.abs(ours), max(FLOOR * np.abs(ours).max(), nothing))
        worst = float(np.max(np.abs(theirs[name] - ours) / scale))
        assert worst < AGREEMENT, f"{name}: {worst:.1e}"
    assert (found.of("concentration")[0].max() > 10) == (words != "placebo")


def _roadrunner(text, days, names):
    runner = roadrunner.RoadRunner(text)
    runner.integrator.relative_tolerance = 1e-8
    runner.integrator.absolute_tolerance = 1e-12
    # Infusions last half an hour: the simulator must not step over them.
    runner.integrator.setValue("maximum_time_step", 1.0)
    runner.timeCourseSelections = ["time", *names]
    found = runner.simulate(times=[0.0, *days.tolist()])
    return {name: np.asarray(found[1:, place + 1]) for place, name in enumerate(names)}
