"""Courses over time of endpoints and of the signature, by arm, as bands over worlds."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.items import ITEMS
from ifntrial.levels import BAND
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.worlds.efficacy import MIXTURE
from ifntrial.worlds.quantiles import weighted_band

# what is kept of one world
Summary = Mapping[str, Any]


def endpoint_courses(prepared: PreparedForecast, summaries: Sequence[Summary]) -> list[dict[str, Any]]:
    """Return mean courses of each endpoint by arm and signature, as bands over worlds of the mixture."""
    weight = prepared.choice.counts[MIXTURE]
    rows = []
    for item in ITEMS.values():
        if not item.heading:
            continue
        name = item.name
        groups = {group: _arm_bands(summaries, name, group, weight) for group in ("all", "high", "low")}
        rows.append(
            {
                "name": name,
                "label": item.heading,
                "unit": item.spoken_unit,
                "higher_is_better": item.higher_is_better,
                "visit_week": list(prepared.trial.design.visit_weeks),
                "groups": {group: arms for group, arms in groups.items() if arms},
                "difference": {
                    group: weighted_band(difference_at_primary(summaries, name, group, prepared), weight)
                    for group, arms in groups.items()
                    if arms
                },
            }
        )
    return rows


def difference_at_primary(
    summaries: Sequence[Summary], endpoint: str, group: str, prepared: PreparedForecast
) -> list[float]:
    """Return active minus control at the primary visit, one number a world; not a number if a group is empty."""
    design = prepared.trial.design
    place = design.primary_visit
    differences = []
    for summary in summaries:
        arms = summary["means"][endpoint][group]
        active, control = arms[design.active.name], arms[design.control.name]
        differences.append(np.nan if active is None or control is None else active[place] - control[place])
    return differences


def _arm_bands(summaries: Sequence[Summary], name: str, group: str, weight: FloatArray) -> dict[str, Any]:
    arms = summaries[0]["means"][name][group]
    bands = {}
    for arm in arms:
        courses = [summary["means"][name][group][arm] for summary in summaries]
        if any(course is None for course in courses):
            return {}
        bands[arm] = {"mean": _bands_over_time(np.array(courses), weight)}
    return bands


def _bands_over_time(courses: FloatArray, weight: FloatArray) -> dict[str, list[float]]:
    """Return 5, 50 and 95 % at each visit from courses of shape (worlds, visits)."""
    each = [weighted_band(column, weight) for column in courses.T]
    return {level: [band[level] for band in each] for level in map(str, BAND)}


def signature_courses(prepared: PreparedForecast, summaries: Sequence[Summary]) -> dict[str, Any]:
    """Return suppression (b) in patients with a high signature, mean by arm and visit, as bands over worlds."""
    weight = prepared.choice.counts[MIXTURE]
    group = "high" if summaries[0]["means"]["mrss"]["high"] else "all"
    blood, skin = (
        _arm_bands(summaries, f"signature_suppression_{tissue}", group, weight)
        for tissue in ("blood", "skin")
    )
    return {
        "visit_week": list(prepared.trial.design.visit_weeks),
        "group": group,
        "arms": {
            arm: {"suppression_blood": blood[arm]["mean"], "suppression_skin": skin[arm]["mean"]}
            for arm in blood
        },
        "returned_to_healthy": _returned_to_healthy(summaries, weight),
        "definitions": {
            "a": "share of the IFNAR-driven signal removed",
            "b": "one minus post over pre of the fold-change score, background and assay noise included; "
            "published figures of 80 % or more are this one, in blood",
            "c": "whether the score is back in the healthy range",
        },
    }


def _returned_to_healthy(summaries: Sequence[Summary], weight: FloatArray) -> dict[str, float]:
    """Return by arm the mean share of patients with a high signature whose score is back in the healthy range."""
    found = [summary["by_ifn"].get("high", {}).get("returned", {}) for summary in summaries]
    return {
        arm: float(np.average([each[arm] for each in found], weights=weight))
        for arm in found[0]
        if all(found)
    }
