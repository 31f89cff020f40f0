"""The page of a validation: how far the model is from every published result, misses first."""

from collections.abc import Sequence

from ifntrial.report.page import Frame, Page, render_page
from ifntrial.report.palette import ACTIVE, QUIET
from ifntrial.report.plots.intervals import band_row, plot_rows
from ifntrial.report.plots.panel import Panel
from ifntrial.report.terminal.validation import YARDSTICKS
from ifntrial.report.validate.forest import distances, forest
from ifntrial.report.validate.history import history_panels
from ifntrial.report.wording import in_a_row
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.validate.result import Compared, Validation
from ifntrial.studies.validate.standing import IN_WORDS
from ifntrial.worlds.posterior import GlobalPosterior
from ifntrial.worlds.quantiles import Band

SECTIONS = {
    "summary": "In short",
    "misses": "Misses by cause",
    "coverage": "How often published values lie where expected",
}


def render_validation(result: Validation, run: RunFacts) -> Page:
    """Return the page of a validation.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    rows = result.comparisons
    by_id = {row.observation: row for row in rows}
    groups = [
        (name, heading, [row for row in rows if row.group == name])
        for name, heading in result.group_headings.items()
    ]
    panels = {name: forest(name, heading, shown) for name, heading, shown in groups if distances(shown)}
    absent = [row for row in rows if row.group is None]
    learnt = learnt_panels(result.posterior.globals)
    history = history_panels(result.untreated_curves, rows)
    appendix = {"history": "Natural history", "standings": "Derived or assumed?"}
    appendix |= {name: heading for name, heading, _ in groups} | {
        "steps": "What each rule does to the response on placebo",
        "status": "Effect at a low and at a high signature",
        "learnt": "What the fits say about the unknowns",
        "absent": "Not simulated",
    }
    return render_page(
        "validate/page.html.j2",
        Frame(
            "Validation",
            "The model against published results",
            "Every published result that is there for a fit, or kept for a test, beside the same statistic of virtual "
            "subjects, in the typical world and over worlds.",
            SECTIONS,
            appendix=appendix,
            facts={
                "Subjects per virtual group": f"{result.subjects}",
                "Worlds": f"{result.drawn_worlds}",
            },
        ),
        [*panels.values(), *history, *learnt],
        run,
        result=result,
        groups=groups,
        figures=panels,
        learnt=learnt,
        by_id=by_id,
        headline=headline(result),
        history=history,
        clusters=[(cluster, [by_id[id] for id in cluster.observations]) for cluster in result.clusters],
        absent=_by_reason(absent),
        yardsticks=YARDSTICKS,
        stands=[
            (words, [row for row in result.standings if row.stands == key]) for key, words in IN_WORDS.items()
        ],
    )


def headline(result: Validation) -> str:
    """Return how many published results with a verdict the model misses: those kept for tests, then the others."""
    told = []
    for use, words in (("test", "that were kept for tests"), ("fit", "that are there for fits")):
        counts = result.counts[use]
        told.append(f"{counts.misses} of {counts.passes + counts.misses} {words}")
    return f"The model misses {in_a_row(told)}."


def learnt_panels(rows: Sequence[GlobalPosterior]) -> list[Panel]:
    """Return prior and posterior of what data inform, each on the scale of its prior; no panel if nothing is."""
    informed = [row for row in rows if row.verdict == "informed"]
    if not informed:
        return []
    shown = [
        band_row(f"{row.label}: {kind}", color, _on_prior_scale(band, row.prior_band))
        for row in informed
        for kind, band, color in (("prior", row.prior_band, QUIET), ("posterior", row.posterior_band, ACTIVE))
    ]
    figure = plot_rows(shown, "Place in the prior: 0 at its 5 %, 1 at its 95 %")
    caption = (
        "Thin: 5 to 95 % of worlds, thick: 25 to 75 %, tick: median. A posterior narrower than the prior, or away from "
        "its middle, is what published drug levels and signatures say."
    )
    return [Panel("learnt-globals", "Prior and posterior", caption, figure)]


def _on_prior_scale(band: Band, prior: Band) -> Band:
    width = prior.q95 - prior.q05
    return Band(*((each - prior.q05) / width for each in (band.q05, band.q25, band.q50, band.q75, band.q95)))


def _by_reason(rows: Sequence[Compared]) -> list[tuple[str, list[Compared]]]:
    reasons: dict[str, list[Compared]] = {}
    for row in rows:
        reasons.setdefault(row.reason, []).append(row)
    return sorted(reasons.items(), key=lambda item: -len(item[1]))
