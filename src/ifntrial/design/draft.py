"""A first file for a trial of one's own, with comments, on top of a shipped design."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import floor

import yaml

from ifntrial.design.design import design_from_mapping
from ifntrial.design.inheritance import RESPONSE
from ifntrial.design.known import Known
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.errors import InputError, listed, resolve_name
from ifntrial.yaml_files import parse

USUAL_BASE = "daisy"
MOST_BLOCK = 64
_EVERY_WEEKS, _FIRST_LOOK = 12.0, 4.0
_OF_KIND = {
    RESPONSE: "a response, tested by analysis.method",
    "change": "a change from baseline, compared between arms",
    "value": "a value at the visit, compared between arms",
    "count": "a number of events until the visit, compared between arms",
    "time": "a time to an event until the visit, compared between arms",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What has to be said of a trial of one's own.

    Parameters
    ----------
    name, title
        Of the trial.
    endpoint, week
        Primary endpoint and its visit [week], at which the randomized treatment ends.
    patients
        Planned number of subjects.
    regimens
        What each active arm is given, in words.
    control
        What the control arm is given; empty for placebo in the way of the first active arm.
    ratio
        Allocation, one number for each active arm and the last for the control.
    visits
        Planned visits [week]; empty for baseline, week 4, every 12 weeks and the primary visit.
    conditions
        Whom to enroll beside the criteria of the design below.
    drug, base
        What active arms give, and the shipped design that the file extends.
    """

    name: str
    title: str
    endpoint: str
    week: float
    patients: int
    regimens: tuple[str, ...]
    control: str = ""
    ratio: tuple[int, ...] = ()
    visits: tuple[float, ...] = ()
    conditions: tuple[str, ...] = ()
    drug: str = "anifrolumab"
    base: str = USUAL_BASE


def write_draft(draft: Draft, kinds: Mapping[str, str]) -> str:
    """Return the YAML of a design with comments; whether it is a design is for ``design_from_mapping`` to say.

    Parameters
    ----------
    kinds
        Kind of each endpoint, as ``Names.kinds``.

    Raises
    ------
    InputError
        If the endpoint or a regimen is not known, or the ratio does not fit the arms.
    """
    kind = resolve_name(draft.endpoint, kinds, "endpoint")
    ratio = draft.ratio or (1,) * (len(draft.regimens) + 1)
    if len(ratio) != len(draft.regimens) + 1:
        raise InputError(
            "the allocation ratio does not fit the arms",
            given=":".join(map(str, ratio)),
            allowed=f"{len(draft.regimens) + 1} whole numbers, one for each active arm and the last for the control",
            fix="write it like 2:1",
        )
    visits = draft.visits or usual_visits(draft.week)
    return "\n".join(
        [*_who(draft), *_arms(draft, ratio), *_what(draft, kind), *_rules(draft, kind, ratio, visits), ""]
    )


def checked_draft(draft: Draft, known: Known) -> str:
    """Return the YAML of a draft that is a design.

    Raises
    ------
    InputError
        As ``write_draft``, or with every problem of the design that it would be.
    """
    text = write_draft(draft, known.names.kinds)
    design_from_mapping(parse(text, draft.name, "design"), known, draft.name)
    return text


def usual_visits(week: float) -> tuple[float, ...]:
    """Return visits up to a week: baseline, week 4, every 12 weeks, and the week itself [week]."""
    between = [_EVERY_WEEKS * number for number in range(1, floor(week / _EVERY_WEEKS) + 1)]
    return tuple(sorted({0.0, *(each for each in (_FIRST_LOOK, *between) if each < week), week}))


def placebo_like(regimen: str) -> str:
    """Return placebo in the way of a regimen in words, with its routes and times; errors as in ``parse_regimen``.

    Examples
    --------
    >>> placebo_like("300 mg IV every 4 weeks")
    'placebo IV every 4 weeks'
    """
    return ", then ".join(
        re.sub(r"^\S+ mg(/kg)?", "placebo", part.words()) for part in parse_regimen(regimen).parts
    )


def _who(draft: Draft) -> list[str]:
    return [
        f"# A trial of our own. The rest is that of {draft.base}: 'ifntrial design show {draft.base} --yaml'.",
        "# 'ifntrial design check FILE' tells every problem with its line.",
        f"extends: {_plain(draft.base)}",
        "schema_version: 1",
        f"name: {_plain(draft.name)}",
        f"title: {_plain(draft.title)}",
        "",
        "# Subjects planned; add 'enrolled' once it is known.",
        f"size: {{planned: {draft.patients}}}",
        "",
    ]


