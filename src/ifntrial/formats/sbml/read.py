"""SBML models (levels 1 to 3, core, ordinary differential equations) as systems for the solver.

What is read: species, compartments of constant or changing size, parameters, reactions with stoichiometries of any kind,
conversion factors, all rules, initial assignments, function definitions, every function of MathML that SBML has, and all
of events. Anything else is refused by name: never a wrong answer.
"""

import re
from pathlib import Path
from typing import Any

import sympy

from ifntrial.errors import FileError, InputError
from ifntrial.extras import load_extra
from ifntrial.formats.sbml.algebraic import choose_unknowns, solve_rules
from ifntrial.formats.sbml.draft import Draft
from ifntrial.formats.sbml.equations import add_rates_of_change, read_equations
from ifntrial.formats.sbml.flatten import flatten
from ifntrial.formats.sbml.limits import find_unsupported, order_formulas
from ifntrial.formats.sbml.model import SbmlModel
from ifntrial.formats.sbml.quantities import StartResolver, collect, sort_quantities
from ifntrial.formats.sbml.read_events import read_events
from ifntrial.solver.hybrid.functions import find_needed
from ifntrial.solver.hybrid.system import Delayed, Event, HybridSystem
from ifntrial.solver.reference import substitute_assignments
from ifntrial.solver.system import TIME, OdeSystem, symbol

# libsbml's classes say nothing of types
Element = Any
Expression = Any


# a rate law uses a species that its reaction does not list: against the rules, but there is no doubt what it means
HARMLESS = {21121}


def load_sbml(path: Path | str) -> SbmlModel:
    """Return the model in an SBML file.

    Parameters
    ----------
    path
        A file on this machine; an address is refused.

    Raises
    ------
    FileError
        If the file cannot be read or is not valid SBML.
    ExtraError
        If the library that reads it is not installed.
    InputError
        If the model holds something that is not imported; lists every problem.
    """
    libsbml = load_extra("libsbml", "SBML files")
    document = libsbml.readSBMLFromString(_read_text(path))
    if document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) == 0:
        flatten(libsbml, document, path)
    _require_valid(libsbml, document, path)
    model = document.getModel()
    problems = find_unsupported(model, document)
    if problems:
        raise InputError(f"the SBML model in {path} cannot be imported", problems=problems)
    try:
        return _build(libsbml, model, path)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError, ZeroDivisionError) as error:
        # a last net: what no check above foresees must not end in a traceback
        raise InputError(
            f"the SBML model in {path} cannot be imported",
            given=f"{type(error).__name__}: {error}",
            fix="have the file checked by a validator of SBML",
        ) from error


def _read_text(path: Path | str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", str(path)):
        raise FileError(
            f"{path} is an address", allowed="a file on this machine", fix="download it and give its name"
        )
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path} cannot be read: {error}", fix="check the name") from error


def _require_valid(libsbml: Element, document: Element, path: Path | str) -> None:
    if document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) == 0 and document.getModel() is not None:
        for category in ("UNITS_CONSISTENCY", "MODELING_PRACTICE", "SBO_CONSISTENCY"):
            document.setConsistencyChecks(getattr(libsbml, f"LIBSBML_CAT_{category}"), False)
        document.checkConsistency()
    unknown = [document.getUnknownPackagePrefix(i) for i in range(document.getNumUnknownPackages())]
    if unknown and document.getErrorLog().contains(libsbml.RequiredPackagePresent):
        raise InputError(
            f"the SBML model in {path} cannot be imported",
            problems=[f"package '{name}' is not known" for name in unknown],
        )
    errors = [document.getError(i) for i in range(document.getNumErrors())]
    serious = [
        error
        for error in errors
        if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR and error.getErrorId() not in HARMLESS
    ]
    if serious or document.getModel() is None:
        problems = [
            f"line {error.getLine()}: {' '.join(error.getShortMessage().split())}" for error in serious
        ]
        raise FileError(f"{path} is not valid SBML", problems=problems or ["it holds no model"])


def _build(libsbml: Element, model: Element, path: Path | str) -> SbmlModel:
    draft = Draft(libsbml, model)
    collect(draft)
    rules = choose_unknowns(draft)
    sort_quantities(draft)
    read_equations(draft)
    solve_rules(draft, rules)
    events = read_events(draft) if not draft.problems else ()
    add_rates_of_change(draft)
    if draft.problems:
        raise InputError(
            f"the SBML model in {path} cannot be imported", problems=dict.fromkeys(draft.problems)
        )
    system = _build_system(draft)
    past = StartResolver(draft, is_before=True)
    delayed = tuple(
        Delayed(name, value, past.expand(value), lag) for (value, lag), name in draft.delayed.items()
    )
    hybrid = HybridSystem(system, events, delayed)
    _require_values(draft, hybrid, path)
    names = {identifier: draft.name_of(identifier) for identifier in draft.symbols}
    return SbmlModel(hybrid, draft.parameters, names)


def _build_system(draft: Draft) -> OdeSystem:
    starts = StartResolver(draft)
    states = tuple(draft.rates)
    initial = tuple(starts.resolve(name) for name in states)
    # what starts with a value and is no state keeps it
    kept = {name: starts.resolve(name) for name in draft.initial if name not in draft.rates}
    formulas = {**draft.formulas, **{name: e for name, e in kept.items() if name not in draft.formulas}}
    formulas = {name: sympy.sympify(e) for name, e in formulas.items()}
    return OdeSystem(
        name=draft.model.getId() or "imported model",
        states=states,
        parameters=tuple(draft.parameters),
        rates=tuple(sympy.sympify(rate) for rate in draft.rates.values()),
        initial=initial,
        assignments=tuple((name, formulas[name]) for name in order_formulas(formulas)),
        time_unit=draft.model.getTimeUnits() or "time unit",
    )


def _require_values(draft: Draft, hybrid: HybridSystem, path: Path | str) -> None:
    """Refuse a model that uses what has no value."""
    system = hybrid.system
    used = [*system.rates, *system.initial, *(x for event in hybrid.events for x in _expressions(event))]
    used += [e for _, e in system.assignments]
    free = {x.name for e in [*used, *(e for _, e in find_needed(system, used))] for x in e.free_symbols}
    problems = [f"'{name}' is used but has no value" for name in sorted(draft.unset & free)]
    problems += [
        f"the rate of '{name}' is not a number" for name in _find_not_numbers(system, draft.not_a_number)
    ]
    known = {*system.states, *system.parameters, *(name for name, _ in system.assignments), TIME.name}
    problems += [f"'{name}' is used but nothing decides it" for name in sorted(free - known)]
    if problems:
        raise InputError(
            f"the SBML model in {path} cannot be imported",
            problems=[text.replace("'initial_", "the start of '") for text in problems],
        )


def _find_not_numbers(system: OdeSystem, not_a_number: str) -> list[str]:
    """Return the states whose rate is never a number."""
    rates = substitute_assignments(system, system.rates)
    plain = [
        rate.replace(lambda x: isinstance(x, sympy.Piecewise), lambda _: sympy.Integer(0)) for rate in rates
    ]
    nothing = symbol(not_a_number)
    return [name for name, rate in zip(system.states, plain, strict=True) if nothing in rate.free_symbols]


def _expressions(event: Event) -> tuple[Expression, ...]:
    priority = () if event.priority is None else (event.priority,)
    return (
        event.trigger,
        event.delay,
        *priority,
        *(x for change in event.changes for x in (change.value, change.factor, symbol(change.state))),
    )
