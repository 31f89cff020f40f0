"""The page of a comparison of designs: the same worlds and patients, differences with their intervals."""

from collections.abc import Mapping, Sequence

from ifntrial.report import primary
from ifntrial.report.compare import words as compare_words
from ifntrial.report.differences import axis_ends, gap_text
from ifntrial.report.page import Frame, Page, render_page, size_fact, worlds_warnings
from ifntrial.report.palette import prior_colors
from ifntrial.report.plots.frame import Table
from ifntrial.report.plots.intervals import Row, plot_rows
from ifntrial.report.plots.lines import Line, line_styles, plot_lines
from ifntrial.report.plots.panel import Panel
from ifntrial.report.wording import percent, percent_range
from ifntrial.studies.compare.result import Comparison
from ifntrial.studies.run_facts import RunFacts

SECTIONS = {"answer": "The answer", "more": "How many more patients would fix it?"}
APPENDIX = {
    "drawn": "The differences drawn",
    "sizes": "Chance of success against size, by belief",
    "response": "Expected response",
    "designs": "The designs",
    "trust": "How they were compared",
}
APPENDIX_OF_ONE = {name: text for name, text in APPENDIX.items() if name != "drawn"} | {
    "designs": "The design",
    "trust": "How it was simulated",
}
"""Parts that are folded."""

SIZE_TICKS = (50, 100, 200, 400, 800, 1600, 4000)


def render_comparison(result: Comparison, run: RunFacts) -> Page:
    """Return the page of a comparison.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    styles = line_styles(design.name for design in result.designs)
    differences = difference_panels(result)
    panels_by_prior = {prior: size_panel(result, prior, styles) for prior in result.priors}
    return render_page(
        "compare/page.html.j2",
        _frame(result, [design.name for design in result.designs[1:]]),
        [*differences, *panels_by_prior.values()],
        run,
        result=result,
        primary=primary,
        words=compare_words,
        prior_colors=prior_colors(result.priors),
        difference_panels=differences,
        size_panel=panels_by_prior[result.mixture],
        size_panels=[panel for prior, panel in panels_by_prior.items() if prior != result.mixture],
        design_key={name: color for name, (color, _) in styles.items()},
    )


def _frame(result: Comparison, others: Sequence[str]) -> Frame:
    """Return what stands around the page: of a comparison, or of the size of one design."""
    words = (
        (
            "Comparison of trial designs by simulation",
            f"{result.reference} beside {', '.join(others)}",
            "Which of these designs is more likely to succeed, and by how much, in the same worlds and on the same "
            "virtual patients?",
        )
        if others
        else (
            "Size of a trial by simulation",
            f"How many patients {result.reference} needs",
            "How likely is this design to succeed, and how many patients would it take?",
        )
    )
    what = "the comparison" if others else "the size"
    return Frame(
        *words,
        SECTIONS,
        appendix=APPENDIX if others else APPENDIX_OF_ONE,
        warnings=worlds_warnings(result, what, " per design"),
        facts=size_fact(result, " per design"),
    )


def difference_panels(result: Comparison) -> list[Panel]:
    """Return for each prior the difference of every design from the first; none if there is one design."""
    others = result.designs[1:]
    colors = prior_colors(result.priors)
    panels = []
    ends = axis_ends(gap for design in others for gap in (design.versus_reference or {}).values())
    for prior, facts in result.priors.items():
        gaps = {design.name: (design.versus_reference or {})[prior] for design in others}
        rows = [
            Row(
                name,
                colors[prior],
                (gap.low, gap.high),
                mean=gap.estimate,
                note=gap_text(gap),
            )
            for name, gap in gaps.items()
        ]
        if not rows:
            continue
        figure = plot_rows(
            rows,
            f"Chance of success minus that of “{result.reference}” [percentage points]",
            scale=100,
            x_range=ends,
            line_at=0,
        )
        panels.append(Panel(f"difference-{prior}", facts.label, "", figure, 2))
    return panels


def size_panel(result: Comparison, prior: str, styles: Mapping[str, tuple[str, str]]) -> Panel:
    """Return the chance of success against the size of the trial, one line for each design."""
    lines, rows = [], []
    for design in result.designs:
        more = design.more_patients
        curve = more.by_prior[prior].curve
        color, dash = styles[design.name]
        first = design.name == result.reference
        lines.append(
            Line(
                design.name,
                color,
                more.sizes,
                [100 * point.estimate for point in curve],
                dash,
                [100 * point.low for point in curve] if first else (),
                [100 * point.high for point in curve] if first else (),
                [size == more.own for size in more.sizes],
            )
        )
        rows += [
            (
                design.name,
                f"{size}",
                percent(point.estimate),
                percent_range(point.low, point.high),
            )
            for size, point in zip(more.sizes, curve, strict=True)
        ]
    figure = plot_lines(
        lines,
        "Patients in all arms",
        "Chance of success [%]",
        log_x=True,
        x_ticks=SIZE_TICKS,
        y_range=(0, 102),
        levels=(80, 90),
    )
    table = Table(("Design", "Patients", "Chance of success", "Interval, counting worlds"), tuple(rows))
    label = result.priors[prior].label
    return Panel(f"size-{prior}", label, "", figure, 2, table)
