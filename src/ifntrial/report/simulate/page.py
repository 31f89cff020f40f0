"""The page of simulated regimens: concentration, its measures, target engagement and suppression over time."""

from collections.abc import Sequence

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.report.page import Frame, Page, render_page
from ifntrial.report.palette import ACTIVE, BLOOD, INK, PLACEBO, SKIN
from ifntrial.report.pathway.panels import pathway_panels
from ifntrial.report.pathway.words import UNKNOWN
from ifntrial.report.pathway.words import head as map_head
from ifntrial.report.plots.courses import Course, course_table, plot_courses
from ifntrial.report.plots.marks import Dots
from ifntrial.report.plots.panel import Panel
from ifntrial.report.simulate.measures import (
    before_doses,
    dose_table,
    end_table,
    last_interval_table,
    measure_table,
)
from ifntrial.report.wording import in_a_row, number, subjects_in_words, unit_label
from ifntrial.studies.pathway.result import PathwayMap
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.simulate.result import FollowedRegimen, ReadOut, Simulation

MOST_LINES = 6
COLORS = (ACTIVE, BLOOD, "#00795a", "#8a5a00", "#7a3e9d", PLACEBO)

SECTIONS = {
    "answer": "The answer",
    "measures": "Measures of exposure",
    "drug": "Target",
    "signature": "Interferon signature",
}
APPENDIX = {
    "doses": "Before and after each dose",
    "intervals": "First and last dosing interval",
    "reading": "How it was measured",
}
"""Parts that are folded."""


ENGAGEMENTS = {
    "occupancy": "Receptors occupied",
    "ifn_alpha_bound": "Interferon alpha bound by drug",
    "kinase_inhibition": "Kinases below the receptor inhibited",
}
"""What shows that a drug is at its target; a drug without such a read-out has no panel for it."""

SHARE = (0.0, 104.0)
"""Ends of the axis of shares [%], the same in every figure, so that they can be compared."""

_TISSUES = (("Blood", BLOOD, "solid"), ("Skin", SKIN, "dash"))


def render_simulation(result: Simulation, run: RunFacts, pathway: PathwayMap | None = None) -> Page:
    """Return the page of simulated regimens.

    Parameters
    ----------
    pathway
        What the first of them does along the pathway at the end; without it that is not told.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    shown = result.followed[:MOST_LINES]
    course, drug = concentration_panel(result, shown), []
    if result.engagement in ENGAGEMENTS:
        drug = _tissue_panels(result, shown, result.engagement, ENGAGEMENTS[result.engagement], SHARE)
    signature = [
        *_tissue_panels(result, shown, "ifn_driven_suppression", "Interferon-driven part removed", SHARE),
        *_tissue_panels(result, shown, "suppression", "Signature lowered, fold-change score", SHARE),
    ]
    maps = () if pathway is None else pathway_panels(pathway)
    absent = {"drug": not drug, "intervals": len(shown) < 2}
    sections, appendix = (
        {name: words for name, words in given.items() if not absent.get(name)}
        for given in (SECTIONS, APPENDIX)
    )
    names = [each.regimen for each in result.followed]
    left = f" Figures show the first {MOST_LINES}." if len(names) > MOST_LINES else ""
    return render_page(
        "simulate/page.html.j2",
        Frame(
            "Regimens in a virtual population" if len(names) > 1 else "One regimen in a virtual population",
            f"{result.drug[:1].upper()}{result.drug[1:]}, {in_a_row(names[:MOST_LINES])}",
            f"Followed for {number(result.weeks)} weeks in {result.people.subjects} virtual subjects: "
            f"{result.people.meaning}.{left}",
            sections if pathway is None else sections | {"map": "Along the pathway"},
            appendix=appendix,
            notes=[*_status_notes(result), *(f"{note}." for note in result.notes)],
            warnings=_set_warnings(result),
            facts={"Regimen": "; ".join(names)},
        ),
        [course, *drug, *signature, *maps],
        run,
        course_panel=course,
        result=result,
        at_end=end_table(result, ENGAGEMENTS.get(result.engagement, "")),
        measures=measure_table(result, shown[0]) if len(shown) < 2 else last_interval_table(result, shown),
        maps=maps,
        map_head="" if pathway is None else map_head(pathway),
        map_unknown=UNKNOWN,
        drug_panels=drug,
        signature_panels=signature,
        dose_tables=[(each.regimen, dose_table(result, each)) for each in shown],
        intervals=[(each.regimen, measure_table(result, each)) for each in shown],
        colors={each.regimen: color for each, color in zip(shown, COLORS, strict=False)},
    )


def _status_notes(result: Simulation) -> list[str]:
    """Return what became of the subjects: once where it is the same under every regimen."""
    texts = [subjects_in_words(each.subjects_status) for each in result.followed]
    if len(set(texts)) == 1:
        return texts[:1]
    return [f"{each.regimen}: {text}" for each, text in zip(result.followed, texts, strict=True)]


def _set_warnings(result: Simulation) -> dict[str, str]:
    if not result.replaced:
        return {}
    words = in_a_row([f"{name} = {value}" for name, value in result.replaced.items()])
    return {"Values of the drug were set.": f"{words}. The rest is as in the evidence."}


def concentration_panel(result: Simulation, shown: Sequence[FollowedRegimen]) -> Panel:
    """Return the drug's concentration in serum over time."""
    unit = unit_label(result.units.concentration_unit)
    lines, weeks = _lines(shown, "concentration", 1.0, "Serum")
    title = f"Drug in serum [{unit}]"
    points = [each for each in result.observed if each.read_out == "concentration"]
    measured = Dots(
        [each.day / DAYS_PER_WEEK for each in points],
        [each.measured for each in points],
        INK,
        "measured",
        filled=False,
    )
    figure = plot_courses(weeks, lines, title, more=[measured] if points else [])
    caption = (
        "Median subject, with the band that holds 5 to 95 % of subjects; numbers are those before a dose."
    )
    caption += f" Open circles: {len(points)} own measurements." if points else ""
    return Panel(
        "concentration",
        title,
        caption,
        figure,
        2,
        course_table(weeks, lines, unit, before_doses(shown[0])),
    )


