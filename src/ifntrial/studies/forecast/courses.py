"""Courses over time of endpoints and of the signature, by arm, as bands over worlds."""

from typing import Any

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.items import ITEMS
from ifntrial.levels import BAND
from ifntrial.studies.forecast.records import ForecastWorlds
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.worlds.efficacy import MIXTURE
from ifntrial.worlds.quantiles import weighted_band


def endpoint_courses(prepared: PreparedForecast, worlds: ForecastWorlds) -> list[dict[str, Any]]:
    """Return mean courses of each endpoint by arm and signature, as bands over worlds of the mixture."""
    weight = prepared.choice.counts[MIXTURE]
    rows = []
    for item in ITEMS.values():
        if not item.heading:
            continue
        name = item.name
        groups = {group: _arm_bands(worlds, name, group, weight) for group in ("all", "high", "low")}
        rows.append(
            {
                "name": name,
                "label": item.heading,
                "unit": item.spoken_unit,
                "higher_is_better": item.higher_is_better,
                "visit_week": list(prepared.trial.design.visit_weeks),
                "groups": {group: arms for group, arms in groups.items() if arms},
                "difference": {
                    group: weighted_band(difference_at_primary(worlds, name, group, prepared), weight)
                    for group, arms in groups.items()
                    if arms
                },
            }
        )
    return rows


def difference_at_primary(
    worlds: ForecastWorlds, endpoint: str, group: str, prepared: PreparedForecast
) -> FloatArray:
    """Return active minus control at the primary visit, shape (worlds,); not a number where a group is empty."""
    design = prepared.trial.design
    arms = worlds.means[endpoint][group]
    active, control = arms[design.active.name], arms[design.control.name]
    return np.asarray(active[:, design.primary_visit] - control[:, design.primary_visit])


def _arm_bands(worlds: ForecastWorlds, name: str, group: str, weight: FloatArray) -> dict[str, Any]:
    """Return arm to bands over time; none if the group is empty in a world."""
    arms = worlds.means[name][group]
    if any(np.isnan(courses).any() for courses in arms.values()):
        return {}
    return {arm: {"mean": _bands_over_time(courses, weight)} for arm, courses in arms.items()}


def _bands_over_time(courses: FloatArray, weight: FloatArray) -> dict[str, list[float]]:
    """Return 5, 50 and 95 % at each visit from courses of shape (worlds, visits)."""
    each = [weighted_band(column, weight) for column in courses.T]
    return {level: [band[level] for band in each] for level in map(str, BAND)}


def signature_courses(prepared: PreparedForecast, worlds: ForecastWorlds) -> dict[str, Any]:
    """Return suppression (b) in patients with a high signature, mean by arm and visit, as bands over worlds."""
    weight = prepared.choice.counts[MIXTURE]
    group = "high" if "high" in worlds.means["mrss"] else "all"
    blood, skin = (
        _arm_bands(worlds, f"signature_suppression_{tissue}", group, weight) for tissue in ("blood", "skin")
    )
    return {
        "visit_week": list(prepared.trial.design.visit_weeks),
        "group": group,
        "arms": {
            arm: {"suppression_blood": blood[arm]["mean"], "suppression_skin": skin[arm]["mean"]}
            for arm in blood
        },
        "returned_to_healthy": _returned_to_healthy(worlds, weight),
        "definitions": {
            "a": "share of the IFNAR-driven signal removed",
            "b": "one minus post over pre of the fold-change score, background and assay noise included; "
            "published figures of 80 % or more are this one, in blood",
            "c": "whether the score is back in the healthy range",
        },
    }


def _returned_to_healthy(worlds: ForecastWorlds, weight: FloatArray) -> dict[str, float]:
    """Return by arm the mean share of patients with a high signature whose score is back in the healthy range."""
    found = [world.by_ifn["high"].returned for world in worlds.numbers if "high" in world.by_ifn]
    if len(found) < len(worlds.numbers):
        return {}
    return {arm: float(np.average([returned[arm] for returned in found], weights=weight)) for arm in found[0]}
