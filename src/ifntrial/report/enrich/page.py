"""The page of an enrichment study: whom to enrol, how many, at which cost, under each named prior."""

from collections.abc import Mapping

from ifntrial.report import primary
from ifntrial.report.differences import axis_ends, points, points_range
from ifntrial.report.enrich import cutoffs as enrich_cutoffs
from ifntrial.report.enrich import interim as enrich_interim
from ifntrial.report.enrich import words as enrich_words
from ifntrial.report.page import Frame, Page, render_page, size_fact, worlds_warnings
from ifntrial.report.palette import prior_colors
from ifntrial.report.plots.frame import Table
from ifntrial.report.plots.intervals import Row, plot_rows
from ifntrial.report.plots.lines import Line, line_styles, plot_lines
from ifntrial.report.plots.panel import Panel
from ifntrial.report.wording import percent
from ifntrial.studies.enrich.result import Enrichment
from ifntrial.studies.run_facts import RunFacts

SECTIONS = {
    "answer": "The answer",
    "size": "Selection, or more patients for the same money?",
    "cutoff": "Where to set the cut-off",
    "interim": "Deciding at an interim look",
}
APPENDIX = {
    "drawn": "Every marker under each belief",
    "pareto": "Chance of success against cost",
    "prices": "The same money, by belief and price of screening",
    "signature": "Prevalence and quality of the signature test",
    "cutoffs": "Every cut-off",
    "looks": "The interim look under each belief",
    "benefit": "Expected benefit",
    "taken": "Whom a marker takes in",
    "assumptions": "Assumed costs and tests",
    "trust": "How it was computed",
}
"""Parts that are folded."""


def render_enrichment(result: Enrichment, run: RunFacts) -> Page:
    """Return the page of an enrichment study.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    styles = line_styles(marker.name for marker in result.markers)
    answers = [answer_panel(result, prior) for prior in result.priors]
    fronts = {prior: pareto_panel(result, prior, styles) for prior in result.priors}
    grid = [signature_panel(result, prior) for prior in result.priors] if result.signature_grid else []
    cutoffs = enrich_cutoffs.cutoff_panels(result)
    absent = {
        "signature": not grid,
        "interim": result.interim is None,
        "looks": result.interim is None,
    }
    sections, appendix = (
        {name: text for name, text in given.items() if not absent.get(name)} for given in (SECTIONS, APPENDIX)
    )
    return render_page(
        "enrich/page.html.j2",
        Frame(
            "Enrichment of a clinical trial by simulation",
            f"Whom should {result.design_facts.called} enrol?",
            "All comers, or only patients in whom a marker is found? What does selection do to the chance of success, "
            "and at which price?",
            sections,
            warnings=worlds_warnings(result, "the study"),
            facts=size_fact(result),
            appendix=appendix,
        ),
        [*answers, *fronts.values(), *grid, *(panel for panels in cutoffs.values() for panel in panels)],
        run,
        result=result,
        primary=primary,
        words=enrich_words,
        prior_colors=prior_colors(result.priors),
        answer_panels=answers,
        pareto_panel=fronts[result.mixture],
        pareto_panels=[panel for prior, panel in fronts.items() if prior != result.mixture],
        signature_panels=grid,
        cutoff_panels=cutoffs,
        cutoff_words=enrich_cutoffs,
        interim_words=enrich_interim,
        marker_key={enrich_words.short_of(name, result): color for name, (color, _) in styles.items()},
        test_key={words: color for words, (color, _) in _assay_styles(result).items()},
    )


def answer_panel(result: Enrichment, prior: str) -> Panel:
    """Return what each marker changes at the design's own size, with intervals over worlds."""
    color = prior_colors(result.priors)[prior]
    gaps = [(found.marker, found.same_size_by_prior[prior]) for found in result.answers]
    rows = [
        Row(
            enrich_words.short_of(name, result),
            color,
            (gap.low, gap.high),
            mean=gap.estimate,
            note=points(gap.estimate),
        )
        for name, gap in gaps
    ]
    figure = plot_rows(
        rows,
        "Chance of success minus that of all comers [percentage points]",
        scale=100,
        x_range=axis_ends(gap for found in result.answers for gap in found.same_size_by_prior.values()),
        line_at=0,
    )
    label = result.priors[prior].label
    return Panel(f"answer-{prior}", label, "", figure, 2)


def pareto_panel(result: Enrichment, prior: str, styles: Mapping[str, tuple[str, str]]) -> Panel:
    """Return chance of success against cost at the reference cost of screening; unbeaten options are filled."""
    table = result.pareto[0].rows
    lines = []
    for marker in result.markers:
        rows = [row for row in table if row.marker == marker.name]
        color, dash = styles[marker.name]
        lines.append(
            Line(
                marker.short,
                color,
                [row.cost for row in rows],
                [100 * row.chance[prior] for row in rows],
                dash,
                marked=[prior in row.unbeaten_under for row in rows],
            )
        )
    figure = plot_lines(lines, "Cost [patients treated]", "Chance of success [%]", from_zero=True)
    return Panel(f"pareto-{prior}", result.priors[prior].label, "", figure, 2)


def _assay_styles(result: Enrichment) -> dict[str, tuple[str, str]]:
    texts = dict.fromkeys(enrich_words.assay_text(row) for row in result.signature_grid)
    return line_styles(texts)


def signature_panel(result: Enrichment, prior: str) -> Panel:
    """Return the gain by selecting high signatures over prevalence, one line for each quality of the test."""
    styles = _assay_styles(result)
    rows = sorted(result.signature_grid, key=lambda row: row.prevalence)
    lines = []
    for words, (color, dash) in styles.items():
        own = [row for row in rows if enrich_words.assay_text(row) == words]
        gaps = [row.same_size_by_prior[prior] for row in own]
        lines.append(
            Line(
                f"test {words}",
                color,
                [100 * row.prevalence for row in own],
                [100 * gap.estimate for gap in gaps],
                dash,
                marked=[True for _ in own],
            )
        )
    figure = plot_lines(
        lines,
        "Patients with a truly high signature [%]",
        "Gain over all comers [points]",
        levels=(0,),
    )
    table = Table(
        ("Truly high", "Sensitivity / specificity", "Gain, same size", "Interval, counting worlds", "Chance"),
        tuple(
            (
                percent(row.prevalence),
                enrich_words.assay_text(row),
                points(row.same_size_by_prior[prior].estimate),
                points_range(row.same_size_by_prior[prior].low, row.same_size_by_prior[prior].high),
                percent(row.chance[prior]),
            )
            for row in rows
        ),
    )
    label = result.priors[prior].label
    return Panel(f"signature-{prior}", label, "", figure, 2, table)
