"""Figures of the forecast that are not over time: chance, effect, what to believe, what drives the spread."""

from ifntrial.clinic.primary_measure import PrimaryMeasure
from ifntrial.items import ITEMS
from ifntrial.report.forecast.words import error_parts
from ifntrial.report.palette import prior_colors
from ifntrial.report.plots.believe import plot_believe
from ifntrial.report.plots.frame import Table
from ifntrial.report.plots.intervals import band_row, plot_rows
from ifntrial.report.plots.panel import Panel
from ifntrial.report.plots.shares import plot_shares
from ifntrial.report.primary import better_words, gap_heading, gap_scale, gap_text, gap_unit, in_each_arm
from ifntrial.report.wording import (
    fixed,
    number,
    percent,
    percent_range,
)
from ifntrial.studies.forecast.answers import Believe
from ifntrial.studies.forecast.prior_answer import PriorAnswer
from ifntrial.studies.forecast.result import Forecast

VARIANCE_WORDS = {
    "efficacy": "How much the drug does for the disease",
    "placebo and trial effect": "How the control arm and this trial behave",
    "endpoint rule": "Which version of the endpoint's rule is used",
    "pharmacokinetics": "How much drug gets where it acts",
    "Monte Carlo": "Chance in this simulation itself",
    "other unknowns": "Everything else that differs between worlds",
}


def chance_panel(result: Forecast) -> Panel:
    """Return the chance of success under each named prior and their mixture."""
    priors = result.by_prior
    colors = prior_colors(priors)
    rows = [
        band_row(
            prior.label,
            colors[name],
            prior.power_by_world,
            prior.assurance.estimate,
            percent(prior.assurance.estimate),
        )
        for name, prior in priors.items()
    ]
    figure = plot_rows(rows, "Chance that the trial succeeds [%]", scale=100, x_range=(-2, 102))
    caption = (
        "Diamond: mean over worlds, the chance of success given on the cards. Tick: median world. "
        "Thick bar: the middle half of the worlds; thin bar: 5 to 95 %. A world is one draw of everything nobody knows; "
        "a wide bar is ignorance, which more patients in the simulation would not shrink."
    )
    headers = (
        "Belief",
        "Mean",
        "Numerical error, 95 %",
        "Standard errors [points]",
        "Median world",
        "5 to 95 % of worlds",
        "Different worlds of this run (effective)",
        "Behind them, effective of all",
        "Bayes factor over the mixture: how well it foretold the trial that gave interferon (weights stay as declared)",
        f"{ITEMS['fvc_ml'].label} on interferon foretold [points]",
    )
    all_worlds = result.calibration.worlds
    table = Table(headers, tuple(_chance_row(prior, all_worlds) for prior in priors.values()))
    return Panel(
        "chance",
        "Chance of success, and how it differs between worlds",
        caption,
        figure,
        table=table,
    )


def _chance_row(prior: PriorAnswer, all_worlds: int) -> tuple[str, ...]:
    mean, worlds = prior.assurance, prior.power_by_world
    return (
        prior.label,
        percent(mean.estimate),
        percent_range(mean.low, mean.high),
        error_parts(prior),
        percent(worlds.q50),
        percent_range(worlds.q05, worlds.q95),
        f"{number(prior.worlds_different)} ({number(prior.worlds_effective)})",
        f"{number(prior.structural_worlds_effective)} of {number(all_worlds)}",
        *_foretold_cells(prior),
    )


def _foretold_cells(prior: PriorAnswer) -> tuple[str, str]:
    """Return the Bayes factor of the trial of interferon given to patients, and what the belief foretold of it."""
    told = prior.foretold_trial
    if told is None:
        return "", ""
    lung = told.fvc_difference
    return fixed(told.bayes_factor, 2), f"{fixed(lung.q50, 1)} ({fixed(lung.q05, 1)} to {fixed(lung.q95, 1)})"


def effect_panel(result: Forecast) -> Panel:
    """Return the drug effect on the primary endpoint that each prior implies."""
    priors, measure = result.by_prior, result.primary_measure
    colors = prior_colors(priors)
    rows = [
        band_row(
            prior.label,
            colors[name],
            prior.difference,
            note=gap_text(prior.difference, measure),
        )
        for name, prior in priors.items()
    ]
    figure = plot_rows(
        rows,
        gap_heading(measure, result.control_word),
        scale=gap_scale(measure),
        line_at=0,
    )
    told = measure.of_difference[:1].upper() + measure.of_difference[1:]
    caption = (
        f"{told} that each prior implies, over worlds{_which_way(better_words(measure))}. "
        "Beside each name: median (5 to 95 %). Dotted line: no difference."
    )
    return Panel(
        "effect",
        "What each prior implies for the primary endpoint",
        caption,
        figure,
        table=Table(
            ("Prior", f"Median (5 to 95 % of worlds){_in_unit(measure)}"),
            tuple((row.label, row.note) for row in rows),
        ),
    )


def _which_way(better: str) -> str:
    return f"; {better}" if better else ""


def _in_unit(measure: PrimaryMeasure) -> str:
    unit = "points" if measure.is_response else gap_unit(measure)
    return f" [{unit}]" if unit else ""


def believe_panels(result: Forecast) -> list[Panel]:
    """Return power by true effect and rate of responders on control; nothing where there are no responders."""
    return [] if result.believe is None else [_believe_panel(result, result.believe)]


def _believe_panel(result: Forecast, believe: Believe) -> Panel:
    control = result.control_word
    rates = [percent(rate) for rate in believe.placebo_rates]
    rows = tuple(
        (f"log odds ratio {number(effect, 2)}", *(percent(value) for value in row))
        for effect, row in zip(believe.log_odds_ratios, believe.power_grid, strict=True)
    )
    caption = (
        f"Left: power [%] with {in_each_arm(believe.per_arm)}, for a true effect (rows) and a {control} rate "
        "(columns); the dashed line marks 80 %. Right, on the same axis: what each belief, by its number, becomes in "
        "this trial (thick 25 to 75 %, thin 5 to 95 %, tick median). "
        "Read across: a prior supports success where its bar lies in the dark rows."
    )
    table = Table(("True effect", *(f"{control} {rate}" for rate in rates)), rows)
    return Panel(
        "believe",
        f"Power by true effect and {control} rate",
        caption,
        plot_believe(believe, result.by_prior, control),
        table=table,
    )


def variance_panel(result: Forecast) -> Panel:
    """Return the variance of power between worlds, split by source."""
    rows = sorted(result.variance, key=lambda row: -row.share)
    labels = [VARIANCE_WORDS.get(row.source, row.source) for row in rows]
    figure = plot_shares(
        labels, [row.share for row in rows], "Share of the variance of power between worlds [%]"
    )
    caption = "The longest bar is where new knowledge would narrow the forecast most."
    return Panel(
        "variance",
        "Where the spread between worlds comes from",
        caption,
        figure,
        table=Table(
            ("Source", "Share"),
            tuple((label, percent(row.share)) for label, row in zip(labels, rows, strict=True)),
        ),
    )
