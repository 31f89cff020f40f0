"""Self-contained pages: templates, style, drawn figures, and no request to anywhere."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ifntrial.report import palette, wording
from ifntrial.report.differences import gap_text, range_by_belief, verdict
from ifntrial.report.plots.panel import Panel
from ifntrial.studies.over_worlds import OverWorlds
from ifntrial.studies.run_facts import RunFacts
from ifntrial.worlds.quantiles import Band

_FILTERS = (
    "percent",
    "percent_range",
    "one_in",
    "number",
    "fixed",
    "finer_percent",
    "level",
    "sentence",
    "band_text",
    "difference_text",
    "unit_label",
    "in_a_row",
    "patients",
    "subjects_in_words",
)


RUN_SECTION = {"run": "This run"}

FIGURES = "figures"
"""Folder beside a page with its figures as SVG and their numbers as CSV."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the sections of a page.

    Parameters
    ----------
    kicker
        What kind of page it is, above the title.
    title, question
        The heading, and the question below it.
    sections
        Anchor to heading of the page's own sections, in order; that of the run is added last.
    notes
        Sentences in small type below the question.
    warnings
        Heading to text of the banners above the sections.
    facts
        Label to text: what was run, beside command, seed and versions.
    appendix
        Anchor to heading of the parts that are folded, in order; printed only where they are open.
    """

    kicker: str
    title: str
    question: str
    sections: Mapping[str, str]
    notes: Sequence[str] = ()
    warnings: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    appendix: Mapping[str, str] = field(default_factory=dict)


class Page(str):
    """A page in HTML, with the files that its figures link to: path below the page's folder to content."""

    files: Mapping[str, str]

    def __new__(cls, text: str, files: Mapping[str, str]) -> "Page":  # noqa: D102 of the class
        page = super().__new__(cls, text)
        page.files = files
        return page


def files_of(page: str) -> Mapping[str, str]:
    """Return the files that a page links to: path below the page's folder to content."""
    return page.files if isinstance(page, Page) else {}


def alone(page: str) -> str:
    """Return a page without what speaks of files beside it."""
    return re.sub(r'\s*<(p|span) class="[^"]*\bfiles\b[^"]*">.*?</\1>', "", page, flags=re.DOTALL)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("ifntrial.report"), PackageLoader("ifntrial.report", "")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update({name: getattr(wording, name) for name in _FILTERS})
    environment.filters |= {
        "gap_text": gap_text,
        "verdict": verdict,
        "breakable": breakable,
        "plain_unit": plain_unit,
        "as_address": as_address,
    }
    script = files("ifntrial.report").joinpath("templates", "downloads.js").read_text(encoding="utf-8")
    hashed = b64encode(sha256(script.encode()).digest()).decode()
    environment.globals |= {
        "palette": palette,
        "range_by_belief": range_by_belief,
        "script": Markup(script),
        "script_hash": f"sha256-{hashed}",
    }
    return environment


def render_page(
    template: str, frame: Frame, panels: Sequence[Panel], run: RunFacts, **context: object
) -> Page:
    """Return a self-contained HTML page, with its figures as files beside it for who wants to use them elsewhere.

    Parameters
    ----------
    template
        Name of a template that extends ``page.html.j2`` with the page's sections.
    panels
        Every figure of the page; a template shows one with ``figure(panels["name"])``.
    context
        What the template needs beside them.
    """
    page = _environment().get_template(template)
    drawings = {panel.anchor: panel.svg for panel in panels}
    beside = {f"{FIGURES}/{anchor}.svg": drawing for anchor, drawing in drawings.items()}
    beside |= {f"{FIGURES}/{panel.anchor}.csv": panel.csv for panel in panels}
    by_name = {panel.name: panel for panel in panels}
    text = page.render(
        frame=frame,
        sections={**frame.sections, **RUN_SECTION},
        panels=by_name,
        # the writer of the drawing escapes what stands in it
        drawings={anchor: Markup(drawing) for anchor, drawing in drawings.items()},
        figures_folder=FIGURES,
        run=run,
        **context,
    )
    return Page(text, beside)


