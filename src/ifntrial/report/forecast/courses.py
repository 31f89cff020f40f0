"""Figures of the forecast over time: exposure, signature, endpoints."""

import re
from collections.abc import Iterable, Mapping, Sequence

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
from ifntrial.report.plots.frame import padded
from ifntrial.report.plots.panel import Panel
from ifntrial.report.wording import (
    decimals_for,
    is_fraction,
    unit_label,
)
from ifntrial.studies.forecast.course_records import ArmExposure, EndpointCourses
from ifntrial.studies.forecast.result import Forecast
from ifntrial.worlds.quantiles import BandOverTime

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


def _every_few_months(weeks: Sequence[float]) -> list[float]:
    """Return about eight multiples of four weeks, which are just before a dose given every one, two or four weeks."""
    step = 4 * max(1, round(max(weeks, default=4.0) / 32))
    return [float(week) for week in range(0, int(max(weeks, default=0.0)) + 1, step)]


def exposure_panels(result: Forecast) -> list[Panel]:
    """Return concentration and receptor occupancy over time."""
    exposure = result.exposure_courses
    weeks = [day / DAYS_PER_WEEK for day in exposure.time_days]
    arms = {name: arm for name, arm in exposure.by_arm.items() if name not in arms_without_drug(result)}
    colors, names = arm_colors(*result.arms), arm_names(exposure.by_arm)
    unit = unit_label(exposure.unit)
    concentration = [course(names[arm], colors[arm], band.concentration) for arm, band in arms.items()]
    occupancy = [
        one
        for arm, band in arms.items()
        for one in _tissues(band, colors[arm], names[arm] if len(arms) > 1 else "")
    ]
    shown = (
        ("concentration", f"Drug in serum [{unit}]", concentration, None, unit),
        ("occupancy", "Receptors occupied [%]", occupancy, (0, 104), "%"),
    )
    who = f"{exposure.subjects} {_patients(exposure.group)}"
    captions = {
        "concentration": f"Concentration in serum: median of {who}, with the band that holds 5 to 95 % of them.",
        "occupancy": "Share of interferon receptors bound by the drug, in blood (solid) and skin (dashed); same bands.",
    }
    return [
        Panel(
            name,
            title,
            captions[name],
            plot_courses(weeks, lines, title, y_range=limits),
            2,
            course_table(weeks, lines, spoken, _every_few_months(weeks)),
        )
        for name, title, lines, limits, spoken in shown
        if lines
    ]


def arms_without_drug(result: Forecast) -> list[str]:
    """Return the arms in which no drug is found at any time."""
    arms = result.exposure_courses.by_arm
    return [name for name, arm in arms.items() if _is_zero(arm.concentration.q95)]


def signature_panels(result: Forecast) -> list[Panel]:
    """Return the suppression (b) of the signature in blood and skin."""
    signature = result.signature_courses
    return [
        _signature_panel(
            result, "blood", {arm: band.suppression_blood for arm, band in signature.by_arm.items()}
        ),
        _signature_panel(
            result, "skin", {arm: band.suppression_skin for arm, band in signature.by_arm.items()}
        ),
    ]


def _signature_panel(result: Forecast, tissue: str, arms: Mapping[str, BandOverTime]) -> Panel:
    weeks, colors, names = result.signature_courses.visit_weeks, arm_colors(*result.arms), arm_names(arms)
    lines = [course(names[arm], colors[arm], band, 100) for arm, band in arms.items()]
    figure = plot_courses(weeks, lines, "Suppression [%]", y_range=_suppression_range(lines), markers=True)
    whom = _patients(result.signature_courses.group)
    caption = f"Mean suppression (b) in {tissue}, {whom}: median and 5 to 95 % of worlds."
    title = f"(b) in {tissue}: fold-change score lowered [%]"
    return Panel(f"signature-b-{tissue}", title, caption, figure, 2, course_table(weeks, lines, "%"))


def endpoint_panels(result: Forecast) -> dict[str, list[Panel]]:
    """Return, for each endpoint, one panel for all patients and one for each IFN status."""
    colors = arm_colors(*result.arms)
    return {endpoint.name: _endpoint_panels(endpoint, colors) for endpoint in result.endpoint_courses}


def _endpoint_panels(endpoint: EndpointCourses, colors: Mapping[str, str]) -> list[Panel]:
    scale = 100 if is_fraction(endpoint.unit) else 1
    unit = unit_label(endpoint.unit)
    groups = {
        group: [course(names[arm], colors[arm], arms[arm].patient_mean, scale) for arm in arms]
        for group, arms in endpoint.by_group.items()
        for names in [arm_names(arms)]
    }
    limits = _shared_range([line for lines in groups.values() for line in lines])
    return [
        Panel(
            f"endpoint-{endpoint.name}-{group}",
            endpoint.label if group == "all" else GROUPS.get(group, group),
            _at_the_end(endpoint.visit_weeks, lines, unit),
            plot_courses(endpoint.visit_weeks, lines, unit, y_range=limits, markers=True),
            3,
            course_table(endpoint.visit_weeks, lines, unit),
        )
        for group, lines in groups.items()
        if lines
    ]


def _tissues(band: ArmExposure, color: str, arm: str) -> list[Course]:
    shown = (("blood", band.occupancy_blood, "solid"), ("skin", band.occupancy_skin, "dash"))
    return [
        course(f"{arm}, {tissue}" if arm else tissue.capitalize(), color, values, 100, dash)
        for tissue, values, dash in shown
    ]


def _at_the_end(weeks: Sequence[float], lines: Sequence[Course], unit: str) -> str:
    """Return the last values in words, for a caption."""
    digits = decimals_for(span_of(lines))
    ends = "; ".join(f"{line.label} {course_at(line, -1, digits)}" for line in lines)
    return f"Week {weeks[-1]:g} [{unit}], median (5 to 95 % of worlds): {ends}."


def _patients(group: str) -> str:
    """Return in words whom a figure shows."""
    level = group.removeprefix("ifn-")
    return f"IFN-{level} patients" if level in ("high", "low") else "patients"


def _is_zero(values: Sequence[float]) -> bool:
    return not any(value > 0 for value in values)


def _shared_range(lines: Sequence[Course]) -> tuple[float, float] | None:
    values = values_of(lines)
    if not values:
        return None
    low, high = padded(values, 0.12)
    return low, high


def _suppression_range(lines: Sequence[Course]) -> tuple[float, float]:
    return min([-5.0, *values_of(lines)]) - 5, 105.0
