"""The page of a validation: how far the model is from every published result, misses first."""

from collections.abc import Sequence

import plotly.graph_objects as go

from ifntrial.levels import NORMAL_95
from ifntrial.report.page import Frame, render_page
from ifntrial.report.palette import ACTIVE, INK, PAPER, QUIET
from ifntrial.report.plots.frame import Panel, axis, new_figure
from ifntrial.report.plots.intervals import band_row, height_of_rows, plot_rows
from ifntrial.report.wording import number
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.validate.result import Compared, Validation
from ifntrial.worlds.posterior import GlobalPosterior
from ifntrial.worlds.quantiles import Band

MISS = "#b8470a"
USES = {"fit": ("circle", "there for fits"), "test": ("diamond", "kept for tests")}
Z_SHOWN = 8.0
"""Farther misses stand at the edge of the figure; their number is written beside them."""

ROW_HEIGHT, MARGINS = 19, 70
LABEL_LENGTH = 58


def render_validation(result: Validation, run: RunFacts) -> str:
    """Return the page of a validation.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    rows = result.comparisons
    groups = [
        (name, heading, [row for row in rows if row.group == name])
        for name, heading in result.group_headings.items()
    ]
    panels = {name: forest(name, heading, shown) for name, heading, shown in groups if _distances(shown)}
    absent = [row for row in rows if row.group is None]
    learnt = learnt_panels(result.posterior.globals)
    sections = {"summary": "In short", "misses": "Misses"}
    sections |= {name: heading for name, heading, _ in groups} | {
        "steps": "What each rule does to the response on placebo",
        "learnt": "What the fits say about the unknowns",
        "absent": "Not simulated",
    }
    return render_page(
        "validate/page.html.j2",
        Frame(
            "Validation",
            "The model against published results",
            "Every published result that is there for a fit, or kept for a test, beside the same statistic of virtual "
            "subjects in the typical world.",
            sections,
            facts={"Subjects per virtual group": f"{result.subjects}"},
        ),
        [*panels.values(), *learnt],
        run,
        result=result,
        groups=groups,
        figures=panels,
        learnt=learnt,
        misses=sorted((row for row in rows if row.passed is False), key=_distance, reverse=True),
        absent=_by_reason(absent),
        verdicts={True: "agrees", False: "miss", None: "no verdict"},
    )


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
    return [Panel("learnt-globals", "Prior and posterior", caption, figure, height_of_rows(len(shown)))]


def _on_prior_scale(band: Band, prior: Band) -> Band:
    width = prior.q95 - prior.q05
    return Band(*((each - prior.q05) / width for each in (band.q05, band.q25, band.q50, band.q75, band.q95)))


def _distance(row: Compared) -> float:
    return abs(row.z) if row.z is not None else 0.0


def _distances(rows: Sequence[Compared]) -> list[tuple[Compared, float]]:
    return [(row, row.z) for row in rows if row.z is not None]


def _by_reason(rows: Sequence[Compared]) -> list[tuple[str, list[Compared]]]:
    reasons: dict[str, list[Compared]] = {}
    for row in rows:
        reasons.setdefault(row.reason, []).append(row)
    return sorted(reasons.items(), key=lambda item: -len(item[1]))


def forest(name: str, heading: str, rows: Sequence[Compared]) -> Panel:
    """Return the distances of simulated from published values in standard errors, one row each, in table order."""
    shown = _distances(rows)
    height = ROW_HEIGHT * len(shown) + MARGINS
    figure = new_figure(
        height,
        axis(
            "Simulated less published [standard errors of the published value]",
            range=[-Z_SHOWN - 0.8, Z_SHOWN + 0.8],
        ),
        axis(
            tickmode="array",
            tickvals=list(range(len(shown))),
            ticktext=[_label(row.observation) for row, _ in shown],
            range=[len(shown) - 0.4, -0.6],
            showgrid=False,
            ticks="",
            fixedrange=True,
        ),
    )
    figure.add_vrect(x0=-NORMAL_95, x1=NORMAL_95, fillcolor="#eceff2", line_width=0, layer="below")
    figure.add_vline(x=0, line={"color": QUIET, "width": 1, "dash": "dot"}, layer="below")
    for place, (row, z) in enumerate(shown):
        _mark(figure, place, row, z)
    caption = (
        f"Grey: within {NORMAL_95:.2f} standard errors of the published value. Circles are there for fits, diamonds "
        "are kept for tests; filled marks lie outside the published interval. Marks at the edge lie farther out."
    )
    return Panel(f"forest-{name}", f"{heading}: distance from published", caption, figure, height)


def _label(id: str) -> str:
    return id if len(id) <= LABEL_LENGTH else f"…{id[-LABEL_LENGTH + 1 :]}"


def _mark(figure: go.Figure, place: int, row: Compared, distance: float) -> None:
    is_miss = row.passed is False
    color = MISS if is_miss else ACTIVE
    z = max(-Z_SHOWN, min(Z_SHOWN, distance))
    symbol, use = USES[row.use]
    hover = (
        f"{row.observation}<br>published {number(row.published)}, simulated {number(row.simulated)} "
        f"{row.unit}<br>z {number(distance, 2)}, {use}"
    )
    figure.add_scatter(
        x=[z],
        y=[place],
        mode="markers+text" if abs(distance) > Z_SHOWN else "markers",
        text=[number(distance, 2)],
        textposition="middle left" if z > 0 else "middle right",
        textfont={"size": 10, "color": INK},
        marker={
            "symbol": symbol,
            "size": 9,
            "color": color if is_miss else PAPER,
            "line": {"color": color, "width": 2},
        },
        hoverinfo="text",
        hovertext=hover,
    )