def worlds_warnings(result: OverWorlds, what: str, per: str = "", more: str = "") -> dict[str, str]:
    """Return the banners of a study over worlds: that it is small, and that the calibration is out of date."""
    found: dict[str, str] = {}
    if result.size_label == "demonstration size":
        found["Demonstration size."] = (
            f"{result.worlds} worlds of {result.subjects} virtual subjects{per}: enough to see how {what} works, "
            f"too few to quote.{more}"
        )
    if result.calibration.is_stale:
        found["The calibration is out of date."] = Markup(
            "Numbers have changed since it was frozen; <code>ifntrial calibrate</code> makes it again."
        )
    return found


def size_fact(result: OverWorlds, per: str = "") -> dict[str, str]:
    """Return the size of a study over worlds and whose beliefs weigh them, as facts of its run."""
    words = wording.worlds_in_words(result.worlds_asked, result.worlds, result.worlds_effective)
    size = f"{result.size_label}: {words} in the mixture, of {result.subjects} subjects{per}"
    return {"Size": size, "Beliefs": f"those of {result.whose_beliefs}"}


def as_address(table: str) -> str:
    """Return a table in CSV as an address that holds it, so that a link saves it without script, folder or network."""
    # a mark at the beginning lets spreadsheets read letters beyond ASCII
    return f"data:text/csv;base64,{b64encode(table.encode('utf-8-sig')).decode()}"


def breakable(name: str) -> Markup:
    """Return a long name that may be broken after its dots and underscores."""
    return Markup(str(escape(name)).replace("_", "_<wbr>").replace(".", ".<wbr>"))


def plain_unit(unit: str) -> str:
    """Return the unit of a row of the evidence as readers write it; none for a plain number.

    Examples
    --------
    >>> plain_unit("percent_predicted/year"), plain_unit("1/day"), plain_unit("1"), plain_unit("fraction")
    ('% predicted/year', '1/day', '', 'share')
    """
    parts = (
        "share" if wording.is_fraction(each) else wording.unit_label(each) or each for each in unit.split("/")
    )
    return "" if unit == "1" else "/".join(parts)


def interval_svg(
    bands: Sequence[tuple[Band, str]],
    low: float,
    high: float,
    zero: float | None,
    words: str,
) -> Markup:
    """Return a small drawing of intervals on one scale, for a cell of a table.

    Parameters
    ----------
    bands
        Bands from top to bottom, each with its colour.
    low, high
        Ends of the scale.
    zero
        Where a reference line stands, or ``None``.
    words
        The same in words, for who cannot see it.
    """
    width, row = 150.0, 12.0
    height = row * len(bands) + 4

    def at(value: float) -> float:
        return 3 + (width - 6) * (value - low) / ((high - low) or 1.0)

    parts = []
    if zero is not None and low <= zero <= high:
        parts.append(f'<line x1="{at(zero):.1f}" x2="{at(zero):.1f}" y1="0" y2="{height}" class="zero"/>')
    for place, (band, color) in enumerate(bands):
        parts.append(_interval(band, color, row * place + row / 2 + 2, at))
    body = "".join(parts)
    return Markup(
        f'<svg class="interval" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(words)}">{body}</svg>'
    )


def _interval(band: Band, color: str, y: float, at: Callable[[float], float]) -> str:
    parts = [
        f'<line x1="{at(low):.1f}" x2="{at(high):.1f}" y1="{y}" y2="{y}" stroke="{color}" stroke-width="{thick}"/>'
        for low, high, thick in ((band.q05, band.q95, 2), (band.q25, band.q75, 6))
    ]
    parts.append(
        f'<circle cx="{at(band.q50):.1f}" cy="{y}" r="3.4" fill="#fff" stroke="{color}" stroke-width="1.8"/>'
    )
    return "".join(parts)
