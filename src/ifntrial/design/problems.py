"""Every problem of a design at once: of single fields, of fields that clash, and of what no patient has."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ifntrial.design.assumed import check_effect, check_open_label_visits, check_visits
from ifntrial.design.clash import Clash, Rule
from ifntrial.design.covariates import rules_of_conditions
from ifntrial.design.elements import Arm, arm_problem
from ifntrial.design.inheritance import extend_design
from ifntrial.design.known import Known
from ifntrial.design.names import Names
from ifntrial.design.origin import Level, added_of
from ifntrial.design.parts import TrialDesign, rules_between_parts
from ifntrial.design.readable import clashes_of, readable_part
from ifntrial.design.statements import rules_of_statements
from ifntrial.design.telling import ADDED, EXTENDS, Problem, path_words, tell_clash, tell_field
from ifntrial.errors import closest, find_name, listed
from ifntrial.yaml_files import Place, given_words, line_of

Below = Callable[[str], tuple[Level, str | None]]
"""From the name of a known design to its file, and to the name of the design that it extends in turn."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in the content of a file.

    Parameters
    ----------
    design
        The design; None where a field is not valid.
    problems
        One text each, in the order of their lines.
    """

    design: TrialDesign | None
    problems: tuple[str, ...]


def examine(content: object, known: Known, text: str, below: Below) -> Examined:
    """Return the design that a file describes and every problem of it, each with its line and place.

    A rule between fields is asked wherever the fields that it reads are valid, whatever else is not.

    Parameters
    ----------
    content
        What the file holds, a mapping.
    text
        Its YAML; empty without lines.
    below
        Tells of a known design where its fields stand.
    """
    own: dict[str, Any] = content if isinstance(content, dict) else {}
    problems = list(_problems_of_extension(own, known, text))
    # without the design that it means to extend nobody can tell which fields are missing
    is_open = any(problem.text.startswith(EXTENDS) for problem in problems) or _means_to_extend(own)
    base = None if is_open else _name_of_base(own, known)
    merged = _merged(own, base, known, is_open)
    design, errors = _validated(merged, known)
    fields = [each for each in errors if not (is_open and each["type"] == "missing")]
    failed = [tuple(each["loc"]) for each in fields if each["type"] != "extra_forbidden"]
    levels = (
        Level("", text, _length(merged.get("eligibility")), added_of(own)),
        *_levels_below(base, below),
    )
    problems += [tell_field(each, TrialDesign, levels) for each in fields]
    part = design if design is not None else readable_part(TrialDesign, merged, failed)
    problems += [tell_clash(each, levels) for each in _clashes(part, known)]
    in_order = sorted(problems, key=lambda each: (each.line is None, each.line or 0))
    return Examined(design, tuple(dict.fromkeys(each.words() for each in in_order)))


def _clashes(design: TrialDesign, known: Known) -> list[Clash]:
    rules = [
        *_rules_within_parts(design, known.names),
        *rules_between_parts(design),
        *rules_of_statements(design, known.names),
    ]
    if known.names.covariates is not None:
        rules += rules_of_conditions(design, known.names.covariates)
    return list(clashes_of(rules))


def _rules_within_parts(design: TrialDesign, names: Names) -> Iterator[Rule]:
    """Yield the rules within one part of a design each, which may lack fields that could not be read."""
    for place, arm in enumerate(getattr(design, "arms", ())):
        yield partial(_arm_gets_its_drug, arm, names, ("arms", place))
    assumed = getattr(design, "assumed", None)
    schedule = getattr(assumed, "schedule", None)
    effect = getattr(getattr(assumed, "rescue", None), "effect", None)
    if schedule is not None:
        yield partial(check_visits, schedule)
        yield partial(check_open_label_visits, schedule)
    if effect is not None:
        yield partial(check_effect, effect)


def _arm_gets_its_drug(arm: Arm, names: Names, place: Place) -> Iterator[Clash]:
    problem = arm_problem(arm, names)
    if problem:
        yield Clash(place, problem)


def _problems_of_extension(own: Mapping[str, Any], known: Known, text: str) -> Iterator[Problem]:
    """Yield what is wrong with the two fields that a design does not keep."""

    def problem(name: str, words: str) -> Problem:
        line = line_of(text, (name,)) if text else None
        return Problem(line, f"{path_words((name,))}: {words} (given: {given_words(own[name])})")

    if EXTENDS not in own:
        return
    base, names = own[EXTENDS], tuple(known.designs)
    if _name_of_base(own, known) is None:
        hint = closest(str(base), names) if isinstance(base, str) else ""
        which = f"; {hint}" if hint else f"; shipped are {listed(names)}"
        yield problem(EXTENDS, f"the file extends what is not a shipped design{which}")
    if not isinstance(own.get(ADDED, []), list):
        yield problem(ADDED, "add_eligibility is not a list of entry criteria")


def _name_of_base(own: Mapping[str, Any], known: Known) -> str | None:
    """Return the known design that a file extends, whatever its capitals; None where there is none of that name."""
    base = own.get(EXTENDS)
    return find_name(base, known.designs) if isinstance(base, str) else None


def _means_to_extend(own: Mapping[str, Any]) -> bool:
    """Return whether a file has ``extends`` misspelt."""
    names = [name for name in own if isinstance(name, str)]
    return EXTENDS not in own and bool(get_close_matches(EXTENDS, names, n=1, cutoff=0.75))


def _merged(own: dict[str, Any], base: str | None, known: Known, is_open: bool) -> dict[str, Any]:
    """Return the content on top of the design that it extends, if it extends one."""
    changed = dict(own)
    if EXTENDS in own and not isinstance(own.get(ADDED, []), list):
        del changed[ADDED]
    if base is not None:
        below = known.designs[base].model_dump(mode="json", exclude_none=True)
        return extend_design(below, changed, known.names.kinds)
    if is_open:
        added = changed.pop(ADDED, [])
        changed.pop(EXTENDS, None)
        return {**changed, "eligibility": [*changed.get("eligibility", []), *added]} if added else changed
    return changed


def _validated(content: dict[str, Any], known: Known) -> tuple[TrialDesign | None, list[ErrorDetails]]:
    """Return the design, or None with the errors of its single fields; those of rules between fields are told apart."""
    try:
        return TrialDesign.model_validate(content, context=known.names), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, [each for each in found if not _is_of_several_fields(each)]


def _is_of_several_fields(error: ErrorDetails) -> bool:
    """Return whether a record refused what it is made of, which a rule tells with its place."""
    return error["type"] == "value_error" and isinstance(error["input"], dict)


def _levels_below(base: str | None, below: Below) -> Iterator[Level]:
    name = base
    while name is not None:
        level, name = below(name)
        yield level


def _length(value: object) -> int:
    return len(value) if isinstance(value, list) else 0
