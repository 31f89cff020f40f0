"""Sentences of the map, and the tables below it."""

from collections.abc import Mapping, Sequence

from ifntrial.report.pathway.figure import value_in_box
from ifntrial.report.plots.frame import Table
from ifntrial.report.wording import in_a_row, number, subjects_in_words, unit_label
from ifntrial.studies.pathway.nodes import STEPS
from ifntrial.studies.pathway.result import PathwayBox, PathwayMap
from ifntrial.studies.simulate.result import OverSubjects

HEADINGS: Mapping[str, str] = {
    "Drug": "The drug",
    "Interferons": "Interferons",
    "Receptor": "Receptor",
    "JAK–STAT": "JAK–STAT",
    "Genes": "Interferon-stimulated genes and their feedback",
    "Drive": "What of the disease is driven through the receptor",
    "Disease": "Immunity, vessels, fibrosis",
    "Clinic": "What a trial reads",
}
"""Heading of each step of the chain."""

UNKNOWN = (
    "No trial has told how much of the disease passes through the interferon receptor: each share behind a dashed arrow "
    "is an assumption, here a fifth in a typical patient; forecasts draw it anew in every world."
)


def head(result: PathwayMap) -> str:
    """Return what is simulated, in one sentence."""
    size = result.people.subjects
    who = "one virtual subject" if size == 1 else f"{size} virtual subjects"
    return (
        f"{result.drug}, {result.regimen}, at week {number(result.week)}, against no treatment in the same {who}: "
        f"{result.people.meaning}."
    )


def status_note(result: PathwayMap) -> str:
    """Return what became of the subjects."""
    return subjects_in_words(result.subjects_status)


def caption(result: PathwayMap) -> str:
    """Return what is seen in the picture."""
    where = [box.title for box in result.boxes if box.name in attacked(result)]
    acts = f"{result.drug} acts on: {_shortly(where)}" if where else f"{result.drug} acts on nothing here"
    return (
        "Shaded by the change of the mean against untreated; scores show it in their unit, the drug how much there is "
        f"before a dose. Arrows are those of the equations. {acts}."
    )


def attacked(result: PathwayMap) -> set[str]:
    """Return the boxes on which the drug acts."""
    return {link.to_box for link in result.links if link.is_attack}


def _shortly(titles: Sequence[str]) -> str:
    """Return titles, those that differ in the part of the body alone as one."""
    found: dict[str, list[str]] = {}
    for title in titles:
        what, _, where = title.rpartition(", ")
        found.setdefault(what or title, []).append(where if what else "")
    return "; ".join(
        what if not any(places) else f"{what[:1].lower()}{what[1:]} in {in_a_row(places)}"
        for what, places in found.items()
    )


def box_text(box: PathwayBox) -> tuple[str, str]:
    """Return the medians without and with the drug, with the unit."""
    unit = unit_label(box.unit)
    without, treated = (f"{number(each.q50)} {unit}".strip() for each in (box.without_drug, box.with_drug))
    return without, treated


def table_of_step(result: PathwayMap, step: str) -> Table:
    """Return the boxes of a step with their values and changes."""
    boxes = [box for box in result.boxes if box.step == step]
    return Table(
        ("Box", "Untreated", "Treated", "Change of the mean", "Change of a subject"),
        tuple(
            (
                box.title,
                _with_unit(box, box.without_drug),
                _with_unit(box, box.with_drug),
                value_in_box(box),
                _relative(box.relative_change),
            )
            for box in boxes
        ),
    )


def whole_table(result: PathwayMap) -> Table:
    """Return all boxes, for the file beside the picture."""
    tables = [(step, table_of_step(result, step)) for step in STEPS]
    headers = ("Step", *tables[0][1].headers)
    return Table(headers, tuple((step, *row) for step, table in tables for row in table.rows))


def _with_unit(box: PathwayBox, values: OverSubjects) -> str:
    if values.q05 == values.q95:
        return f"{number(values.q50)} {unit_label(box.unit)}".strip()
    band = f"{number(values.q50)} ({number(values.q05)} to {number(values.q95)})"
    return f"{band} {unit_label(box.unit)}".strip()


def _relative(change: OverSubjects | None) -> str:
    if change is None:
        return "not there without the drug"
    middle, low, high = (number(100.0 * each, 2) for each in (change.q50, change.q05, change.q95))
    return f"{middle} % ({low} to {high})"


def attack_table(result: PathwayMap) -> Table:
    """Return where each drug that is known acts."""
    titles = {box.name: box.title for box in result.boxes}
    rows = tuple(
        (drug, _shortly([titles[name] for name in boxes]) or "nothing here")
        for drug, boxes in result.attacks.items()
    )
    return Table(("Drug", "Acts on"), rows)
