"""The schema of a trial as a drawing: arms, doses, visits, escape therapy and the extension along one axis of weeks."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import wrap
from xml.etree import ElementTree as Xml

from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.clinic.design_words import arm_words, endpoint_words, trial_name
from ifntrial.clinic.endpoints.record import Endpoints
from ifntrial.design.parts import Arm, TrialDesign
from ifntrial.errors import InputError
from ifntrial.model.drugs import Drug
from ifntrial.report.palette import ACTIVE, FONT, GRID, INK, PAPER, PLACEBO, QUIET, RULE

WIDTH, LEFT, RIGHT = 960.0, 220.0, 40.0
ROW, BAR, TOP = 74.0, 22.0, 84.0
SMALL, USUAL, LARGE = 11.0, 13.0, 17.0
_LETTER = 0.55
"""Width of a letter as a share of its size, of a usual sans-serif type."""
_MOST_DOSES_DRAWN = 120
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def draw_schema(design: TrialDesign, endpoints: Endpoints, drugs: Mapping[str, Drug]) -> str:
    """Return a static SVG with real text: no script, no style sheet, nothing to load."""
    canvas = _Canvas(design)
    bottom = TOP + ROW * len(design.arms)
    canvas.text(20, 30, trial_name(design), LARGE, weight="600")
    title = design.title if design.title != design.name else ""
    for line in _lines(title, WIDTH - 40, USUAL)[:2]:
        canvas.text(20, 52, line, USUAL, fill=QUIET)
        break
    canvas.visits(bottom)
    for row, arm in enumerate(design.arms):
        canvas.arm(arm, TOP + ROW * row, arm_words(arm, drugs))
    canvas.axis(bottom)
    height = canvas.notes(bottom + 74, list(_notes(design, endpoints)))
    return canvas.written(height, _described(design, endpoints, drugs))


def save_schema(path: Path, design: TrialDesign, endpoints: Endpoints, drugs: Mapping[str, Drug]) -> None:
    """Write the drawing of a design.

    Raises
    ------
    InputError
        If the name of the file says that it is something else than an SVG.
    """
    if path.suffix.lower() != ".svg":
        raise InputError(
            "the drawing of a design is an SVG file",
            given=str(path),
            allowed="a name that ends in .svg",
            fix="call it so",
        )
    path.write_text(draw_schema(design, endpoints, drugs), encoding="utf-8")


class _Canvas:
    """A drawing that grows; weeks run from left to right."""

    def __init__(self, design: TrialDesign) -> None:
        self.design = design
        self.treated = design.treatment_weeks
        self.open_label_end = self.treated + design.open_label_weeks
        self.end = max(self.open_label_end + design.follow_up_weeks, *design.all_visit_weeks)
        self.parts: list[Xml.Element] = []

    def at(self, week: float) -> float:
        """Return where a week is [px]."""
        return LEFT + (WIDTH - LEFT - RIGHT) * week / self.end

    def add(self, tag: str, **attributes: object) -> Xml.Element:
        """Add an element; an attribute ``stroke_width`` is written ``stroke-width``."""
        given = {
            name.replace("_", "-"): f"{value:.1f}" if isinstance(value, float) else str(value)
            for name, value in attributes.items()
        }
        self.parts.append(Xml.Element(tag, given))
        return self.parts[-1]

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        fill: str = INK,
        anchor: str = "start",
        weight: str = "400",
    ) -> None:
        """Add a line of text."""
        element = self.add(
            "text", x=float(x), y=float(y), fill=fill, font_size=size, font_weight=weight, text_anchor=anchor
        )
        element.text = _printable(words)

    def visits(self, bottom: float) -> None:
        """Draw a line for each visit, that of the primary endpoint in ink."""
        for week in self.design.all_visit_weeks:
            is_primary = week == self.design.primary.visit_week
            self.add(
                "line", x1=self.at(week), x2=self.at(week), y1=TOP - 6, y2=bottom,
                stroke=INK if is_primary else RULE, stroke_width=1.6 if is_primary else 1.0,
            )  # fmt: skip

    def arm(self, arm: Arm, top: float, given: str) -> None:
        """Draw an arm: its name and size at the left, what it gets over time at the right."""
        design = self.design
        color = PLACEBO if arm.is_control else ACTIVE
        size = f"{design.n_of(arm)} patients" if design.is_randomized else f"share {arm.allocation}"
        self.text(20, top + 20, _shortened(arm.name, LEFT - 30, USUAL), USUAL, weight="600")
        self.text(20, top + 36, size, SMALL, fill=QUIET)
        middle = top + 8
        self.add(
            "rect", x=self.at(0), y=middle, width=self.at(self.treated) - self.at(0), height=BAR, fill=color
        )
        if self.open_label_end > self.treated:
            self.extension(middle, color)
        if self.end > self.open_label_end:
            self.add(
                "line", x1=self.at(self.open_label_end), x2=self.at(self.end), y1=middle + BAR / 2, y2=middle + BAR / 2,
                stroke=QUIET, stroke_width=1.5, stroke_dasharray="4 3",
            )  # fmt: skip
        doses = self.doses(arm, middle + BAR + 2, color)
        words = _shortened(f"{given}{doses}", self.at(self.end) - self.at(0), SMALL)
        behind = min(_width(words, SMALL), self.at(self.end) - self.at(0))
        self.add("rect", x=self.at(0) + 1, y=middle + BAR + 11, width=behind, height=14.0, fill=PAPER)
        self.text(self.at(0), middle + BAR + 22, words, SMALL)

    def extension(self, y: float, color: str) -> None:
        """Draw the open-label extension, in which every arm gets the drug."""
        x, width = self.at(self.treated), self.at(self.open_label_end) - self.at(self.treated)
        shown = color if color == ACTIVE or not self.design.is_randomized else ACTIVE
        self.add("rect", x=x, y=y, width=width, height=BAR, fill=PAPER, stroke=shown, stroke_width=1.5)
        words = "open label"
        if width > _width(words, SMALL) + 8:
            self.text(x + width / 2, y + 15, words, SMALL, fill=shown, anchor="middle")

    def doses(self, arm: Arm, y: float, color: str) -> str:
        """Draw a tick for each dose of the randomized treatment; return words for those too many to draw."""
        days = arm.planned_dosing().dose_times_days(self.treated * DAYS_PER_WEEK)
        if len(days) > _MOST_DOSES_DRAWN:
            return f" ({len(days)} doses)"
        for day in days:
            x = self.at(float(day) / DAYS_PER_WEEK)
            self.add("line", x1=x, x2=x, y1=y, y2=y + 6, stroke=color, stroke_width=1.2)
        return ""

    def axis(self, bottom: float) -> None:
        """Draw the axis of weeks, with a label for each visit that has room for one."""
        self.add(
            "line", x1=self.at(0), x2=self.at(self.end), y1=bottom, y2=bottom, stroke=INK, stroke_width=1.0
        )
        self.text(20, bottom + 18, "Week of visit", SMALL, fill=QUIET)
        primary, taken = self.design.primary.visit_week, list[tuple[float, float]]()
        weeks = sorted(self.design.all_visit_weeks, key=lambda week: (week not in (primary, 0), week))
        for week in weeks:
            half = _width(f"{week:g}", SMALL) / 2 + 3
            place = self.at(week)
            if any(place - half < high and place + half > low for low, high in taken):
                continue
            taken.append((place - half, place + half))
            bold = "700" if week == primary else "400"
            self.text(place, bottom + 18, f"{week:g}", SMALL, anchor="middle", weight=bold)
        self.rescue(bottom + 38)

    def rescue(self, y: float) -> None:
        """Draw from when to when escape therapy may start."""
        start, last = self.design.assumed.rescue.from_week, max(self.design.visit_weeks)
        if self.design.assumed.rescue.share == 0 or start > last:
            return
        self.text(20, y + 4, "Escape therapy may start", SMALL, fill=QUIET)
        self.add("line", x1=self.at(start), x2=self.at(last), y1=y, y2=y, stroke=QUIET, stroke_width=4.0)
        self.text(self.at(start), y + 18, f"from week {start:g}", SMALL, fill=QUIET)

    def notes(self, y: float, notes: Iterable[str]) -> float:
        """Write notes below each other; return where the drawing ends."""
        for note in notes:
            for line in _lines(note, WIDTH - 40, SMALL):
                self.text(20, y, line, SMALL)
                y += 16
        return y + 8

    def written(self, height: float, described: str) -> str:
        """Return the drawing as a file."""
        root = Xml.Element("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH:.0f} {height:.0f}", "width": f"{WIDTH:.0f}",
            "height": f"{height:.0f}", "role": "img", "font-family": FONT.replace("'", ""),
        })  # fmt: skip
        Xml.SubElement(root, "title").text = _printable(f"Schema of {trial_name(self.design)}")
        Xml.SubElement(root, "desc").text = _printable(described)
        Xml.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": PAPER})
        for top in range(len(self.design.arms)):
            y = TOP + ROW * top + ROW - 8
            ends = {"x1": "20", "x2": f"{WIDTH - RIGHT:.1f}", "y1": f"{y:.1f}", "y2": f"{y:.1f}"}
            Xml.SubElement(root, "line", ends | {"stroke": GRID})
        root.extend(self.parts)
        Xml.indent(root)
        return Xml.tostring(root, encoding="unicode") + "\n"


def _notes(design: TrialDesign, endpoints: Endpoints) -> Iterable[str]:
    total = f"{design.size.analyzed} patients"
    ratio = ":".join(str(arm.allocation) for arm in design.arms)
    strata = ", ".join(factor.name for factor in design.strata)
    if design.is_randomized:
        yield f"Randomized {ratio}: {total}" + (f", stratified by {strata}" if strata else "")
    else:
        yield f"Not randomized: {total}"
    yield f"Primary endpoint: {endpoint_words(design.primary, design, endpoints)}"
    for planned in design.key_secondary:
        yield f"Key secondary: {endpoint_words(planned, design, endpoints)}"
    yield f"Visits: weeks {', '.join(f'{week:g}' for week in design.visit_weeks)}"
    if design.looks is not None:
        known = ", ".join(f"{share * design.size.analyzed:.0f}" for share in design.looks.information)
        yield f"Interim looks: when the primary endpoint of {known} patients is known"
    later = design.assumed.schedule.open_label_visit_weeks
    if later:
        yield f"Open-label visits: weeks {', '.join(f'{week:g}' for week in later)}"
    yield (
        f"Treatment {design.treatment_weeks:g} weeks, open label {design.open_label_weeks:g}, follow-up "
        + (f"{design.follow_up_weeks:g}. Ticks below a bar are doses; a dashed line is follow-up.")
    )


def _described(design: TrialDesign, endpoints: Endpoints, drugs: Mapping[str, Drug]) -> str:
    arms = "; ".join(f"{arm.name}: {arm_words(arm, drugs)}" for arm in design.arms)
    return f"Arms: {arms}. {'. '.join(_notes(design, endpoints))}"


def _width(words: str, size: float) -> float:
    return _LETTER * size * len(words)


def _lines(words: str, width: float, size: float) -> list[str]:
    return wrap(_printable(words), int(width / (_LETTER * size)))


def _shortened(words: str, width: float, size: float) -> str:
    most = int(width / (_LETTER * size))
    return words if len(words) <= most else f"{words[: most - 3]}..."


def _printable(words: str) -> str:
    """Return words without the signs that an XML file cannot hold."""
    return _UNPRINTABLE.sub("\ufffd", words)
