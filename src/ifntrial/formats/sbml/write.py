"""The model of a typical patient as SBML Level 3 Version 2, with units and MIRIAM annotations.

What the model counts in moles is a species with reactions. Everything else (relative amounts, concentrations at their
site, scores) is a variable with a rate rule: SBML has one unit of extent per model, so that reactions of different
kinds cannot stand side by side. Time is SBML's own time, in days from the first dose.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy

from ifntrial import __version__
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.course.assemble import typical_world
from ifntrial.course.simulate import dose_table
from ifntrial.course.system import build_system
from ifntrial.dosing.regimen import Regimen
from ifntrial.errors import ModelError
from ifntrial.evidence.records import Evidence
from ifntrial.extras import load_extra
from ifntrial.formats.formula import formula
from ifntrial.formats.sbml.annotations import MODEL, annotate, annotations_of
from ifntrial.formats.sbml.units import UnitDefinitions
from ifntrial.model import Model
from ifntrial.model.build import MODEL_VERSION, TIME_UNIT
from ifntrial.model.parts import Values
from ifntrial.solver import TIME, OdeSystem, symbol

SUBSTANCE = "nmol"
INFUSION = "infusion_rate"
_EXTRA = {"bioavailability": ("1", "share of a subcutaneous dose that reaches the blood")}
DEPOT_DOSE, EXPOSURE = "dose_to_depot", "exposure"


def sbml_text(
    model: Model,
    evidence: Evidence,
    regimen: Regimen | None = None,
    weeks: float = 52.0,
    *,
    for_estimation: bool = False,
) -> str:
    """Return the model of the typical patient as an SBML document.

    Parameters
    ----------
    regimen
        Doses to give, as events; none if absent.
    weeks
        How long doses are given [week].
    for_estimation
        Also hold ``dose_to_depot`` [nmol], a dose at time zero that a condition can set, and ``exposure``
        [day*ug/mL], the area under the concentration.

    Raises
    ------
    ModelError
        If the SBML library finds the document inconsistent; lists every problem.
    ExtraError
        If that library is not installed.
    """
    return _Writer(model, evidence, for_estimation).write(regimen, weeks)


class _Writer:
    """Fills one SBML document, part by part."""

    def __init__(self, model: Model, evidence: Evidence, for_estimation: bool) -> None:
        self.libsbml = load_extra("libsbml", "SBML files")
        self.model, self.evidence = model, evidence
        self.system: OdeSystem = build_system(model)
        typical = typical_world(model, evidence).parameters
        self.values = {name: float(value[0]) for name, value in typical.items()}
        self.for_estimation = for_estimation
        self.document = self.libsbml.SBMLDocument(3, 2)
        self.sbml = self.document.createModel()
        self.units = UnitDefinitions(self.sbml, self.libsbml)

    def write(self, regimen: Regimen | None, weeks: float) -> str:
        self._describe()
        self._compartments()
        self._parameters()
        self._variables()
        self._assignments()
        self._reactions()
        if self.for_estimation:
            self._open_to_estimation()
        if regimen is not None:
            self._doses(regimen, weeks)
        self._check()
        return str(self.libsbml.writeSBMLToString(self.document))

    def _describe(self) -> None:
        drug = self.model.drug
        self.sbml.setId(f"ifntrial_{drug.name}")
        self.sbml.setMetaId("model")
        self.sbml.setName(f"{drug.label} in systemic sclerosis, typical patient (ifntrial {__version__})")
        self.sbml.setTimeUnits(self.units.id_of(TIME_UNIT))
        for kind in ("Substance", "Extent"):
            getattr(self.sbml, f"set{kind}Units")(self.units.id_of(SUBSTANCE))
        self.sbml.setVolumeUnits(self.units.id_of("L"))
        self._note(
            self.sbml,
            f"Model version {MODEL_VERSION}. A research tool: not for diagnosis or treatment, "
            "and no advice for any one patient.",
        )
        annotate(self.sbml, MODEL, self.model.drug.name, self.evidence, self.libsbml)

    def _compartments(self) -> None:
        for name in dict.fromkeys(x.compartment for x in self.model.species if x.unit == SUBSTANCE):
            compartment = self.sbml.createCompartment()
            compartment.setId(f"compartment_{name}")
            compartment.setName(name)
            compartment.setSpatialDimensions(3)
            compartment.setSize(1.0)
            compartment.setUnits(self.units.id_of("L"))
            compartment.setConstant(True)
            self._note(compartment, "A place for amounts: volumes that matter are parameters of the model.")

    def _parameters(self) -> None:
        for parameter in self.model.parameters:
            self._parameter(
                parameter.name, parameter.unit, parameter.meaning, self.values[parameter.name], True
            )
        for name, (unit, meaning) in _EXTRA.items():
            self._parameter(name, unit, meaning, self.values[name], True)

    def _parameter(self, name: str, unit: str, meaning: str, value: float | None, constant: bool) -> None:
        parameter = self.sbml.createParameter()
        parameter.setConstant(constant)
        parameter.setUnits(self.units.id_of(unit))
        if value is not None:
            parameter.setValue(value)
        self._name(parameter, name, meaning, unit)

    def _name(self, element: Any, name: str, meaning: str, unit: str) -> None:  # noqa: ANN401 - libsbml has no types
        element.setId(name)
        element.setMetaId(f"meta_{name}")
        element.setName(meaning)
        self._note(element, f"Unit: {unit}")
        annotate(element, annotations_of(name), self.model.drug.name, self.evidence, self.libsbml)

    def _note(self, element: Any, text: str) -> None:  # noqa: ANN401 - as above
        safe = text.replace("&", "&amp;").replace("<", "&lt;")
        element.setNotes(f'<body xmlns="http://www.w3.org/1999/xhtml"><p>{safe}</p></body>')

    def _variables(self) -> None:
        for species, start, rate in zip(
            self.model.species, self.system.initial, self.system.rates, strict=True
        ):
            known = float(start) if start.is_number else None
            if species.unit == SUBSTANCE:
                self._species(species.name, species.meaning, species.compartment, known)
            else:
                self._parameter(species.name, species.unit, species.meaning, known, False)
                rule = self.sbml.createRateRule()
                rule.setVariable(species.name)
                self._math(rule, rate)
            if known is None:
                assignment = self.sbml.createInitialAssignment()
                assignment.setSymbol(species.name)
                self._math(assignment, start)

    def _species(self, name: str, meaning: str, compartment: str, start: float | None) -> None:
        species = self.sbml.createSpecies()
        if start is not None:
            species.setInitialAmount(start)
        species.setCompartment(f"compartment_{compartment}")
        species.setSubstanceUnits(self.units.id_of(SUBSTANCE))
        species.setHasOnlySubstanceUnits(True)
        species.setBoundaryCondition(False)
        species.setConstant(False)
        self._name(species, name, meaning, SUBSTANCE)

    def _assignments(self) -> None:
        laws = dict((*self.system.assignments, *self.system.outputs))
        for assignment in (*self.model.assignments, *self.model.observables):
            law = laws[assignment.name]
            if law.is_number:  # what a drug leaves alone
                self._parameter(assignment.name, assignment.unit, assignment.meaning, float(law), True)
                continue
            self._parameter(assignment.name, assignment.unit, assignment.meaning, None, False)
            rule = self.sbml.createAssignmentRule()
            rule.setVariable(assignment.name)
            self._math(rule, law)

    def _reactions(self) -> None:
        s = Values({x.name: symbol(x.name) for x in self.model.species}, "species or assignment")
        s.add("time", TIME)
        for assignment in self.model.assignments:
            s.add(assignment.name, symbol(assignment.name))
        p = Values({x.name: symbol(x.name) for x in self.model.parameters}, "parameter")
        counted = {x.name for x in self.model.species if x.unit == SUBSTANCE}
        for reaction in self.model.reactions:
            if set(reaction.change) <= counted:
                self._reaction(reaction.name, reaction.change, sympy.sympify(reaction.rate(s, p)))

    def _reaction(self, name: str, change: Mapping[str, int], rate: sympy.Expr) -> None:
        reaction = self.sbml.createReaction()
        reaction.setId(name)
        reaction.setReversible(False)
        for species, sign in change.items():
            part = reaction.createProduct() if sign > 0 else reaction.createReactant()
            part.setSpecies(species)
            part.setStoichiometry(float(abs(sign)))
            part.setConstant(True)
        taking_part = set(change)
        for used in sorted(str(x) for x in rate.free_symbols):
            if self.sbml.getSpecies(used) is not None and used not in taking_part:
                reaction.createModifier().setSpecies(used)
        self._math(reaction.createKineticLaw(), rate)

    def _open_to_estimation(self) -> None:
        self._parameter(DEPOT_DOSE, SUBSTANCE, "dose at the injection site at time zero", 0.0, True)
        start = self.sbml.createInitialAssignment()
        start.setSymbol(self.model.drug.dosed_species(self.model.drug.routes[0]))
        self._math(start, symbol("bioavailability") * symbol(DEPOT_DOSE))
        self._parameter(EXPOSURE, "day*ug/mL", "area under the serum concentration", 0.0, False)
        rule = self.sbml.createRateRule()
        rule.setVariable(EXPOSURE)
        self._math(rule, symbol("concentration"))

    def _doses(self, regimen: Regimen, weeks: float) -> None:
        until = weeks * DAYS_PER_WEEK
        table = dose_table(
            self.model, regimen, until, {name: np.array([value]) for name, value in self.values.items()}
        )
        if table.rows == 0:
            return
        if any(part.route == "IV" for part in regimen.parts):
            self._parameter(INFUSION, "nmol/day", "drug that is being infused", 0.0, False)
            self._reaction("infusion", {self.model.drug.central: 1}, symbol(INFUSION))
        for row in range(table.rows):
            amount, start = float(table.amount[row] * table.bioavailability[row]), float(table.time[row])
            length, interval = float(table.duration[row]), float(table.interval[row])
            for k in range(int(table.additional[row]) + 1):
                self._dose(table.state_names[int(table.state[row])], start + k * interval, amount, length)

    def _dose(self, state: str, time: float, amount: float, length: float) -> None:
        if length == 0:
            self._event(time, state, amount)
        else:
            self._event(time, INFUSION, amount / length)
            self._event(time + length, INFUSION, -amount / length)

    def _event(self, time: float, variable: str, added: float) -> None:
        event = self.sbml.createEvent()
        event.setId(f"dose_{self.sbml.getNumEvents()}")
        event.setUseValuesFromTriggerTime(False)
        trigger = event.createTrigger()
        trigger.setPersistent(True)
        trigger.setInitialValue(False)
        day = self.units.id_of(TIME_UNIT)
        trigger.setMath(self._parse(f"time >= {time!r} {day}"))
        change = event.createEventAssignment()
        change.setVariable(variable)
        unit = self.units.id_of(SUBSTANCE if variable != INFUSION else "nmol/day")
        change.setMath(self._parse(f"{variable} + {added!r} {unit}"))

    def _math(self, element: Any, expression: sympy.Expr) -> None:  # noqa: ANN401 - libsbml has no types
        element.setMath(self._parse(formula(expression)))

    def _parse(self, text: str) -> Any:  # noqa: ANN401 - as above
        node = self.libsbml.parseL3Formula(text)
        if node is None:
            raise ModelError("SBML does not take a formula", given=text)
        return node

    def _check(self) -> None:
        self.document.setConsistencyChecks(self.libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
        self.document.checkConsistency()
        problems = []
        for i in range(self.document.getNumErrors()):
            error = self.document.getError(i)
            if error.getSeverity() >= self.libsbml.LIBSBML_SEV_WARNING:
                problems.append(f"line {error.getLine()}: {error.getShortMessage()}: {error.getMessage()}")
        if problems:
            raise ModelError("the SBML document is not consistent", problems=problems)
