"""The model as a page: mechanisms, equations, symbols with their values and sources, simplifications.

``make docs`` writes the page anew; a test fails if it is stale.
"""

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from types import ModuleType

import sympy

from ifntrial.course.system import build_system
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.model.mechanisms.tissues import TISSUES
from ifntrial.model.parts import Mechanism, Reaction, Values
from ifntrial.model.values import evidence_row
from ifntrial.solver import TIME, symbol
from ifntrial.studies.validate.removal import DAY, removal_lines

COMMAND = "make docs"
PICTURE_WORDS = (
    "The model as a picture, from interferons over their receptor to vessels, immunity, fibrosis and scores"
)
_ANY_TISSUE = re.compile(rf"_({'|'.join(TISSUES)})\b")
_PLACE = "_X"
BY_PATIENT = "each patient's own"


def model_page(model: Model, evidence: Evidence) -> str:
    """Return the page in Markdown, with equations in LaTeX."""
    parts = [
        _head(model),
        *(_section(x, model, evidence) for x in model.mechanisms),
        _removals(),
        _sources(model, evidence),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _head(model: Model) -> str:
    lines = [
        "# The model",
        "",
        f"Made from the mechanism files and the evidence tables by `{COMMAND}`; do not edit by hand.",
        "",
        f"{len(model.mechanisms)} mechanisms, {len(model.species)} variables, {len(model.parameters)} parameters; "
        f"the drug is {model.drug.name}. Time is in days from the first dose. X stands for each of the places named "
        "beside an equation. Status: *measured* is as published, *fitted* was estimated from data by the source, "
        "*assumed* is a judgement with its reason in the evidence tables (`ifntrial evidence show NAME`).",
        "",
        "A research tool: not for diagnosis or treatment.",
        "",
        f"[![{PICTURE_WORDS}](pathway.svg)](pathway.svg)",
        "",
        "What anifrolumab, 120 mg SC every week, does along the pathway at week 52, against no treatment in the same "
        "virtual patients with a high signature. Arrows are those of the equations below; the strength of dashed ones is "
        "assumed, as no trial has told it. `ifntrial map` draws it for any drug, regimen and week, with the equation and "
        "the evidence behind each box.",
        "",
    ]
    return "\n".join([*lines, *(f"- [{x.meaning}](#{x.name})" for x in model.mechanisms), ""])


def _section(mechanism: Mechanism, model: Model, evidence: Evidence) -> str:
    lines = [f"## {mechanism.name}", "", f"{mechanism.meaning}.", "", *_simplifications(mechanism), ""]
    for heading, equations in (
        ("Definitions", _definitions(mechanism, model)),
        ("Rates of change", _rates(mechanism, model)),
        ("Read-outs", _observables(mechanism, model)),
    ):
        if equations:
            lines += [f"### {heading} ({mechanism.name})", "", *_typeset(equations), ""]
    lines += _variables(mechanism)
    lines += _parameters(mechanism, model, evidence)
    return "\n".join(lines)


def _simplifications(mechanism: Mechanism) -> list[str]:
    """Return what the module's own text says: what it holds, and what it leaves out."""
    text = inspect.getdoc(_module_of(mechanism)) or ""
    return text.replace("``", "`").splitlines()


def _module_of(mechanism: Mechanism) -> ModuleType:
    found = [
        module
        for name, module in sorted(sys.modules.items())
        if name.startswith("ifntrial.model.") and getattr(module, "MECHANISM", None) is mechanism
    ]
    return found[0]


_Equation = tuple[str, sympy.Expr]


def _definitions(mechanism: Mechanism, model: Model) -> list[_Equation]:
    laws = dict(build_system(model).assignments)
    return [(x.name, laws[x.name]) for x in mechanism.assignments]


def _observables(mechanism: Mechanism, model: Model) -> list[_Equation]:
    laws = dict(build_system(model).outputs)
    return [(x.name, laws[x.name]) for x in mechanism.observables]


def _rates(mechanism: Mechanism, model: Model) -> list[_Equation]:
    """Return what this mechanism alone adds to the rate of each variable."""
    s = Values({x.name: symbol(x.name) for x in model.species}, "species or assignment")
    s.add("time", TIME)
    for assignment in model.assignments:
        s.add(assignment.name, symbol(assignment.name))
    p = Values({x.name: symbol(x.name) for x in model.parameters}, "parameter")
    rates: dict[str, sympy.Expr] = {}
    for reaction in mechanism.reactions:
        for name, sign in _changes(reaction):
            rates[name] = rates.get(name, sympy.Integer(0)) + sign * sympy.sympify(reaction.rate(s, p))
    return [(f"d/dt {name}", rate) for name, rate in rates.items()]


def _changes(reaction: Reaction) -> Iterable[tuple[str, int]]:
    return reaction.change.items()


def _typeset(equations: list[_Equation]) -> Iterator[str]:
    """Yield equations; those that are alike but for the place stand once, with the places named."""
    alike: dict[str, list[tuple[str, str]]] = {}
    for name, expression in equations:
        places = set(_ANY_TISSUE.findall(" ".join([name, *(str(x) for x in expression.free_symbols)])))
        general = _latex(name, expression, anywhere=True)
        key = general if len(places) == 1 else f"{name} alone"
        alike.setdefault(key, []).append((_latex(name, expression), "".join(places)))
    for general, members in alike.items():
        text = general if len(members) > 1 else members[0][0]
        if len(members) > 1:
            yield f"For X = {', '.join(place for _, place in members)}:"
            yield ""
        yield from ("```math", text, "```")


def _latex(name: str, expression: sympy.Expr, *, anywhere: bool = False) -> str:
    rate, _, variable = name.rpartition(" ")
    left = _symbol_text(variable, anywhere)
    left = rf"\frac{{d}}{{dt}}\,{left}" if rate else left
    names = {x: _symbol_text(str(x), anywhere) for x in expression.free_symbols}
    return f"{left} = {sympy.latex(expression, symbol_names=names, order='none', mul_symbol='dot')}"


def _symbol_text(name: str, anywhere: bool) -> str:
    shown = _ANY_TISSUE.sub(_PLACE, name) if anywhere else name
    return "t" if name == "time" else rf"\mathrm{{{shown.replace('_', chr(92) + '_')}}}"


def _variables(mechanism: Mechanism) -> list[str]:
    rows = [(f"`{x.name}`", x.meaning, _unit(x.unit)) for x in mechanism.species]
    rows += [
        (f"`{x.name}`", x.meaning, _unit(x.unit)) for x in (*mechanism.assignments, *mechanism.observables)
    ]
    if not rows:
        return []
    return [f"### Symbols ({mechanism.name})", "", *_table(("symbol", "meaning", "unit"), rows), ""]


def _parameters(mechanism: Mechanism, model: Model, evidence: Evidence) -> list[str]:
    rows = []
    for x in mechanism.parameters:
        row = evidence_row(model, evidence, x.name)
        if row is None:
            rows.append((f"`{x.name}`", x.meaning, "", _unit(x.unit), BY_PATIENT, ""))
        else:
            sources = ", ".join(f"[{id}](#sources)" for id in row.sources)
            symbol_and_row = f"`{row.name}`" if x.name in row.name else f"`{x.name}`: row `{row.name}`"
            rows.append((symbol_and_row, x.meaning, f"{row.value:g}", _unit(row.unit), row.status, sources))
    if not rows:
        return []
    header = ("parameter", "meaning", "value", "unit", "status", "source")
    return [f"### Parameters ({mechanism.name})", "", *_table(header, rows), ""]


def _unit(unit: str) -> str:
    return "–" if unit in ("", "1") else unit


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


def _removals() -> str:
    head = [
        "## Leaving a mechanism out",
        "",
        f"What `--without NAME` should do to the typical patient on day {DAY:g}; each line is a test. Clinical effect by "
        "interferon status is a prior with mass on equality, not a tested direction.",
        "",
    ]
    return "\n".join([*head, *removal_lines(), ""])


def _sources(model: Model, evidence: Evidence) -> str:
    used: set[str] = set()
    for parameter in model.parameters:
        row = evidence_row(model, evidence, parameter.name)
        used |= set() if row is None else set(row.sources)
    lines = ["## Sources", ""]
    for source in sorted(evidence.sources, key=lambda x: x.id):
        if source.id in used:
            doi = f" doi {source.doi}" if source.doi else ""
            lines.append(f"- **{source.id}**: {source.citation}.{doi}")
    return "\n".join(lines)
