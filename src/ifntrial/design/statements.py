"""Whether what a design says of itself in words, and its estimand, fits its arms, weeks and endpoints."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial

from ifntrial.design.assumed import USUAL_METHOD
from ifntrial.design.clash import Clash, Rule
from ifntrial.design.inheritance import RESPONSE
from ifntrial.design.names import Names
from ifntrial.design.parts import TrialDesign, planned_endpoints
from ifntrial.errors import listed
from ifntrial.yaml_files import Place

_ESTIMAND = ("assumed", "estimand")
_SUMMARY_OF_RESPONSES = ("risk_difference", "odds_ratio")
_DOSE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*mg\b(?!/)", re.IGNORECASE)
_AT_WEEK = re.compile(r"\bweek\s+(\d+(?:\.\d+)?)|(?<![\d.])(\d+(?:\.\d+)?)[- ]weeks?\b", re.IGNORECASE)
_LASTS = re.compile(r"\b(?:for|over)\s+(\d+(?:\.\d+)?)\s+weeks|\bat week\s+(\d+(?:\.\d+)?)", re.IGNORECASE)
_REPEATED = re.compile(r"\bevery\s+\d+(?:\.\d+)?\s+weeks?", re.IGNORECASE)
_ROUTES = {"SC": r"\bSC\b|subcutaneous", "IV": r"\bIV\b|intravenous", "oral": r"\boral|by mouth"}
_SAY_LITTLE = {"change", "time", "ratio", "responder", "percent", "clinical", "one", "more", "new", "blood"}


def rules_of_statements(design: TrialDesign, names: Names | None) -> Iterator[Rule]:
    """Yield the rules about words and the estimand of a design, which may lack parts that could not be read."""
    kinds = names.kinds if names is not None else {}
    yield partial(_summary_fits, design, kinds)
    yield partial(_method_fits, design, kinds, names.fitting if names is not None else {})
    for event in ("discontinuation", "rescue"):
        yield partial(_strategy_fits, design, kinds, event)
    yield partial(_endpoint_in_words, design, kinds)
    yield partial(_week_in_words, design)
    yield partial(_doses_in_words, design, (*_ESTIMAND, "treatment"))
    yield partial(_routes_in_words, design)
    yield partial(_doses_in_words, design, ("title",))
    yield partial(_weeks_in_title, design)
    yield partial(_planned_once, design)


def _summary_fits(design: TrialDesign, kinds: Mapping[str, str]) -> Iterator[Clash]:
    kind, summary = kinds.get(design.primary.endpoint), design.assumed.estimand.summary
    if kind is not None and (summary in _SUMMARY_OF_RESPONSES) != (kind == RESPONSE):
        fitting = listed(_SUMMARY_OF_RESPONSES) if kind == RESPONSE else "mean_difference"
        yield Clash(
            (*_ESTIMAND, "summary"),
            f"the summary is {summary}, which does not fit {design.primary.endpoint}, a primary endpoint of kind {kind}; "
            f"fitting: {fitting}",
            ("primary", "endpoint"),
        )


def _method_fits(
    design: TrialDesign, kinds: Mapping[str, str], fitting: Mapping[str, tuple[str, ...]]
) -> Iterator[Clash]:
    kind, method = kinds.get(design.primary.endpoint), design.assumed.analysis.method
    # the usual test of a response stands for the usual one of any other kind
    if kind is None or method == USUAL_METHOD or kind in fitting.get(method, (kind,)):
        return
    able = [name for name, each in fitting.items() if kind in each]
    yield Clash(
        ("assumed", "analysis", "method"),
        f"the analysis is {method}, which does not test {design.primary.endpoint}, a primary endpoint of kind {kind}; "
        f"fitting: {listed(able)}",
        ("primary", "endpoint"),
    )


def _strategy_fits(design: TrialDesign, kinds: Mapping[str, str], event: str) -> Iterator[Clash]:
    kind = kinds.get(design.primary.endpoint)
    if kind not in (None, RESPONSE) and getattr(design.assumed.estimand, event) == "composite":
        yield Clash(
            (*_ESTIMAND, event),
            f"a composite strategy needs a response that an event turns into failure; {design.primary.endpoint} is "
            f"of kind {kind}",
            ("primary", "endpoint"),
        )


def _endpoint_in_words(design: TrialDesign, kinds: Collection[str]) -> Iterator[Clash]:
    text, primary = design.assumed.estimand.endpoint, design.primary.endpoint
    words = set(re.findall(r"[a-z]{3,}", (text or "").lower()))
    named = [name for name in kinds if _speaks_of(words, name)]
    if named and primary in kinds and not _speaks_of(words, primary):
        yield Clash(
            (*_ESTIMAND, "endpoint"),
            f"the words '{text}' speak of {listed(named)}; the primary endpoint is {primary}",
            ("primary", "endpoint"),
        )


def _speaks_of(words: Collection[str], endpoint: str) -> bool:
    """Return whether one of the words is a telling part of an endpoint's name, as ``criss`` of ``rcriss``."""
    parts = {part for part in endpoint.split("_") if len(part) > 2 and part not in _SAY_LITTLE}
    return any(part == word or (len(word) > 4 and part.endswith(word)) for part in parts for word in words)


