"""The part of the enrichment page on cut-offs: what moving one does to the chance of success, and its price."""

from collections.abc import Sequence

from ifntrial.report.differences import HasPriors, gap_text, named, points, points_range, verdict
from ifntrial.report.plots.frame import Table
from ifntrial.report.plots.lines import Line, line_styles, plot_lines
from ifntrial.report.plots.panel import Panel
from ifntrial.report.wording import in_a_row, number, patients, percent
from ifntrial.studies.enrich.cutoff_records import BestCutoff, CutoffRow, CutoffStudy, PricedTrial
from ifntrial.studies.enrich.result import Enrichment


def cutoff_panels(result: Enrichment) -> dict[str, list[Panel]]:
    """Return for every score one figure for each prior: gain over all comers against the cut-off."""
    return {
        found.score_name: [cutoff_panel(found, prior, result) for prior in result.priors]
        for found in result.cutoffs
        if found.rows
    }


def cutoff_panel(found: CutoffStudy, prior: str, result: Enrichment) -> Panel:
    """Return the gain at the design's own size against the cut-off, one line for each quality of measurement.

    The band is the 95 % interval over worlds of the first line.
    """
    rows = reference_rows(found)
    lines = [
        _line(noise_text(noise), color, dash, [row for row in rows if row.noise == noise], prior, place == 0)
        for place, (noise, (color, dash)) in enumerate(_noise_styles(found).items())
    ]
    figure = plot_lines(lines, f"Cut-off [{found.unit}]", "Gain over all comers [points]", levels=(0,))
    table = Table(
        (
            "Cut-off",
            "SD of a measurement",
            "Truly high",
            "Sensitivity / specificity",
            "Taken in",
            "Of these truly",
            "Screened",
            "Effective subjects",
            "Gain, same size",
            "Gain, same money",
            "Chance",
        ),
        tuple(_cells(row, prior) for row in found.rows),
    )
    label = result.priors[prior].label
    return Panel(f"cutoff-{found.score_name}-{prior}", label, "", figure, 2, table)


def reference_rows(found: CutoffStudy) -> list[CutoffRow]:
    """Return the rows at the reference prevalence."""
    return [row for row in found.rows if row.prevalence == found.rows[0].prevalence]


def _noise_styles(found: CutoffStudy) -> dict[float | None, tuple[str, str]]:
    noises = list(dict.fromkeys(row.noise for row in found.rows))
    styles = line_styles(str(each) for each in noises).values()
    # a dash too, where colours are not told apart
    dashes = ("solid", "dash", "dot")
    return {
        noise: (color, dashes[min(place, 2)])
        for place, (noise, (color, _)) in enumerate(zip(noises, styles, strict=True))
    }


def noise_key(found: CutoffStudy) -> dict[str, str]:
    """Return the colours of the lines, the reference measurement first; the same under every belief."""
    return {noise_text(noise): color for noise, (color, _) in _noise_styles(found).items()}


def _line(label: str, color: str, dash: str, rows: Sequence[CutoffRow], prior: str, has_band: bool) -> Line:
    gaps = [row.by_prior[prior].same_size for row in rows]
    return Line(
        label,
        color,
        [row.cutoff for row in rows],
        [100 * gap.estimate for gap in gaps],
        dash,
        [100 * gap.low for gap in gaps] if has_band else (),
        [100 * gap.high for gap in gaps] if has_band else (),
        [True for _ in rows],
    )


def _cells(row: CutoffRow, prior: str) -> tuple[str, ...]:
    block = row.by_prior[prior]
    return (
        number(row.cutoff),
        noise_text(row.noise),
        percent(row.prevalence),
        f"{number(row.sensitivity, 2)} / {number(row.specificity, 2)}",
        percent(row.positive_share),
        percent(row.true_share),
        patients(row.to_screen),
        patients(row.effective_subjects),
        gap_text(block.same_size),
        gap_text(block.same_cost),
        percent(block.assurance.estimate),
    )


def noise_text(noise: float | None) -> str:
    """Return the SD of one measurement in words."""
    if noise is None:
        return "own SD of a measurement"
    return "no error" if noise == 0 else f"SD {number(noise)}"


def cutoff_sentence(found: CutoffStudy, result: HasPriors) -> str:
    """Return where a cut-off gains most over all comers under each named prior, or that none can be told from them."""
    if not found.rows or not found.answer:
        return f"No cut-off of the {found.short} could be computed with so few virtual patients."
    same_size = [_best(found.answer[prior].same_size, prior, result) for prior in named(result)]
    same_cost = [_best(found.answer[prior].same_cost, prior, result) for prior in named(result)]
    cutoffs = reference_rows(found)
    count = len({row.cutoff for row in cutoffs})
    return (
        f"Of {count} cut-offs of the {found.short} [{found.unit}], the one that changes the chance of success "
        f"most, in percentage points over all comers of the same number: {in_a_row(same_size)}. "
        f"For the same money: {in_a_row(same_cost)}."
    )


def best_cells(found: CutoffStudy, result: HasPriors) -> list[str]:
    """Return the best cut-off and its gain under each belief, and at the end under the mixture for the same money."""
    cells = [_best_cell(found.answer[prior].same_size) for prior in result.priors]
    return [*cells, _best_cell(found.answer[result.mixture].same_cost)]


def _best_cell(best: BestCutoff) -> str:
    return f"{number(best.cutoff)}: {points(best.estimate)} ({points_range(best.low, best.high)})"


def heading(found: CutoffStudy) -> str:
    """Return what a score is called where a line begins with it, with its unit."""
    short = found.short if any(each.isupper() for each in found.short) else found.short.capitalize()
    return f"{short} [{found.unit}]"


def _best(best: BestCutoff, prior: str, result: HasPriors) -> str:
    return f"{number(best.cutoff)}, by {gap_text(best)}, {verdict(best)}, if “{result.priors[prior].label}”"


def front_rows(found: CutoffStudy) -> list[PricedTrial]:
    """Return the trials (cut-off and size) at the reference cost of screening that no other beats under some prior."""
    return [row for row in found.pareto[0].rows if row.unbeaten_under]


def cutoff_text(row: PricedTrial) -> str:
    """Return a cut-off, or that there is none."""
    return "all comers" if row.cutoff is None else number(row.cutoff)
