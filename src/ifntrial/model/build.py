"""Mechanisms and a drug become one model; names, units and values are checked together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isclose
from typing import Any

import pint
import sympy

from ifntrial.errors import ModelError, resolve_name
from ifntrial.model.drugs import Drug
from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Reaction, Species, Values, one
from ifntrial.units import parse_unit, units

MODEL_VERSION = 4
"""Changes whenever a default equation does."""

TIME_UNIT = "day"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Everything that happens between a dose and a clinical score, as names, units and laws.

    Parameters
    ----------
    drug
        The drug whose pharmacokinetics is in it.
    mechanisms
        In order; the drug's own comes first.
    without
        Names of mechanisms whose reactions are switched off; of one that has none, definitions stay at one instead.
    species, parameters, reactions, observables
        Of all mechanisms, in order.
    assignments
        Sorted so that each uses only species, parameters, time and earlier ones.
    """

    drug: Drug
    mechanisms: tuple[Mechanism, ...]
    without: tuple[str, ...]
    species: tuple[Species, ...]
    parameters: tuple[Parameter, ...]
    assignments: tuple[Assignment, ...]
    reactions: tuple[Reaction, ...]
    observables: tuple[Assignment, ...]

    @property
    def shared(self) -> tuple[Mechanism, ...]:
        """The mechanisms that are the same for every drug."""
        return self.mechanisms[1:]

    def __reduce__(self) -> tuple[Callable[..., "Model"], tuple[object, ...]]:
        """Send what the model is made of to another process, which makes it again."""
        return build_model, (self.drug, self.shared, self.without)


def build_model(drug: Drug, mechanisms: Iterable[Mechanism], without: Iterable[str] = ()) -> Model:
    """Return the model of a drug in a body, less the mechanisms in ``without``.

    Parameters
    ----------
    mechanisms
        What happens in the body whatever the drug, in order.
    without
        Names of mechanisms of either.

    Raises
    ------
    UnknownNameError
        If a mechanism to leave out does not exist.
    ModelError
        If names clash, a unit is wrong or an assignment cannot be ordered; lists every problem.
    """
    return _build(drug, tuple(mechanisms), tuple(without))


@lru_cache(maxsize=32)
def _build(drug: Drug, shared: tuple[Mechanism, ...], left_out: tuple[str, ...]) -> Model:
    mechanisms = (drug.structure, *shared)
    by_name = {mechanism.name: mechanism for mechanism in mechanisms}
    for name in left_out:
        resolve_name(name, by_name, "mechanism")
    active = [mechanism for mechanism in mechanisms if mechanism.name not in left_out]
    problems = _duplicates(mechanisms)
    parameters = _merge_parameters(mechanisms, problems)
    species = tuple(x for mechanism in mechanisms for x in mechanism.species)
    assignments = sort_assignments(
        [x for mechanism in mechanisms for x in _definitions(mechanism, left_out)],
        species,
        parameters,
        problems,
    )
    if problems:
        raise ModelError("the mechanisms do not fit together", problems=problems)
    return Model(
        drug=drug,
        mechanisms=mechanisms,
        without=left_out,
        species=species,
        parameters=parameters,
        assignments=assignments,
        reactions=tuple(x for mechanism in active for x in mechanism.reactions),
        observables=tuple(x for mechanism in mechanisms for x in mechanism.observables),
    )


def _definitions(mechanism: Mechanism, left_out: tuple[str, ...]) -> tuple[Assignment, ...]:
    """Return the assignments; those of a mechanism without reactions are one, as untreated, where it is left out."""
    if mechanism.name in left_out and not mechanism.reactions:
        return tuple(replace(x, law=one) for x in mechanism.assignments)
    return mechanism.assignments


def _duplicates(mechanisms: Iterable[Mechanism]) -> list[str]:
    seen: dict[str, str] = {}
    problems = []
    for mechanism in mechanisms:
        names = [x.name for x in mechanism.species]
        names += [x.name for x in (*mechanism.assignments, *mechanism.observables)]
        for name in names:
            if name in seen:
                problems.append(f"'{name}' is defined by '{seen[name]}' and by '{mechanism.name}'")
            seen[name] = mechanism.name
    return problems


def _merge_parameters(mechanisms: Iterable[Mechanism], problems: list[str]) -> tuple[Parameter, ...]:
    merged: dict[str, Parameter] = {}
    for mechanism in mechanisms:
        for parameter in mechanism.parameters:
            first = merged.setdefault(parameter.name, parameter)
            if first.unit != parameter.unit:
                problems.append(
                    f"parameter '{parameter.name}' has unit [{first.unit}] and, in '{mechanism.name}', [{parameter.unit}]"
                )
    return tuple(merged.values())


def symbolic_values(
    species: Iterable[Species], parameters: Iterable[Parameter], make: Callable[[str], Any]
) -> tuple[Values, Values]:
    """Return species (with ``time``) and parameters as values made by ``make(name)``."""
    s = Values({x.name: make(x.name) for x in species}, "species or assignment")
    s.add("time", make("time"))
    return s, Values({x.name: make(x.name) for x in parameters}, "parameter")