def _week_in_words(design: TrialDesign) -> Iterator[Clash]:
    text, week = design.assumed.estimand.endpoint, design.primary.visit_week
    said = _numbers(_AT_WEEK, text)
    if said and week not in said:
        yield Clash(
            (*_ESTIMAND, "endpoint"),
            f"the words '{text}' speak of week {_all(said)}; the primary visit is week {week:g}",
            ("primary", "visit_week"),
        )


def _doses_in_words(design: TrialDesign, place: Place) -> Iterator[Clash]:
    text = design.title if place == ("title",) else design.assumed.estimand.treatment
    given = {dose for arm in design.arms for dose in _numbers(_DOSE, arm.regimen)}
    unknown = [dose for dose in _numbers(_DOSE, text) if dose not in given]
    if unknown:
        yield Clash(place, f"the words '{text}' speak of {_all(unknown)} mg, which no arm gives", ("arms",))


def _routes_in_words(design: TrialDesign) -> Iterator[Clash]:
    text = design.assumed.estimand.treatment or ""
    given = {part.route for arm in design.arms for part in arm.planned_dosing().parts}
    said = [route for route, words in _ROUTES.items() if re.search(words, text, re.IGNORECASE)]
    unknown = [route for route in said if route not in given]
    if unknown:
        yield Clash(
            (*_ESTIMAND, "treatment"),
            f"the words '{text}' speak of {listed(unknown)}, a route of no arm",
            ("arms",),
        )


def _weeks_in_title(design: TrialDesign) -> Iterator[Clash]:
    treated, later = design.treatment_weeks, design.treatment_weeks + design.open_label_weeks
    weeks = {treated, later, later + design.follow_up_weeks, design.open_label_weeks}
    weeks |= {*design.all_visit_weeks, *(each.visit_week for _, each in planned_endpoints(design))}
    unknown = [week for week in _numbers(_LASTS, design.title) if week not in weeks]
    if unknown:
        yield Clash(
            ("title",),
            f"the title speaks of week {_all(unknown)}; treatment_weeks is {treated:g} and no visit is then",
            ("treatment_weeks",),
        )


def _planned_once(design: TrialDesign) -> Iterator[Clash]:
    """Yield key secondary endpoints that are planned before at the same visit for the same patients."""
    before: dict[tuple[object, ...], Place] = {}
    for place, planned in planned_endpoints(design):
        if place == ("primary",):
            continue
        key = tuple(getattr(planned, name, None) for name in ("endpoint", "visit_week", "among"))
        if None in key[:2]:
            continue
        if key in before:
            yield Clash(place, f"{key[0]} at week {planned.visit_week:g} is planned twice", before[key])
        before.setdefault(key, place)


def _numbers(pattern: re.Pattern[str], text: str | None) -> list[float]:
    """Return the numbers that a pattern finds in words, in order, those of intervals left out."""
    clean = _REPEATED.sub("", text or "")
    return [float(next(filter(None, found.groups()))) for found in pattern.finditer(clean)]


def _all(numbers: Iterable[float]) -> str:
    return listed(f"{each:g}" for each in numbers)
