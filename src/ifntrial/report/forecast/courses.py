"""Figures of the forecast over time: exposure, signature, endpoints."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.report.palette import arm_colors
from ifntrial.report.plots.courses import (
    Course,
    course,
    course_at,
    course_table,
    plot_courses,
    span_of,
    values_of,
)
from ifntrial.report.plots.frame import Panel, padded
from ifntrial.report.wording import (
    decimals_for,
    is_fraction,
    is_number,
    unit_label,
)

Result = Mapping[str, Any]

GROUPS = {"all": "All patients", "high": "IFN-high at entry", "low": "IFN-low at entry"}


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


def exposure_panels(result: Result) -> list[Panel]:
    """Return concentration and receptor occupancy over time."""
    exposure = result["exposure"]
    weeks = [day / DAYS_PER_WEEK for day in exposure["time_days"]]
    arms = {name: arm for name, arm in exposure["arms"].items() if name not in arms_without_drug(result)}
    colors, names = arm_colors(*result["arms"]), arm_names(exposure["arms"])
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
    who = _who(exposure)
    captions = {
        "concentration": f"Concentration in serum: median of {who}, with the band that holds 5 to 95 % of them.",
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


def arms_without_drug(result: Result) -> list[str]:
    """Return the arms in which no drug is found at any time."""
    arms = result["exposure"]["arms"]
    return [name for name, arm in arms.items() if _is_zero(arm["concentration"]["95"])]


def signature_panels(result: Result) -> list[Panel]:
    """Return the suppression of the signature in blood and skin, as far as the result holds it."""
    signature = result["signature"]
    weeks, arms = signature["visit_week"], signature["arms"]
    colors, names = arm_colors(*result["arms"]), arm_names(arms)
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
            caption = (
                f"Mean suppression ({letter}) in {tissue}, {_who(signature)}: median and 5 to 95 % of worlds."
            )
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
    colors = arm_colors(*result["arms"])
    return {endpoint["name"]: _endpoint_panels(endpoint, colors) for endpoint in result["endpoints"]}


def unit_of(endpoint: Result) -> str:
    """Return an endpoint's unit; the mean of responders is a fraction whatever their own unit."""
    return "fraction" if endpoint.get("kind") == "responder" else str(endpoint["unit"])


def _endpoint_panels(endpoint: Result, colors: Mapping[str, str]) -> list[Panel]:
    scale = 100 if is_fraction(unit_of(endpoint)) else 1
    unit = unit_label(unit_of(endpoint))
    groups = {
        group: [course(names[arm], colors[arm], arms[arm]["mean"], scale) for arm in arms]
        for group, arms in endpoint["groups"].items()
        for names in [arm_names(arms)]
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


def _tissues(band: Result, key: str, color: str, arm: str) -> list[Course]:
    dashes = {"blood": "solid", "skin": "dash"}
    return [
        course(f"{arm}, {tissue}" if arm else tissue.capitalize(), color, band[f"{key}_{tissue}"], 100, dash)
        for tissue, dash in dashes.items()
        if f"{key}_{tissue}" in band
    ]


def _at_the_end(weeks: Sequence[float], lines: Sequence[Course], unit: str) -> str:
    """Return the last values in words, for a caption."""
    digits = decimals_for(span_of(lines))
    ends = "; ".join(f"{line.label} {course_at(line, -1, digits)}" for line in lines)
    return f"Week {weeks[-1]:g} [{unit}], median (5 to 95 % of worlds): {ends}."


def _who(shown: Result) -> str:
    """Return in words whom a figure shows: how many, and which IFN status."""
    count = f"{shown['subjects']} " if "subjects" in shown else ""
    group = str(shown.get("group", "")).removeprefix("ifn-")
    return f"{count}{f'IFN-{group} ' if group in ('high', 'low') else ''}patients"


def _is_zero(values: Sequence[Any]) -> bool:
    return not any(is_number(value) and value > 0 for value in values)


def _shared_range(lines: Sequence[Course]) -> list[float] | None:
    values = values_of(lines)
    return padded(values, 0.12) if values else None


def _suppression_range(lines: Sequence[Course]) -> list[float]:
    return [min([-5.0, *values_of(lines)]) - 5, 105.0]