def sort_assignments(
    assignments: list[Assignment],
    species: Iterable[Species],
    parameters: Iterable[Parameter],
    problems: list[str],
) -> tuple[Assignment, ...]:
    """Return the assignments so that each uses only earlier ones; what cannot be placed goes to ``problems``."""
    s, p = symbolic_values(species, parameters, sympy.Symbol)
    pending, placed = list(assignments), []
    while pending:
        waiting: list[Assignment] = []
        reasons: list[str] = []
        for assignment in pending:
            try:
                assignment.law(s, p)
            except AttributeError as error:
                waiting.append(assignment)
                reasons.append(f"assignment '{assignment.name}': {error}")
                continue
            s.add(assignment.name, sympy.Symbol(assignment.name))
            placed.append(assignment)
        if len(waiting) == len(pending):
            problems.extend(reasons)
            break
        pending = waiting
    return tuple(placed)


def check_units(model: Model) -> list[str]:
    """Return one problem per law whose unit is not the declared one.

    Every quantity gets a distinct value with its unit, every law is called once. Two quantities of the same unit that
    are swapped cannot be seen this way.
    """
    value = _distinct_quantities(model)
    s = Values({x.name: value[x.name] for x in model.species}, "species or assignment")
    s.add("time", units.Quantity(2.5, TIME_UNIT))
    p = Values({x.name: value[x.name] for x in model.parameters}, "parameter")
    problems: list[str] = []
    for assignment in (*model.assignments, *model.observables):
        problems += _unit_problem(f"assignment '{assignment.name}'", assignment.law, s, p, assignment.unit)
        s.add(assignment.name, value[assignment.name])
    by_name = {x.name: x for x in model.species}
    for item in model.species:
        problems += _unit_problem(f"initial value of '{item.name}'", item.initial, s, p, item.unit)
    for reaction in model.reactions:
        for name in reaction.change:
            unit = f"({by_name[name].unit})/{TIME_UNIT}"
            problems += _unit_problem(f"reaction '{reaction.name}' on '{name}'", reaction.rate, s, p, unit)
    return problems


def _distinct_quantities(model: Model) -> dict[str, pint.Quantity[float]]:
    unit_of = {x.name: x.unit for x in model.species} | {x.name: x.unit for x in model.parameters}
    unit_of |= {x.name: x.unit for x in (*model.assignments, *model.observables)}
    # Values differ, so that a difference of two does not vanish; all lie in (0, 1), where every law is defined.
    return {
        name: units.Quantity(0.3 + 0.4 * i / len(unit_of), parse_unit(unit))
        for i, (name, unit) in enumerate(unit_of.items())
    }


def _unit_problem(where: str, law: Law, s: Values, p: Values, unit: str) -> list[str]:
    expected = units.Quantity(1.0, parse_unit(unit))
    try:
        found = law(s, p)
    except (pint.DimensionalityError, AttributeError) as error:
        return [f"{where}: {error}"]
    if not isinstance(found, units.Quantity):
        # A bare 0 or 1 is right for what is dimensionless, and 0 for anything.
        return (
            []
            if found == 0 or expected.dimensionless
            else [f"{where} has no unit; expected [{expected.units:~}]"]
        )
    if not found.is_compatible_with(expected) or not isclose(
        found.to(expected.units).m, found.m, rel_tol=1e-9
    ):
        return [f"{where} is in [{found.units:~}]; expected [{expected.units:~}]"]
    return []


class _Symbols:
    """Any name as a symbol."""

    def __getitem__(self, name: str) -> sympy.Symbol:
        return sympy.Symbol(name)

    __getattr__ = __getitem__


def equations_of(mechanisms: Iterable[Mechanism]) -> list[tuple[str, str, str, str]]:
    """Return every law in symbols: mechanism, name of what it is for, unit, and the expression."""
    s: Any = _Symbols()
    found = []
    for each in mechanisms:
        found += [(each.name, x.name, x.unit, str(x.initial(s, s))) for x in each.species]
        found += [
            (each.name, x.name, x.unit, str(x.law(s, s))) for x in (*each.assignments, *each.observables)
        ]
        found += [(each.name, x.name, str(dict(x.change)), str(x.rate(s, s))) for x in each.reactions]
    return found


def row_names(drug: Drug, mechanisms: Iterable[Mechanism], name: str) -> tuple[str, ...]:
    """Return the evidence rows that can hold a parameter, best first.

    A parameter of the drug's structure has the drug's own row, or else the general one of the same name; so has what
    is no parameter of the equations, as bioavailability. A parameter of a shared mechanism has one row, which is the
    same for every drug.
    """
    if all(parameter.name != name for parameter in drug.structure.parameters):
        for mechanism in mechanisms:
            for parameter in mechanism.parameters:
                if parameter.name == name:
                    return (parameter.row or name,)
    return (f"{drug.name}.{name}", name)


ETA = "eta_"
"""What the name of a between-subject deviation starts with; the rest is what deviates."""
BESIDE_EQUATIONS = {"bioavailability": "dose"}
"""What no equation holds and a drug's rows may: to who uses it."""


def used_parameters(drugs: Iterable[Drug], mechanisms: Sequence[Mechanism]) -> dict[str, tuple[str, ...]]:
    """Return which mechanisms use each parameter: name of the evidence row to names of mechanisms, or to ``dose``."""
    used: dict[str, list[str]] = {}
    for drug in drugs:
        for mechanism in (drug.structure, *mechanisms):
            for parameter in mechanism.parameters:
                for name in row_names(drug, mechanisms, parameter.name):
                    users = used.setdefault(name, [])
                    if mechanism.name not in users:
                        users.append(mechanism.name)
        for name, user in BESIDE_EQUATIONS.items():
            used |= {row: [user] for row in row_names(drug, mechanisms, name)}
    return {name: tuple(users) for name, users in used.items()}
