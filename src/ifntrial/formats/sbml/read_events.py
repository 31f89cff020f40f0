"""Events of an SBML model."""

from typing import Any

import sympy

from ifntrial.formats.sbml.draft import Draft
from ifntrial.formats.sbml.math import UnsupportedMathError
from ifntrial.solver.hybrid.system import Change, Event

Element = Any


def read_events(draft: Draft) -> tuple[Event, ...]:
    """Return the events that have a trigger; what has no formula is absent."""
    events = []
    for number, event in enumerate(draft.model.getListOfEvents(), start=1):
        trigger = event.getTrigger()
        if trigger is None or not trigger.isSetMath():
            continue
        name = event.getId() or f"number {number}"
        try:
            events.append(_read_event(draft, name, event, trigger))
        except UnsupportedMathError as error:
            draft.problems.append(f"event '{name}': {error}")
    return tuple(events)


def _read_event(draft: Draft, name: str, event: Element, trigger: Element) -> Event:
    reader, has_flags = draft.reader, draft.model.getLevel() > 2
    delay, priority = event.getDelay(), event.getPriority() if has_flags else None
    changes = tuple(
        _read_change(draft, item) for item in event.getListOfEventAssignments() if item.isSetMath()
    )
    return Event(
        name=name,
        trigger=reader.read_condition(trigger.getMath()),
        starts_true=bool(trigger.getInitialValue()) if has_flags else True,
        is_persistent=bool(trigger.getPersistent()) if has_flags else True,
        delay=(
            reader.read_number(delay.getMath())
            if delay is not None and delay.isSetMath()
            else sympy.Integer(0)
        ),
        priority=(
            reader.read_number(priority.getMath()) if priority is not None and priority.isSetMath() else None
        ),
        takes_early_values=bool(event.getUseValuesFromTriggerTime()),
        changes=changes,
    )


def _read_change(draft: Draft, item: Element) -> Change:
    target = item.getVariable()
    value = draft.reader.read_number(item.getMath())
    if target in draft.held:
        size = draft.symbols[draft.things[target].getCompartment()]
        return Change(draft.held[target], value, size)
    if draft.name_of(target) not in draft.rates:
        raise UnsupportedMathError(f"it sets '{target}', which a rule decides")
    return Change(draft.name_of(target), value)
