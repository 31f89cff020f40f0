"""The page of a study of doses: exposure, occupancy, suppression and chance of success of every regimen."""

from collections.abc import Callable, Sequence

from ifntrial.report import primary
from ifntrial.report.doses import words as doses_words
from ifntrial.report.page import Frame, Page, render_page, size_fact, worlds_warnings
from ifntrial.report.palette import prior_colors
from ifntrial.report.plots.frame import Table
from ifntrial.report.plots.lines import Line, line_styles, plot_lines
from ifntrial.report.plots.panel import Panel
from ifntrial.report.wording import number, percent, percent_range
from ifntrial.studies.doses.result import Doses, Exposure, MedianPatient, RegimenResult
from ifntrial.studies.run_facts import RunFacts

SECTIONS = {"answer": "The answer", "exposure": "Does more drug do more?"}
APPENDIX = {
    "measures": "Exposure, occupancy, suppression",
    "response": "Response and chance of success, by belief",
    "trust": "How they were compared",
}
"""Parts that are folded."""

READ_OUTS: dict[str, Callable[[Exposure], MedianPatient]] = {
    "Occupancy, blood": lambda found: found.occupancy_blood,
    "Occupancy, skin": lambda found: found.occupancy_skin,
    "Signature lowered, blood": lambda found: found.suppression_blood,
    "Signature lowered, skin": lambda found: found.suppression_skin,
}


def render_doses(result: Doses, run: RunFacts) -> Page:
    """Return the page of a study of doses.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    effects = [effect_panel(route, result) for route in routes(result)]
    chances = {prior: chance_panel(result, prior) for prior in result.priors}
    return render_page(
        "doses/page.html.j2",
        Frame(
            "Dose, exposure and response by simulation",
            f"Which dose for {result.called}?",
            "How much drug, by which route: does another regimen lower the interferon signature further, and does that "
            "change the chance of success?",
            SECTIONS,
            warnings=worlds_warnings(result, "the study"),
            facts=size_fact(result),
            appendix=APPENDIX,
        ),
        [*effects, *chances.values()],
        run,
        result=result,
        measure=result.primary_measure,
        primary=primary,
        words=doses_words,
        prior_colors=prior_colors(result.priors),
        effect_panels=effects,
        chance_panel=chances[result.mixture],
        chance_panels=[panel for prior, panel in chances.items() if prior != result.mixture],
        effect_key={label: color for label, (color, _) in _read_out_styles().items()},
        route_key={route: color for route, (color, _) in line_styles(routes(result)).items()},
    )


def routes(result: Doses) -> list[str]:
    """Return the routes, that of the design first."""
    return list(dict.fromkeys(each.route for each in result.regimen_results))


def of_route(route: str, result: Doses) -> list[RegimenResult]:
    """Return the regimens of a route by their area under the curve."""
    chosen = [each for each in result.regimen_results if each.route == route]
    return sorted(chosen, key=lambda each: each.exposure.auc.median)


def _read_out_styles() -> dict[str, tuple[str, str]]:
    return line_styles(READ_OUTS)


def _areas(regimens: Sequence[RegimenResult]) -> list[float]:
    return [each.exposure.auc.median for each in regimens]


def effect_panel(route: str, result: Doses) -> Panel:
    """Return occupancy and suppression at the trough against exposure; bands are Monte Carlo intervals."""
    regimens = of_route(route, result)
    lines = []
    for label, read in READ_OUTS.items():
        color, dash = _read_out_styles()[label]
        values = [read(each.exposure) for each in regimens]
        lines.append(
            Line(
                label,
                color,
                _areas(regimens),
                [100 * each.median for each in values],
                dash,
                [100 * each.mc_low for each in values if each.mc_low is not None],
                [100 * each.mc_high for each in values if each.mc_high is not None],
                [each.words == result.own.words for each in regimens],
            )
        )
    figure = plot_lines(lines, _area_title(result), "Median patient [%]", log_x=True, y_range=(0, 102))
    rows = tuple(
        (
            each.words,
            *(doses_words.band(read_out) for read_out in (each.exposure.trough, each.exposure.auc)),
            *(doses_words.band(read(each.exposure), "fraction") for read in READ_OUTS.values()),
        )
        for each in regimens
    )
    table = Table(("Regimen", "Trough [µg/mL]", "AUC [day µg/mL]", *READ_OUTS), rows)
    return Panel(f"effect-{route}", f"{route} regimens", "", figure, 2, table)


def _area_title(result: Doses) -> str:
    return f"AUC over the last {number(result.window_days)} days [day µg/mL]"


def chance_panel(result: Doses, prior: str) -> Panel:
    """Return the chance of success against exposure, one line for each route, with intervals over worlds."""
    styles = line_styles(routes(result))
    lines, rows = [], []
    for route, (color, dash) in styles.items():
        regimens = of_route(route, result)
        chances = [each.by_prior[prior].assurance for each in regimens]
        lines.append(
            Line(
                route,
                color,
                _areas(regimens),
                [100 * each.estimate for each in chances],
                dash,
                [100 * each.low for each in chances],
                [100 * each.high for each in chances],
                [each.words == result.own.words for each in regimens],
            )
        )
        rows += [
            (
                each.words,
                percent(chance.estimate),
                percent_range(chance.low, chance.high),
                percent_range(chance.mc_low, chance.mc_high),
            )
            for each, chance in zip(regimens, chances, strict=True)
        ]
    figure = plot_lines(
        lines,
        _area_title(result),
        "Chance of success [%]",
        log_x=True,
        y_range=(0, 102),
        levels=(80,),
    )
    table = Table(("Regimen", "Chance of success", "Counting worlds", "Monte Carlo alone"), tuple(rows))
    return Panel(f"chance-{prior}", result.priors[prior].label, "", figure, 2, table)
