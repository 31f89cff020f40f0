"""Small SBML models written in a few words, for tests of what is read and solved."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import libsbml


def write_sbml(
    path: Path,
    *,
    level: int = 3,
    version: int = 2,
    sizes: Mapping[str, float | None] | None = None,
    values: Mapping[str, float | None] | None = None,
    species: Mapping[str, Mapping[str, object]] | None = None,
    functions: Mapping[str, str] | None = None,
    start: Mapping[str, str] | None = None,
    assign: Mapping[str, str] | None = None,
    rate: Mapping[str, str] | None = None,
    algebraic: Sequence[str] = (),
    reactions: Mapping[str, tuple[Sequence[object], Sequence[object], str]] | None = None,
    local: Mapping[str, Mapping[str, float]] | None = None,
    events: Sequence[Mapping[str, object]] = (),
    conversion: str = "",
) -> Path:
    """Write a model and return its path.

    Species are given by ``amount`` or ``concentration`` and marks (``only``, ``boundary``, ``constant``, ``factor``).
    A side of a reaction lists species, or (species, stoichiometry, id). Events have ``when``, ``set`` and, if wanted,
    ``after``, ``priority``, ``starts``, ``persists``, ``early``.
    """
    document = libsbml.SBMLDocument(level, version)
    model = document.createModel()
    if conversion:
        model.setConversionFactor(conversion)
    moving = {*(assign or {}), *(rate or {}), *(x for e in events for x in e["set"])}
    _add_values(model, sizes if sizes is not None else {"c": 1.0}, values or {}, moving, bool(algebraic))
    for name, marks in (species or {}).items():
        _add_species(model, name, marks)
    for create, set_name, formulas in (
        (model.createFunctionDefinition, "setId", functions),
        (model.createInitialAssignment, "setSymbol", start),
        (model.createAssignmentRule, "setVariable", assign),
        (model.createRateRule, "setVariable", rate),
    ):
        for name, text in (formulas or {}).items():
            item = create()
            getattr(item, set_name)(name)
            item.setMath(_parse(text))
    for text in algebraic:
        model.createAlgebraicRule().setMath(_parse(text))
    for name, (left, right, law) in (reactions or {}).items():
        _add_reaction(model, name, left, right, law, (local or {}).get(name, {}), moving)
    for number, event in enumerate(events):
        _add_event(model, f"e{number}", event)
    path.write_text(libsbml.writeSBMLToString(document), encoding="utf-8")
    return path


def _add_values(model, sizes, values, moving, is_free):
    for name, size in sizes.items():
        place = model.createCompartment()
        place.setId(name)
        place.setSpatialDimensions(3)
        place.setConstant(name not in moving)
        if size is not None:
            place.setSize(size)
    for name, value in values.items():
        parameter = model.createParameter()
        parameter.setId(name)
        parameter.setConstant(name not in moving and not is_free)
        if value is not None:
            parameter.setValue(value)


def _parse(text):
    node = libsbml.parseL3Formula(text)
    assert node is not None, (text, libsbml.getLastParseL3Error())
    return node


def _add_species(model, name, marks):
    one = model.createSpecies()
    one.setId(name)
    one.setCompartment(str(marks.get("in", "c")))
    one.setHasOnlySubstanceUnits(bool(marks.get("only")))
    one.setBoundaryCondition(bool(marks.get("boundary")))
    one.setConstant(bool(marks.get("constant")))
    if "factor" in marks:
        one.setConversionFactor(str(marks["factor"]))
    if "amount" in marks:
        one.setInitialAmount(float(marks["amount"]))
    if "concentration" in marks:
        one.setInitialConcentration(float(marks["concentration"]))


def _add_reaction(model, name, left, right, law, local, moving):
    reaction = model.createReaction()
    reaction.setId(name)
    reaction.setReversible(False)
    if model.getLevel() < 3 or model.getVersion() < 2:
        reaction.setFast(False)
    for side, create in ((left, reaction.createReactant), (right, reaction.createProduct)):
        for item in side:
            reference = create()
            species, count, identifier = (item, 1.0, "") if isinstance(item, str) else item
            reference.setSpecies(species)
            reference.setConstant(identifier not in moving)
            if count is not None:
                reference.setStoichiometry(float(count))
            if identifier:
                reference.setId(identifier)
    kinetic = reaction.createKineticLaw()
    kinetic.setMath(_parse(law))
    for key, value in local.items():
        parameter = kinetic.createLocalParameter() if model.getLevel() > 2 else kinetic.createParameter()
        parameter.setId(key)
        parameter.setValue(value)


def _add_event(model, name, event):
    one = model.createEvent()
    one.setId(name)
    one.setUseValuesFromTriggerTime(bool(event.get("early", True)))
    trigger = one.createTrigger()
    trigger.setInitialValue(bool(event.get("starts", True)))
    trigger.setPersistent(bool(event.get("persists", True)))
    trigger.setMath(_parse(event["when"]))
    if "after" in event:
        one.createDelay().setMath(_parse(event["after"]))
    if "priority" in event:
        one.createPriority().setMath(_parse(event["priority"]))
    for target, text in event["set"].items():
        change = one.createEventAssignment()
        change.setVariable(target)
        change.setMath(_parse(text))
