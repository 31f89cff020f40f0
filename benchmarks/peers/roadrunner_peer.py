"""libroadrunner: CVODE on code that LLVM compiles from SBML, restarted at every dose."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr
from sympy.printing.str import StrPrinter

from ifntrial.solver import OdeSystem
from ifntrial.solver.problem import Problem
from peers.task import Segment

Solve = Callable[[Problem, int, list[Segment], NDArray[np.float64], float], NDArray[np.float64]]


class _Formula(StrPrinter):
    """Prints powers as SBML's formulas write them."""

    def _print_Pow(self, expr: Expr, rational: bool = False) -> str:
        del rational
        return f"({self._print(expr.base)})^({self._print(expr.exp)})"


def prepare(system: OdeSystem) -> Solve:
    """Return a function that solves one subject: values of all states at visits."""
    import roadrunner

    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
    runner = roadrunner.RoadRunner(_write_sbml(system))
    runner.setIntegrator("cvode")
    model, integrator = runner.model, runner.integrator
    integrator.setValue("maximum_num_steps", 1_000_000)
    states = [model.getFloatingSpeciesIds().index(name) for name in system.states]
    names = model.getGlobalParameterIds()
    parameters = [names.index(name) for name in system.parameters]
    inputs = [names.index(f"input_{name}") for name in system.states]
    # model and integrator are parts of the runner, which has to live as long as they
    kept = {"runner": runner, "relative": 0.0}

    def solve(
        problem: Problem, subject: int, segments: list[Segment], start: NDArray[np.float64], relative: float
    ) -> NDArray[np.float64]:
        if kept["relative"] != relative:
            # a vector, because a single number is scaled by the initial value of each state
            integrator.setValue("relative_tolerance", relative)
            integrator.setValue("absolute_tolerance", [1e-3 * relative] * len(states))
            kept["relative"] = relative
        model.setGlobalParameterValues(parameters, problem.parameters[subject])
        visits = problem.visits[subject if len(problem.visits) > 1 else 0]
        found = np.full((len(visits), len(states)), np.nan)
        state = start.copy()
        found[visits <= segments[0].start] = state
        for segment in segments:
            for place, amount in segment.doses:
                state[place] += amount
            state[np.abs(state) < 1e-25] = 0.0
            model.setFloatingSpeciesAmounts(states, state)
            model.setGlobalParameterValues(inputs, segment.inputs)
            model.setTime(segment.start)
            integrator.restart(segment.start)
            now = segment.start
            for visit in segment.visits:
                integrator.integrate(now, visits[visit] - now)
                now = visits[visit]
                found[visit] = model.getFloatingSpeciesAmounts(states)
            if now < segment.stop:
                integrator.integrate(now, segment.stop - now)
            state = np.array(model.getFloatingSpeciesAmounts(states))
        return found

    return solve


def _write_sbml(system: OdeSystem) -> str:
    """Return the system as SBML: one reaction per state, so that all states are species."""
    import libsbml

    document = libsbml.SBMLDocument(3, 1)
    model = document.createModel()
    space = model.createCompartment()
    space.setId("space")
    space.setSize(1.0)
    space.setConstant(True)
    _add_symbols(model, system)
    for name, expression in system.assignments:
        rule = model.createAssignmentRule()
        rule.setVariable(name)
        rule.setMath(_parse(expression))
    for name, rate in zip(system.states, system.rates, strict=True):
        reaction = model.createReaction()
        reaction.setId(f"make_{name}")
        reaction.setReversible(True)
        reaction.setFast(False)
        product = reaction.createProduct()
        product.setSpecies(name)
        product.setStoichiometry(1.0)
        product.setConstant(True)
        total = libsbml.ASTNode(libsbml.AST_PLUS)
        total.addChild(_parse(rate))
        total.addChild(libsbml.parseL3Formula(f"input_{name}"))
        reaction.createKineticLaw().setMath(total)
    return libsbml.writeSBMLToString(document)


def _parse(expression: Expr) -> object:
    import libsbml

    settings = libsbml.L3ParserSettings()
    settings.setParseLog(libsbml.L3P_PARSE_LOG_AS_LN)
    return libsbml.parseL3FormulaWithSettings(_Formula().doprint(expression), settings)


def _add_symbols(model: Any, system: OdeSystem) -> None:
    def add_parameter(name: str, constant: bool) -> None:
        parameter = model.createParameter()
        parameter.setId(name)
        parameter.setValue(1.0 if name in system.parameters else 0.0)
        parameter.setConstant(constant)

    for name in system.parameters:
        add_parameter(name, constant=True)
    for name in system.states:
        add_parameter(f"input_{name}", constant=True)
        species = model.createSpecies()
        species.setId(name)
        species.setCompartment("space")
        species.setInitialAmount(0.0)
        species.setHasOnlySubstanceUnits(True)
        species.setBoundaryCondition(False)
        species.setConstant(False)
    for name, _ in system.assignments:
        add_parameter(name, constant=False)