def _tissue_panels(
    result: Simulation,
    shown: Sequence[FollowedRegimen],
    name: str,
    title: str,
    limits: tuple[float, float] | None = None,
) -> list[Panel]:
    """Return a share [%] over time: blood and skin of one regimen, or a panel each for several."""
    if len(shown) == 1:
        both = (getattr(shown[0], f"{name}_blood"), getattr(shown[0], f"{name}_skin"))
        return [_tissue_panel(shown[0], name, title, both, limits)]
    panels = []
    for tissue in ("blood", "skin"):
        lines, weeks = _lines(shown, f"{name}_{tissue}", 100.0, tissue)
        figure = plot_courses(weeks, lines, "Share [%]", y_range=limits)
        caption = f"In {tissue}: median subject, with the band that holds 5 to 95 % of subjects."
        table = course_table(weeks, lines, "%", before_doses(shown[0]))
        panels.append(Panel(f"{name}_{tissue}", f"{title}, {tissue} [%]", caption, figure, 2, table))
    return panels


def _tissue_panel(
    regimen: FollowedRegimen,
    name: str,
    title: str,
    in_tissues: tuple[ReadOut, ReadOut],
    limits: tuple[float, float] | None,
) -> Panel:
    weeks = _weeks(regimen)
    lines = []
    for (label, color, dash), band in zip(_TISSUES, in_tissues, strict=True):
        low, middle, high = (_drawn(100.0 * np.array(each)) for each in (band.q05, band.q50, band.q95))
        lines.append(Course(label, color, low, middle, high, dash))
    figure = plot_courses(weeks, lines, "Share [%]", y_range=limits)
    caption = "Blood solid, skin dashed: median subject, with the band that holds 5 to 95 % of subjects."
    table = course_table(weeks, lines, "%", before_doses(regimen))
    return Panel(name, f"{title} [%]", caption, figure, 2, table)


def _lines(
    shown: Sequence[FollowedRegimen], name: str, scale: float, alone: str
) -> tuple[list[Course], list[float]]:
    """Return a line for each regimen, all at the times of all of them, so that every peak is drawn."""
    days = np.unique(np.concatenate([each.time_days for each in shown]))
    lines = []
    for regimen, color in zip(shown, COLORS, strict=False):
        band: ReadOut = getattr(regimen, name)
        low, middle, high = (
            _drawn(scale * np.interp(days, regimen.time_days, values))
            for values in (band.q05, band.q50, band.q95)
        )
        lines.append(Course(alone if len(shown) == 1 else regimen.regimen, color, low, middle, high))
    return lines, _drawn(days / DAYS_PER_WEEK)


def _drawn(values: FloatArray) -> list[float]:
    """Return numbers with the digits that a figure can show."""
    return [float(f"{value:.5g}") for value in values]


def _weeks(regimen: FollowedRegimen) -> list[float]:
    return _drawn(np.array(regimen.time_days) / DAYS_PER_WEEK)
