"""The problems that are timed, each as a system, a population and a year of doses."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from problems.receptor_blockade import (
    VISITS,
    build_receptor_blockade,
    draw_extreme_parameters,
    draw_parameters,
    plan_doses,
    run_in,
)

from ifntrial.arrays import FloatArray
from ifntrial.solver import DoseTable, OdeSystem, Tolerance, simulate
from ifntrial.solver.problem import Problem, build_problem

MAX_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """One problem.

    Parameters
    ----------
    name
        Shown in tables, key in the file.
    system
        The equations.
    draw
        Number of subjects to (parameters, doses, initial states).
    visits
        Visit times.
    stress
        Name of a harder population to (draw, failures allowed in 10,000).
    """

    name: str
    system: OdeSystem
    draw: Callable[[int], tuple[FloatArray, DoseTable, FloatArray]]
    visits: FloatArray
    stress: dict[str, tuple[Callable[[int], tuple[FloatArray, DoseTable, FloatArray]], int]]

    def build(
        self,
        drawn: tuple[FloatArray, DoseTable, FloatArray],
        relative: float,
        outputs: tuple[str, ...] | None = None,
    ) -> Problem:
        """Return the problem of a drawn population at a relative tolerance."""
        parameters, doses, initial = drawn
        return build_problem(
            self.system,
            parameters,
            doses,
            self.visits,
            tolerance=Tolerance(relative),
            outputs=outputs,
            subjects=None,
            start=0.0,
            initial=initial,
            resume=None,
            max_steps=MAX_STEPS,
        )


def list_cases() -> tuple[list[Case], list[str]]:
    """Return the cases that can be run here, and for those that cannot, why."""
    cases = [build_receptor_case("sc"), build_receptor_case("iv")]
    try:
        cases.append(build_own_case())
    except ImportError as error:
        return cases, [f"our own model: {error}"]
    return cases, []


def build_receptor_case(route: str) -> Case:
    """Return the invented problem of 35 states with weekly subcutaneous or monthly intravenous doses."""
    system = build_receptor_blockade()

    def with_doses(parameters: FloatArray) -> tuple[FloatArray, DoseTable, FloatArray]:
        # a subject whose run-in fails has no initial state, and counts as a failure of the year
        initial = run_in(system, parameters, workers=2).values[:, 0]
        return parameters, plan_doses(len(parameters), route), initial

    stress = {
        "CV 100 %": (lambda n: with_doses(draw_parameters(n, cv=1.0)), 0),
        "all parameters x/÷ 10": (lambda n: with_doses(draw_extreme_parameters(n, 10.0)), 0),
        "all parameters x/÷ 100": (
            lambda n: with_doses(draw_extreme_parameters(n, 100.0)),
            2,
        ),
    }
    return Case(
        name=f"receptor blockade, 35 states, {'52 weekly SC doses' if route == 'sc' else '13 infusions'}",
        system=system,
        draw=lambda n: with_doses(draw_parameters(n)),
        visits=VISITS,
        stress=stress if route == "sc" else {},
    )


def build_own_case() -> Case:
    """Return our own model in the typical world, 120 mg SC every week.

    Raises
    ------
    ImportError
        If the model or its population is not there.
    """
    from ifntrial.catalog import shipped
    from ifntrial.course.assemble import subject_parameters, typical_world
    from ifntrial.course.simulate import dose_table
    from ifntrial.course.system import build_system
    from ifntrial.dosing.regimen import parse_regimen
    from ifntrial.patients.sample import sample_population

    evidence, model = shipped().evidence, shipped().model()
    system = build_system(model)

    def draw(subjects: int) -> tuple[FloatArray, DoseTable, FloatArray]:
        population = sample_population(model, evidence, subjects, 1)
        values = subject_parameters(model, evidence, population, typical_world(model, evidence), 0)
        parameters = np.stack([values[name] for name in system.parameters], axis=1)
        doses = dose_table(model, parse_regimen("120 mg SC every week"), 364.0, values)
        return parameters, doses, simulate(system, parameters, None, [0.0]).values[:, 0]

    visits = np.linspace(0.0, 364.0, 20)
    return Case(f"our own model, {len(system.states)} states, 120 mg SC every week", system, draw, visits, {})
