"""The figures of the forecast's page, one function each."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ifntrial.report.palette import arm_colors, prior_colors
from ifntrial.report.plots.believe import plot_believe
from ifntrial.report.plots.courses import Course, course, course_at, course_table, plot_courses
from ifntrial.report.plots.frame import Panel, Table, padded
from ifntrial.report.plots.intervals import Row, height_of_rows, plot_rows
from ifntrial.report.plots.shares import plot_shares
from ifntrial.report.wording import (
    difference_text,
    is_fraction,
    is_number,
    number,
    percent,
    percent_range,
    unit_label,
)

Result = Mapping[str, Any]

GROUPS = {"all": "All patients", "high": "IFN-high at entry", "low": "IFN-low at entry"}

VARIANCE_WORDS = {
    "efficacy": "How much the drug does for the disease",
    "placebo and trial effect": "How the placebo arm and this trial behave",
    "endpoint rule": "Which version of the endpoint's rule is used",
    "pharmacokinetics": "How much drug gets where it acts",
    "Monte Carlo": "Chance in this simulation itself",
}


def arm_names(arms: Iterable[str]) -> dict[str, str]:
    """Return a short name for each arm: its words before the dose, if they tell the arms apart.

    Examples
    --------
    >>> arm_names(["anifrolumab 120 mg SC weekly", "placebo"])
    {'anifrolumab 120 mg SC weekly': 'Anifrolumab', 'placebo': 'Placebo'}
    """
    arms = list(arms)
    short = [re.split(r"\s*\d", arm.replace("_", " "), maxsplit=1)[0].strip() or arm for arm in arms]
    if len({text.lower() for text in short}) < len(arms):
        short = [arm.replace("_", " ") for arm in arms]
    return {arm: text[:1].upper() + text[1:] for arm, text in zip(arms, short, strict=True)}


def chance_panel(result: Result) -> Panel:
    """Return the chance of success under each named prior and their mixture."""
    priors = result["by_prior"]
    colors = prior_colors(priors)
    rows = [
        Row(
            prior["label"],
            colors[name],
            prior["power_by_world"],
            prior["assurance"]["estimate"],
            percent(prior["assurance"]["estimate"]),
        )
        for name, prior in priors.items()
    ]
    figure = plot_rows(rows, "Chance that the trial succeeds [%]", scale=100, x_range=(-2, 102), unit="%")
    caption = (
        "Diamond: mean over worlds, the chance of success given on the cards. Tick: median world. "
        "Thick bar: the middle half of the worlds; thin bar: 5 to 95 %. A world is one draw of everything nobody knows; "
        "a wide bar is ignorance, which more patients in the simulation would not shrink."
    )
    headers = (
        "Prior",
        "Mean",
        "Interval, counting worlds",
        "Monte Carlo only",
        "Median world",
        "5 to 95 % of worlds",
        "Worlds (effective)",
    )
    table = Table(headers, tuple(_chance_row(prior) for prior in priors.values()))
    return Panel(
        "chance",
        "Chance of success, and how it differs between worlds",
        caption,
        figure,
        height_of_rows(len(rows)),
        table=table,
    )


def _chance_row(prior: Result) -> tuple[str, ...]:
    mean, worlds = prior["assurance"], prior["power_by_world"]
    return (
        prior["label"],
        percent(mean["estimate"]),
        percent_range(mean["low"], mean["high"]),
        percent_range(mean["mc_low"], mean["mc_high"]),
        percent(worlds["50"]),
        percent_range(worlds["5"], worlds["95"]),
        f"{number(prior['worlds'])} ({number(prior['effective_worlds'], 3)})",
    )


def effect_panel(result: Result) -> Panel:
    """Return the drug effect on the primary endpoint that each prior implies."""
    priors = result["by_prior"]
    colors = prior_colors(priors)
    rows = [
        Row(
            prior["label"],
            colors[name],
            prior["difference"],
            note=difference_text(prior["difference"], "fraction"),
        )
        for name, prior in priors.items()
    ]
    figure = plot_rows(
        rows, "Responders, active minus placebo [percentage points]", scale=100, line_at=0, unit="points"
    )
    caption = (
        "Difference in the share of responders that each prior implies, over worlds. "
        "Beside each name: median (5 to 95 %). Dotted line: no difference."
    )
    return Panel(
        "effect",
        "What each prior implies for the primary endpoint",
        caption,
        figure,
        height_of_rows(len(rows)),
    )


def exposure_panels(result: Result) -> list[Panel]:
    """Return concentration and receptor occupancy over time."""
    exposure = result["exposure"]
    weeks = [day / 7 for day in exposure["time_days"]]
    arms = {name: arm for name, arm in exposure["arms"].items() if not _is_zero(arm["concentration"]["95"])}
    colors, names = arm_colors(exposure["arms"]), arm_names(exposure["arms"])
    unit = unit_label(exposure.get("unit", "ug/mL"))
    concentration = [course(names[arm], colors[arm], band["concentration"]) for arm, band in arms.items()]
    occupancy = [
        one
        for arm, band in arms.items()
        for one in _tissues(band, "occupancy", colors[arm], names[arm] if len(arms) > 1 else "")
    ]
    shown = (
        ("concentration", f"Drug in serum [{unit}]", concentration, None, unit),
        ("occupancy", "Receptors occupied [%]", occupancy, (0, 104), "%"),
    )
    captions = {
        "concentration": "Concentration in serum: median patient, with the band that holds 5 to 95 % of patients.",
        "occupancy": "Share of interferon receptors bound by the drug, in blood (solid) and skin (dashed); same bands.",
    }
    return [
        Panel(
            name,
            title,
            captions[name],
            plot_courses(weeks, lines, title, y_range=limits, unit=spoken, height=300),
            300,
            2,
            course_table(weeks, lines, spoken),
        )
        for name, title, lines, limits, spoken in shown
        if lines
    ]


def signature_panels(result: Result) -> list[Panel]:
    """Return the suppression of the signature in blood and skin, as far as the result holds it."""
    signature = result["signature"]
    weeks, arms = signature["visit_week"], signature["arms"]
    colors, names = arm_colors(arms), arm_names(arms)
    panels = []
    kinds = (
        ("ifn_driven_suppression", "a", "receptor-driven share removed"),
        ("suppression", "b", "fold-change score lowered"),
    )
    for key, letter, meaning in kinds:
        for tissue in ("blood", "skin"):
            field = f"{key}_{tissue}"
            lines = [
                course(names[arm], colors[arm], band[field], 100)
                for arm, band in arms.items()
                if field in band
            ]
            if not lines:
                continue
            title = f"({letter}) in {tissue}: {meaning} [%]"
            figure = plot_courses(
                weeks,
                lines,
                "Suppression [%]",
                y_range=_suppression_range(lines),
                markers=True,
                unit="%",
                height=280,
            )
            caption = f"Suppression ({letter}) in {tissue}: median patient with 5 to 95 % of patients."
            panels.append(
                Panel(
                    f"signature-{letter}-{tissue}",
                    title,
                    caption,
                    figure,
                    280,
                    2,
                    course_table(weeks, lines, "%"),
                )
            )
    return panels


def endpoint_panels(result: Result) -> dict[str, list[Panel]]:
    """Return, for each endpoint, one panel for all patients and one for each IFN status."""
    return {endpoint["name"]: _endpoint_panels(endpoint) for endpoint in result["endpoints"]}


def unit_of(endpoint: Result) -> str:
    """Return an endpoint's unit; the mean of responders is a fraction whatever their own unit."""
    return "fraction" if endpoint.get("kind") == "responder" else str(endpoint["unit"])