def _arms(draft: Draft, ratio: tuple[int, ...]) -> list[str]:
    several = len(draft.regimens) > 1
    control = draft.control or placebo_like(draft.regimens[0])
    name = "placebo" if parse_regimen(control).is_placebo else "control"
    lines = ["# Regimens in words; allocation is the share of each arm in the ratio.", "arms:"]
    for number, regimen in enumerate(draft.regimens):
        arm = f"{draft.drug} {number + 1}" if several else draft.drug
        given = "" if draft.drug == "anifrolumab" else f", drug: {_plain(draft.drug)}"
        lines.append(
            f"  - {{name: {_plain(arm)}, regimen: {_plain(regimen)}, allocation: {ratio[number]}{given}}}"
        )
    lines.append(
        f"  - {{name: {name}, regimen: {_plain(control)}, allocation: {ratio[-1]}, is_control: true}}"
    )
    return [*lines, ""]


def _what(draft: Draft, kind: str) -> list[str]:
    week = f"{draft.week:g}"
    lines = [
        "# Randomized treatment, then an open-label extension if there is one, then follow-up without treatment.",
        f"treatment_weeks: {week}",
        "open_label_weeks: 0",
        "follow_up_weeks: 12",
        "",
    ]
    if draft.conditions:
        lines += [
            f"# Beside the entry criteria of {draft.base}; 'eligibility' in place of 'add_eligibility' replaces those.",
            "add_eligibility:",
            *(f"  - {{text: {_plain(each)}, condition: {_plain(each)}}}" for each in draft.conditions),
            "",
        ]
    return [
        *lines,
        f"# {_OF_KIND[kind].capitalize()}. Others: 'ifntrial list endpoints'.",
        f"primary: {{endpoint: {_plain(draft.endpoint)}, visit_week: {week}}}",
        f"# Tested in this order after the primary one, such as {{endpoint: fvc_ml_change, visit_week: {week}}}.",
        "key_secondary: []",
        "",
    ]


def _rules(draft: Draft, kind: str, ratio: tuple[int, ...], visits: tuple[float, ...]) -> list[str]:
    block = 2 * sum(ratio) if 2 * sum(ratio) <= MOST_BLOCK else sum(ratio)
    is_response = kind == RESPONSE
    strategy = "composite" if is_response else "treatment_policy"
    summary = "risk_difference" if is_response else "mean_difference"
    meaning = "whoever stops or is rescued counts as a failure" if is_response else "all readings count"
    return [
        f"# Rules of the protocol; each says why. Those not stated here are as assumed for {draft.base}.",
        "assumed:",
        f"  randomization: {{block_size: {block}, reason: a multiple of the allocation ratio}}",
        "  schedule:",
        f"    visit_weeks: [{', '.join(f'{week:g}' for week in visits)}]",
        "    open_label_visit_weeks: []",
        "    reason: to be replaced by the visits of the protocol",
        f"  # Intercurrent events: {meaning}.",
        "  estimand:",
        f"    discontinuation: {strategy}",
        f"    rescue: {strategy}",
        f"    summary: {summary}",
        f"    reason: usual for an endpoint of the kind {kind}, to be replaced by that of the protocol",
    ]


def _plain(value: str) -> str:
    """Return a text as YAML writes it within a line."""
    dumped: str = yaml.safe_dump([value], default_flow_style=True, width=10**6, allow_unicode=True)
    return dumped.strip()[1:-1]


def read_ratio(text: str) -> tuple[int, ...]:
    """Return the numbers of an allocation ratio such as ``2:1``.

    Raises
    ------
    InputError
        If they are not whole numbers with colons between them.
    """
    return tuple(int(each) for each in _parts(text, ":", "an allocation ratio", "2:1"))


def read_weeks(text: str) -> tuple[float, ...]:
    """Return the weeks of a list such as ``0, 4, 12.5`` [week].

    Raises
    ------
    InputError
        If they are not numbers with commas between them.
    """
    return tuple(float(each) for each in _parts(text, ",", "a list of weeks", "0, 4, 12, 24"))


def _parts(text: str, between: str, what: str, example: str) -> list[str]:
    parts = [each.strip() for each in text.split(between)]
    wrong = [each for each in parts if not _is_number(each, between)]
    if wrong:
        raise InputError(
            f"{what} cannot be read", given=listed(wrong) or text, allowed=example, fix="write it like this"
        )
    return parts


def _is_number(text: str, between: str) -> bool:
    """Return whether a text is a number of few digits; a whole one in a ratio."""
    whole, _, rest = text.partition("." if between == "," else "\0")
    return whole.isascii() and whole.isdecimal() and len(text) < 10 and (not rest or rest.isdecimal())