def _endpoint_panels(endpoint: Result) -> list[Panel]:
    scale = 100 if is_fraction(unit_of(endpoint)) else 1
    unit = unit_label(unit_of(endpoint))
    groups = {
        group: [course(names[arm], colors[arm], arms[arm]["mean"], scale) for arm in arms]
        for group, arms in endpoint["groups"].items()
        for colors, names in [(arm_colors(arms), arm_names(arms))]
    }
    limits = _shared_range([line for lines in groups.values() for line in lines])
    return [
        Panel(
            f"endpoint-{endpoint['name']}-{group}",
            GROUPS.get(group, group),
            _at_the_end(endpoint["visit_week"], lines, unit),
            plot_courses(
                endpoint["visit_week"], lines, unit, y_range=limits, markers=True, unit=unit, height=260
            ),
            260,
            3,
            course_table(endpoint["visit_week"], lines, unit),
        )
        for group, lines in groups.items()
        if lines
    ]


def believe_panel(result: Result) -> Panel:
    """Return power by true effect and placebo rate."""
    believe = result["believe"]
    rates = [percent(rate) for rate in believe["placebo_rate"]]
    rows = tuple(
        (f"log odds ratio {number(effect, 2)}", *(percent(value) for value in row))
        for effect, row in zip(believe["log_odds_ratio"], believe["power"], strict=True)
    )
    caption = (
        f"Left: power [%] with {number(believe['per_arm'])} patients per arm, for a true effect (rows) and a placebo "
        "rate (columns); the dashed line marks 80 %. Right, on the same axis: the effect each prior holds possible "
        "(thick 25 to 75 %, thin 5 to 95 %, tick median). "
        "Read across: a prior supports success where its bar lies in the dark rows."
    )
    table = Table(("True effect", *(f"placebo {rate}" for rate in rates)), rows)
    return Panel(
        "believe",
        "Power by true effect and placebo rate",
        caption,
        plot_believe(believe, result["by_prior"]),
        460,
        table=table,
    )


def variance_panel(result: Result) -> Panel:
    """Return the variance of power between worlds, split by source."""
    rows = sorted(result["variance"], key=lambda row: -row["share"])
    labels = [VARIANCE_WORDS.get(row["source"], row["source"]) for row in rows]
    figure = plot_shares(
        labels, [row["share"] for row in rows], "Share of the variance of power between worlds [%]"
    )
    caption = "The longest bar is where new knowledge would narrow the forecast most."
    return Panel(
        "variance", "Where the spread between worlds comes from", caption, figure, int(figure.layout.height)
    )


def _tissues(band: Result, key: str, color: str, arm: str) -> list[Course]:
    dashes = {"blood": "solid", "skin": "dash"}
    return [
        course(f"{arm}, {tissue}" if arm else tissue.capitalize(), color, band[f"{key}_{tissue}"], 100, dash)
        for tissue, dash in dashes.items()
        if f"{key}_{tissue}" in band
    ]


def _at_the_end(weeks: Sequence[float], lines: Sequence[Course], unit: str) -> str:
    """Return the last values in words, for a caption."""
    ends = "; ".join(f"{line.label} {course_at(line, -1)}" for line in lines)
    return f"Week {weeks[-1]:g} [{unit}], median (5 to 95 % of worlds): {ends}."


def _is_zero(values: Sequence[Any]) -> bool:
    return not any(is_number(value) and value > 0 for value in values)


def _numbers(lines: Sequence[Course]) -> list[float]:
    return [
        value
        for line in lines
        for values in (line.low, line.middle, line.high)
        for value in values
        if is_number(value)
    ]


def _shared_range(lines: Sequence[Course]) -> list[float] | None:
    values = _numbers(lines)
    return padded(values, 0.12) if values else None


def _suppression_range(lines: Sequence[Course]) -> list[float]:
    return [min([-5.0, *_numbers(lines)]) - 5, 105.0]
